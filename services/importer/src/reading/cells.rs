//! The cells of a row by what they mean, as clean text.

use std::borrow::Cow;

use jiff::civil::DateTime;
use unicode_normalization::UnicodeNormalization;

use crate::{Cell, DateOrder, Field, Mapping, Record, Shape};

/// More of a row than this is not kept beside it.
const MOST_ORIGINAL: usize = 8_000;

/// A row with what its columns mean.
pub(super) struct Row<'r> {
    pub record: &'r Record,
    pub shape: &'r Shape,
    pub mapping: &'r Mapping,
}

/// A cell with the name of its column.
#[derive(Clone, Copy)]
pub(super) struct Named<'r> {
    pub column: &'r str,
    pub cell: &'r Cell,
}

impl<'r> Row<'r> {
    pub(super) fn new(record: &'r Record, shape: &'r Shape, mapping: &'r Mapping) -> Self {
        Self { record, shape, mapping }
    }

    /// How the file writes dates: what the admin has chosen, else what was found out.
    pub(super) fn date_order(&self) -> Option<DateOrder> {
        self.mapping.date_order.or(self.shape.date_order)
    }

    /// The cells of a field that hold something.
    pub(super) fn cells(&self, field: Field) -> impl Iterator<Item = Named<'r>> {
        let (shape, record) = (self.shape, self.record);
        let columns = self.mapping.fields.iter().enumerate().filter(move |(_, of)| **of == Some(field));
        columns
            .filter_map(move |(at, _)| {
                let column = shape.columns.get(at).map_or("", String::as_str);
                record.cells.get(at).map(|cell| Named { column, cell })
            })
            .filter(|named| !named.is_empty())
    }

    /// The first cell of a field that holds something.
    pub(super) fn cell(&self, field: Field) -> Option<Named<'r>> {
        self.cells(field).next()
    }

    /// The text of a field, that of several columns joined.
    pub(super) fn text(&self, field: Field) -> String {
        let texts: Vec<String> = self.cells(field).map(|named| named.text()).filter(|text| !text.is_empty()).collect();
        texts.join("; ")
    }

    /// Names of columns and what stands in them, for everything that is about somebody.
    pub(super) fn original(&self) -> String {
        use Field::{Attendee, Category, Counter, Email, FirstName, Name, Note, Phone, Subject};
        let fields = [Subject, Category, Name, FirstName, Attendee, Phone, Email, Counter, Note];
        let lines = fields.into_iter().flat_map(|field| self.cells(field));
        let lines: Vec<String> = lines.map(|named| format!("{}: {}", named.column, named.as_it_stands())).collect();
        cut(&lines.join("\n"), MOST_ORIGINAL).into_owned()
    }
}

impl Named<'_> {
    fn is_empty(&self) -> bool {
        match self.cell {
            Cell::Empty => true,
            Cell::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// A formula, of a sheet or (in a text) what a spreadsheet would take for one.
    pub(super) fn formula(&self) -> Option<&str> {
        match self.cell {
            Cell::Formula(formula) => Some(formula),
            Cell::Text(text) if text.trim_start().starts_with('=') && quoted(text.trim()).is_none() => {
                Some(text.trim())
            }
            _ => None,
        }
    }

    /// The cell as clean text; nothing for a formula.
    pub(super) fn text(&self) -> String {
        if self.formula().is_some() { String::new() } else { self.as_it_stands() }
    }

    fn as_it_stands(&self) -> String {
        match self.cell {
            Cell::Empty => String::new(),
            Cell::Text(text) => clean(quoted(text.trim()).unwrap_or(text)),
            Cell::Number(number) => number.to_string(),
            Cell::Date(date) => date.to_string(),
            Cell::Time(time) => time.strftime("%H:%M").to_string(),
            Cell::DateTime(moment) => written(*moment),
            Cell::Formula(formula) => clean(formula),
        }
    }
}

fn written(moment: DateTime) -> String {
    moment.strftime("%Y-%m-%d %H:%M").to_string()
}

/// `="0170 123"`: how lists keep Excel from making numbers of digits.
fn quoted(text: &str) -> Option<&str> {
    text.strip_prefix("=\"")?.strip_suffix('"').filter(|inner| !inner.contains('"'))
}

/// Composed, without control characters and without superfluous blanks; lines stay.
fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    for line in text.lines() {
        let before = cleaned.len();
        let visible = |c: &char| !is_invisible(*c);
        let line: String =
            line.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(visible).nfc().collect();
        for word in line.split(' ').filter(|word| !word.is_empty()) {
            if cleaned.len() > before {
                cleaned.push(' ');
            } else if before > 0 {
                cleaned.push('\n');
            }
            cleaned.push_str(word);
        }
    }
    cleaned
}

/// Control characters, and those that turn the direction of a text.
fn is_invisible(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200B}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// The first `most` characters.
pub(super) fn cut(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((end, _)) => Cow::Owned(text[..end].trim_end().to_owned()),
        None => Cow::Borrowed(text),
    }
}
