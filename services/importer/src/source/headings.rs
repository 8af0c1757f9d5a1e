//! Lists in blocks: the day stands alone in a row of its own, and below it the rows of that day, with times only.
//!
//! Such a table gets one more column, with the day above each row: it can be seen in the preview, and the admin says what it
//! means as for any other.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::order::{is_date, is_when};
use crate::dates::{DateError, moment};
use crate::{Cell, DateOrder, Record, Shape};

/// What that column is called.
pub(crate) const COLUMN: &str = "Tag darüber";

/// The day that stands above the rows, while they are gone through.
#[derive(Clone, Default)]
pub(super) struct Headings {
    day: Option<Cell>,
    /// Rows with a time and without a day of their own.
    needing: u32,
    /// Rows with a day of their own.
    having: u32,
}

impl Headings {
    /// Takes the next row; whether it is a heading.
    ///
    /// What looks like a heading and cannot be read ends the day above all the same: better rows without a day, which
    /// are told, than rows on the wrong one.
    pub fn take(&mut self, row: &Record) -> bool {
        let mut filled = row.cells.iter().filter(|cell| **cell != Cell::Empty);
        let day = match (filled.next(), filled.next(), filled.next()) {
            (Some(day), None, _) if is_day(day) => day,
            (Some(weekday), Some(day), None) if is_weekday(weekday) && is_day(day) => day,
            (Some(cell), None, _) => {
                if speaks_of_day(cell) {
                    self.day = Some(cell.clone());
                }
                return false;
            }
            (Some(first), Some(second), _) => {
                self.count(row);
                let own = [first, second].into_iter().find(|cell| begins_with_day(cell)).and_then(date);
                if own.is_some() && own != self.day.as_ref().and_then(date) {
                    self.day = None;
                }
                return false;
            }
            _ => return false,
        };
        self.day = Some(day.clone());
        true
    }

    /// A row's own day stands before its time or right behind it; further to the right are days of birth.
    fn count(&mut self, row: &Record) {
        let Some(at) = row.cells.iter().position(|cell| is_when(cell) || begins_with_day(cell)) else { return };
        if row.cells[at..].iter().take(2).any(begins_with_day) {
            self.having += 1;
        } else if self.day.is_some() {
            self.needing += 1;
        }
    }

    /// Whether the table is one of blocks: most rows need the day above them. In a list with a column of days, a date
    /// above it (when it was printed) is nobody's appointment.
    pub fn are_needed(&self) -> bool {
        self.needing > self.having
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

/// Whether a cell that stands alone is meant as a day, as far as a program can tell: `Do 17.12. – nur vormittags`.
fn speaks_of_day(cell: &Cell) -> bool {
    const MONTHS: &[&str] = &[
        "januar",
        "februar",
        "märz",
        "april",
        "mai",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "dezember",
    ];
    let Cell::Text(text) = cell else { return false };
    let small = text.to_lowercase();
    let mut words = small.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let is_month = |word: &str| word.chars().count() > 2 && MONTHS.iter().any(|month| month.starts_with(word));
    is_date(cell) || is_weekday(cell) || (small.contains(|c: char| c.is_ascii_digit()) && words.any(is_month))
}

/// Whether a cell begins with a weekday.
fn is_weekday(cell: &Cell) -> bool {
    const WEEKDAYS: &[&str] =
        &["montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonnabend", "sonntag"];
    let Cell::Text(text) = cell else { return false };
    let small = text.trim_start().to_lowercase();
    let word = small.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    WEEKDAYS.iter().any(|day| *day == word || day.get(..2) == Some(word))
}

/// The day of a cell.
fn date(cell: &Cell) -> Option<Date> {
    match cell {
        Cell::Date(date) => Some(*date),
        Cell::DateTime(at) => Some(at.date()),
        Cell::Text(text) => moment(text, Some(DateOrder::DayMonthYear), &TimeZone::UTC).ok().map(|read| read.day.date),
        _ => None,
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

#[cfg(test)]
mod tests;
