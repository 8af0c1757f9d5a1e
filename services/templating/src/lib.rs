//! One strict minijinja environment: words, plurals, dates, numbers and addresses in the reader's language.
//!
//! Nothing here knows a page. A template gets the language from the context variable `lang`, the town's time zone
//! from `zone`, and the path all its links start with from `base`; whoever renders puts them there. An undefined
//! variable is an error, and so is (outside release builds) a text that nobody wrote.

mod address;
mod dates;
mod markdown;
mod numbers;
mod text_functions;
mod texts;

pub use address::address_value;
pub use dates::{Dates, Moment};
pub use markdown::to_html;
pub use numbers::{euros, minutes};
pub use texts::{Language, Lookup, Texts};

use minijinja::{Environment, UndefinedBehavior};
use std::sync::Arc;

/// An environment with every function and filter of the project, and no template yet.
///
/// | in a template | gives |
/// |---|---|
/// | `t("key", name=…)`, `t("key", count=n)` | a text; `count` chooses the plural `key.one`, `key.other`, … |
/// | `t_html("key", name=…)` | a text that contains markup; the arguments are escaped, the text is not |
/// | <code>value&#124;localized</code> | the words of `{de: …, en: …}` for the reader, German if there are none |
/// | `url("/termin", monat="2026-12")` | an address of this town; values are percent-encoded, `none` is left out |
/// | <code>date&#124;date_long</code> and its family | see [`Dates`] |
/// | <code>cents&#124;euros</code>, <code>cents&#124;cost</code> | `37,00 €`; `cost` says “kostenlos” for nothing, and with `cost(true)` “je nach Fall” or “ab 37,00 €” |
/// | <code>number&#124;tel</code> | `tel:+492389710` |
/// | <code>n&#124;minutes</code>, <code>n&#124;minutes_short</code> | `1 Stunde 30 Minuten`, `1 Std. 30 Min.` |
/// | <code>text&#124;markdown</code> | HTML in which the author's own HTML is only text |
pub fn environment(texts: Arc<Texts>) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    trim_template_lines(&mut environment);
    text_functions::register(&mut environment, &texts);
    dates::register(&mut environment, &texts);
    numbers::register(&mut environment, &texts);
    address::register(&mut environment);
    markdown::register(&mut environment);
    environment
}

/// A line with nothing but a `{% tag %}` leaves no line in the page.
fn trim_template_lines(environment: &mut Environment<'static>) {
    // Only delimiters can be refused here, and these are the usual ones.
    if let Ok(syntax) = environment.syntax().to_builder().trim_blocks(true).lstrip_blocks(true).build() {
        environment.set_syntax(syntax);
    }
}

#[cfg(test)]
mod sample;
