//! What lists have beside appointments: sums, hidden rows, a second table to the right.

use super::cells::{Named, Row};
use super::when::When;
use crate::concerns::plain;
use crate::source::DAY_ABOVE;
use crate::{Cell, Reason, State};

/// Words a row of sums begins with, folded.
const TOTALS: &[&str] = &["summe", "gesamt", "gesamtsumme", "gesamtzahl", "zwischensumme", "anzahl", "total", "sum"];

/// Says what is odd about a row. A row of sums is none of an appointment: nothing else of it matters.
pub(super) fn flag(row: &Row<'_>, when: &When, reasons: &mut Vec<Reason>) {
    let has_time = when.start.is_some() || when.all_day.is_some();
    if let (false, Some(words)) = (has_time, total(row)) {
        *reasons = vec![Reason::new(State::Skipped, "total_row", words)];
        return;
    }
    if row.record.is_hidden {
        reasons.push(Reason::new(State::Warning, "hidden_row", ""));
    }
    if let Some(named) = second(row) {
        reasons.push(Reason::new(State::Warning, "second_column", named.text()).about(named.column));
    }
}

/// The words of a row that begins with a word for sums, and has nothing but numbers beside. There are people called
/// Sum or Total: with a telephone number, a day or a concern it is one of them.
fn total(row: &Row<'_>) -> Option<String> {
    let cells = row.record.cells.iter().zip(&row.shape.columns);
    let mut filled = cells.filter(|(cell, column)| **cell != Cell::Empty && *column != DAY_ABOVE).map(|(cell, _)| cell);
    let Cell::Text(text) = filled.next()? else { return None };
    let words = plain(text);
    let word = words.split(' ').next()?;
    let is_number = |cell: &Cell| match cell {
        Cell::Number(_) | Cell::Formula(_) => true,
        Cell::Text(text) => is_count(text),
        _ => false,
    };
    (TOTALS.contains(&word) && !text.contains(',') && filled.all(is_number)).then(|| text.clone())
}

/// `4`, `12 Termine`; no telephone number, no day, no time.
fn is_count(text: &str) -> bool {
    let digits = text.trim().bytes().take_while(u8::is_ascii_digit).count();
    let rest = text.trim().get(digits..).unwrap_or_default();
    (1..=5).contains(&digits) && !rest.contains(|c: char| c.is_ascii_digit() || ".:/-".contains(c))
}

/// What stands in a column that is not read and is called as one that is: two tables stand side by side.
fn second<'r>(row: &Row<'r>) -> Option<Named<'r>> {
    let (columns, fields) = (&row.shape.columns, &row.mapping.fields);
    let is_read = |name: &String| fields.iter().zip(columns).any(|(field, column)| field.is_some() && column == name);
    let cells = row.record.cells.iter().zip(columns).zip(fields);
    let mut unread = cells.filter(|((cell, _), field)| field.is_none() && **cell != Cell::Empty);
    unread.find(|((_, name), _)| is_read(name)).map(|((cell, column), _)| Named { column, cell })
}
