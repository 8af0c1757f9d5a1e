//! How well a typed word fits a word of the catalogue, from 0 (not at all) to 1 (the same).

use strsim::osa_distance;

use super::fold::stem;

/// A typed word this short must be the beginning of a word; typing errors in it would mean anything.
const SHORT: usize = 3;

/// Share of a typed compound that a word of the catalogue must make up.
const LEAST_BEGINNING: f32 = 0.6;

/// Points for a typed `word` against a catalogue's `term`, both folded.
pub(super) fn points(word: &str, term: &str) -> f32 {
    if word == term {
        return 1.0;
    }
    let (word_length, term_length) = (word.chars().count(), term.chars().count());
    if word_length > SHORT && stem(word) == stem(term) {
        return 0.95;
    }
    if term.starts_with(word) && word_length >= 2 {
        return 0.7 + 0.2 * share(word_length, term_length);
    }
    if word_length <= SHORT {
        return 0.0;
    }
    if term.ends_with(word) {
        return 0.65 + 0.2 * share(word_length, term_length);
    }
    let misspelt = misspelling(word, word_length, term, term_length);
    if misspelt > 0.0 {
        return misspelt;
    }
    if word_length >= 5 && term.contains(word) {
        return 0.6;
    }
    // “personalausweisantrag” means “personalausweis”, but “bürgermeister” does not mean “bürger”.
    if term_length >= 5 && word.starts_with(term) && share(term_length, word_length) >= LEAST_BEGINNING {
        return 0.5;
    }
    misspelt_part(word, word_length, term, term_length)
}

/// The whole word with typing errors.
fn misspelling(word: &str, word_length: usize, term: &str, term_length: usize) -> f32 {
    let allowed = slips(word_length.min(term_length));
    if allowed == 0 || word_length.abs_diff(term_length) > allowed {
        return 0.0;
    }
    let distance = osa_distance(word, term);
    if distance > allowed { 0.0 } else { 0.9 - 0.5 * share(distance, allowed + 1) }
}

/// The beginning or the end of a longer word, with one typing error: “auswies” in “personalausweis”.
fn misspelt_part(word: &str, word_length: usize, term: &str, term_length: usize) -> f32 {
    if word_length < 7 || term_length <= word_length {
        return 0.0;
    }
    let start: String = term.chars().take(word_length).collect();
    let end: String = term.chars().skip(term_length - word_length).collect();
    if osa_distance(word, &start) <= 1 || osa_distance(word, &end) <= 1 { 0.5 } else { 0.0 }
}

/// How many typing errors a word of this length may have.
fn slips(length: usize) -> usize {
    match length {
        0..=3 => 0,
        4..=6 => 1,
        7..=11 => 2,
        _ => 3,
    }
}

#[expect(clippy::cast_precision_loss, reason = "lengths of words")]
fn share(part: usize, whole: usize) -> f32 {
    part as f32 / whole as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearer_the_more_points() {
        let ladder = ["reisepass", "reisepas", "reispas", "reise"];
        let scored: Vec<f32> = ladder.iter().map(|word| points(word, "reisepass")).collect();
        assert!(scored[0] > scored[1] && scored[1] > scored[2] && scored[2] > 0.0 && scored[3] > 0.0, "{scored:?}");
    }

    #[test]
    fn other_words_get_none() {
        for (word, term) in [("hund", "fund"), ("rathaus", "reisepass"), ("abc", "pass"), ("kind", "kunde")] {
            let scored = points(word, term);
            assert!(scored < 0.7, "{word} for {term}: {scored}");
        }
    }
}
