//! Cells that go down over several rows. Excel keeps what stands in them in the first, and tells behind all rows which they
//! are. Only days are carried down: a name that goes over two rows is one person, not two appointments.

use std::collections::HashMap;
use std::io::Read;

use super::cells::place;
use crate::Cell;
use crate::source::ReadError;
use crate::source::container::Part;
use crate::source::headings::is_day;

/// Most that are known.
const MOST: usize = 20_000;

/// Longest way down, in rows: a day at a counter.
const MOST_ROWS: u64 = 200;

/// Which cells go down how far.
#[derive(Default)]
pub(super) struct Merged {
    /// The last row, by the column and first row.
    until: HashMap<(usize, u64), u64>,
    /// For a column the last row, and what stands in its first.
    open: HashMap<usize, (u64, Cell)>,
}

/// Looks for them in a sheet. Its XML is only searched, not read: that is done again for the rows.
pub(super) fn of(mut part: Part) -> Result<Merged, ReadError> {
    const MARK: &[u8] = b"mergeCell ref=\"";
    let mut merged = Merged::default();
    let (mut buffer, mut kept) = (vec![0_u8; 64 << 10], 0);
    loop {
        part.get_mut().begin_event();
        let count = match part.read(&mut buffer[kept..]) {
            Ok(0) => return Ok(merged),
            Ok(count) => kept + count,
            // The rows tell what is wrong with the sheet, and where.
            Err(_) => return Ok(merged),
        };
        let found = &buffer[..count];
        for at in memchr_all(found, MARK) {
            let reference = &found[at + MARK.len()..];
            let end = reference.iter().position(|byte| *byte == b'"');
            if let Some(range) = end.and_then(|end| std::str::from_utf8(&reference[..end]).ok()) {
                merged.add(range);
            }
        }
        // A mark may lie across two pieces.
        kept = count.min(MARK.len() + 40);
        buffer.copy_within(count - kept..count, 0);
    }
}

fn memchr_all<'b>(bytes: &'b [u8], mark: &'b [u8]) -> impl Iterator<Item = usize> + 'b {
    let begins = bytes.iter().enumerate().filter(move |(_, byte)| **byte == mark[0]);
    begins.map(|(at, _)| at).filter(move |at| bytes[*at..].starts_with(mark))
}

impl Merged {
    /// `A2:A5`
    fn add(&mut self, range: &str) {
        let Some((first, last)) = range.split_once(':') else { return };
        if let (Some((column, first)), Some((_, last))) = (place(first), place(last))
            && last > first
            && last - first <= MOST_ROWS
            && self.until.len() < MOST
        {
            self.until.insert((column, first), last);
        }
    }

    /// Puts the days that go down into a row, and remembers those that begin in it.
    pub(super) fn fill(&mut self, row: u64, cells: &mut Vec<Cell>) {
        if self.until.is_empty() {
            return;
        }
        self.open.retain(|_, (last, _)| *last >= row);
        let has_any = cells.iter().any(|cell| *cell != Cell::Empty);
        for (column, (_, day)) in &self.open {
            if has_any && cells.get(*column).is_none_or(|cell| *cell == Cell::Empty) {
                if cells.len() <= *column {
                    cells.resize(*column + 1, Cell::Empty);
                }
                cells[*column] = day.clone();
            }
        }
        for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| is_day(cell)) {
            if let Some(last) = self.until.get(&(column, row)) {
                self.open.insert(column, (*last, cell.clone()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_kept_than_a_sheet_of_days_needs() {
        let mut merged = Merged::default();
        (1..30_000).for_each(|row| merged.add(&format!("A{}:A{}", row * 2, row * 2 + 1)));
        assert_eq!(merged.until.len(), MOST);
        let mut merged = Merged::default();
        for range in ["A1:A1048576", "A1:D1", "A1", "A5:A2", "A:A", "1:5", "A1:A99999999999999999999"] {
            merged.add(range);
        }
        assert!(merged.until.is_empty(), "none of these is a day over some rows: {:?}", merged.until);
    }
}
