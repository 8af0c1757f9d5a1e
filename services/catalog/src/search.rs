//! Finds concerns by what people type: with typing errors, without umlauts, half a word, another word, either language.
//!
//! Every word of names, keywords and summaries is folded to a plain form ([`fold`]). A typed word is compared once with
//! each distinct word; concerns then gather the points of their words. A word that few concerns have counts more.

mod fold;
mod index;
mod points;

use crate::concern::ConcernId;
use crate::load::Catalog;

pub use fold::fold;
pub(crate) use index::Index;

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

/// Share of the query (by weight of its words) that a concern must answer.
const LEAST_ANSWERED: f32 = 0.55;

/// A concern that fits much worse than the best one is no help.
const LEAST_OF_BEST: f32 = 0.5;

/// The concerns that answer `query`, best first; names in `language` count a little more than others.
/// Nothing for an empty query and for words that nothing in the catalogue resembles.
pub fn search(catalog: &Catalog, query: &str, language: &str) -> Vec<Hit> {
    let query: String = query.chars().take(MAX_QUERY_CHARS).collect();
    let readings = catalog.index.readings(&fold::words(&query));
    let mut best: Vec<f32> = vec![0.0; catalog.concerns.len()];
    for words in &readings {
        for (concern, score) in catalog.index.scores(words, language, LEAST_ANSWERED).into_iter().enumerate() {
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
