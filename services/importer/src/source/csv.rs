//! Text with a separator, as Excel, Outlook and everybody else write it (RFC 4180, loosely).
//!
//! A quote that is never closed would swallow the rest of the file. Here it costs its own row: the row is told with line
//! and column, and reading goes on with the line after it.

use std::collections::VecDeque;
use std::fs::File;

use super::split::{Fed, Split};
use super::survey::{self, Header};
use super::text::{Line, Lines};
use super::{BadRow, Limits, ReadError, separator, text};
use crate::{Format, Record, Shape};

/// Most lines of one row: notes of more lines are taken for a quote that was forgotten.
const MAX_LINES: usize = 200;

/// What a text with a separator looks like; character set and separator may have been said by somebody.
pub(super) fn inspect(
    file: &mut File,
    said: Option<&Shape>,
    header: Header,
    limits: &Limits,
) -> Result<Shape, ReadError> {
    let encoding = match said {
        Some(said) => text::encoding(said.encoding.as_deref())?,
        None => text::detect(file)?,
    };
    let start: Vec<String> = Lines::open(file.try_clone()?, encoding, limits.max_row)?
        .filter_map(Result::ok)
        .map(|line| line.text)
        .take(separator::LINES)
        .collect();
    let separator = said.map_or_else(|| separator::detect(&start), |said| said.separator).ok_or(ReadError::NoTable)?;
    let lines = Lines::open(file.try_clone()?, encoding, limits.max_row)?;
    let survey = survey::of(&mut CsvRows::new(lines, Some(separator), limits.max_row), header, limits)?;
    Ok(survey.shape(Format::Csv, Some(encoding.name().to_lowercase()), Some(separator)))
}

/// The rows of a text whose shape is known.
pub(super) fn rows(file: File, shape: &Shape, limits: &Limits) -> Result<CsvRows, ReadError> {
    let encoding = text::encoding(shape.encoding.as_deref())?;
    let lines = Lines::open(file, encoding, limits.max_row)?;
    Ok(CsvRows::new(lines, shape.separator, limits.max_row))
}

/// Most rows with a broken quote: with more it is no list, and reading ahead for each would take hours.
const MOST_BROKEN: u32 = 1_000;

/// Rows out of lines.
pub(super) struct CsvRows {
    lines: Lines,
    /// Lines that were read ahead in vain.
    again: VecDeque<Result<Line, BadRow>>,
    separator: Option<char>,
    max: usize,
    broken: u32,
}

impl CsvRows {
    /// `max`: the longest row, in bytes.
    fn new(lines: Lines, separator: Option<char>, max: usize) -> Self {
        Self { lines, again: VecDeque::new(), separator, max, broken: 0 }
    }

    fn line(&mut self) -> Option<Result<Line, BadRow>> {
        self.again.pop_front().or_else(|| self.lines.next())
    }

    /// The row that begins with this line, with the lines that its quotes go over.
    fn row(&mut self, first: Line) -> Result<Record, BadRow> {
        let mut split = Split::new(self.separator);
        let number = first.number;
        let mut bytes = 0;
        let mut ahead: Vec<Result<Line, BadRow>> = Vec::new();
        let mut quote = (number, 0);
        let mut line = first;
        let broken = loop {
            let fed = split.feed(&line.text);
            if let Some(column) = split.opened {
                quote = (line.number, column);
            }
            match fed {
                Fed::Whole => return Ok(Record::new(number, split.cells)),
                // Its pair stands in the same line: a quote inside of a quoted text. Else the pair was never meant.
                Fed::Stray(column) => break if quote.0 == line.number { (line.number, column) } else { quote },
                Fed::Open => {}
            }
            bytes += line.text.len();
            if ahead.len() >= MAX_LINES || bytes > self.max {
                break quote;
            }
            match self.line() {
                Some(Ok(next)) => {
                    ahead.push(Ok(next.clone()));
                    line = next;
                }
                other => {
                    ahead.extend(other);
                    break quote;
                }
            }
        };
        // Lines count from the row's first on: those up to the broken one are part of the broken row.
        let keep = usize::try_from(broken.0 - number).unwrap_or(ahead.len());
        self.put_back(ahead, keep);
        self.broken += 1;
        let bad = if self.broken > MOST_BROKEN { BadRow::last } else { BadRow::new };
        Err(bad(broken.0, "broken_quote", String::new()).at(broken.1))
    }

    /// Gives back the lines read ahead but for the first few.
    fn put_back(&mut self, ahead: Vec<Result<Line, BadRow>>, keep: usize) {
        for line in ahead.into_iter().skip(keep).rev() {
            self.again.push_front(line);
        }
    }
}

impl Iterator for CsvRows {
    type Item = Result<Record, BadRow>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.line()? {
                Err(bad) => return Some(Err(bad)),
                Ok(line) if line.number == 1 && separator::declared(&line.text).is_some() => {}
                Ok(line) => return Some(self.row(line)),
            }
        }
    }
}
