//! What stands in the fields of an appointment's forms: what was typed, else what is there.

use booking::Item;
use booking::desk::DayAppointment;
use minijinja::{Value, context};
use uuid::Uuid;

use super::place::{clock, day_of};
use crate::WebError;
use crate::extract::{Fields, Site};

/// The version of the appointment that the page showed.
///
/// # Errors
/// [`WebError::BadInput`] for a form without one: none of ours.
pub(super) fn seen_version(fields: &Fields) -> Result<i32, WebError> {
    let version = fields.get("version").and_then(|it| it.parse().ok());
    version.ok_or(WebError::BadInput("errors.bad_text"))
}

/// A text of several lines as it is kept: line ends as ours, nothing around it.
pub(super) fn text(fields: &Fields, name: &str) -> String {
    fields.get(name).unwrap_or_default().replace("\r\n", "\n").trim().to_owned()
}

/// All forms of `it`.
pub(super) fn values(site: &Site, it: &DayAppointment, typed: &Fields) -> Value {
    let or = |name: &str, known: String| typed.get(name).map_or(known, str::to_owned);
    context! {
        note => or("notiz", it.note.clone()),
        reason => or("grund", String::new()),
        day => or("tag", day_of(site, it.start).to_string()),
        time => or("uhrzeit", clock(site, it.start)),
        counter => or("schalter", it.counter.to_string()),
        minutes => or("minuten", String::new()),
        more => or("neu", String::new()),
        items => it.items.iter().map(|item| quantity(site, item, typed)).collect::<Vec<_>>(),
        concerns => concerns(site, it),
        offices => counters(site),
        attempt => Uuid::new_v4().to_string(),
    }
}

/// The name of the field for how often a concern is wanted.
pub(super) fn quantity_field(concern: &str) -> String {
    format!("menge-{concern}")
}

fn quantity(site: &Site, item: &Item, typed: &Fields) -> Value {
    let concern = site.town.catalog.get(&item.concern);
    let name = quantity_field(&item.concern);
    context! {
        key => item.concern.as_str(),
        name => item.name.get(&site.lang),
        quantity => typed.get(&name).map_or_else(|| item.quantity.to_string(), str::to_owned),
        most => concern.map_or(item.quantity, |it| it.max_quantity),
    }
}

/// What could be added.
fn concerns(site: &Site, it: &DayAppointment) -> Vec<Value> {
    let is_new = |key: &str| it.items.iter().all(|item| item.concern != key);
    let concerns = site.town.catalog.concerns.iter().filter(|concern| is_new(&concern.key));
    concerns.map(|it| context! { key => it.key.as_str(), name => it.name.get(&site.lang) }).collect()
}

/// All counters by office, to choose from.
fn counters(site: &Site) -> Vec<Value> {
    let offices = &site.town.offices;
    let office = |id: i32, name: &str| {
        let here = offices.counters.iter().filter(|it| it.location == id);
        let counters: Vec<Value> =
            here.map(|it| context! { id => it.id.to_string(), name => it.name.as_str() }).collect();
        context! { name, counters }
    };
    offices.locations.iter().map(|it| office(it.id, it.name.get(&site.lang))).collect()
}
