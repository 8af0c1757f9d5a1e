//! The words of a catalogue, each once, with the concerns they belong to.

mod fold;
mod points;

use std::collections::{BTreeMap, HashMap};

use tenancy::i18n::I18n;

use crate::concern::Concern;
pub use fold::fold;
pub(crate) use fold::words;
use points::points;

/// Words in a summary only hint at a concern.
const SUMMARY_WEIGHT: f32 = 0.4;
/// Names in a language other than the page's.
const OTHER_LANGUAGE_WEIGHT: f32 = 0.92;
/// Extra for a name or keyword that is answered as a whole.
const WHOLE_PHRASE_BONUS: f32 = 0.25;
/// Extra for the first of the often chosen ones; the following get less.
const POPULAR_BONUS: f32 = 0.08;
/// A word counts as understood from here on.
const UNDERSTOOD: f32 = 0.9;

/// The words that a typed one fits, by number, with its points.
pub(crate) type Fit = BTreeMap<usize, f32>;

/// A name, keyword or summary of a concern.
#[derive(Clone, Debug)]
struct Phrase {
    concern: usize,
    /// Numbers of its words.
    words: Vec<usize>,
    /// Language of a name; keywords belong to any.
    language: Option<String>,
    is_summary: bool,
}

/// The words of a catalogue.
#[derive(Clone, Debug, Default)]
pub(crate) struct Index {
    vocabulary: Vec<String>,
    /// Whether the word of that number stands in a name or keyword.
    is_telling: Vec<bool>,
    phrases: Vec<Phrase>,
    /// What being often chosen adds to each concern.
    popular: Vec<f32>,
}

impl Index {
    pub(crate) fn new(concerns: &[Concern]) -> Self {
        let mut index = Self::default();
        let mut numbers = HashMap::new();
        for (number, concern) in concerns.iter().enumerate() {
            index.popular.push(concern.popular.map_or(0.0, |place| POPULAR_BONUS / (1.0 + 0.2 * f32::from(place))));
            index.add_text(&mut numbers, number, &concern.name, false);
            if let Some(summary) = &concern.summary {
                index.add_text(&mut numbers, number, summary, true);
            }
            for keyword in &concern.keywords {
                index.add(&mut numbers, number, keyword, None, false);
            }
        }
        index
    }

    fn add_text(&mut self, numbers: &mut HashMap<String, usize>, concern: usize, text: &I18n, is_summary: bool) {
        for (language, text) in text.iter() {
            self.add(numbers, concern, text, Some(language.to_owned()), is_summary);
        }
    }

    fn add(
        &mut self,
        numbers: &mut HashMap<String, usize>,
        concern: usize,
        text: &str,
        language: Option<String>,
        is_summary: bool,
    ) {
        let words = words(text)
            .into_iter()
            .map(|word| {
                let number = *numbers.entry(word).or_insert_with_key(|word| {
                    self.vocabulary.push(word.clone());
                    self.is_telling.push(false);
                    self.vocabulary.len() - 1
                });
                self.is_telling[number] |= !is_summary;
                number
            })
            .collect();
        self.phrases.push(Phrase { concern, words, language, is_summary });
    }

    /// The ways to read what was typed: as it is, with two words as one (“reise pass”), with one word as two
    /// (“passverlust”).
    pub(crate) fn readings(&self, typed: &[String]) -> Vec<Vec<String>> {
        let mut readings = vec![typed.to_vec()];
        for at in 1..typed.len() {
            let joined = format!("{}{}", typed[at - 1], typed[at]);
            if self.telling().any(|term| points(&joined, term) >= 0.8) {
                let mut words = typed.to_vec();
                words.splice(at - 1..=at, [joined]);
                readings.push(words);
            }
        }
        for (at, word) in typed.iter().enumerate() {
            if let Some((first, second)) = self.split(word) {
                let mut words = typed.to_vec();
                words.splice(at..=at, [first, second]);
                readings.push(words);
            }
        }
        readings
    }

