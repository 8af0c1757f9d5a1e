//! What a row is for, and whom it is about: its texts put where they belong.

use booking::PersonName;

use super::cells::{Row, cut};
use super::{guest, who};
use crate::concerns::{Certainty, Dictionary};
use crate::subject::{Parts, take_apart, take_apart_without_name};
use crate::{Entry, Field, Reason, State};

/// What the column of an appointment's note takes, in characters.
const MOST_NOTE: usize = 2_000;

/// What a subject or the name of a counter may have, in characters.
const MOST_TEXT: usize = 500;

/// How Outlook marks what was called off, before the subject.
const CALLED_OFF: &[&str] = &["abgesagt:", "canceled:", "cancelled:", "storniert:"];

/// Reads name, contact, concerns, note and counter into the entry.
pub(super) fn read(row: &Row<'_>, dictionary: &Dictionary, entry: &mut Entry) {
    flag_formulas(row, &mut entry.reasons);
    let mut parts = name_and_subject(row, dictionary);
    add_categories(row, dictionary, &mut parts);
    guest::add(row, &mut parts);
    entry.name = std::mem::take(&mut parts.name);
    entry.phone = who::phone(row, &mut parts, &mut entry.reasons);
    entry.email = who::email(row, &mut parts, &mut entry.reasons);
    entry.subject = parts.subject();
    entry.concerns = parts.concerns();
    entry.counter = row.text(Field::Counter);
    // Whole days are closures, whatever they are called.
    if entry.all_day.is_none() {
        flag_concerns(&parts, &entry.concerns, &mut entry.reasons);
    }
    parts.add_note(&row.text(Field::Note));
    entry.note = parts.note;
    flag_nobody(parts.is_remark, entry);
    for (text, most) in [
        (&mut entry.name, PersonName::MOST),
        (&mut entry.subject, MOST_TEXT),
        (&mut entry.counter, MOST_TEXT),
        (&mut entry.note, MOST_NOTE),
    ] {
        shorten(text, most, &mut entry.reasons);
    }
}

/// The parts of a row's subject, with the name from its own column if there is one. Where nothing else says what a row
/// is for, the column of the name may: “Müller, PA”.
fn name_and_subject(row: &Row<'_>, dictionary: &Dictionary) -> Parts {
    let name = who::name(row);
    let subjects: Vec<String> = row.cells(Field::Subject).map(|named| named.text()).collect();
    if !name.is_empty() && subjects.iter().all(String::is_empty) {
        let parts = take_apart(&name, dictionary);
        let is_both = !parts.name.is_empty() && !parts.concerns().is_empty();
        return if is_both { parts } else { Parts { name, ..Parts::default() } };
    }
    let mut parts = Parts { name, ..Parts::default() };
    for subject in &subjects {
        let subject = without_mark(subject);
        let of_one = if parts.name.is_empty() {
            take_apart(subject, dictionary)
        } else {
            take_apart_without_name(subject, dictionary)
        };
        parts.add(of_one);
    }
    parts
}

/// Where the subject names no concern, the category may: “Personalausweis” in its own colour. A category that means
/// nothing known is for the town's table, unless the subject has something for it already.
fn add_categories(row: &Row<'_>, dictionary: &Dictionary, parts: &mut Parts) {
    if parts.is_remark || !parts.concerns().is_empty() {
        return;
    }
    let is_open = parts.pieces.is_empty();
    for category in row.text(Field::Category).split([';', ',']) {
        let of_category = take_apart_without_name(category, dictionary);
        if is_open || !of_category.concerns().is_empty() {
            parts.add(of_category);
        }
    }
}

/// Whether a row is marked as private. Outlook has two columns for it, iCalendar `CLASS`.
pub(super) fn is_private(row: &Row<'_>) -> bool {
    const PRIVATE: &[&str] = &["privat", "private", "vertraulich", "confidential", "persönlich", "personal"];
    row.cells(Field::Private).any(|named| is_yes(&named.text()) || PRIVATE.contains(&small(&named.text()).as_str()))
}

/// Whether a row is marked as cancelled, in a column or before the subject.
pub(super) fn is_cancelled(row: &Row<'_>) -> bool {
    const CANCELLED: &[&str] = &["cancelled", "canceled", "abgesagt", "storniert", "gelöscht", "entfallen"];
    let says_so = |text: String| is_yes(&text) || CANCELLED.contains(&small(&text).as_str());
    let subject = row.text(Field::Subject);
    row.cells(Field::Cancelled).any(|named| says_so(named.text())) || without_mark(&subject) != subject
}

/// How calendars and people write yes.
pub(super) fn is_yes(text: &str) -> bool {
    const YES: &[&str] = &["ein", "an", "on", "ja", "yes", "wahr", "true", "1", "x", "y", "j"];
    YES.contains(&small(text).as_str())
}

/// Without folding, which would make “tru” of “true”.
fn small(text: &str) -> String {
    text.trim().to_lowercase()
}

fn without_mark(subject: &str) -> &str {
    let mark =
        CALLED_OFF.iter().find(|mark| subject.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark)));
    mark.map_or(subject, |mark| subject[mark.len()..].trim_start())
}

/// Texts that are formulas are not taken over.
fn flag_formulas(row: &Row<'_>, reasons: &mut Vec<Reason>) {
    use Field::{Attendee, Category, Counter, Email, FirstName, Name, Note, Phone, Subject};
    let cells = [Name, FirstName, Phone, Email, Subject, Note, Counter, Category, Attendee]
        .into_iter()
        .flat_map(|field| row.cells(field));
    for named in cells {
        if let Some(formula) = named.formula() {
            reasons.push(Reason::new(State::Warning, "formula", cut(formula, MOST_TEXT)).about(named.column));
        }
    }
}

/// A row without a name. If nobody comes and the town has said that its words are no concern, it is no appointment.
fn flag_nobody(is_remark: bool, entry: &mut Entry) {
    if !entry.name.is_empty() || entry.all_day.is_some() {
        return;
    }
    let has_contact = !entry.phone.is_empty() || !entry.email.is_empty();
    entry.reasons.push(match is_remark && !has_contact {
        true => Reason::new(State::Skipped, "no_appointment", entry.note.as_str()),
        false => Reason::new(State::Warning, "no_name", ""),
    });
}

/// Phrases that can mean several concerns; and those that mean nothing yet, where something else in the row is clear.
fn flag_concerns(parts: &Parts, concerns: &[(String, u16)], reasons: &mut Vec<Reason>) {
    for piece in parts.pieces.iter().filter(|piece| piece.meant.is_empty()) {
        let phrase = cut(&piece.phrase, MOST_TEXT);
        match piece.certainty {
            Certainty::Likely => {
                let said = format!("{phrase}: {}", piece.keys.join(", "));
                reasons.push(Reason::new(State::Warning, "ambiguous_concern", said));
            }
            _ if !concerns.is_empty() => reasons.push(Reason::new(State::Warning, "part_unknown", phrase)),
            // Nothing is known at all: the batch says what becomes of such rows.
            _ => {}
        }
    }
}

fn shorten(text: &mut String, most: usize, reasons: &mut Vec<Reason>) {
    if text.chars().nth(most).is_some() {
        *text = cut(text, most).into_owned();
        reasons.push(Reason::new(State::Warning, "too_long", cut(text, 40)));
    }
}
