//! A few texts and a way to render one line, for the tests of this crate.

use std::borrow::Cow;
use std::sync::Arc;

use minijinja::{Error, Value};

use crate::{Texts, environment};

const SAMPLE: &[(&str, &str, &str)] = &[
    ("greeting", "<i>Hallo</i>, %{name}!", "<i>Hello</i>, %{name}!"),
    ("free.one", "%{count} Platz", "%{count} place"),
    ("free.other", "%{count} Plätze", "%{count} places"),
    ("format.date_long", "%{weekday}, %{day}. %{month} %{year}", "%{weekday}, %{day} %{month} %{year}"),
    ("format.date_short", "%{weekday_short}, %{day}. %{month_short}", "%{weekday_short}, %{day} %{month_short}"),
    ("format.time", "%{time} Uhr", "%{time}"),
    ("format.datetime_short", "%{date}, %{time}", "%{date}, %{time}"),
    ("format.weekday_long.4", "Donnerstag", "Thursday"),
    ("format.weekday_short.4", "Do", "Thu"),
    ("format.month_long.12", "Dezember", "December"),
    ("format.month_short.12", "Dez.", "Dec"),
    ("format.decimal", ",", "."),
    ("format.euros", "%{amount} €", "€%{amount}"),
    ("format.free", "kostenlos", "free"),
    ("format.cost_depends", "je nach Fall", "depends"),
    ("format.cost_from", "ab %{cost}", "from %{cost}"),
    ("format.minutes.one", "%{count} Minute", "%{count} minute"),
    ("format.minutes.other", "%{count} Minuten", "%{count} minutes"),
    ("format.hours.one", "%{count} Stunde", "%{count} hour"),
    ("format.hours.other", "%{count} Stunden", "%{count} hours"),
];

fn lookup(language: &str, key: &str) -> Option<Cow<'static, str>> {
    let (_, german, english) = SAMPLE.iter().find(|(it, ..)| *it == key)?;
    match language {
        "de" => Some(Cow::Borrowed(german)),
        "en" => Some(Cow::Borrowed(english)),
        _ => None,
    }
}

pub(crate) fn render(template: &str, context: &Value) -> Result<String, Error> {
    let texts = Arc::new(Texts::new(lookup, &["de", "en"]));
    environment(texts).render_named_str("sample.html", template, context.clone())
}
