//! Sample files of every format, made here: what they hold stands next to what they are expected to give.

pub mod archive;
pub mod calendar;
pub mod sheet;

use std::fs::File;
use std::io::{Seek, Write};

use importer::{Cell, Limits};
use jiff::civil::date;
use jiff::tz::TimeZone;

/// A file with these bytes, at its beginning.
pub fn file(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file.rewind().unwrap();
    file
}

/// The usual limits, for a town in Germany, with series in 2027.
pub fn limits() -> Limits {
    Limits::new(TimeZone::get("Europe/Berlin").unwrap(), date(2027, 1, 1), date(2027, 12, 31))
}

/// A text in Windows-1252.
pub fn ansi(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect()
}

/// A text in UTF-16, little end first, with its mark.
pub fn utf16(text: &str) -> Vec<u8> {
    "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

/// What was read, as lines: the shape, then each row with its line, or what is wrong with it.
pub fn report(bytes: &[u8]) -> String {
    report_within(bytes, &limits())
}

/// The same within other limits.
pub fn report_within(bytes: &[u8], limits: &Limits) -> String {
    let mut file = file(bytes);
    let shape = match importer::inspect(&mut file, limits) {
        Ok(shape) => shape,
        Err(error) => return format!("refused: {}", error.key()),
    };
    let mut lines = vec![format!(
        "{:?} {} {:?} header {} {} [{}]",
        shape.format,
        shape.encoding.as_deref().unwrap_or("-"),
        shape.separator.unwrap_or('-'),
        shape.header_line.unwrap_or(0),
        shape.date_order.map_or("-".to_owned(), |order| format!("{order:?}")),
        shape.columns.join("|"),
    )];
    match importer::records(file, &shape, limits) {
        Err(error) => lines.push(format!("refused: {}", error.key())),
        Ok(records) => lines.extend(records.map(|row| match row {
            Ok(row) => {
                let cells: Vec<String> = row.cells.iter().map(cell).collect();
                let occurrence = if row.occurrence.is_empty() { "" } else { " " };
                format!("{}{occurrence}{}: {}", row.line, row.occurrence, cells.join("|"))
            }
            Err(bad) => {
                format!("{}.{} {} {}{}", bad.line, bad.column, bad.key, bad.detail, if bad.ends { "!" } else { "" })
            }
        })),
    }
    lines.join("\n")
}

/// A cell with a letter for its kind.
fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.replace('\n', "⏎"),
        Cell::Number(number) => format!("n{number}"),
        Cell::Date(date) => format!("d{date}"),
        Cell::Time(time) => format!("t{}", time.strftime("%H:%M")),
        Cell::DateTime(at) => format!("w{}", at.strftime("%Y-%m-%d %H:%M")),
        Cell::Formula(formula) => format!("f{formula}"),
    }
}

/// Whether a report is the expected one: its lines without what the source's indentation puts before them.
#[track_caller]
pub fn expect(bytes: &[u8], expected: &str) {
    let expected: Vec<&str> = expected.lines().map(str::trim_start).filter(|line| !line.is_empty()).collect();
    assert_eq!(report(bytes), expected.join("\n"));
}
