//! Reads a TOML document into a type and finds all faults of form, not only the first.
//!
//! serde stops at the first fault. So each fault is noted, then mended in a copy of the document (an unknown key or a
//! wrong value is taken out, a missing one filled in) and the reading is tried again, until nothing is left to find.
//! A document that had a fault is never used: mending serves the finding alone.

use std::collections::BTreeSet;
use std::ops::Range;

use serde::de::DeserializeOwned;
use serde_spanned::Spanned;
use toml::de::{DeArray, DeInteger, DeTable, DeValue, Deserializer};

use super::words::{self, Complaint};

/// A fault of form, at a byte of the document.
pub(super) struct Fault {
    pub at: usize,
    pub message: String,
}

/// Spans from here on belong to values that were filled in.
const FILLED: usize = usize::MAX / 2;

/// A stop for the case that mending goes in circles.
const MAX_TRIES: usize = 500;

/// The document as a `T`, or what keeps it from being one: at most `limit` faults, in their order.
pub(super) fn read<T: DeserializeOwned>(document: Spanned<DeTable<'_>>, limit: usize) -> Result<T, Vec<Fault>> {
    let mut probe = Probe { document, faults: Vec::new(), taken_out: BTreeSet::new(), next_filled: FILLED };
    for _ in 0..MAX_TRIES {
        match T::deserialize(Deserializer::from(probe.document.clone())) {
            Ok(value) if probe.faults.is_empty() => return Ok(value),
            Ok(_) => break,
            Err(error) => {
                if !probe.mend(&error) || probe.faults.len() >= limit {
                    break;
                }
            }
        }
    }
    probe.faults.sort_by_key(|fault| fault.at);
    Err(probe.faults)
}

struct Probe<'i> {
    document: Spanned<DeTable<'i>>,
    faults: Vec<Fault>,
    /// Keys that were there but wrong, by the start of their table: that they are now missing is no news.
    taken_out: BTreeSet<(usize, String)>,
    next_filled: usize,
}

impl Probe<'_> {
    /// Notes the fault and mends the document; `false` if nothing more can be found.
    fn mend(&mut self, error: &toml::de::Error) -> bool {
        let span = error.span().unwrap_or_else(|| self.document.span());
        if span.start >= FILLED {
            return self.refill(&span);
        }
        let complaint = words::complaint(error.message());
        if let Complaint::MissingKey(key) = &complaint {
            return self.fill_in(&span, key, complaint.in_words(None));
        }
        let place = self.find(&span);
        let found =
            place.as_deref().and_then(|path| at(self.document.get_mut(), path)).map(|value| words::shown(value));
        let label = match complaint {
            Complaint::UnknownKey { .. } => String::new(),
            _ => place.as_deref().and_then(label).unwrap_or_default(),
        };
        self.faults.push(Fault { at: span.start, message: format!("{label}{}", complaint.in_words(found)) });
        let Some(path) = place else { return false };
        if let Complaint::UnknownKey { key, allowed } = &complaint
            && let (Some(meant), Some((_, table))) = (words::nearest(key, allowed), path.split_last())
        {
            self.taken_out.insert((self.start_of(table), meant.clone()));
        }
        self.take_out(&path)
    }

    /// Puts something in the place of a missing key.
    fn fill_in(&mut self, table: &Range<usize>, key: &str, message: String) -> bool {
        if !self.taken_out.contains(&(table.start, key.to_owned())) {
            self.faults.push(Fault { at: table.start, message });
        }
        let filled = self.next_filled..self.next_filled + 1;
        self.next_filled += 2;
        let Some(path) = self.find_table(table) else { return false };
        let Some(table) = table_at(self.document.get_mut(), &path) else { return false };
        table.insert(
            Spanned::new(filled.clone(), key.to_owned().into()),
            Spanned::new(filled, DeValue::String("x".into())),
        );
        true
    }

    /// What was filled in does not fit: tries the next kind of value, at last takes out what it belongs to.
    fn refill(&mut self, span: &Range<usize>) -> bool {
        let Some(path) = self.find(span) else { return false };
        let Some(value) = at(self.document.get_mut(), &path) else { return false };
        let next = match value {
            DeValue::String(text) if text == "x" => DeValue::String("#000000".into()),
            DeValue::String(text) if text == "#000000" => DeValue::String("2026-01-01".into()),
            DeValue::String(text) if text == "2026-01-01" => DeValue::String("08:00".into()),
            DeValue::String(_) => DeValue::Boolean(true),
            DeValue::Boolean(_) => DeValue::Array(DeArray::new()),
            DeValue::Array(_) => DeValue::Integer(DeInteger::default()),
            DeValue::Integer(_) => DeValue::Table(DeTable::new()),
            _ => return self.take_out(&path[..path.len().saturating_sub(1)]),
        };
        *value = next;
        true
    }

    /// Takes the value at `path` out of its table or list; `false` for the document itself.
    fn take_out(&mut self, path: &[Step]) -> bool {
        let Some((last, parents)) = path.split_last() else { return false };
        match last {
            Step::Key(key) => {
                let start = self.start_of(parents);
                self.taken_out.insert((start, key.clone()));
                table_at(self.document.get_mut(), parents).is_some_and(|table| table.remove(key.as_str()).is_some())
            }
            Step::Index(index) => match at(self.document.get_mut(), parents) {
                Some(DeValue::Array(list)) if *index < list.len() => {
                    let mut rest = DeArray::new();
                    list.iter().enumerate().filter(|(i, _)| i != index).for_each(|(_, item)| rest.push(item.clone()));
                    *list = rest;
                    true
                }
                _ => false,
            },
        }
    }

    /// The first byte of the table at `path`.
    fn start_of(&self, path: &[Step]) -> usize {
        let mut span = self.document.span();
        let mut within = Within::Table(self.document.get_ref());
        for step in path {
            let inner = match (within, step) {
                (Within::Table(table), Step::Key(key)) => table.get(key.as_str()),
                (Within::List(list), Step::Index(index)) => list.get(*index),
                _ => None,
            };
            let Some(inner) = inner else { break };
            span = inner.span();
            within = match inner.get_ref() {
                DeValue::Table(table) => Within::Table(table),
                DeValue::Array(list) => Within::List(list),
                _ => break,
            };
        }
        span.start
    }

    /// The innermost key or value with exactly this span.
    fn find(&self, span: &Range<usize>) -> Option<Vec<Step>> {
        let mut path = Vec::new();
        find_in_table(self.document.get_ref(), span, &mut path).then_some(path)
    }

    fn find_table(&self, span: &Range<usize>) -> Option<Vec<Step>> {
        if *span == self.document.span() { Some(Vec::new()) } else { self.find(span) }
    }
}

