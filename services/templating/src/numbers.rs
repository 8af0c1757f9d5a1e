//! Money and durations in words.

use std::borrow::Cow;
use std::sync::Arc;

use minijinja::{Environment, Error, State};

use crate::Texts;
use crate::text_functions::language;

pub(crate) fn register(environment: &mut Environment<'static>, texts: &Arc<Texts>) {
    let money = Arc::clone(texts);
    environment.add_filter("euros", move |state: &State, cents: u32| -> Result<String, Error> {
        Ok(euros(&money, language(state)?.as_str().unwrap_or_default(), cents))
    });
    let due = Arc::clone(texts);
    environment.add_filter("cost", move |state: &State, cents: u32, depends: Option<bool>| -> Result<String, Error> {
        let language = language(state)?;
        let language = language.as_str().unwrap_or_default();
        Ok(match (cents, depends.unwrap_or(false)) {
            (0, false) => due.text(language, "format.free", &[]),
            (0, true) => due.text(language, "format.cost_depends", &[]),
            (_, false) => euros(&due, language, cents),
            (_, true) => due.text(language, "format.cost_from", &[("cost", euros(&due, language, cents).into())]),
        })
    });
    for (filter, hours_key, minutes_key) in
        [("minutes", "format.hours", "format.minutes"), ("minutes_short", "format.hours_short", "format.minutes_short")]
    {
        let texts = Arc::clone(texts);
        environment.add_filter(filter, move |state: &State, minutes: u32| -> Result<String, Error> {
            let language = language(state)?;
            Ok(duration(&texts, language.as_str().unwrap_or_default(), minutes, hours_key, minutes_key))
        });
    }
}

/// An amount of `cents` such as `37,00 €`.
pub fn euros(texts: &Texts, language: &str, cents: u32) -> String {
    let decimal = texts.text(language, "format.decimal", &[]);
    let amount = format!("{}{decimal}{:02}", cents / 100, cents % 100);
    texts.text(language, "format.euros", &[("amount", Cow::Owned(amount))])
}

/// A duration such as `1 Stunde 30 Minuten`.
pub fn minutes(texts: &Texts, language: &str, minutes: u32) -> String {
    duration(texts, language, minutes, "format.hours", "format.minutes")
}

fn duration(texts: &Texts, language: &str, minutes: u32, hours_key: &str, minutes_key: &str) -> String {
    let hours = texts.plural(language, hours_key, u64::from(minutes / 60));
    let rest = texts.plural(language, minutes_key, u64::from(minutes % 60));
    match (minutes / 60, minutes % 60) {
        (0, _) => rest,
        (_, 0) => hours,
        _ => format!("{hours} {rest}"),
    }
}

#[cfg(test)]
mod tests {
    use minijinja::context;

    use crate::sample::render;

    #[test]
    fn money_has_two_decimals_in_either_language() {
        let template = "{{ 3700|euros }} {{ 5|euros }} {{ 0|euros }}";
        assert_eq!(render(template, &context! { lang => "de" }).unwrap(), "37,00 € 0,05 € 0,00 €");
        assert_eq!(render(template, &context! { lang => "en" }).unwrap(), "€37.00 €0.05 €0.00");
    }

    #[test]
    fn nothing_to_pay_is_said_in_words() {
        let costs = "{{ 0|cost }}, {{ 100|cost(false) }}, {{ 0|cost(true) }}, {{ 100|cost(true) }}";
        assert_eq!(render(costs, &context! { lang => "de" }).unwrap(), "kostenlos, 1,00 €, je nach Fall, ab 1,00 €");
    }

    #[test]
    fn durations_are_said_in_hours_and_minutes() {
        let template = "{{ 1|minutes }}, {{ 50|minutes }}, {{ 60|minutes }}, {{ 135|minutes }}";
        assert_eq!(
            render(template, &context! { lang => "de" }).unwrap(),
            "1 Minute, 50 Minuten, 1 Stunde, 2 Stunden 15 Minuten"
        );
    }
}
