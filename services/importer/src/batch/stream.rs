//! Reading beside the work: a thread understands rows while the ones before are decided on. A few hundred are in memory.

use std::fs::File;

use tokio::sync::mpsc::{self, Receiver};
use tokio::task::JoinHandle;

use super::Batch;
use crate::concerns::Dictionary;
use crate::reading;
use crate::source::{self, BadRow, Limits, ReadError};
use crate::{Entry, Mapping, Reason, Shape, State};

/// Rows that are decided on with one look into the database.
pub(super) const CHUNK: usize = 1000;
/// Chunks that wait between the two.
const AHEAD: usize = 2;

/// A row as it was read.
pub(super) struct ReadRow {
    /// What was understood; of a bad row only where it stands and why.
    pub entry: Entry,
    /// Which occurrence of a series.
    pub occurrence: String,
}

/// Why the reading has stopped.
pub(super) enum Stopped {
    /// The file as a whole.
    File(ReadError),
    /// At a row after which nothing can be told.
    Row(BadRow),
}

/// What the reading thread hands over, and the thread: only one that has ended well has read the whole file.
pub(super) type Reading = (Receiver<Result<Vec<ReadRow>, Stopped>>, JoinHandle<()>);

/// Starts reading; chunks come until the end of the file.
pub(super) fn start(file: File, batch: &Batch, dictionary: Dictionary, limits: Limits) -> Reading {
    let (sender, receiver) = mpsc::channel(AHEAD);
    let (shape, mapping) = (batch.shape.clone(), batch.mapping.clone());
    let thread = tokio::task::spawn_blocking(move || {
        let Some(shape) = shape else { return };
        let records = match source::records(file, &shape, &limits) {
            Ok(records) => records,
            Err(error) => return drop(sender.blocking_send(Err(Stopped::File(error)))),
        };
        let mut chunk = Vec::with_capacity(CHUNK);
        for record in records {
            match understood(record, &shape, &mapping, &dictionary) {
                Ok(row) => chunk.push(row),
                Err(bad) => return drop(sender.blocking_send(Err(Stopped::Row(bad)))),
            }
            // Nobody listens any more: the work was called off.
            if chunk.len() == CHUNK && sender.blocking_send(Ok(std::mem::take(&mut chunk))).is_err() {
                return;
            }
        }
        drop(sender.blocking_send(Ok(chunk)));
    });
    (receiver, thread)
}

/// The subjects of all rows, as often as they stand there.
pub(super) fn subjects(file: File, batch: &Batch, dictionary: &Dictionary, limits: &Limits) -> Vec<String> {
    let Some(shape) = &batch.shape else { return Vec::new() };
    let Ok(records) = source::records(file, shape, limits) else { return Vec::new() };
    let entries = records.filter_map(Result::ok).map(|it| reading::entry(&it, shape, &batch.mapping, dictionary));
    entries
        .filter(|it| it.all_day.is_none() && !it.is_cancelled && !it.subject.is_empty())
        .map(|it| it.subject)
        .collect()
}

fn understood(
    record: Result<crate::Record, BadRow>,
    shape: &Shape,
    mapping: &Mapping,
    dictionary: &Dictionary,
) -> Result<ReadRow, BadRow> {
    match record {
        Ok(record) => {
            let entry = reading::entry(&record, shape, mapping, dictionary);
            Ok(ReadRow { entry, occurrence: record.occurrence })
        }
        Err(bad) if bad.ends => Err(bad),
        Err(bad) => Ok(ReadRow { entry: unreadable(&bad, shape), occurrence: String::new() }),
    }
}

/// A row of which nothing is known but its place.
fn unreadable(bad: &BadRow, shape: &Shape) -> Entry {
    let column = usize::try_from(bad.column).ok().and_then(|it| shape.columns.get(it.checked_sub(1)?));
    let column = column.cloned().unwrap_or_default();
    Entry {
        line: bad.line,
        source_key: format!("unreadable:{}", bad.line),
        content_hash: String::new(),
        start: None,
        end: None,
        all_day: None,
        name: String::new(),
        phone: String::new(),
        email: String::new(),
        subject: String::new(),
        concerns: Vec::new(),
        note: String::new(),
        counter: String::new(),
        original: String::new(),
        is_cancelled: false,
        is_private: false,
        reasons: vec![Reason::new(State::Error, bad.key, bad.detail.clone()).about(&column)],
    }
}
