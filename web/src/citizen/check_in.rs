//! “I am here”: on a screen in the hall with the booking's code, or on one's own telephone through the link in the mail.
//!
//! Shows a number and where to wait, and nothing about who somebody is: others look over the shoulder.

use axum::extract::State;
use axum::http::StatusCode;
use booking::BookingCode;
use booking::queue::{self, Arrival};
use minijinja::value::Serde;
use minijinja::{Value, context};
use schedule::Location;
use tenancy::TenantTx;
use uuid::Uuid;

use crate::citizen::place::Place;
use crate::extract::{Fields, Form, Segment, Site};
use crate::{Action, AppState, Page, WebError};

/// `GET /ankunft/{location}`: changes nothing; `?buchung=` comes from the link in the mail.
pub async fn show(site: Site, Segment(key): Segment<String>) -> Result<Page, WebError> {
    let location = site.town.offices.location(&key).ok_or(WebError::NotFound)?;
    Ok(form(&site, location, &site.query, None))
}

/// `POST /ankunft/{location}`: sent twice, it is the same number.
pub async fn arrive(
    site: Site,
    State(app): State<AppState>,
    Segment(key): Segment<String>,
    Form(fields): Form,
) -> Result<Page, WebError> {
    let location = site.town.offices.location(&key).ok_or(WebError::NotFound)?;
    site.limit(&app, Action::Lookup)?;
    let mut tx = site.tx(&app).await?;
    let booking = match find(&mut tx, &fields).await? {
        Ok(booking) => booking,
        Err(problem) => return Ok(form(&site, location, &fields, Some(problem))),
    };
    let arrival = queue::check_in(&mut tx, booking, location.id, site.now).await?;
    tx.commit().await?;
    Ok(result(&site, location, &arrival))
}

/// The booking, or the key of what is wrong with what was typed.
async fn find(tx: &mut TenantTx, fields: &Fields) -> Result<Result<Uuid, &'static str>, WebError> {
    if let Some(token) = fields.get("buchung") {
        return Ok(booking::id_of_token(tx, token).await?.ok_or("unknown"));
    }
    let typed = fields.get("nummer").unwrap_or_default();
    if typed.trim().is_empty() {
        return Ok(Err("missing"));
    }
    let Ok(code) = BookingCode::parse(scanned(typed)) else { return Ok(Err("bad")) };
    Ok(queue::booking_of_code(tx, &code).await?.ok_or("unknown"))
}

/// A scanner types the whole address that stands in the code on the ticket.
fn scanned(typed: &str) -> &str {
    typed.rsplit_once("nummer=").map_or(typed, |(_, code)| code)
}

fn form(site: &Site, location: &Location, fields: &Fields, problem: Option<&str>) -> Page {
    let error = problem.map(|key| site.t(&format!("citizen.check_in.problem.{key}"), &[]));
    let token = fields.get("buchung").filter(|it| booking::hash(it).is_some() && problem.is_none());
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let more = context! { typed => fields.get("nummer").unwrap_or_default(), token, error };
    page(site, location, "form", more).status(status)
}

fn result(site: &Site, location: &Location, arrival: &Arrival) -> Page {
    let counter_name = |id: Option<i32>| site.town.offices.counters.iter().find(|it| Some(it.id) == id);
    let (kind, more) = match arrival {
        Arrival::Here(ticket) => {
            let called_to = counter_name(ticket.counter).filter(|_| ticket.state.is_at_counter());
            let other = ticket.location != location.id;
            let place = Place::find(site, ticket.location).filter(|_| other);
            let called_to = called_to.map(|it| it.name.as_str());
            ("here", context! { number => ticket.label(), called_to, sent_to => Serde(place) })
        }
        Arrival::TooEarly { from } => ("too_early", context! { from => Serde(from) }),
        Arrival::TooLate => ("too_late", context! {}),
        Arrival::OtherOffice { location } => {
            ("other_office", context! { other => Serde(Place::find(site, *location)) })
        }
        Arrival::OtherDay => ("other_day", context! {}),
        Arrival::Over => ("over", context! {}),
    };
    let status = if kind == "here" { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    page(site, location, kind, more).status(status)
}

fn page(site: &Site, location: &Location, kind: &'static str, more: Value) -> Page {
    let place = Serde(Place::new(location, &site.lang));
    let here = site.url(&format!("/ankunft/{}", location.key));
    let values = context! { kind, place, key => location.key.as_str(), here, ..more };
    Page::new("citizen/check_in.html", values).private()
}
