//! Our own format: one JSON object a line, `docs/import-format.md`.

use std::fs::File;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::survey::shown;
use super::text::{Line, Lines};
use super::{BadRow, Limits, ReadError, text};
use crate::{Cell, DateOrder, Format, Record, Shape};

/// The keys, which are the columns too.
pub(crate) const KEYS: [&str; 19] = [
    "id",
    "date",
    "time",
    "start",
    "end_date",
    "end_time",
    "end",
    "minutes",
    "name",
    "first_name",
    "phone",
    "email",
    "subject",
    "concern",
    "note",
    "counter",
    "all_day",
    "private",
    "cancelled",
];

/// Always the same columns; the first rows for the preview.
pub(super) fn inspect(file: &mut File, limits: &Limits) -> Result<Shape, ReadError> {
    let mut shape = Shape {
        format: Format::JsonLines,
        encoding: Some(text::detect(file)?.name().to_lowercase()),
        separator: None,
        sheet: None,
        sheets: Vec::new(),
        header_line: None,
        date_order: Some(DateOrder::YearMonthDay),
        columns: KEYS.map(str::to_owned).to_vec(),
        sample: Vec::new(),
    };
    let first = rows(file.try_clone()?, &shape, limits)?.take(100).filter_map(Result::ok).take(5);
    shape.sample = first.map(|row| row.cells.iter().map(shown).collect()).collect();
    Ok(shape)
}

/// The rows.
pub(super) fn rows(
    file: File,
    shape: &Shape,
    limits: &Limits,
) -> Result<impl Iterator<Item = Result<Record, BadRow>> + Send + use<>, ReadError> {
    let lines = Lines::open(file, text::encoding(shape.encoding.as_deref())?, limits.max_row)?;
    let zone = limits.zone.clone();
    Ok(lines.filter_map(move |line| match line {
        Err(bad) => Some(Err(bad)),
        Ok(line) if line.text.trim().is_empty() => None,
        Ok(line) => Some(record(&line, &zone)),
    }))
}

fn record(line: &Line, zone: &TimeZone) -> Result<Record, BadRow> {
    let object: Map<String, Value> = serde_json::from_str(&line.text)
        .map_err(|error| BadRow::new(line.number, "not_json", error.to_string()).at(error.column()))?;
    if let Some(key) = object.keys().find(|key| !KEYS.contains(&key.as_str())) {
        return Err(BadRow::new(line.number, "unknown_key", key.clone()));
    }
    let mut cells = Vec::with_capacity(KEYS.len());
    for key in KEYS {
        let cell = object.get(key).map_or(Some(Cell::Empty), |value| cell(key, value, zone));
        cells.push(cell.ok_or_else(|| BadRow::new(line.number, "bad_value", key))?);
    }
    Ok(Record::new(line.number, cells))
}

/// A value as a cell; none: a list or an object, where there has to be a text, a number, `true` or `false`.
fn cell(key: &str, value: &Value, zone: &TimeZone) -> Option<Cell> {
    match value {
        Value::Null => Some(Cell::Empty),
        Value::Bool(bool) => Some(Cell::Text(bool.to_string())),
        // A name, whatever it looks like: a long number would lose its last digits.
        Value::Number(number) if key == "id" => Some(Cell::Text(number.to_string())),
        Value::Number(number) => number.as_f64().map(Cell::Number),
        Value::String(text) if text.trim().is_empty() => Some(Cell::Empty),
        Value::String(text) => Some(when(key, text.trim(), zone).unwrap_or_else(|| Cell::Text(text.trim().to_owned()))),
        Value::Array(_) | Value::Object(_) => None,
    }
}

/// Dates and times of RFC 3339, with an offset told in the town's zone. What is none stays a text: its meaning is told
/// with the other spellings.
fn when(key: &str, text: &str, zone: &TimeZone) -> Option<Cell> {
    match key {
        "start" | "end" if text.len() > 10 => text
            .parse::<Timestamp>()
            .map(|at| at.to_zoned(zone.clone()).datetime())
            .or_else(|_| text.parse::<DateTime>())
            .ok()
            .map(Cell::DateTime),
        "start" | "end" | "date" | "end_date" => text.parse::<Date>().ok().map(Cell::Date),
        "time" | "end_time" => text.parse::<Time>().ok().map(Cell::Time),
        _ => None,
    }
}
