//! Phrases in a subject that the dictionary knows, with how many are wanted.

use std::ops::Range;

use catalog::MAX_QUANTITY;

use super::words::{Gap, Word};
use crate::concerns::{Dictionary, Meaning, narrowed};

/// A phrase that the dictionary knows.
#[derive(Clone, Debug)]
pub(super) struct Hit {
    /// Its words.
    pub phrase: Range<usize>,
    /// Its words with the quantity beside them.
    pub all: Range<usize>,
    /// What it means.
    pub meaning: Meaning,
    /// How many; 1 if nothing is said.
    pub quantity: u16,
}

/// Longer phrases are not looked for.
const MOST_PHRASE: usize = 24;

/// The phrases in their order, those that belong together as one.
pub(super) fn hits(text: &str, words: &[Word<'_>], dictionary: &Dictionary) -> Vec<Hit> {
    let plain: Vec<&str> = words.iter().map(|word| word.plain.as_str()).collect();
    let mut hits: Vec<Hit> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        // What follows a title is a name, even “Frau Hund”.
        if words[at].is_title() {
            let is_name_next = words.get(at + 1).is_some_and(|next| next.gap == Gap::Close);
            at += if is_name_next { 2 } else { 1 };
            continue;
        }
        let most = words.len().min(at + MOST_PHRASE);
        let end = (at + 1..most).find(|next| words[*next].gap == Gap::Apart).unwrap_or(most);
        let Some((count, meaning)) = dictionary.longest(&plain[at..end]) else {
            at += 1;
            continue;
        };
        let phrase = at..at + count;
        let free_from = hits.last().map_or(0, |before| before.all.end);
        let (all, quantity) = with_quantity(text, words, &phrase, free_from);
        at = all.end;
        push(&mut hits, words, Hit { phrase, all, meaning: meaning.clone(), quantity });
    }
    hits
}

/// Adds a hit, joined with the one before it if the two say one thing together.
fn push(hits: &mut Vec<Hit>, words: &[Word<'_>], hit: Hit) {
    if let Some(before) = hits.last_mut() {
        let between = &words[before.all.end..hit.all.start];
        let is_near = between.iter().all(Word::is_link)
            && words[before.all.end..=hit.phrase.start].iter().all(|word| word.gap == Gap::Close);
        if let Some(meaning) = narrowed(&before.meaning, &hit.meaning).filter(|_| is_near) {
            before.meaning = meaning;
            before.phrase.end = hit.phrase.end;
            before.all.end = hit.all.end;
            before.quantity = before.quantity.max(hit.quantity);
            return;
        }
    }
    hits.push(hit);
}

/// A phrase with the words beside it that say how many: `2 PA`, `2x PA`, `2 x PA`, `PA (2x)`, `PA x2`, `Anm. 3 Pers.`.
fn with_quantity(text: &str, words: &[Word<'_>], phrase: &Range<usize>, free_from: usize) -> (Range<usize>, u16) {
    let word = |at: usize| words.get(at).map_or("", |word| word.plain.as_str());
    let is_close = words[phrase.start].gap == Gap::Close;
    let before = |back: usize| phrase.start.checked_sub(back).filter(|at| is_close && *at >= free_from);
    if let Some((at, quantity)) = before(2).filter(|at| word(at + 1) == "x").and_then(|at| Some((at, plain(word(at))?)))
    {
        return (at..phrase.end, quantity);
    }
    if let Some(at) = before(1) {
        let in_number = text[..words[at].start].ends_with([':', '.', '/', '-', ',']);
        let bare = plain(word(at)).filter(|_| !in_number);
        if let Some(quantity) = times(word(at)).or(bare) {
            return (at..phrase.end, quantity);
        }
    }
    let next = phrase.end;
    if let Some(quantity) = times(word(next)) {
        return (phrase.start..next + 1, quantity);
    }
    let (first, second) = (word(next), word(next + 1));
    if first == "x" && plain(second).is_some() {
        return (phrase.start..next + 2, plain(second).unwrap_or(1));
    }
    let is_people = second == "x" || second == "p" || second.starts_with("pers");
    match plain(first).filter(|_| is_people) {
        Some(quantity) => (phrase.start..next + 2, quantity),
        None => (phrase.clone(), 1),
    }
}

/// `2x` or `x2`.
fn times(word: &str) -> Option<u16> {
    plain(word.strip_suffix('x').or_else(|| word.strip_prefix('x'))?)
}

fn plain(word: &str) -> Option<u16> {
    const WORDS: &[(&str, u16)] = &[("zwei", 2), ("two", 2), ("drei", 3), ("three", 3), ("vier", 4), ("funf", 5)];
    let named = WORDS.iter().find(|(name, _)| *name == word).map(|(_, number)| *number);
    let digits = || word.parse().ok().filter(|number| (1..=u16::from(MAX_QUANTITY)).contains(number));
    named.or_else(digits)
}