    /// A compound that the catalogue does not have as such, taken apart into two of its words.
    fn split(&self, word: &str) -> Option<(String, String)> {
        if self.telling().any(|term| term == word) {
            return None;
        }
        let known = |part: &str| part.chars().count() >= 4 && self.telling().any(|term| points(part, term) >= 0.95);
        let first = self.telling().filter(|term| term.chars().count() >= 4).find_map(|term| {
            let rest = word.strip_prefix(term)?;
            // The “s” that German puts between the parts.
            [Some(rest), rest.strip_prefix('s')].into_iter().flatten().find(|rest| known(rest)).map(|rest| (term, rest))
        });
        first.map(|(first, rest)| (first.to_owned(), rest.to_owned()))
    }

    /// The words of names and keywords.
    fn telling(&self) -> impl Iterator<Item = &str> {
        self.vocabulary.iter().zip(&self.is_telling).filter(|(_, telling)| **telling).map(|(word, _)| word.as_str())
    }

    /// The points of each concern for typed words that fit so; 0 for one that answers less than `least` of them.
    pub(crate) fn scores(&self, fits: &[&Fit], language: &str, least: f32) -> Vec<f32> {
        let concerns = self.popular.len();
        let gained: Vec<Vec<f32>> = fits.iter().map(|fit| self.gained(fit, language)).collect();
        let weights: Vec<f32> = gained.iter().map(|points| rarity(points)).collect();
        let all: f32 = weights.iter().sum();
        let whole = self.whole_phrases(fits);
        (0..concerns)
            .map(|concern| {
                let words = || gained.iter().map(|points| points[concern]).zip(&weights);
                let answered: f32 = words().filter(|(points, _)| *points > 0.0).map(|(_, weight)| weight).sum();
                if all == 0.0 || answered < least * all {
                    return 0.0;
                }
                let sum: f32 = words().map(|(points, weight)| points * weight).sum();
                sum / all + WHOLE_PHRASE_BONUS * whole[concern] + self.popular[concern]
            })
            .collect()
    }

    /// The catalogue's words that a typed one fits, with its points.
    pub(crate) fn fit(&self, word: &str) -> Fit {
        let scored = self.vocabulary.iter().enumerate().map(|(number, term)| (number, points(word, term)));
        scored.filter(|(_, points)| *points > 0.0).collect()
    }

    /// The best points of a typed word in each concern.
    fn gained(&self, fit: &Fit, language: &str) -> Vec<f32> {
        let mut gained = vec![0.0; self.popular.len()];
        for phrase in &self.phrases {
            let weight = match &phrase.language {
                _ if phrase.is_summary => SUMMARY_WEIGHT,
                Some(other) if other != language => OTHER_LANGUAGE_WEIGHT,
                _ => 1.0,
            };
            for word in &phrase.words {
                // A misspelt word found in some summary is chance.
                let least = if phrase.is_summary { UNDERSTOOD } else { 0.0 };
                if let Some(points) = fit.get(word).filter(|points| **points >= least) {
                    let best: &mut f32 = &mut gained[phrase.concern];
                    *best = best.max(points * weight);
                }
            }
        }
        gained
    }

    /// For each concern the largest share of one of its names or keywords that was understood.
    fn whole_phrases(&self, fits: &[&Fit]) -> Vec<f32> {
        let mut whole = vec![0.0; self.popular.len()];
        for phrase in self.phrases.iter().filter(|phrase| !phrase.is_summary && !phrase.words.is_empty()) {
            let understood = phrase
                .words
                .iter()
                .filter(|word| fits.iter().any(|fit| fit.get(word).is_some_and(|points| *points >= UNDERSTOOD)))
                .count();
            let best: &mut f32 = &mut whole[phrase.concern];
            *best = best.max(share(understood, phrase.words.len()));
        }
        whole
    }
}

/// How much a typed word says: a word that fits few concerns says more. One that fits none still says something.
/// The 2 keeps a chance fit from counting as if it were the rarest word of all.
fn rarity(points: &[f32]) -> f32 {
    let fitting = points.iter().filter(|points| **points > 0.0).count();
    if fitting == 0 { 1.0 } else { (1.0 + share(points.len(), fitting + 2)).ln() }
}

#[expect(clippy::cast_precision_loss, reason = "numbers of words and concerns")]
fn share(part: usize, whole: usize) -> f32 {
    part as f32 / whole as f32
}
