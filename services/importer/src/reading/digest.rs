//! What makes a row the same in the next export, and what shows that it has changed.

use sha2::{Digest, Sha256};

use super::cells::Row;
use super::when::When;
use crate::{Entry, Field};

/// A longer id is kept as its digest.
const MOST_ID: usize = 150;

/// Bytes of a digest that are kept: 128 bits.
const KEPT: usize = 16;

/// The file's own id with the occurrence; else a digest of what the file says about start, name and subject. The words
/// of the file count, not what we make of them: the town's table may change between two runs.
pub(super) fn source_key(row: &Row<'_>, when: &When) -> String {
    let id = row.text(Field::Id);
    let occurrence = &row.record.occurrence;
    if id.is_empty() {
        let first = when.all_day.map(|(first, _)| first.to_string());
        let start = when.start.map(|start| start.to_string()).or(first).unwrap_or_default();
        let texts = [Field::Name, Field::FirstName, Field::Subject].map(|field| row.text(field));
        let texts = texts.iter().map(String::as_str).chain([start.as_str(), occurrence.as_str()]);
        return format!("row:{}", digest(texts));
    }
    if id.chars().count() + occurrence.chars().count() > MOST_ID {
        return format!("id:{}", digest([id.as_str(), occurrence.as_str()].into_iter()));
    }
    if occurrence.is_empty() { format!("id:{id}") } else { format!("id:{id}#{occurrence}") }
}

/// A digest of everything that is imported.
pub(super) fn content_hash(entry: &Entry) -> String {
    let moment = |moment: Option<jiff::civil::DateTime>| moment.map_or_else(String::new, |moment| moment.to_string());
    let concerns: Vec<String> = entry.concerns.iter().map(|(key, quantity)| format!("{key}*{quantity}")).collect();
    let days = entry.all_day.map_or_else(String::new, |(first, last)| format!("{first}/{last}"));
    let (start, end, concerns) = (moment(entry.start), moment(entry.end), concerns.join("+"));
    let cancelled = if entry.is_cancelled { "cancelled" } else { "" };
    let texts = [
        &start,
        &end,
        &days,
        &entry.name,
        &entry.phone,
        &entry.email,
        &entry.subject,
        &concerns,
        &entry.note,
        &entry.counter,
    ];
    digest(texts.into_iter().map(String::as_str).chain([cancelled]))
}

fn digest<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    let mut hasher = Sha256::new();
    for text in texts {
        hasher.update(text.as_bytes());
        // Keeps “ab”, “c” and “a”, “bc” apart; cannot stand in a clean text.
        hasher.update([0x1f]);
    }
    hasher.finalize().iter().take(KEPT).map(|byte| format!("{byte:02x}")).collect()
}
