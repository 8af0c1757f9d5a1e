//! Lists in blocks: the day stands alone in a row of its own, and below it the rows of that day, with times only.
//!
//! Such a table gets one more column, with the day above each row: it can be seen in the preview, and the admin says what it
//! means as for any other.

use jiff::tz::TimeZone;

use super::order::is_when;
use crate::dates::{DateError, moment};
use crate::{Cell, DateOrder, Record, Shape};

/// What that column is called.
pub(crate) const COLUMN: &str = "Tag darüber";

/// The day that stands above the rows, while they are gone through.
#[derive(Clone, Default)]
pub(super) struct Headings {
    day: Option<Cell>,
    /// Whether a row needs it: it has a time, and no day of its own.
    pub is_needed: bool,
}

impl Headings {
    /// Takes the next row; whether it is a heading.
    pub fn take(&mut self, row: &Record) -> bool {
        let mut filled = row.cells.iter().filter(|cell| **cell != Cell::Empty);
        match (filled.next(), filled.next()) {
            (Some(cell), None) if is_day(cell) => {
                self.day = Some(cell.clone());
                true
            }
            (_, Some(_)) => {
                let has_day = || row.cells.iter().any(begins_with_day);
                self.is_needed |= self.day.is_some() && row.cells.iter().any(is_when) && !has_day();
                false
            }
            _ => false,
        }
    }

    /// The day above the row that was taken last.
    pub fn day(&self) -> Cell {
        self.day.clone().unwrap_or(Cell::Empty)
    }
}

/// Whether the last column of a table is that of the days above its rows.
pub(super) fn are_in(shape: &Shape) -> bool {
    shape.columns.last().is_some_and(|name| name == COLUMN)
}

/// Whether a cell holds a day and nothing else: `Montag, 1. März 2027`; also one without a year, which is told as such.
pub(super) fn is_day(cell: &Cell) -> bool {
    match cell {
        Cell::Date(_) => true,
        Cell::Text(text) if has_parts(text) => match moment(text, Some(DateOrder::DayMonthYear), &TimeZone::UTC) {
            Ok(read) => read.hours.is_none(),
            Err(DateError::NoYear | DateError::NoSuchDay | DateError::StrangeYear) => true,
            Err(DateError::Unreadable | DateError::Unclear) => false,
        },
        _ => false,
    }
}

fn begins_with_day(cell: &Cell) -> bool {
    match cell {
        Cell::DateTime(_) => true,
        Cell::Text(text) if has_parts(text) => moment(text, Some(DateOrder::DayMonthYear), &TimeZone::UTC).is_ok(),
        cell => is_day(cell),
    }
}

/// A bare number is no day here, whatever it may be in a column of days.
fn has_parts(text: &str) -> bool {
    text.len() < 60 && text.contains(|c: char| c.is_ascii_digit()) && text.contains(|c: char| !c.is_ascii_digit())
}