enum Within<'d, 'i> {
    Table(&'d DeTable<'i>),
    List(&'d DeArray<'i>),
}

/// The name of what is at the end of the path, for the beginning of a message.
fn label(path: &[Step]) -> Option<String> {
    path.iter().rev().find_map(|step| match step {
        Step::Key(key) => Some(format!("{key}: ")),
        Step::Index(_) => None,
    })
}

/// One step from a value to one within it.
enum Step {
    Key(String),
    Index(usize),
}

fn find_in_table(table: &DeTable<'_>, span: &Range<usize>, path: &mut Vec<Step>) -> bool {
    for (key, value) in table {
        path.push(Step::Key(key.get_ref().to_string()));
        if find_in_value(value, span, path) || key.span() == *span {
            return true;
        }
        path.pop();
    }
    false
}

fn find_in_value(value: &Spanned<DeValue<'_>>, span: &Range<usize>, path: &mut Vec<Step>) -> bool {
    let within = match value.get_ref() {
        DeValue::Table(table) => find_in_table(table, span, path),
        DeValue::Array(list) => list.iter().enumerate().any(|(index, item)| {
            path.push(Step::Index(index));
            let found = find_in_value(item, span, path);
            if !found {
                path.pop();
            }
            found
        }),
        _ => false,
    };
    within || value.span() == *span
}

fn at<'d, 'i>(table: &'d mut DeTable<'i>, path: &[Step]) -> Option<&'d mut DeValue<'i>> {
    let (Step::Key(first), rest) = path.split_first()? else { return None };
    let mut value = table.get_mut(first.as_str())?.get_mut();
    for step in rest {
        value = match (value, step) {
            (DeValue::Table(table), Step::Key(key)) => table.get_mut(key.as_str())?.get_mut(),
            (DeValue::Array(list), Step::Index(index)) => list.get_mut(*index)?.get_mut(),
            _ => return None,
        };
    }
    Some(value)
}

fn table_at<'d, 'i>(root: &'d mut DeTable<'i>, path: &[Step]) -> Option<&'d mut DeTable<'i>> {
    if path.is_empty() {
        return Some(root);
    }
    match at(root, path)? {
        DeValue::Table(table) => Some(table),
        _ => None,
    }
}
