//! A text in the languages a town offers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The language every text must have, and the one shown when another is missing.
pub const FIRST_LANGUAGE: &str = "de";

/// A short text by language: `{ de = "Reisepass", en = "Passport" }`. German is always there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<String, String>", into = "BTreeMap<String, String>")]
pub struct I18n(BTreeMap<String, String>);

/// What a text by language must look like, said to whoever wrote another one.
#[derive(Debug, thiserror::Error)]
pub enum BadText {
    /// The first language is missing.
    #[error("the German text is missing: expected {{ de = \"…\" }}")]
    NoGerman,
    /// A language is there, but nothing is said in it.
    #[error("the text for “{0}” is empty: write it, or leave the language out")]
    Empty(String),
    /// Not a language code.
    #[error("“{0}” is no language: expected a code of two or three small letters such as de or en")]
    NoLanguage(String),
}

impl I18n {
    /// A text in German alone.
    pub fn german(text: impl Into<String>) -> Self {
        Self(BTreeMap::from([(FIRST_LANGUAGE.to_owned(), text.into())]))
    }

    /// Checks that German is there, and that no language is empty or misspelt.
    ///
    /// # Errors
    /// [`BadText`], worded for the operator who wrote the text.
    pub fn new(texts: BTreeMap<String, String>) -> Result<Self, BadText> {
        if let Some(language) = texts.keys().find(|code| !is_language(code)) {
            return Err(BadText::NoLanguage(language.clone()));
        }
        if let Some((language, _)) = texts.iter().find(|(_, text)| text.trim().is_empty()) {
            return Err(BadText::Empty(language.clone()));
        }
        if !texts.contains_key(FIRST_LANGUAGE) {
            return Err(BadText::NoGerman);
        }
        Ok(Self(texts))
    }

    /// The text in `language`, else in German.
    pub fn get(&self, language: &str) -> &str {
        self.0.get(language).or_else(|| self.0.get(FIRST_LANGUAGE)).map_or("", String::as_str)
    }

    /// Whether the text exists in `language` itself.
    pub fn has(&self, language: &str) -> bool {
        self.0.contains_key(language)
    }

    /// Every language with its text.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(language, text)| (language.as_str(), text.as_str()))
    }
}

/// Whether `code` looks like an ISO 639 language code: two or three small letters.
pub fn is_language(code: &str) -> bool {
    (2..=3).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_lowercase())
}

impl TryFrom<BTreeMap<String, String>> for I18n {
    type Error = BadText;
    fn try_from(texts: BTreeMap<String, String>) -> Result<Self, BadText> {
        Self::new(texts)
    }
}

impl From<I18n> for BTreeMap<String, String> {
    fn from(text: I18n) -> Self {
        text.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(pairs: &[(&str, &str)]) -> Result<I18n, BadText> {
        I18n::new(pairs.iter().map(|(language, text)| ((*language).to_owned(), (*text).to_owned())).collect())
    }

    #[test]
    fn a_missing_language_falls_back_to_german() {
        let passport = text(&[("de", "Reisepass"), ("en", "Passport")]).unwrap();
        assert_eq!(passport.get("en"), "Passport");
        assert_eq!(passport.get("uk"), "Reisepass");
        assert!(!passport.has("uk"));
    }

    #[test]
    fn what_is_wrong_is_said_in_words() {
        let said = |pairs: &[(&str, &str)]| text(pairs).unwrap_err().to_string();
        assert!(said(&[("en", "Passport")]).contains("German text is missing"));
        assert!(said(&[("de", " ")]).contains("empty"));
        assert!(said(&[("de", "Pass"), ("DE", "Pass")]).contains("“DE” is no language"));
    }
}
