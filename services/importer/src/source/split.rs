//! One row of a text taken apart at its separators, line by line as quotes go over several.

use std::mem;

use crate::Cell;

/// What a line has done to the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fed {
    /// The row is whole.
    Whole,
    /// A quote is open: the next line belongs to it.
    Open,
    /// Behind a closing quote stands more text, at this character, counted from 1.
    Stray(usize),
}

/// Where in a cell we are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    /// Before anything but white space.
    Begin,
    /// In text without quotes.
    Plain,
    /// Between quotes.
    Quoted,
    /// After the closing quote.
    Closed,
}

/// A row on its way.
pub(super) struct Split {
    separator: Option<char>,
    /// The cells so far.
    pub cells: Vec<Cell>,
    /// Where the last line opened its last quote that went on, or the last at all; counted from 1.
    pub opened: Option<usize>,
    text: String,
    at: At,
}

impl Split {
    pub fn new(separator: Option<char>) -> Self {
        Self { separator, cells: Vec::new(), opened: None, text: String::new(), at: At::Begin }
    }

    /// Takes one more line.
    pub fn feed(&mut self, line: &str) -> Fed {
        self.opened = None;
        if self.at == At::Quoted {
            self.text.push('\n');
        }
        let mut chars = line.chars().enumerate().peekable();
        while let Some((index, c)) = chars.next() {
            match (self.at, c) {
                (At::Quoted, '"') if chars.next_if(|(_, next)| *next == '"').is_some() => self.text.push('"'),
                (At::Quoted, '"') => self.at = At::Closed,
                (At::Quoted, _) => self.text.push(c),
                _ if Some(c) == self.separator => self.end_cell(),
                (At::Begin, '"') => {
                    self.text.clear();
                    self.opened = Some(index + 1);
                    self.at = At::Quoted;
                }
                (At::Closed, c) if c.is_whitespace() => {}
                (At::Closed, _) => return Fed::Stray(index + 1),
                (At::Begin, c) if c.is_whitespace() => self.text.push(c),
                (At::Begin | At::Plain, _) => {
                    self.text.push(c);
                    self.at = At::Plain;
                }
            }
        }
        if self.at == At::Quoted {
            return Fed::Open;
        }
        self.end_cell();
        Fed::Whole
    }

    fn end_cell(&mut self) {
        self.at = At::Begin;
        self.cells.push(cell(mem::take(&mut self.text)));
    }
}

/// A text as a cell. `="0170"` is how Excel is made to keep a leading zero; any other formula is told as one.
pub(super) fn cell(text: String) -> Cell {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Cell::Empty;
    }
    if let Some(kept) = trimmed.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')) {
        return if kept.trim().is_empty() { Cell::Empty } else { Cell::Text(kept.to_owned()) };
    }
    let mut chars = trimmed.chars();
    if chars.next() == Some('=') && chars.next().is_some_and(|c| c != '=') {
        return Cell::Formula(trimmed.to_owned());
    }
    if trimmed.len() == text.len() { Cell::Text(text) } else { Cell::Text(trimmed.to_owned()) }
}
