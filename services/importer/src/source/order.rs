//! In which order dates are written, learned from many of them.

use crate::{Cell, DateOrder};

/// What the dates of a file say about their order.
#[derive(Default)]
pub(super) struct Votes {
    day_first: u32,
    month_first: u32,
    year_first: u32,
    is_unclear: bool,
    has_am_pm: bool,
}

impl Votes {
    /// Looks at one cell.
    pub fn count(&mut self, cell: &Cell) {
        let Cell::Text(text) = cell else { return };
        let lower = text.trim_end().to_ascii_lowercase();
        if text.starts_with(|c: char| c.is_ascii_digit()) && (lower.ends_with("am") || lower.ends_with("pm")) {
            self.has_am_pm = true;
        }
        let Some(([first, second], mark, is_year_first)) = groups(text) else { return };
        match (is_year_first, mark, first, second) {
            (true, ..) => self.year_first += 1,
            (_, '.', ..) | (_, _, 13.., ..=12) => self.day_first += 1,
            (_, _, ..=12, 13..) => self.month_first += 1,
            _ => self.is_unclear = true,
        }
    }

    /// The order; none: it does not matter, or it cannot be told.
    pub fn order(&self) -> Option<DateOrder> {
        match (self.day_first, self.month_first) {
            (0, 0) if self.is_unclear => self.has_am_pm.then_some(DateOrder::MonthDayYear),
            (0, 0) => (self.year_first > 0).then_some(DateOrder::YearMonthDay),
            (_, 0) => Some(DateOrder::DayMonthYear),
            (0, _) => Some(DateOrder::MonthDayYear),
            // A slip here and there against a clear majority.
            (day, month) if day > 20 * month => Some(DateOrder::DayMonthYear),
            (day, month) if month > 20 * day => Some(DateOrder::MonthDayYear),
            _ => None,
        }
    }
}

/// Whether a cell is, or begins with, a date or a time.
pub(super) fn is_when(cell: &Cell) -> bool {
    match cell {
        Cell::Date(_) | Cell::Time(_) | Cell::DateTime(_) => true,
        Cell::Text(text) => groups(text).is_some() || is_time(text),
        _ => false,
    }
}

/// Whether a text is, or begins with, a date; perhaps one without a year.
pub(super) fn is_date(cell: &Cell) -> bool {
    matches!(cell, Cell::Text(text) if groups(text).is_some())
}

/// The first two numbers of a date, the mark between them, and whether the first is the year. A weekday may stand
/// before it.
fn groups(text: &str) -> Option<([u32; 2], char, bool)> {
    let text = text.trim_start();
    let weekday = text.find(|c: char| c.is_ascii_digit())?;
    if weekday > 12 || text[..weekday].contains(':') || text[..weekday].split_whitespace().count() > 1 {
        return None;
    }
    let (first, rest) = number(&text[weekday..])?;
    let mark = rest.chars().next().filter(|mark| matches!(mark, '.' | '/' | '-'))?;
    let (second, rest) = number(rest[1..].trim_start())?;
    let is_year_first = first.1 == 4;
    let third = rest.strip_prefix(mark).and_then(|rest| number(rest.trim_start()));
    // `3.12.` without a year is a date as well; `8.30` is not.
    if third.is_none() && !(mark == '.' && rest.starts_with('.')) {
        return None;
    }
    (first.0 <= 31 || is_year_first).then_some(([first.0, second.0], mark, is_year_first))
}

fn is_time(text: &str) -> bool {
    let Some(((hour, digits), rest)) = number(text.trim_start()) else { return false };
    let minutes = rest.strip_prefix([':', '.']).and_then(number);
    let is_hour = digits <= 2 && hour <= 24;
    is_hour && (minutes.is_some_and(|((_, digits), _)| digits == 2) || rest.trim_start().starts_with("Uhr"))
}

/// A number of at most four digits with how many it has, and what follows.
fn number(text: &str) -> Option<((u32, usize), &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let number = text.get(..digits).filter(|digits| (1..=4).contains(&digits.len()))?.parse().ok()?;
    Some(((number, digits), &text[digits..]))
}
