//! Calendars (RFC 5545) of Outlook, Exchange, Thunderbird and Google: each event, each occurrence of a series in the
//! window of the [`Limits`], is a row. Of a series that has none there its beginning is one, so that no event is lost.
//!
//! The file is read twice: the first pass finds the occurrences that stand for themselves (`RECURRENCE-ID`), which may
//! come before or after their series.

mod content;
mod event;
mod events;
mod people;
mod series;
mod value;
mod zones;

use std::collections::{HashMap, VecDeque};
use std::fs::File;

use super::survey::shown;
use super::text::Lines;
use super::{BadRow, Limits, ReadError, text};
use crate::{Format, Record, Shape};
use content::Properties;
use event::{Event, Moved};
use events::Events;
use series::Steps;

/// The columns of every calendar.
const COLUMNS: [&str; 11] =
    ["id", "start", "end", "all_day", "subject", "note", "counter", "attendees", "categories", "private", "cancelled"];

/// Most occurrences that stand for themselves; they are kept in memory.
const MOVED: usize = 100_000;

/// Always the same columns; the first rows for the preview.
pub(super) fn inspect(file: &mut File, limits: &Limits) -> Result<Shape, ReadError> {
    let mut shape = Shape {
        format: Format::Ics,
        encoding: Some(text::detect(file)?.name().to_lowercase()),
        separator: None,
        sheet: None,
        sheets: Vec::new(),
        header_line: None,
        date_order: None,
        columns: COLUMNS.map(str::to_owned).to_vec(),
        sample: Vec::new(),
    };
    let first = rows(file.try_clone()?, &shape, limits)?.take(100).filter_map(Result::ok).take(5);
    shape.sample = first.map(|row| row.cells.iter().map(shown).collect()).collect();
    Ok(shape)
}

/// The rows.
pub(super) fn rows(file: File, shape: &Shape, limits: &Limits) -> Result<IcsRows, ReadError> {
    let encoding = text::encoding(shape.encoding.as_deref())?;
    let open = |file| -> Result<Events, ReadError> {
        Ok(Events::new(Properties::new(Lines::open(file, encoding, limits.max_row)?, limits.max_row)))
    };
    let mut moved: HashMap<String, Moved> = HashMap::new();
    let events = open(file.try_clone()?)?.filter_map(Result::ok);
    for (uid, at) in events.filter_map(|event| Some((event.uid.clone(), event.moved_from(limits)?))).take(MOVED) {
        moved.entry(uid).or_default().insert(at);
    }
    Ok(IcsRows { events: open(file)?, moved, limits: limits.clone(), steps: Steps::default(), ready: VecDeque::new() })
}

/// Events as rows.
pub(super) struct IcsRows {
    events: Events,
    /// By the name of the series.
    moved: HashMap<String, Moved>,
    limits: Limits,
    steps: Steps,
    ready: VecDeque<Result<Record, BadRow>>,
}

impl IcsRows {
    fn take(&mut self, event: &Event) {
        let none = Moved::new();
        let moved = if event.is_moved() { &none } else { self.moved.get(&event.uid).unwrap_or(&none) };
        match event.records(moved, &self.limits, &mut self.steps) {
            Ok(records) => self.ready.extend(records.into_iter().map(Ok)),
            Err(bad) => self.ready.push_back(Err(bad)),
        }
    }
}

impl Iterator for IcsRows {
    type Item = Result<Record, BadRow>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(ready) = self.ready.pop_front() {
                return Some(ready);
            }
            match self.events.next()? {
                Ok(event) => self.take(&event),
                Err(bad) => return Some(Err(bad)),
            }
        }
    }
}
