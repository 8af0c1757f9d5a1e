//! What words in a subject mean: concerns of the town's catalogue, by name, synonym, abbreviation – or because the town
//! said so in its table.
//!
//! What could mean several things is never decided here; it is suggested ([`suggest`]), and the town decides once.

mod abbreviations;
mod build;
mod narrow;
#[cfg(test)]
pub(crate) mod samples;
mod suggest;

use std::collections::{BTreeMap, HashMap};

use catalog::Catalog;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

pub(crate) use narrow::narrowed;
pub use suggest::{MOST_SUGGESTIONS, Suggestion, suggest};

/// What the town has decided: for each phrase of its subjects the keys of the concerns that are meant; without keys it
/// is no concern, but a remark. Spelling, case, umlauts and punctuation of the phrases do not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Table(pub BTreeMap<String, Vec<String>>);

/// How sure a meaning is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// Taken as meant.
    Certain,
    /// Shown first, for somebody to decide.
    Likely,
    /// Nothing resembles it.
    Open,
}

/// What a phrase means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// The town says so.
    Town(Vec<String>),
    /// The catalogue says so.
    Catalog(Candidates),
    /// A common abbreviation for something this town does not offer, such as vehicle registration.
    NotOffered,
}

/// Concerns that a phrase can mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidates {
    /// Their keys, the most likely first.
    pub keys: Vec<String>,
    /// Whether the first is meant as long as nothing beside it says otherwise.
    pub is_decided: bool,
}

/// The words a town uses, and where its clocks stand.
#[derive(Clone, Debug)]
pub struct Dictionary {
    phrases: HashMap<String, Meaning>,
    /// For each first word of a phrase the number of words of the longest.
    longest: HashMap<String, usize>,
    zone: TimeZone,
}

/// Where a town's clocks stand unless it says otherwise.
const DEFAULT_ZONE: &str = "Europe/Berlin";

impl Dictionary {
    /// The words of this catalogue, and above them those of the town's table. Keys in the table that the catalogue no
    /// longer has are left out.
    pub fn new(catalog: &Catalog, table: &Table) -> Self {
        let mut phrases = build::phrases(catalog);
        for (phrase, keys) in &table.0 {
            let known = keys.iter().filter(|key| catalog.get(key).is_some()).cloned().collect::<Vec<_>>();
            let phrase = plain(phrase);
            // A row whose concerns are all gone must not turn into a remark.
            if !phrase.is_empty() && known.is_empty() == keys.is_empty() {
                phrases.insert(phrase, Meaning::Town(known));
            }
        }
        let mut longest: HashMap<String, usize> = HashMap::new();
        for phrase in phrases.keys() {
            let first = phrase.split(' ').next().unwrap_or_default();
            let words = longest.entry(first.to_owned()).or_default();
            *words = phrase.split(' ').count().max(*words);
        }
        let zone = TimeZone::get(DEFAULT_ZONE).unwrap_or(TimeZone::UTC);
        Self { phrases, longest, zone }
    }

    /// The same words in a town whose clocks stand elsewhere.
    pub fn in_zone(mut self, zone: TimeZone) -> Self {
        self.zone = zone;
        self
    }

    /// Where the town's clocks stand.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The longest phrase that these folded words begin with: how many words it has, and what it means.
    pub(crate) fn longest(&self, words: &[&str]) -> Option<(usize, &Meaning)> {
        let first = *words.first()?;
        let most = self.longest.get(first).copied().unwrap_or(1).min(words.len());
        (1..=most).rev().find_map(|count| {
            let meaning = if count == 1 { self.single(first) } else { self.phrases.get(&words[..count].join(" ")) };
            meaning.map(|meaning| (count, meaning))
        })
    }

    /// One word, in the singular if only that is known: “Reisepässe”, “Ausweise”.
    fn single(&self, word: &str) -> Option<&Meaning> {
        // Not “er”: Müller is not waste (“Müll”).
        const ENDINGS: &[&str] = &["en", "e", "n", "s"];
        const LEAST_REST: usize = 4;
        let singulars = || ENDINGS.iter().filter_map(|ending| word.strip_suffix(ending));
        let found = || singulars().filter(|rest| rest.len() >= LEAST_REST).find_map(|rest| self.phrases.get(rest));
        self.phrases.get(word).or_else(found)
    }
}

/// The folded words of a text, as a key.
pub(crate) fn plain(text: &str) -> String {
    let folded = catalog::fold(text);
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
