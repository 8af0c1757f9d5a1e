//! Finds concerns by what people type: with typing errors, without umlauts, half a word, another word, either language.
//!
//! Every word of names, keywords and summaries is folded to a plain form ([`fold`](crate::fold)). A typed word is compared once with
//! each distinct word; concerns then gather the points of their words. A word that few concerns have counts more.

use std::collections::BTreeMap;

use crate::concern::ConcernId;
use crate::index::{self, Fit};
use crate::load::Catalog;

/// A concern that was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// Its number.
    pub concern: ConcernId,
    /// How well it fits; only the order means something.
    pub score: f32,
}

/// More than this is not looked for; nobody types it.
const MAX_QUERY_CHARS: usize = 100;

/// More words than this are not looked at.
const MAX_WORDS: usize = 8;

/// Share of the query (by weight of its words) that a concern must answer.
const LEAST_ANSWERED: f32 = 0.35;

/// A concern that fits much worse than the best one is no help.
const LEAST_OF_BEST: f32 = 0.5;

/// The concerns that answer `query`, best first; names in `language` count a little more than others.
/// Nothing for an empty query and for words that nothing in the catalogue resembles.
pub fn search(catalog: &Catalog, query: &str, language: &str) -> Vec<Hit> {
    let query: String = query.chars().take(MAX_QUERY_CHARS).collect();
    let mut words = Vec::new();
    for word in index::words(&query) {
        if !words.contains(&word) && words.len() < MAX_WORDS {
            words.push(word);
        }
    }
    let readings = catalog.index.readings(&words);
    let fits: BTreeMap<&str, Fit> =
        readings.iter().flatten().map(|word| (word.as_str(), catalog.index.fit(word))).collect();
    let mut best: Vec<f32> = vec![0.0; catalog.concerns.len()];
    for words in &readings {
        let fits: Vec<&Fit> = words.iter().map(|word| &fits[word.as_str()]).collect();
        for (concern, score) in catalog.index.scores(&fits, language, LEAST_ANSWERED).into_iter().enumerate() {
            best[concern] = best[concern].max(score);
        }
    }
    let top = best.iter().copied().fold(0.0, f32::max);
    let mut hits: Vec<Hit> = catalog
        .concerns
        .iter()
        .zip(best)
        .filter(|(_, score)| *score > 0.0 && *score >= top * LEAST_OF_BEST)
        .map(|(concern, score)| Hit { concern: concern.id, score })
        .collect();
    // The sort is stable: equal scores keep the catalogue's order.
    hits.sort_by(|one, other| other.score.total_cmp(&one.score));
    hits
}
