//! Texts by key and language, with the plural rules of any language.

use std::borrow::Cow;

use icu_locale_core::Locale;
use icu_plurals::{PluralCategory, PluralRules};

/// Looks a key up in exactly one language, without any fallback of its own.
pub type Lookup = fn(language: &str, key: &str) -> Option<Cow<'static, str>>;

/// The texts of the project. The first language given is the one that others fall back to.
pub struct Texts {
    lookup: Lookup,
    languages: Vec<Language>,
}

/// A language that texts are written in.
pub struct Language {
    code: String,
    // The rules themselves are not `Send`; making them from the compiled data costs a look into a small table.
    locale: Option<Locale>,
}

impl Language {
    fn new(code: &str) -> Self {
        Self { code: code.to_owned(), locale: Locale::try_from_str(code).ok() }
    }

    /// Such as `de`.
    pub fn code(&self) -> &str {
        &self.code
    }

    fn plural_key(&self, count: u64) -> &'static str {
        let rules = self.locale.as_ref().and_then(|it| PluralRules::try_new_cardinal(it.into()).ok());
        match rules.map(|rules| rules.category_for(count)) {
            Some(PluralCategory::Zero) => "zero",
            Some(PluralCategory::One) => "one",
            Some(PluralCategory::Two) => "two",
            Some(PluralCategory::Few) => "few",
            Some(PluralCategory::Many) => "many",
            Some(PluralCategory::Other) | None => "other",
        }
    }
}

impl Texts {
    /// Texts behind `lookup`, in these `languages`; the first is the fallback.
    pub fn new(lookup: Lookup, languages: &[&str]) -> Self {
        Self { lookup, languages: languages.iter().map(|code| Language::new(code)).collect() }
    }

    /// The languages there are texts for, the fallback first.
    pub fn languages(&self) -> impl Iterator<Item = &Language> {
        self.languages.iter()
    }

    /// The text of `key` with each `%{name}` replaced, or `None` if nobody wrote it. Nothing is escaped.
    pub fn find(&self, language: &str, key: &str, arguments: &[(&str, Cow<'_, str>)]) -> Option<String> {
        self.find_with(language, key, |name| argument(arguments, name))
    }

    /// As [`find`](Self::find), asking only for the arguments that the text uses.
    pub(crate) fn find_with<'a>(
        &self,
        language: &str,
        key: &str,
        arguments: impl Fn(&str) -> Option<Cow<'a, str>>,
    ) -> Option<String> {
        let pattern = self.chain(language).find_map(|it| (self.lookup)(&it.code, key))?;
        Some(fill(&pattern, arguments))
    }

    /// As [`find`](Self::find), in the plural that fits `count`: `key.one`, `key.few`, …, else `key.other`, else `key`.
    ///
    /// The plural is chosen by the language that has the text, which may be the fallback.
    pub fn find_plural(
        &self,
        language: &str,
        key: &str,
        count: u64,
        arguments: &[(&str, Cow<'_, str>)],
    ) -> Option<String> {
        let pattern = self.chain(language).find_map(|it| {
            (self.lookup)(&it.code, &format!("{key}.{}", it.plural_key(count)))
                .or_else(|| (self.lookup)(&it.code, &format!("{key}.other")))
                .or_else(|| (self.lookup)(&it.code, key))
        })?;
        Some(fill(&pattern, |name| argument(arguments, name)))
    }

    /// As [`find`](Self::find), for words in code rather than in a template; a missing text is shown as `⟦key⟧`.
    pub fn text(&self, language: &str, key: &str, arguments: &[(&str, Cow<'_, str>)]) -> String {
        self.find(language, key, arguments).unwrap_or_else(|| missing(key))
    }

    /// As [`find_plural`](Self::find_plural), with `%{count}` filled in; a missing text is shown as `⟦key⟧`.
    pub fn plural(&self, language: &str, key: &str, count: u64) -> String {
        let arguments = [("count", Cow::Owned(count.to_string()))];
        self.find_plural(language, key, count, &arguments).unwrap_or_else(|| missing(key))
    }

    /// The language asked for, then the fallback.
    fn chain(&self, language: &str) -> impl Iterator<Item = &Language> {
        let asked = self.languages.iter().find(|it| it.code == language);
        let fallback = self.languages.first().filter(|it| it.code != language);
        asked.into_iter().chain(fallback)
    }
}

/// What stands in a page where a text is missing: ugly enough to be reported.
pub(crate) fn missing(key: &str) -> String {
    format!("⟦{key}⟧")
}

fn argument<'a>(arguments: &'a [(&str, Cow<'_, str>)], name: &str) -> Option<Cow<'a, str>> {
    arguments.iter().find(|(key, _)| *key == name).map(|(_, value)| Cow::Borrowed(value.as_ref()))
}

/// Puts the arguments in. A marker without an argument stays as it is, so that it shows.
fn fill<'a>(pattern: &str, argument: impl Fn(&str) -> Option<Cow<'a, str>>) -> String {
    let mut filled = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern;
    while let Some(start) = rest.find("%{") {
        let Some(length) = rest[start..].find('}') else { break };
        filled.push_str(&rest[..start]);
        let name = &rest[start + 2..start + length];
        match argument(name) {
            Some(value) => filled.push_str(&value),
            None => filled.push_str(&rest[start..=start + length]),
        }
        rest = &rest[start + length + 1..];
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lookup(language: &str, key: &str) -> Option<Cow<'static, str>> {
        Some(Cow::Borrowed(match (language, key) {
            ("de", "free.one") => "%{count} Platz",
            ("de", "free.other") => "%{count} Plätze",
            ("uk", "free.one") => "%{count} місце",
            ("uk", "free.few") => "%{count} місця",
            ("uk", "free.many") => "%{count} місць",
            ("de", "greeting") => "Guten Tag, %{name} (%{nobody})",
            ("de", "odd") => "100 % und %{offen",
            _ => return None,
        }))
    }

    fn texts() -> Texts {
        Texts::new(lookup, &["de", "uk", "en"])
    }

    #[test]
    fn plurals_follow_the_language() {
        let shown: Vec<_> = [1, 2, 5, 21].iter().map(|n| texts().plural("uk", "free", *n)).collect();
        assert_eq!(shown, ["1 місце", "2 місця", "5 місць", "21 місце"]);
    }

    #[test]
    fn a_fallback_brings_its_own_plural_rule() {
        assert_eq!(texts().plural("en", "free", 0), "0 Plätze");
        assert_eq!(texts().plural("en", "free", 1), "1 Platz");
        assert_eq!(texts().plural("xx", "free", 1), "1 Platz");
    }

    #[test]
    fn arguments_are_put_in_once() {
        let name = [("name", Cow::Borrowed("%{name}"))];
        assert_eq!(texts().text("de", "greeting", &name), "Guten Tag, %{name} (%{nobody})");
        assert_eq!(texts().text("de", "odd", &name), "100 % und %{offen");
        assert_eq!(texts().text("de", "nothing", &[]), "⟦nothing⟧");
    }
}
