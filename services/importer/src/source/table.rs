//! Rows of a table, made to fit its columns.

use super::BadRow;
use super::headings::{self, Headings};
use super::survey::{shown, width};
use crate::{Cell, Record, Shape};

/// Leaves out what stands above the table, empty rows and repetitions of the header (page by page in printed lists),
/// and fills short rows. A row with more cells than columns is bad: somewhere in it stands a separator too many, and
/// nobody knows where. Days that stand alone above their rows go into the last column. A second table below, with the
/// same names in another order, is put into the order of the first.
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
    let mut order: Option<Vec<usize>> = None;
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
        if above(row.line) || width == 0 {
            return None;
        }
        if header_line.is_some() && is_header(&row, &columns) {
            order = None;
            return None;
        }
        if let Some(other) = header_line.and_then(|_| other_order(&row, &columns)) {
            order = Some(other);
            return None;
        }
        if width > columns.len() {
            let extra = row.cells.get(columns.len()).map(shown).unwrap_or_default();
            return Some(Err(BadRow::new(row.line, "too_many_cells", extra).at(columns.len() + 1)));
        }
        row.cells.resize(columns.len(), Cell::Empty);
        if let Some(order) = &order {
            row.cells = sorted(row.cells, order);
        }
        row.cells.extend(headings.as_ref().map(Headings::day));
        Some(Ok(row))
    })
}

/// Where each cell of the rows below goes, if a row names the same columns in another order.
fn other_order(row: &Record, columns: &[String]) -> Option<Vec<usize>> {
    let mut order = Vec::new();
    for cell in row.cells.iter().take(width(row)) {
        let name = shown(cell);
        let place = columns.iter().position(|column| *column == name)?;
        if order.contains(&place) {
            return None;
        }
        order.push(place);
    }
    (order.len() == columns.len()).then_some(order)
}

fn sorted(cells: Vec<Cell>, order: &[usize]) -> Vec<Cell> {
    let mut sorted = vec![Cell::Empty; cells.len()];
    for (cell, place) in cells.into_iter().zip(order) {
        sorted[*place] = cell;
    }
    sorted
}

fn is_header(row: &Record, columns: &[String]) -> bool {
    row.cells.iter().zip(columns).filter(|(cell, _)| **cell != Cell::Empty).all(|(cell, column)| shown(cell) == *column)
}
