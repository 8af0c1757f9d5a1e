//! Rows of a table, made to fit its columns.

use super::BadRow;
use super::headings::{self, Headings};
use super::survey::{shown, width};
use crate::{Cell, Record, Shape};

/// Leaves out what stands above the table, empty rows and repetitions of the header (page by page in printed lists),
/// and fills short rows. A row with more cells than columns is bad: somewhere in it stands a separator too many, and
/// nobody knows where. Days that stand alone above their rows go into the last column.
pub(super) fn fit<R: Iterator<Item = Result<Record, BadRow>> + Send>(
    rows: R,
    shape: &Shape,
) -> impl Iterator<Item = Result<Record, BadRow>> + Send + use<R> {
    let mut columns = shape.columns.clone();
    let mut headings = headings::are_in(shape).then(Headings::default);
    if headings.is_some() {
        columns.pop();
    }
    let header_line = shape.header_line;
    rows.filter_map(move |row| {
        let above = |line: u64| header_line.is_some_and(|header| line <= header);
        let mut row = match row {
            Err(bad) => return (bad.ends || !above(bad.line)).then_some(Err(bad)),
            Ok(row) => row,
        };
        if headings.as_mut().is_some_and(|headings| headings.take(&row)) {
            return None;
        }
        let width = width(&row);
        if above(row.line) || width == 0 || (header_line.is_some() && is_header(&row, &columns)) {
            return None;
        }
        if width > columns.len() {
            let extra = row.cells.get(columns.len()).map(shown).unwrap_or_default();
            return Some(Err(BadRow::new(row.line, "too_many_cells", extra).at(columns.len() + 1)));
        }
        row.cells.resize(columns.len(), Cell::Empty);
        row.cells.extend(headings.as_ref().map(Headings::day));
        Some(Ok(row))
    })
}

fn is_header(row: &Record, columns: &[String]) -> bool {
    row.cells.iter().zip(columns).filter(|(cell, _)| **cell != Cell::Empty).all(|(cell, column)| shown(cell) == *column)
}
