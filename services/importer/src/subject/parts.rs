//! What a subject consists of.

use std::ops::Range;

use super::hits::Hit;
use super::segments::Segment;
use super::words::{Gap, Word};
use crate::concerns::{Candidates, Certainty, Meaning};
use catalog::MAX_QUANTITY;

/// A subject taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// Whose appointment it is; may be empty.
    pub name: String,
    /// Telephone number, as written; may be empty.
    pub phone: String,
    /// Address for mails, as written; may be empty.
    pub email: String,
    /// What it is for, piece by piece.
    pub pieces: Vec<Piece>,
    /// Everything else.
    pub note: String,
    /// Whether the town's table says of it that it is no concern, and nothing else in it is one.
    pub is_remark: bool,
}

/// A phrase of a subject that says what it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// As it stands there, with the quantity.
    pub text: String,
    /// The same without the quantity: what the town's table is about.
    pub phrase: String,
    /// Keys of the concerns that are meant; none: nobody knows yet.
    pub meant: Vec<String>,
    /// Keys of those that it can mean, likeliest first.
    pub keys: Vec<String>,
    /// How sure that is.
    pub certainty: Certainty,
    /// How many.
    pub quantity: u16,
}

impl Parts {
    /// What it is for, in the file's words.
    pub fn subject(&self) -> String {
        self.pieces.iter().map(|piece| piece.text.as_str()).collect::<Vec<_>>().join(" + ")
    }

    /// The concerns that are meant, each once, with how many.
    pub fn concerns(&self) -> Vec<(String, u16)> {
        let mut concerns: Vec<(String, u16)> = Vec::new();
        for piece in &self.pieces {
            for key in &piece.meant {
                match concerns.iter_mut().find(|(known, _)| known == key) {
                    Some((_, quantity)) => *quantity = (*quantity + piece.quantity).min(u16::from(MAX_QUANTITY)),
                    None => concerns.push((key.clone(), piece.quantity)),
                }
            }
        }
        concerns
    }

    /// Adds what another subject of the same row says. A concern that both mean is meant once.
    pub(crate) fn add(&mut self, other: Self) {
        let known = self.concerns();
        let is_known = |key: &String| known.iter().any(|(known, _)| known == key);
        let is_new = |piece: &Piece| piece.meant.is_empty() || !piece.meant.iter().all(is_known);
        self.pieces.extend(other.pieces.into_iter().filter(is_new));
        for (mine, others) in
            [(&mut self.name, other.name), (&mut self.phone, other.phone), (&mut self.email, other.email)]
        {
            if mine.is_empty() {
                *mine = others;
            } else if *mine != others {
                add_remark(&mut self.note, &others);
            }
        }
        self.add_note(&other.note);
        self.is_remark = (self.is_remark || other.is_remark) && self.pieces.is_empty();
    }

    /// Puts a remark behind the others.
    pub fn add_note(&mut self, remark: &str) {
        add_remark(&mut self.note, remark);
    }
}

fn add_remark(note: &mut String, remark: &str) {
    let remark = remark.trim();
    if remark.is_empty() {
        return;
    }
    if !note.is_empty() {
        note.push_str("; ");
    }
    note.push_str(remark);
}

/// What is shared while the parts are gathered.
pub(super) struct Shared<'s, 't> {
    pub text: &'t str,
    pub words: &'s [Word<'t>],
    pub hits: &'s [Hit],
    pub segments: &'s [Segment],
}

