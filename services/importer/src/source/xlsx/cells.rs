//! A sheet row by row.

use jiff::civil::{Date, DateTime};
use quick_xml::events::{BytesStart, Event};

use super::merged::Merged;
use super::strings::Strings;
use super::styles::Styles;
use crate::source::split::cell as text_cell;
use crate::source::xml::{Xml, attribute, bad_row};
use crate::source::{BadRow, Limits, ReadError};
use crate::{Cell, Record};

/// The rows of a sheet.
pub(in crate::source) struct SheetRows {
    xml: Xml,
    strings: Strings,
    styles: Styles,
    max_columns: usize,
    max_text: usize,
    /// Days that go down over several rows.
    merged: Merged,
    row: u64,
    is_hidden: bool,
    is_over: bool,
}

/// What the beginning of a cell says about it.
struct Head {
    column: usize,
    style: usize,
    kind: String,
}

impl SheetRows {
    pub(super) fn new(xml: Xml, strings: Strings, styles: Styles, merged: Merged, limits: &Limits) -> Self {
        let (max_columns, max_text) = (limits.max_columns, limits.max_row);
        Self { xml, strings, styles, max_columns, max_text, merged, row: 0, is_hidden: false, is_over: false }
    }

    fn row(&mut self) -> Result<Option<Result<Record, BadRow>>, ReadError> {
        loop {
            match self.xml.next()? {
                Event::Eof => return Ok(None),
                Event::Start(start) if start.local_name().as_ref() == "row" => {
                    let number = attribute(&start, "r").and_then(|number| number.parse().ok());
                    self.row = number.unwrap_or(self.row.saturating_add(1));
                    self.is_hidden = attribute(&start, "hidden").is_some_and(|it| matches!(it.as_str(), "1" | "true"));
                    return self.cells().map(Some);
                }
                _ => {}
            }
        }
    }

    fn cells(&mut self) -> Result<Result<Record, BadRow>, ReadError> {
        let mut cells: Vec<Cell> = Vec::new();
        let mut next = 0;
        let mut beyond = None;
        loop {
            let head = match self.xml.next()? {
                Event::Start(start) if start.local_name().as_ref() == "c" => head(&start, next),
                Event::End(end) if end.local_name().as_ref() == "row" => break,
                Event::Eof => return Err(ReadError::Damaged("the sheet ends too early".to_owned())),
                _ => continue,
            };
            next = head.column + 1;
            let cell = self.cell(&head)?;
            if cell == Cell::Empty {
                continue;
            }
            if head.column >= self.max_columns {
                beyond.get_or_insert(head.column + 1);
                continue;
            }
            if cells.len() <= head.column {
                cells.resize(head.column + 1, Cell::Empty);
            }
            cells[head.column] = cell;
        }
        self.merged.fill(self.row, &mut cells);
        Ok(match beyond {
            Some(column) => Err(BadRow::new(self.row, "too_many_cells", "").at(column)),
            None => Ok(Record { is_hidden: self.is_hidden, ..Record::new(self.row, cells) }),
        })
    }

    /// The cell whose beginning was read.
    fn cell(&mut self, head: &Head) -> Result<Cell, ReadError> {
        let (mut value, mut formula) = (None, None);
        loop {
            let (is_value, is_formula) = match self.xml.next()? {
                Event::Start(start) => {
                    let name = start.local_name();
                    (matches!(name.as_ref(), "v" | "is"), name.as_ref() == "f")
                }
                Event::End(end) if end.local_name().as_ref() == "c" => break,
                Event::Eof => return Err(ReadError::Damaged("the sheet ends too early".to_owned())),
                _ => continue,
            };
            let text = if is_value || is_formula { self.xml.text(&["rPh"], self.max_text)? } else { continue };
            if is_value { value = Some(text) } else { formula = Some(text) }
        }
        Ok(match (value, formula) {
            (Some(value), _) if !value.is_empty() => self.value(value, head),
            (_, Some(formula)) => Cell::Formula(format!("={formula}")),
            _ => Cell::Empty,
        })
    }

    fn value(&self, value: String, head: &Head) -> Cell {
        match head.kind.as_str() {
            "s" => {
                let number = value.trim().parse().ok();
                number.and_then(|number| self.strings.get(number)).map_or(Cell::Empty, plain)
            }
            "str" | "inlineStr" => plain(&value),
            "b" => Cell::Text(if value.trim() == "1" { "true" } else { "false" }.to_owned()),
            "e" => Cell::Formula(value),
            "d" => moment(&value),
            _ => match value.trim().parse() {
                Ok(number) => self.styles.cell(number, head.style),
                Err(_) => text_cell(value),
            },
        }
    }
}

impl Iterator for SheetRows {
    type Item = Result<Record, BadRow>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        match self.row() {
            Ok(Some(row)) => Some(row),
            Ok(None) => {
                self.is_over = true;
                None
            }
            Err(error) => {
                self.is_over = true;
                Some(Err(bad_row(&error, self.row + 1)))
            }
        }
    }
}

/// A text that is only a text, even if it begins with `=`. Excel writes characters that XML has not as `_x000D_`.
fn plain(text: &str) -> Cell {
    let text = text.replace("_x000D_", "");
    let text = text.trim();
    if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
}

fn moment(text: &str) -> Cell {
    let text = text.trim().trim_end_matches('Z');
    if text.len() <= 10 {
        return text.parse::<Date>().map_or_else(|_| plain(text), Cell::Date);
    }
    text.parse::<DateTime>().map_or_else(|_| plain(text), Cell::DateTime)
}

fn head(start: &BytesStart<'_>, next: usize) -> Head {
    Head {
        column: attribute(start, "r").and_then(|place| column(&place)).unwrap_or(next),
        style: attribute(start, "s").and_then(|style| style.parse().ok()).unwrap_or(0),
        kind: attribute(start, "t").unwrap_or_default(),
    }
}

/// The column of a place such as `AB12`, counted from 0.
fn column(place: &str) -> Option<usize> {
    let letters = place.bytes().take_while(u8::is_ascii_uppercase).take(4);
    letters.fold(0, |sum, letter| sum * 26 + usize::from(letter - b'A') + 1).checked_sub(1)
}

/// The same with the row, counted from 1.
pub(super) fn place(place: &str) -> Option<(usize, u64)> {
    let row = place.trim_start_matches(|c: char| c.is_ascii_uppercase());
    Some((column(place)?, row.parse().ok()?))
}
