//! A row of a file into an [`Entry`]: when, who, what for, and what was odd about it.

mod cells;
mod digest;
mod guest;
mod odd;
mod what;
mod when;
mod who;

use std::borrow::Cow;

use crate::concerns::Dictionary;
use crate::{Entry, Mapping, Record, Shape, State};
use cells::{Row, cut};

/// What a reason says of a cell, in characters; a cell can hold a book.
const MOST_DETAIL: usize = 200;

/// The reasons that reading a row can give, with the state each gives at least. A formula is an error where the day or
/// the time should be, and a warning elsewhere.
pub const REASONS: &[(&str, State)] = &[
    ("no_date", State::Error),
    ("no_time", State::Error),
    ("unreadable_date", State::Error),
    ("no_such_day", State::Error),
    ("no_year", State::Error),
    ("unclear_date", State::Error),
    ("strange_year", State::Error),
    ("unreadable_time", State::Error),
    ("no_such_time", State::Error),
    ("lost_hour", State::Error),
    ("double_hour", State::Warning),
    ("other_weekday", State::Warning),
    ("unreadable_end", State::Warning),
    ("end_before_start", State::Warning),
    ("formula", State::Warning),
    ("lost_digits", State::Warning),
    ("zero_added", State::Ready),
    ("bad_phone", State::Warning),
    ("bad_email", State::Warning),
    ("ambiguous_concern", State::Warning),
    ("part_unknown", State::Warning),
    ("no_name", State::Warning),
    ("no_appointment", State::Skipped),
    ("too_long", State::Warning),
    ("hidden_row", State::Warning),
    ("second_column", State::Warning),
    ("total_row", State::Skipped),
];

/// Understands a row. Never fails: what cannot be read is said in [`Entry::reasons`].
///
/// Of rows that are marked as private only the time is kept: what a clerk does after work is nobody's business.
pub fn entry(record: &Record, shape: &Shape, mapping: &Mapping, dictionary: &Dictionary) -> Entry {
    let row = Row::new(record, shape, mapping);
    let mut reasons = Vec::new();
    let when = when::read(&row, dictionary.zone(), &mut reasons);
    let mut entry = Entry {
        line: record.line,
        source_key: digest::source_key(&row, &when),
        content_hash: String::new(),
        start: when.start,
        end: when.end,
        all_day: when.all_day,
        name: String::new(),
        phone: String::new(),
        email: String::new(),
        subject: String::new(),
        concerns: Vec::new(),
        note: String::new(),
        counter: String::new(),
        original: String::new(),
        is_cancelled: what::is_cancelled(&row),
        is_private: what::is_private(&row),
        reasons,
    };
    if !entry.is_private {
        what::read(&row, dictionary, &mut entry);
        entry.original = row.original();
        odd::flag(&row, &when, &mut entry.reasons);
    }
    for reason in &mut entry.reasons {
        if let Cow::Owned(shorter) = cut(&reason.detail, MOST_DETAIL) {
            reason.detail = shorter;
        }
    }
    entry.content_hash = digest::content_hash(&entry);
    entry
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
