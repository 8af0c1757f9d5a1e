//! How two states of a pack's part differ, told so that an operator can say yes or no.

use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;
use toml::{Table, Value};

use super::writing::inline;

/// Whether something comes, changes or goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// New.
    Add,
    /// Other than before.
    Change,
    /// No longer there.
    Remove,
}

/// One difference between what is and what a pack says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// The part it belongs to, such as `catalog.toml concern`.
    pub section: String,
    /// Which entry, such as `reisepass`.
    pub key: String,
    /// What happens to it.
    pub kind: ChangeKind,
    /// What exactly, such as `duration_minutes: 15 → 20`.
    pub detail: String,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.kind {
            ChangeKind::Add => '+',
            ChangeKind::Change => '~',
            ChangeKind::Remove => '-',
        };
        write!(f, "{sign} {} {}", self.section, self.key)?;
        if self.detail.is_empty() { Ok(()) } else { write!(f, ": {}", self.detail) }
    }
}

/// The differences from `old` (none: there was nothing yet) to `new`, two states of one file.
///
/// Lists of tables are compared entry by entry, told apart by their `key` (hosts by host and path, others by their
/// whole content); tables key by key.
///
/// # Errors
/// If a value can't be written as TOML, which our types rule out.
pub fn diff<T: Serialize>(file: &str, old: Option<&T>, new: &T) -> anyhow::Result<Vec<Change>> {
    let old = old.map(Table::try_from).transpose()?.unwrap_or_default();
    let new = Table::try_from(new)?;
    let mut changes = Vec::new();
    for name in names(&old, &new) {
        match (entries(old.get(name)), entries(new.get(name))) {
            (None, None) => changes.extend(field_change(file, name, old.get(name), new.get(name))),
            (before, after) => {
                let section = format!("{file} {name}");
                entry_changes(&section, before.unwrap_or(&[]), after.unwrap_or(&[]), &mut changes);
            }
        }
    }
    Ok(changes)
}

/// The keys of both tables, those of `new` first and in their order.
fn names<'a>(old: &'a Table, new: &'a Table) -> impl Iterator<Item = &'a str> {
    new.keys().chain(old.keys().filter(|key| !new.contains_key(*key))).map(String::as_str)
}

/// The tables of a list of tables.
fn entries(value: Option<&Value>) -> Option<&[Value]> {
    value?.as_array().filter(|list| list.iter().all(Value::is_table) && !list.is_empty()).map(Vec::as_slice)
}

/// A top-level value or table that differs.
fn field_change(file: &str, name: &str, old: Option<&Value>, new: Option<&Value>) -> Option<Change> {
    if old == new {
        return None;
    }
    let kind = match (old, new) {
        (None, _) => ChangeKind::Add,
        (_, None) => ChangeKind::Remove,
        _ => ChangeKind::Change,
    };
    let detail = match (old, new) {
        (Some(Value::Table(old)), Some(Value::Table(new))) => differing_fields(old, new),
        _ => format!("{} → {}", shown(old), shown(new)),
    };
    Some(Change { section: file.to_owned(), key: name.to_owned(), kind, detail })
}

fn entry_changes(section: &str, old: &[Value], new: &[Value], changes: &mut Vec<Change>) {
    let change = |key: String, kind, detail: String| Change { section: section.to_owned(), key, kind, detail };
    for entry in new {
        let key = identity(entry);
        match old.iter().find(|other| identity(other) == key) {
            None => changes.push(change(key, ChangeKind::Add, String::new())),
            Some(other) if other != entry => {
                let detail = match (other, entry) {
                    (Value::Table(other), Value::Table(entry)) => differing_fields(other, entry),
                    _ => String::new(),
                };
                changes.push(change(key, ChangeKind::Change, detail));
            }
            Some(_) => {}
        }
    }
    let kept: BTreeSet<String> = new.iter().map(identity).collect();
    let mut order: Vec<String> = Vec::new();
    for entry in old {
        let key = identity(entry);
        if kept.contains(&key) {
            order.push(key);
        } else {
            changes.push(change(key, ChangeKind::Remove, String::new()));
        }
    }
    let known: BTreeSet<&String> = order.iter().collect();
    let ordered_anew = new.iter().map(identity).filter(|key| known.contains(key));
    if !ordered_anew.eq(order.iter().cloned()) {
        changes.push(change("all".to_owned(), ChangeKind::Change, "the order of the entries".to_owned()));
    }
}

/// What tells an entry from its neighbours.
fn identity(entry: &Value) -> String {
    let text = |name: &str| entry.get(name).and_then(Value::as_str);
    match (text("key"), text("host"), text("base_path")) {
        (Some(key), _, _) => key.to_owned(),
        (_, Some(host), Some(path)) => format!("{host}{path}"),
        _ => inline(entry),
    }
}

fn differing_fields(old: &Table, new: &Table) -> String {
    let differing = names(old, new).filter(|name| old.get(*name) != new.get(*name));
    let told: Vec<String> =
        differing.map(|name| format!("{name}: {} → {}", shown(old.get(name)), shown(new.get(name)))).collect();
    told.join("; ")
}

fn shown(value: Option<&Value>) -> String {
    value.map_or_else(|| "nothing".to_owned(), inline)
}
