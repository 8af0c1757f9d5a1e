//! Where the clerk sits: chosen once, kept with the account.

use axum::extract::State;
use axum::response::Response;
use identity::Staff;
use minijinja::{Value, context};
use schedule::{Counter, Location, LocationId};

use super::notice::Notice;
use crate::extract::{Fields, Form, Site};
use crate::staff::{May, Serve};
use crate::{AppState, WebError};

/// The clerk's counter, if one is chosen that the town still has.
pub(super) fn counter<'a>(site: &'a Site, staff: &Staff) -> Option<&'a Counter> {
    site.town.offices.counters.iter().find(|it| Some(it.id) == staff.counter)
}

/// The office whose queue is shown: the one in the address, else that of the clerk's counter, else the town's first.
///
/// # Errors
/// [`WebError::NotFound`] for an office that the town does not have.
pub(super) fn location<'a>(site: &'a Site, staff: &Staff) -> Result<&'a Location, WebError> {
    let offices = &site.town.offices;
    let found = match (site.query.get("standort"), counter(site, staff)) {
        (Some(key), _) => offices.location(key),
        (None, Some(counter)) => offices.locations.iter().find(|it| it.id == counter.location),
        (None, None) => offices.locations.first(),
    };
    found.ok_or(WebError::NotFound)
}

/// The office that the form was sent from, if it says so.
pub(super) fn of_form(site: &Site, fields: &Fields) -> Option<LocationId> {
    Some(site.town.offices.location(fields.get("standort")?)?.id)
}

/// The key of an office for an address; none in a town that has only one.
pub(super) fn key(site: &Site, office: Option<LocationId>) -> Option<&str> {
    let offices = &site.town.offices.locations;
    let found = offices.iter().find(|it| Some(it.id) == office)?;
    (offices.len() > 1).then_some(found.key.as_str())
}

/// All counters by office, the clerk's own marked, for a choice.
pub(super) fn choices(site: &Site, own: Option<i32>) -> Vec<Value> {
    let offices = &site.town.offices;
    let office = |location: &Location| {
        let counters: Vec<Value> = offices
            .counters
            .iter()
            .filter(|it| it.location == location.id)
            .map(|it| context! { id => it.id, name => it.name.as_str(), chosen => Some(it.id) == own })
            .collect();
        context! { id => location.id, key => location.key.as_str(), name => location.name.get(&site.lang), counters }
    };
    offices.locations.iter().map(office).collect()
}

/// `POST /platz`: at which counter the clerk sits today; an empty choice: at none.
pub(super) async fn sit(
    site: Site,
    staff: May<Serve>,
    State(app): State<AppState>,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let chosen = match fields.get("schalter").unwrap_or_default() {
        "" => None,
        id => {
            let id: Option<i32> = id.parse().ok();
            let counter = site.town.offices.counters.iter().find(|it| Some(it.id) == id);
            Some(counter.ok_or(WebError::NotFound)?.id)
        }
    };
    let mut tx = site.tx(&app).await?;
    identity::people::sit_at(&mut tx, staff.id, chosen).await?;
    tx.commit().await?;
    Ok(Notice::none(&site, None))
}
