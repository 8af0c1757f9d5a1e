//! A row of a file before anybody has said what it means.

use jiff::civil::{Date, DateTime, Time};

/// One row, or one occurrence of an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Where it begins: the line of a text file, the row of a sheet; counted from 1.
    pub line: u64,
    /// Which occurrence of a series this is, in its own file format's words; empty: not of a series.
    pub occurrence: String,
    /// One cell for each column of the [`Shape`](crate::Shape); missing ones are [`Cell::Empty`].
    pub cells: Vec<Cell>,
    /// Hidden in the sheet: who made the file does not see it.
    pub is_hidden: bool,
}

impl Record {
    /// A row of no series that can be seen.
    pub fn new(line: u64, cells: Vec<Cell>) -> Self {
        Self { line, occurrence: String::new(), cells, is_hidden: false }
    }
}

/// What a cell holds, as far as the file itself says.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing, or only white space.
    Empty,
    /// Words; dates and times in text files too.
    Text(String),
    /// A number of a sheet that is no date.
    Number(f64),
    /// A day.
    Date(Date),
    /// A time of day.
    Time(Time),
    /// A day with a time, as the clock in the town shows it.
    DateTime(DateTime),
    /// A formula without a stored result, or an error such as `#REF!`; as it stands in the file.
    Formula(String),
}
