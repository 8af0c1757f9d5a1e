//! The table of a file's subjects, filled in as far as it can be for the town to decide.

use std::collections::HashMap;

use catalog::{Catalog, search};
use serde::{Deserialize, Serialize};
use tenancy::i18n::FIRST_LANGUAGE;

use super::{Certainty, Dictionary, Table, plain};
use crate::subject::pieces;

/// A phrase that stands in subjects, and the concerns it may mean.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// As it stands in the file, in its most frequent spelling.
    pub phrase: String,
    /// How often it stands there, all spellings together.
    pub count: u64,
    /// Keys of concerns, the likeliest first; five at most.
    pub keys: Vec<String>,
    /// How sure the first one is.
    pub certainty: Certainty,
}

/// More phrases than this are no table that anybody works through; the rarer ones are left out.
pub const MOST_SUGGESTIONS: usize = 500;

const MOST_KEYS: usize = 5;

/// The phrases of these subjects (of [`Entry::subject`](crate::Entry::subject), each as often as it stands in the file),
/// the most frequent first.
pub fn suggest<S: AsRef<str>>(subjects: &[S], catalog: &Catalog) -> Vec<Suggestion> {
    let dictionary = Dictionary::new(catalog, &Table::default());
    let mut texts: HashMap<&str, u64> = HashMap::new();
    for subject in subjects {
        *texts.entry(subject.as_ref()).or_default() += 1;
    }
    let mut phrases: HashMap<String, Tally> = HashMap::new();
    for (text, count) in texts {
        for piece in pieces(text, &dictionary) {
            let tally = phrases.entry(plain(&piece.phrase)).or_insert_with(|| Tally {
                spellings: HashMap::new(),
                count: 0,
                keys: piece.keys,
                certainty: piece.certainty,
            });
            tally.count += count;
            *tally.spellings.entry(piece.phrase).or_default() += count;
        }
    }
    let mut tallies: Vec<(String, Tally)> = phrases.into_iter().collect();
    tallies.sort_by(|(one, few), (other, many)| many.count.cmp(&few.count).then_with(|| one.cmp(other)));
    tallies.truncate(MOST_SUGGESTIONS);
    tallies.into_iter().map(|(_, tally)| tally.into_suggestion(catalog)).collect()
}

struct Tally {
    spellings: HashMap<String, u64>,
    count: u64,
    keys: Vec<String>,
    certainty: Certainty,
}

impl Tally {
    fn into_suggestion(self, catalog: &Catalog) -> Suggestion {
        let most = self.spellings.into_iter().max_by(|(one, few), (other, many)| few.cmp(many).then(other.cmp(one)));
        let phrase = most.map(|(spelling, _)| spelling).unwrap_or_default();
        let (mut keys, mut certainty) = (self.keys, self.certainty);
        if certainty == Certainty::Open {
            let hits = search(catalog, &phrase, FIRST_LANGUAGE);
            keys = hits.iter().filter_map(|hit| Some(catalog.by_id(hit.concern)?.key.clone())).collect();
            certainty = if keys.is_empty() { Certainty::Open } else { Certainty::Likely };
        }
        keys.truncate(MOST_KEYS);
        Suggestion { phrase, count: self.count, keys, certainty }
    }
}
