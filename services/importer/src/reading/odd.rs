//! What lists have beside appointments: sums, hidden rows, a second table to the right.

use super::cells::{Named, Row};
use super::when::When;
use crate::concerns::plain;
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

/// The words of a row that begins with a word for sums.
fn total(row: &Row<'_>) -> Option<String> {
    let first = row.record.cells.iter().find(|cell| **cell != Cell::Empty)?;
    let Cell::Text(text) = first else { return None };
    let words = plain(text);
    let word = words.split(' ').next()?;
    TOTALS.contains(&word).then(|| text.clone())
}

/// What stands in a column that is not read and is called as one that is: two tables stand side by side.
fn second<'r>(row: &Row<'r>) -> Option<Named<'r>> {
    let (columns, fields) = (&row.shape.columns, &row.mapping.fields);
    let is_read = |name: &String| fields.iter().zip(columns).any(|(field, column)| field.is_some() && column == name);
    let cells = row.record.cells.iter().zip(columns).zip(fields);
    let mut unread = cells.filter(|((cell, _), field)| field.is_none() && **cell != Cell::Empty);
    unread.find(|((_, name), _)| is_read(name)).map(|((cell, column), _)| Named { column, cell })
}
