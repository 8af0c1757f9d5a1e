//! Free-text subjects taken apart: “Müller, PA + RP, 0170 1234567” is a name, two concerns and a telephone number.
//!
//! No word is lost: what is neither contact nor name nor concern is in the note, or in the subject as a phrase that the
//! town has yet to give a meaning. Only labels (“Tel.”) and little words between parts (“und”, “für”) go.

mod contact;
mod hits;
mod names;
mod parts;
mod segments;
mod words;

pub use parts::{Parts, Piece};
pub(crate) use words::TITLES;
#[cfg(test)]
pub(crate) use words::is_label_or_link;

use crate::concerns::Dictionary;
use contact::Contacts;
use hits::hits;
use parts::Shared;
use segments::segments;
use words::words;

/// Takes a subject apart, the name included.
pub fn take_apart(text: &str, dictionary: &Dictionary) -> Parts {
    apart(text, dictionary, true)
}

/// Takes a subject apart whose row names the person in a column of its own: names are remarks then.
pub fn take_apart_without_name(text: &str, dictionary: &Dictionary) -> Parts {
    apart(text, dictionary, false)
}

/// The phrases of a subject, names and contacts left out already.
pub(crate) fn pieces(subject: &str, dictionary: &Dictionary) -> Vec<Piece> {
    apart(subject, dictionary, false).pieces
}

/// What is behind this many characters is no subject any more, but a remark.
const MOST_SUBJECT: usize = 1_000;

fn apart(text: &str, dictionary: &Dictionary, with_name: bool) -> Parts {
    let end = text.char_indices().nth(MOST_SUBJECT).map_or(text.len(), |(end, _)| end);
    let (text, remark) = text.split_at(end);
    let Contacts { rest, mut phones, mut emails } = contact::found(text);
    let words = words(&rest);
    let hits = hits(&rest, &words, dictionary);
    let segments = segments(&words, &hits);
    let has_contact = !phones.is_empty() || !emails.is_empty();
    let name = with_name.then(|| names::found(&words, &segments, !hits.is_empty() || has_contact)).flatten();
    let mut parts = Shared { text: &rest, words: &words, hits: &hits, segments: &segments }.parts(name);
    let first = |found: &mut Vec<String>| if found.is_empty() { String::new() } else { found.remove(0) };
    (parts.phone, parts.email) = (first(&mut phones), first(&mut emails));
    for further in phones.into_iter().chain(emails) {
        parts.add_note(&further);
    }
    parts.add_note(remark);
    parts
}

#[cfg(test)]
mod tests;