impl Shared<'_, '_> {
    /// The parts, with the name at these words.
    pub(super) fn parts(&self, name: Option<Range<usize>>) -> Parts {
        let name = name.unwrap_or(0..0);
        let mut parts = Parts { name: self.slice(&name).to_owned(), ..Parts::default() };
        for place in 0..self.segments.len() {
            let segment = &self.segments[place];
            for hit in &self.hits[segment.hits.clone()] {
                match self.piece(hit, place) {
                    Some(piece) => parts.pieces.push(piece),
                    None => {
                        parts.is_remark |= matches!(hit.meaning, Meaning::Town(_));
                        parts.add_note(self.slice(&hit.all));
                    }
                }
            }
            let is_subject = segment.hits.is_empty() && (self.hits.is_empty() || self.is_one_more(place));
            for run in segment.runs.iter().flat_map(|run| without(run, &name)) {
                match self.slice(&run) {
                    _ if self.words[run.clone()].iter().all(Word::is_link) => {}
                    text if is_subject => parts.pieces.push(Piece::open(text, text)),
                    text => parts.add_note(text),
                }
            }
        }
        parts.is_remark &= parts.pieces.is_empty();
        parts
    }

    /// What a hit is: a piece of the subject, or (none) a remark.
    fn piece(&self, hit: &Hit, place: usize) -> Option<Piece> {
        let (text, phrase) = (self.slice(&hit.all), self.slice(&hit.phrase));
        let piece = |meant: Vec<String>, keys: &[String], certainty| {
            let (text, phrase) = (text.to_owned(), phrase.to_owned());
            Piece { text, phrase, meant, keys: keys.to_vec(), certainty, quantity: hit.quantity }
        };
        match &hit.meaning {
            Meaning::Town(keys) if keys.is_empty() => None,
            Meaning::Town(keys) => Some(piece(keys.clone(), keys, Certainty::Certain)),
            Meaning::Catalog(Candidates { keys, is_decided: true }) => {
                Some(piece(keys.iter().take(1).cloned().collect(), keys, Certainty::Certain))
            }
            // Beside a concern that is clear, a word such as “Express” is a remark – unless it is one more of them.
            Meaning::Catalog(_) if self.is_clear() && !self.is_one_more(place) => None,
            Meaning::Catalog(Candidates { keys, .. }) => Some(piece(Vec::new(), keys, Certainty::Likely)),
            Meaning::NotOffered => Some(Piece::open(text, phrase)),
        }
    }

    /// Whether a concern is meant for certain somewhere.
    fn is_clear(&self) -> bool {
        self.hits.iter().any(|hit| match &hit.meaning {
            Meaning::Town(keys) => !keys.is_empty(),
            Meaning::Catalog(candidates) => candidates.is_decided,
            Meaning::NotOffered => false,
        })
    }

    /// Whether a segment is joined by a plus to one with a concern: “PA + Sperrgut”.
    fn is_one_more(&self, place: usize) -> bool {
        let has_hits = |place: usize| self.segments.get(place).is_some_and(|segment| !segment.hits.is_empty());
        let joined = |place: usize| self.segments.get(place).is_some_and(|segment| segment.gap == Gap::Plus);
        (joined(place) && place > 0 && has_hits(place - 1)) || (joined(place + 1) && has_hits(place + 1))
    }

    fn slice(&self, words: &Range<usize>) -> &str {
        if words.is_empty() {
            return "";
        }
        let first = &self.words[words.start];
        // A dot behind an abbreviation belongs to it.
        let end = self.words[words.end - 1].end();
        let end = if self.text[end..].starts_with('.') { end + 1 } else { end };
        &self.text[first.start..end]
    }
}

impl Piece {
    fn open(text: &str, phrase: &str) -> Self {
        let (text, phrase) = (text.to_owned(), phrase.to_owned());
        Self { text, phrase, meant: Vec::new(), keys: Vec::new(), certainty: Certainty::Open, quantity: 1 }
    }
}

/// What is left of a run without the words of the name.
fn without(run: &Range<usize>, name: &Range<usize>) -> Vec<Range<usize>> {
    let before = run.start..run.end.min(name.start.max(run.start));
    let behind = run.start.max(name.end.min(run.end))..run.end;
    if name.is_empty() || name.end <= run.start || name.start >= run.end {
        return vec![run.clone()];
    }
    [before, behind].into_iter().filter(|part| !part.is_empty()).collect()
}
