//! Step 2: when would suit you? The first appointment of a booking that does not exist yet.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use booking::Planned;
use jiff::Timestamp;
use minijinja::value::Serde;
use minijinja::{Value, context};

use crate::citizen::attempt::Attempt;
use crate::citizen::chosen::{Chosen, address};
use crate::citizen::concerns;
use crate::citizen::picker::{Picker, Target};
use crate::citizen::planning;
use crate::citizen::problem::Problem;
use crate::citizen::search::Search;
use crate::citizen::slot::Wish;
use crate::citizen::summary::{CallToAction, Summary};
use crate::extract::Site;
use crate::{Page, WebError};

/// `GET /termin`: months, days, times and suggestions for what the address names.
pub async fn show(site: Site) -> Result<Response, WebError> {
    let chosen = Chosen::read(&site.query, &site.town.town.rules);
    let planned = match planning::plan(&site, &chosen, concerns::today(&site)) {
        Ok(planned) => planned,
        Err(refused) => return Ok(concerns::refused(&site, &chosen, refused).into_response()),
    };
    let short = short_query(&site, &chosen);
    if short.len() < site.query.iter().count() {
        return Ok(site.redirect(&address("/termin", &short)));
    }
    let wish = Wish::read(&site.query, &site.town.offices)?;
    let attempt = Attempt::start();
    let page = page(&site, &chosen, &planned, &wish, attempt, None);
    Ok(page.shared_but_for(attempt.to_string(), || Attempt::start().to_string()).into_response())
}

/// What this page understands of its address. The form of step 1 sends the quantities of all concerns, ticked or not:
/// nobody would want to pass on such an address.
fn short_query(site: &Site, chosen: &Chosen) -> Vec<(String, String)> {
    let asked = ["monat", "tag", "standort", "zeit"].into_iter().filter_map(|name| Some((name, site.query.get(name)?)));
    let mut fields = chosen.fields();
    fields.extend(asked.map(|(name, value)| (name.to_owned(), value.to_owned())));
    fields
}

/// Why the time that a citizen wanted was not to be had.
pub struct Missed {
    /// What happened.
    pub problem: Problem,
    /// The time, if others close to it may help.
    pub close_to: Option<Timestamp>,
    /// Status of the answer.
    pub status: StatusCode,
}

/// The page for the first of the `planned` appointments.
pub fn page(
    site: &Site,
    chosen: &Chosen,
    planned: &[Planned],
    wish: &Wish,
    attempt: Attempt,
    missed: Option<Missed>,
) -> Page {
    let back = address(&site.url("/"), &chosen.fields());
    let target = Target {
        page: site.url("/termin"),
        fields: chosen.fields(),
        action: site.url("/reservierung"),
        attempt: Some(attempt.to_string()),
        fewer: Some(back.clone()),
    };
    let search = Search { location: wish.location, ..Search::new(site, &planned[0]) };
    let picker = Picker::new(&search, wish, &target, missed.as_ref().and_then(|it| it.close_to));
    let day = picker.slot.map_or_else(|| concerns::today(site), |(at, _)| at.to_zoned(site.zone().clone()).date());
    let summary = Summary::of_choice(site, chosen, day);
    let summary = summary.editable(site, chosen).with_time(site, 0, picker.slot);
    let more = context! {
        step => 2,
        steps => vec![Some(back.clone()), None, None, None],
        back,
        nth => nth(site, planned, 0),
        cta => Serde(call_to_action(site, planned.len() > 1, Some(attempt))),
    };
    render(&search, &target, picker, summary, missed, more)
}

/// The page around a picker; `more` is what only one of its uses shows.
pub fn render(
    search: &Search,
    target: &Target,
    picker: Picker,
    summary: Summary,
    missed: Option<Missed>,
    more: Value,
) -> Page {
    let status = missed.as_ref().map_or(StatusCode::OK, |it| it.status);
    let problems: Vec<Problem> = missed.into_iter().map(|it| it.problem).collect();
    let defaults = context! { nth => Value::from(()), moving => Value::from(()), hold => Value::from(()) };
    let own = context! {
        here => here(search, target),
        problems => Serde(problems),
        picker => Serde(picker),
        summary => Serde(summary),
    };
    Page::new("citizen/time.html", context! { ..own, ..more, ..defaults }).status(status)
}

/// Where switching the language leads. The answer to a form has no address of its own: then to the page it came from.
fn here(search: &Search, target: &Target) -> String {
    if search.site.url(&search.site.path) == target.page { search.site.here() } else { target.link(search, &[]) }
}

/// “Termin 1 von 2: …”, if there are several.
pub fn nth(site: &Site, planned: &[Planned], index: usize) -> Option<Value> {
    let names: Vec<&str> = planned[index].items.iter().map(|it| it.name.get(&site.lang)).collect();
    (planned.len() > 1).then(|| context! { n => index + 1, of => planned.len(), name => names.join(", ") })
}

/// The button that keeps the chosen time.
pub fn call_to_action(site: &Site, has_next: bool, attempt: Option<Attempt>) -> CallToAction {
    let minutes = site.town.town.rules.hold_minutes.to_string();
    CallToAction {
        label: if has_next { "citizen.summary.to_next" } else { "citizen.summary.to_details" },
        form: Some("zeitwahl"),
        name: attempt.map(|_| "versuch"),
        value: attempt.map(|it| it.to_string()),
        hint: Some(site.t("citizen.summary.hold_hint", &[("minutes", minutes.into())])),
    }
}
