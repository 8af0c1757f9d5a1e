//! The first rows of a table: where its columns are named, how many there are, how dates are written.

use std::collections::HashMap;

use super::headings::{self, Headings};
use super::order::{self, Votes};
use super::{BadRow, Limits, ReadError};
use crate::{Cell, DateOrder, Format, Record, Shape};

/// How many rows are looked at.
const ROWS: usize = 5_000;
/// How far down the row with the names may stand.
const HEAD: usize = 30;
/// How many rows the preview shows.
const SAMPLE: usize = 5;

/// Where the columns are named.
#[derive(Clone, Copy, Debug)]
pub(super) enum Header {
    /// To be found out.
    Find,
    /// In this line, or nowhere: somebody has said so.
    At(Option<u64>),
}

/// What was found out about a table.
pub(super) struct Survey {
    header_line: Option<u64>,
    date_order: Option<DateOrder>,
    columns: Vec<String>,
    sample: Vec<Vec<String>>,
}

impl Survey {
    /// With what the format itself knows.
    pub fn shape(self, format: Format, encoding: Option<String>, separator: Option<char>) -> Shape {
        Shape {
            format,
            encoding,
            separator,
            sheet: None,
            sheets: Vec::new(),
            header_line: self.header_line,
            date_order: self.date_order,
            columns: self.columns,
            sample: self.sample,
        }
    }
}

/// Looks at the first rows of a table. Bad ones are passed over: reading tells them.
///
/// # Errors
/// There is no row, or none with two cells.
pub(super) fn of(
    rows: &mut dyn Iterator<Item = Result<Record, BadRow>>,
    header: Header,
    limits: &Limits,
) -> Result<Survey, ReadError> {
    let mut head: Vec<Record> = Vec::new();
    let mut votes = Votes::default();
    let mut widths: HashMap<usize, usize> = HashMap::new();
    let (mut headings, mut bad) = (Headings::default(), None);
    for row in rows.take(ROWS) {
        match row {
            Err(row) => {
                bad.get_or_insert(row);
            }
            Ok(row) if width(&row) == 0 => {}
            Ok(row) => {
                headings.take(&row);
                row.cells.iter().for_each(|cell| votes.count(cell));
                *widths.entry(width(&row)).or_default() += 1;
                if head.len() < HEAD + SAMPLE {
                    head.push(shortened(row, limits.max_columns));
                }
            }
        }
    }
    let Some(usual) = widths.into_iter().max_by_key(|(width, count)| (*count, *width)).map(|(width, _)| width) else {
        return Err(bad.map_or(ReadError::Empty, ReadError::Row));
    };
    let header = match header {
        Header::Find => find_header(&head),
        Header::At(line) => head.iter().position(|row| Some(row.line) == line),
    };
    let header_width = header.map_or(0, |at| width(&head[at]));
    let count = usual.max(header_width).min(limits.max_columns);
    if count < 2 {
        return Err(ReadError::NoTable);
    }
    let mut columns: Vec<String> =
        (0..count).map(|column| name(header.and_then(|at| head[at].cells.get(column)), column)).collect();
    columns.extend(headings.are_needed().then(|| headings::COLUMN.to_owned()));
    Ok(Survey {
        header_line: header.map(|at| head[at].line),
        date_order: votes.order(),
        columns,
        sample: sample(&head, header, count, headings.are_needed()),
    })
}

/// A row as it is kept: it may consist of separators only, a quarter of a million of them.
fn shortened(mut row: Record, most: usize) -> Record {
    row.cells.truncate(most);
    row.cells.shrink_to_fit();
    row
}

/// The first rows below the header, as texts; with the day above each if the table has such.
fn sample(head: &[Record], header: Option<usize>, count: usize, has_days: bool) -> Vec<Vec<String>> {
    let mut headings = Headings::default();
    let mut sample = Vec::new();
    for (at, row) in head.iter().enumerate() {
        let is_heading = headings.take(row) && has_days;
        if is_heading || header.is_some_and(|header| at <= header) || sample.len() == SAMPLE {
            continue;
        }
        let cells = (0..count).map(|column| row.cells.get(column).map(shown).unwrap_or_default());
        sample.push(cells.chain(has_days.then(|| shown(&headings.day()))).collect());
    }
    sample
}

/// Cells up to the last that holds something.
pub(super) fn width(row: &Record) -> usize {
    row.cells.iter().rposition(|cell| *cell != Cell::Empty).map_or(0, |last| last + 1)
}

/// The row that names the columns: of those with nothing but words before the first row with a date, the one with the
/// most words, and of these the last. Titles stand above it with fewer.
fn find_header(head: &[Record]) -> Option<usize> {
    let filled = |row: &Record| row.cells.iter().filter(|cell| **cell != Cell::Empty).count();
    let is_words = |row: &Record| {
        filled(row) > 1
            && row.cells.iter().all(|cell| matches!(cell, Cell::Empty | Cell::Text(_)) && !order::is_when(cell))
    };
    let data = head.iter().position(|row| filled(row) > 1 && row.cells.iter().any(order::is_when));
    match data {
        Some(data) => (0..data).filter(|at| is_words(&head[*at])).max_by_key(|at| filled(&head[*at])),
        None => head.iter().position(is_words),
    }
}

/// The name of a column: what the header says, else its letters.
fn name(title: Option<&Cell>, column: usize) -> String {
    match title.map(shown) {
        Some(name) if !name.is_empty() => name.split_whitespace().collect::<Vec<_>>().join(" "),
        _ => letters(column),
    }
}

/// `A` … `Z`, `AA` ….
fn letters(column: usize) -> String {
    let last = char::from(b'A' + u8::try_from(column % 26).unwrap_or(0));
    if column < 26 { last.to_string() } else { format!("{}{last}", letters(column / 26 - 1)) }
}

/// A cell for the preview.
pub(super) fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) | Cell::Formula(text) => text.clone(),
        Cell::Number(number) => number.to_string(),
        Cell::Date(date) => date.to_string(),
        Cell::Time(time) => time.strftime("%H:%M").to_string(),
        Cell::DateTime(at) => at.strftime("%Y-%m-%d %H:%M").to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_separators_is_not_kept_whole() {
        let row = shortened(Record::new(1, vec![Cell::Empty; 250_000]), 256);
        assert!(row.cells.capacity() < 1_000, "room for {} cells", row.cells.capacity());
    }
}
