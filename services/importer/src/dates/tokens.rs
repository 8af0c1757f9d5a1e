//! Cuts a text into numbers and words, each with its place.

/// A number or a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'t> {
    /// As it stands in the text.
    pub text: &'t str,
    /// Where it begins, in bytes.
    pub start: usize,
}

impl Token<'_> {
    /// Where it ends, in bytes.
    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Its value, if it is a number of eight digits at most.
    pub(super) fn number(&self) -> Option<u32> {
        let is_number = self.text.len() <= 8 && self.text.bytes().all(|b| b.is_ascii_digit());
        if is_number { self.text.parse().ok() } else { None }
    }
}

/// The numbers and words of a text; `3rd` is a number and a word.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        at += text[at..].find(char::is_alphanumeric)?;
        let rest = &text[at..];
        let is_digit = rest.starts_with(|c: char| c.is_ascii_digit());
        let same = |c: char| c.is_alphanumeric() && c.is_ascii_digit() == is_digit;
        let token = Token { text: &rest[..rest.find(|c| !same(c)).unwrap_or(rest.len())], start: at };
        at = token.end();
        Some(token)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_words_are_cut() {
        let cut: Vec<&str> = tokens("Do., 3rd März 26–8h30").map(|token| token.text).collect();
        assert_eq!(cut, ["Do", "3", "rd", "März", "26", "8", "h", "30"]);
        assert_eq!(tokens("–…").count(), 0);
    }
}
