//! `t()`, `t_html()` and `localized`: words in the language of the context.

use std::borrow::Cow;
use std::sync::Arc;

use minijinja::value::{Kwargs, Value};
use minijinja::{Environment, Error, ErrorKind, HtmlEscape, State};

use crate::Texts;
use crate::texts::missing;

pub(crate) fn register(environment: &mut Environment<'static>, texts: &Arc<Texts>) {
    let plain = Arc::clone(texts);
    environment.add_function("t", move |state: &State, key: &str, arguments: Kwargs| {
        words(&plain, state, key, &arguments, |value| value.to_string()).map(Value::from)
    });
    let marked_up = Arc::clone(texts);
    environment.add_function("t_html", move |state: &State, key: &str, arguments: Kwargs| {
        words(&marked_up, state, key, &arguments, escaped).map(Value::from_safe_string)
    });
    let fallback = texts.languages().next().map(|it| it.code().to_owned()).unwrap_or_default();
    environment.add_filter("localized", move |state: &State, value: &Value| localized(state, value, &fallback));
}

/// The language of the context.
pub(crate) fn language(state: &State) -> Result<Value, Error> {
    state
        .lookup("lang")
        .filter(|it| it.as_str().is_some())
        .ok_or_else(|| Error::new(ErrorKind::UndefinedError, "the context has no `lang`, so no text can be chosen"))
}

fn words(
    texts: &Texts,
    state: &State,
    key: &str,
    arguments: &Kwargs,
    print: impl Fn(&Value) -> String,
) -> Result<String, Error> {
    let language = language(state)?;
    let language = language.as_str().unwrap_or_default();
    let mut filled: Vec<(&str, Cow<'_, str>)> = Vec::new();
    for name in arguments.args() {
        let value: Value = arguments.get(name)?;
        if value.is_undefined() {
            return Err(Error::new(ErrorKind::UndefinedError, format!("`{name}` in t(\"{key}\") is undefined")));
        }
        filled.push((name, Cow::Owned(print(&value))));
    }
    let count: Option<u64> = if arguments.has("count") { arguments.get("count").ok() } else { None };
    let found = match count {
        Some(count) => texts.find_plural(language, key, count, &filled),
        None => texts.find(language, key, &filled),
    };
    found.map_or_else(|| missing_text(language, key), Ok)
}

/// In development and tests a missing text is an error; a citizen rather sees a page with a mark on it.
fn missing_text(language: &str, key: &str) -> Result<String, Error> {
    if cfg!(debug_assertions) {
        return Err(Error::new(ErrorKind::InvalidOperation, format!("no text “{key}” for “{language}”")));
    }
    tracing::error!(key, language, "a text is missing");
    Ok(missing(key))
}

fn escaped(value: &Value) -> String {
    if value.is_safe() { value.to_string() } else { HtmlEscape(&value.to_string()).to_string() }
}

/// The words for the reader out of `{de: …, en: …}`; a plain string is given back as it is.
fn localized(state: &State, value: &Value, fallback: &str) -> Result<Value, Error> {
    if value.as_str().is_some() {
        return Ok(value.clone());
    }
    let language = language(state)?;
    let own = value.get_item(&language)?;
    let found = if own.is_undefined() { value.get_attr(fallback)? } else { own };
    if found.is_undefined() {
        return Err(Error::new(ErrorKind::InvalidOperation, format!("no words in “{language}” or “{fallback}”")));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use minijinja::context;

    use crate::sample::render;

    #[test]
    fn a_text_is_escaped_whole_and_markup_only_in_its_arguments() {
        let context = context! { lang => "de", name => "<b>Erika</b>" };
        assert_eq!(
            render("{{ t('greeting', name=name) }}", &context).unwrap(),
            "<i>Hallo</i>, <b>Erika</b>!".replace('<', "&lt;").replace('>', "&gt;").replace('/', "&#x2f;")
        );
        assert_eq!(
            render("{{ t_html('greeting', name=name) }}", &context).unwrap(),
            "<i>Hallo</i>, &lt;b&gt;Erika&lt;&#x2f;b&gt;!"
        );
    }

    #[test]
    fn the_language_reaches_into_macros() {
        let template = "{% macro m(n) %}{{ t('free', count=n) }}{% endmacro %}{{ m(1) }}, {{ m(3) }}";
        assert_eq!(render(template, &context! { lang => "de" }).unwrap(), "1 Platz, 3 Plätze");
        assert_eq!(render(template, &context! { lang => "en" }).unwrap(), "1 place, 3 places");
    }

    #[test]
    fn what_is_missing_is_an_error() {
        let context = context! { lang => "de" };
        for template in
            ["{{ t('nothing') }}", "{{ nothing }}", "{{ t('greeting', name=nothing) }}", "{% if no %}{% endif %}"]
        {
            assert!(render(template, &context).is_err(), "{template} was rendered");
        }
        assert!(render("{{ t('greeting', name='x') }}", &context! {}).is_err());
    }

    #[test]
    fn a_towns_words_fall_back_to_german() {
        let words =
            context! { lang => "en", both => context! { de => "ja", en => "yes" }, one => context! { de => "nur" } };
        assert_eq!(
            render("{{ both|localized }} {{ one|localized }} {{ 'x'|localized }}", &words).unwrap(),
            "yes nur x"
        );
    }
}
