//! Whose appointment it is: the words of a subject that look like somebody's name.

use std::ops::Range;

use super::segments::Segment;
use super::words::{Gap, Word};

/// Small words inside a name, folded.
const INSIDE: &[&str] =
    &["von", "van", "de", "der", "den", "del", "da", "dos", "di", "zu", "vom", "zum", "el", "al", "bin"];

/// Words of calendars that are nobody's name, folded.
const NO_NAMES: &[&str] = &[
    "abgesagt",
    "anruf",
    "ausland",
    "besprechung",
    "bitte",
    "burgerburo",
    "dienst",
    "express",
    "familie",
    "feiertag",
    "fortbildung",
    "foto",
    "fotos",
    "frei",
    "geschlossen",
    "internet",
    "kind",
    "kinder",
    "krank",
    "kunde",
    "kundin",
    "mittag",
    "mittagspause",
    "neu",
    "notfall",
    "online",
    "pause",
    "privat",
    "rathaus",
    "reserviert",
    "ruckruf",
    "schulung",
    "sitzung",
    "sonstiges",
    "standesamt",
    "team",
    "telefonat",
    "termin",
    "urlaub",
    "vertretung",
];

/// Endings of what offices make, folded (“steuer” loses an e): whoever is called so is asked for once more in the table.
const OFFICE_ENDINGS: &[&str] = &[
    "ung",
    "ungen",
    "schein",
    "ausweis",
    "pass",
    "passe",
    "zeugnis",
    "karte",
    "antrag",
    "steur",
    "kunft",
    "register",
    "schliessung",
    "verlust",
    "termin",
    "gewerbe",
    "urkunde",
    "dokument",
    "dokumente",
    "abholung",
    "sperre",
];

/// Letters before such an ending.
const LEAST_STEM: usize = 5;

const MOST_WORDS: usize = 4;

/// The words of the name. `is_told`: something else in the subject is a concern or a contact, so that the rest may well
/// be a name; else one part alone is none.
pub(super) fn found(words: &[Word<'_>], segments: &[Segment], is_told: bool) -> Option<Range<usize>> {
    let runs = || segments.iter().flat_map(|segment| &segment.runs);
    if let Some(name) = runs().find_map(|run| titled(words, run)) {
        return Some(name);
    }
    if !is_told && segments.len() < 2 {
        return None;
    }
    let whole = |segment: &Segment| segment.hits.is_empty().then(|| segment.runs.first().cloned()).flatten();
    for (place, segment) in segments.iter().enumerate() {
        let Some(run) = whole(segment) else { continue };
        if is_name(&words[run.clone()], place == 0) {
            let first_name = segments.get(place + 1).filter(|next| is_told && next.gap == Gap::Apart).and_then(whole);
            let first_name = first_name.filter(|run| run.len() == 1 && is_name(&words[run.clone()], false));
            return Some(run.start..first_name.unwrap_or(run).end);
        }
    }
    runs().map(|run| without_links(words, run)).find(|run| is_name(&words[run.clone()], false))
}

/// The name behind a title.
fn titled(words: &[Word<'_>], run: &Range<usize>) -> Option<Range<usize>> {
    let start = run.clone().find(|at| words[*at].is_title())?;
    let end = (start..run.end)
        .take_while(|at| words[*at].is_title() || is_name_word(&words[*at]) || is_inside(&words[*at]))
        .take(MOST_WORDS + 1)
        .last()?
        + 1;
    (start..end).any(|at| !words[at].is_title()).then_some(start..end)
}

/// A run without the links it begins with: “für Hans Müller”.
fn without_links(words: &[Word<'_>], run: &Range<usize>) -> Range<usize> {
    let start = run.clone().find(|at| !words[*at].is_link()).unwrap_or(run.end);
    start..run.end
}

/// Whether words look like a name. People who write everything small begin with the name (`may_be_small`).
fn is_name(words: &[Word<'_>], may_be_small: bool) -> bool {
    let is_small = |word: &Word<'_>| may_be_small && words.len() <= 2 && is_letters(word) && !is_office(word);
    let Some(last) = words.last() else { return false };
    words.len() <= MOST_WORDS
        && words.iter().all(|word| is_name_word(word) || is_inside(word) || is_small(word))
        && !is_inside(last)
        && words.iter().any(|word| is_name_word(word) || is_small(word))
}

fn is_inside(word: &Word<'_>) -> bool {
    INSIDE.contains(&word.plain.as_str())
}

/// A word with a capital (or of a script without capitals) that no office uses. Three capitals are an abbreviation.
fn is_name_word(word: &Word<'_>) -> bool {
    let is_abbreviation =
        word.text.chars().count() <= 3 && word.text.chars().count() > 1 && word.text.chars().all(char::is_uppercase);
    let is_capital = !word.text.starts_with(char::is_lowercase);
    is_letters(word) && is_capital && !is_abbreviation && !is_office(word)
}

fn is_letters(word: &Word<'_>) -> bool {
    !word.text.chars().any(char::is_numeric)
}

fn is_office(word: &Word<'_>) -> bool {
    let plain = word.plain.as_str();
    // Jung and Hartung are people.
    let ends = |ending: &&str| plain.ends_with(*ending) && plain.len() >= ending.len() + LEAST_STEM;
    NO_NAMES.contains(&plain) || OFFICE_ENDINGS.iter().any(ends)
}
