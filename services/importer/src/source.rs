//! Files as rows of cells: what kind of file it is is found out by its content, and it is read as a stream.
//!
//! Memory is bounded whatever the file says about itself: one row, one event of XML, the shared texts of a workbook are
//! all limited ([`Limits`]), and what unpacks is counted while it does.

mod container;
mod csv;
mod error;
mod foreign;
mod headings;
mod ics;
mod json;
mod limits;
mod ods;
mod order;
mod separator;
mod split;
mod survey;
mod table;
mod text;
mod xlsx;
mod xml;

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

pub use error::{BadRow, ReadError};
pub use foreign::Foreign;
pub(crate) use headings::COLUMN as DAY_ABOVE;
pub(crate) use json::KEYS as JSON_KEYS;
pub use limits::Limits;

use crate::{Format, Record, Shape};
use survey::Header;

/// Rows as they come.
type Rows = Box<dyn Iterator<Item = Result<Record, BadRow>> + Send>;

/// The rows of a file, one after the other. After a [`BadRow`] that [`ends`](BadRow::ends), and at the end: none.
pub struct Records {
    rows: Rows,
    left: u64,
    limit: u64,
    is_over: bool,
}

impl Iterator for Records {
    type Item = Result<Record, BadRow>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let Some(row) = self.rows.next() else {
            self.is_over = true;
            return None;
        };
        if self.left == 0 {
            self.is_over = true;
            let line = row.map_or_else(|bad| bad.line, |record| record.line);
            return Some(Err(BadRow::last(line, "too_many_rows", self.limit.to_string())));
        }
        self.left -= 1;
        self.is_over = matches!(&row, Err(bad) if bad.ends);
        Some(row)
    }
}

/// Finds out what a file is: its format, its columns, how it writes dates; with the first rows for a preview.
///
/// # Errors
/// [`ReadError`] if it is no list of appointments or cannot be read safely.
pub fn inspect(file: &mut File, limits: &Limits) -> Result<Shape, ReadError> {
    match format(file, limits)? {
        Format::Csv => csv::inspect(file, None, Header::Find, limits),
        Format::Xlsx => xlsx::inspect(file, None, Header::Find, limits),
        Format::Ods => ods::inspect(file, None, Header::Find, limits),
        Format::Ics => ics::inspect(file, limits),
        Format::JsonLines => json::inspect(file, limits),
    }
}

/// The same after somebody has corrected character set, separator, sheet or the line with the names: columns and preview
/// anew, and what was said is kept, the order of dates with it.
///
/// # Errors
/// As [`inspect`]; also if there is no such character set or sheet.
pub fn reinspect(file: &mut File, said: &Shape, limits: &Limits) -> Result<Shape, ReadError> {
    let header = Header::At(said.header_line);
    let mut shape = match format(file, limits)? {
        Format::Csv => csv::inspect(file, Some(said), header, limits)?,
        Format::Xlsx => xlsx::inspect(file, said.sheet.as_deref(), header, limits)?,
        Format::Ods => ods::inspect(file, said.sheet.as_deref(), header, limits)?,
        Format::Ics | Format::JsonLines => return Ok(said.clone()),
    };
    shape.date_order = said.date_order.or(shape.date_order);
    Ok(shape)
}

/// The rows of a file whose shape is known, as [`inspect`] found it or an admin has corrected it.
///
/// # Errors
/// [`ReadError`] if the file does not open as what the shape says.
pub fn records(mut file: File, shape: &Shape, limits: &Limits) -> Result<Records, ReadError> {
    within(&file, limits)?;
    file.rewind()?;
    let rows: Rows = match shape.format {
        Format::Csv => Box::new(table::fit(csv::rows(file, shape, limits)?, shape)),
        Format::Xlsx => Box::new(table::fit(xlsx::rows(&file, shape, limits)?, shape)),
        Format::Ods => Box::new(table::fit(ods::rows(&file, shape, limits)?, shape)),
        Format::Ics => Box::new(ics::rows(file, shape, limits)?),
        Format::JsonLines => Box::new(json::rows(file, shape, limits)?),
    };
    Ok(Records { rows, left: limits.max_rows, limit: limits.max_rows, is_over: false })
}

/// The format by content; the file is at its beginning afterwards.
fn format(file: &mut File, limits: &Limits) -> Result<Format, ReadError> {
    within(file, limits)?;
    file.rewind()?;
    let mut start = Vec::new();
    file.by_ref().take(64 * 1024).read_to_end(&mut start)?;
    file.seek(SeekFrom::Start(0))?;
    if start.starts_with(b"PK") {
        return container::format(file, limits);
    }
    foreign::text_format(&start)
}

fn within(file: &File, limits: &Limits) -> Result<(), ReadError> {
    let bytes = file.metadata()?.len();
    if bytes == 0 {
        return Err(ReadError::Empty);
    }
    if bytes > limits.max_bytes { Err(ReadError::TooLarge { bytes, limit: limits.max_bytes }) } else { Ok(()) }
}

#[cfg(test)]
mod properties;
