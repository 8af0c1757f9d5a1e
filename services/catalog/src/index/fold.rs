//! Folds words to a plain form, so that “Führungszeugnis”, “FUEHRUNGSZEUGNIS” and “fuhrungszeugnis” are the same.

use unicode_normalization::UnicodeNormalization;

/// Words that say nothing about what somebody comes for.
const EMPTY_WORDS: &[&str] = &[
    "a", "am", "an", "and", "auf", "aus", "bei", "beim", "bitte", "brauch", "brauche", "das", "dem", "den", "der",
    "des", "die", "ein", "eine", "einem", "einen", "einer", "for", "fur", "haben", "how", "i", "ich", "im", "in",
    "kann", "machen", "mein", "meine", "meinen", "meiner", "mit", "mochte", "muss", "my", "need", "neu", "neun",
    "neur", "neus", "new", "of", "oder", "or", "please", "termin", "the", "to", "und", "von", "want", "will", "wo",
    "zu", "zum", "zur",
];

/// The plain form: small letters, no accents, `ß` as `ss`, and `ä`, `ae` both as `a` (likewise `ö`, `ü`).
///
/// Words with a true `ae`, `oe`, `ue` (“neue”, “Steuer”) lose the `e` too, on both sides of the comparison.
pub fn fold(text: &str) -> String {
    let small = text.to_lowercase().replace('ß', "ss");
    let plain: String = small.nfkd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)).collect();
    plain.replace("ae", "a").replace("oe", "o").replace("ue", "u")
}

/// The folded words of a text, without those that say nothing – unless there are no others.
pub(crate) fn words(text: &str) -> Vec<String> {
    let folded = fold(text);
    let all: Vec<String> =
        folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect();
    let telling: Vec<String> = all.iter().filter(|word| !EMPTY_WORDS.contains(&word.as_str())).cloned().collect();
    if telling.is_empty() { all } else { telling }
}

/// The word without the most common German and English endings, so that “ummelden” meets “Ummeldung”.
pub(super) fn stem(word: &str) -> &str {
    const ENDINGS: &[&str] = &["ungen", "ung", "ing", "en", "er", "es", "e", "n", "s"];
    const LEAST_STEM: usize = 4;
    let shorter = ENDINGS.iter().find_map(|ending| word.strip_suffix(ending).filter(|stem| stem.len() >= LEAST_STEM));
    shorter.unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn umlauts_can_be_written_in_any_way() {
        for text in ["Führungszeugnis", "FUEHRUNGSZEUGNIS", "fuhrungszeugnis", "Fu\u{308}hrungszeugnis"] {
            assert_eq!(fold(text), "fuhrungszeugnis");
        }
        assert_eq!(fold("Straße"), fold("STRASSE"));
    }

    #[test]
    fn empty_words_count_only_if_there_is_nothing_else() {
        assert_eq!(words("Ich möchte einen Reisepass"), ["reisepass"]);
        assert_eq!(words("ich"), ["ich"]);
    }

    #[test]
    fn endings_fall() {
        assert_eq!(stem(&fold("ummelden")), stem(&fold("Ummeldung")));
        assert_eq!(stem("pass"), "pass");
    }
}
