//! The words of all pages and mails, from `web/locales`.
//!
//! Only the lookup is rust-i18n's. Language, fallback and plurals are decided in [`templating::Texts`], for each text
//! anew: nothing here depends on a language set for the whole process.

use std::borrow::Cow;

use templating::Texts;

rust_i18n::i18n!("locales");

/// Languages with texts of their own; the first is what others fall back to.
pub const LANGUAGES: [&str; 2] = ["de", "en"];

/// All texts.
pub fn texts() -> Texts {
    Texts::new(lookup, &LANGUAGES)
}

fn lookup(language: &str, key: &str) -> Option<Cow<'static, str>> {
    _rust_i18n_try_translate(language, key)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::*;

    fn keys(language: &str) -> BTreeSet<String> {
        let messages = _rust_i18n_backend().messages_for_locale(language).unwrap_or_default();
        messages.into_iter().map(|(key, _)| key.into_owned()).collect()
    }

    /// `%{name}` markers of a text.
    fn markers(text: &str) -> BTreeSet<&str> {
        text.split("%{").skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
    }

    fn files(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            if entry.path().is_dir() { files(&entry.path(), found) } else { found.push(entry.path()) }
        }
    }

    /// Literal keys behind any of `openings`, such as `t("`.
    fn named(source: &str, openings: &[&str]) -> Vec<String> {
        let mut found = Vec::new();
        for opening in openings {
            for (at, _) in source.match_indices(opening) {
                let before = source[..at].chars().next_back();
                let quote = opening.chars().next_back().unwrap_or('"');
                let Some((key, rest)) = source[at + opening.len()..].split_once(quote) else { continue };
                let is_whole = !rest.trim_start().starts_with('~');
                if is_whole && before.is_none_or(|it| !it.is_alphanumeric() && it != '_') {
                    found.push(key.to_owned());
                }
            }
        }
        found
    }

    #[test]
    fn every_text_is_there_in_every_language_with_the_same_markers() {
        let german = keys("de");
        assert!(german.len() > 100, "the texts were not found");
        for language in LANGUAGES {
            assert_eq!(german.symmetric_difference(&keys(language)).collect::<Vec<_>>(), Vec::<&String>::new());
            for key in &german {
                let (own, other) = (lookup("de", key).unwrap(), lookup(language, key).unwrap());
                assert_eq!(markers(&own), markers(&other), "{key}");
            }
        }
    }

    #[test]
    fn every_text_that_a_template_or_a_handler_names_was_written() {
        let written = keys("de");
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut sources = Vec::new();
        files(&root.join("templates"), &mut sources);
        files(&root.join("src"), &mut sources);
        let mut missing = Vec::new();
        for file in sources.iter().filter(|it| !it.ends_with("locales.rs")) {
            let source = fs::read_to_string(file).unwrap();
            for key in named(&source, &["t(\"", "t('", "t_html(\"", "t_html('", "BadInput(\""]) {
                let is_key = key.contains('.') && !key.contains(['/', ' ', '<']);
                let is_written = written.contains(&key) || written.contains(&format!("{key}.other"));
                if is_key && !is_written {
                    missing.push(format!("{} in {}", key, file.strip_prefix(root).unwrap().display()));
                }
            }
        }
        assert!(missing.is_empty(), "no such text: {missing:#?}");
    }
}
