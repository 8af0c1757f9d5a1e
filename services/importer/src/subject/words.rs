//! The words of a subject, and what stands between them.

use unicode_normalization::char::is_combining_mark;

/// What stands before a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// A blank, a dot, a hyphen: the words belong together.
    Close,
    /// `+`, `&`, `/`: one more of the same kind.
    Plus,
    /// A comma, a dash, a bracket: something else.
    Apart,
}

/// Words before a name, folded.
pub(crate) const TITLES: &[&str] = &[
    "herr", "herrn", "hr", "frau", "fr", "familie", "fam", "eheleute", "ehel", "ehepaar", "dr", "prof", "mr", "mrs",
    "ms", "miss",
];

/// A word of a subject.
#[derive(Clone, Debug)]
pub(super) struct Word<'t> {
    /// As it stands there.
    pub text: &'t str,
    /// Folded, for looking it up.
    pub plain: String,
    /// Where it begins, in bytes.
    pub start: usize,
    /// What stands before it.
    pub gap: Gap,
}

/// Words that join equals, folded.
const AND: &[&str] = &["und", "u", "and", "plus", "sowie"];

/// Words that lead from one part to the next, folded.
const LINKS: &[&str] = &["fur", "for", "von", "from", "of", "mit", "with", "bei", "zum", "zur", "wegen", "betr", "re"];

/// Labels of telephone numbers and addresses, folded.
pub(super) const LABELS: &[&str] = &[
    "tel",
    "telefon",
    "telefonnummer",
    "telnr",
    "telefonnr",
    "fon",
    "phone",
    "handy",
    "handynummer",
    "handynr",
    "mobil",
    "mobile",
    "mobilnummer",
    "mobilnr",
    "mob",
    "cell",
    "mail",
    "email",
    "emailadresse",
    "mailadresse",
];

impl Word<'_> {
    /// Where it ends, in bytes.
    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Whether it joins equals, as `+` does.
    pub(super) fn is_and(&self) -> bool {
        AND.contains(&self.plain.as_str())
    }

    /// Whether it leads from one part to the next.
    pub(super) fn is_link(&self) -> bool {
        LINKS.contains(&self.plain.as_str())
    }

    /// Whether it stands before a name.
    pub(super) fn is_title(&self) -> bool {
        TITLES.contains(&self.plain.as_str())
    }
}

/// Whether a folded word may go when a subject is taken apart: it labels or joins what has a column of its own then.
#[cfg(test)]
pub(crate) fn is_label_or_link(plain: &str) -> bool {
    AND.contains(&plain) || LINKS.contains(&plain) || LABELS.contains(&plain)
}

/// The words of a text.
pub(super) fn words(text: &str) -> Vec<Word<'_>> {
    let mut words: Vec<Word<'_>> = Vec::new();
    let mut at = 0;
    while let Some(found) = text[at..].find(char::is_alphanumeric) {
        let start = at + found;
        let inside = |c: char| c.is_alphanumeric() || is_combining_mark(c);
        let length = text[start..].find(|c| !inside(c)).unwrap_or(text.len() - start);
        let word = &text[start..start + length];
        let before = words.last().map_or("", |before| &text[before.end()..start]);
        let numbers = words.last().is_some_and(|before| is_digit_at_end(before.text)) && is_digit_at_start(word);
        words.push(Word { text: word, plain: catalog::fold(word), start, gap: gap(before, numbers) });
        at = start + length;
    }
    words
}

/// What a text between two words does; between numbers, signs belong to the number (`8:30`, `1,5`, `3/26`).
fn gap(between: &str, is_in_number: bool) -> Gap {
    const APART: &[char] =
        &[',', ';', ':', '|', '(', ')', '[', ']', '{', '}', '\n', '\r', '\t', '•', '·', '=', '<', '>'];
    const PLUS: &[char] = &['+', '&', '/'];
    if is_in_number && between.chars().count() == 1 && !between.starts_with(['+', '&', '\n', '\t']) {
        return Gap::Close;
    }
    // A hyphen joins, a dash parts; people type the one for the other, but with blanks.
    let is_dash = between.contains(['–', '—']) || (between.contains('-') && between.contains(char::is_whitespace));
    if is_dash || between.contains(APART) {
        return Gap::Apart;
    }
    if between.contains(PLUS) { Gap::Plus } else { Gap::Close }
}

fn is_digit_at_end(text: &str) -> bool {
    text.ends_with(|c: char| c.is_ascii_digit())
}

fn is_digit_at_start(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_say_what_belongs_together() {
        let gaps = |text: &str| words(text).iter().map(|word| word.gap).collect::<Vec<_>>();
        assert_eq!(gaps("Müller, PA"), [Gap::Close, Gap::Apart]);
        assert_eq!(gaps("PA + RP"), [Gap::Close, Gap::Plus]);
        assert_eq!(gaps("Müller-Lüdenscheidt"), [Gap::Close, Gap::Close]);
        assert_eq!(gaps("Müller - PA"), [Gap::Close, Gap::Apart]);
        assert_eq!(gaps("8:30 Uhr"), [Gap::Close, Gap::Close, Gap::Close]);
    }

    #[test]
    fn an_accent_typed_behind_its_letter_does_not_cut_a_word() {
        assert_eq!(words("Mu\u{308}ller").len(), 1);
    }
}
