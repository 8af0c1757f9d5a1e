//! One press books.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use booking::Planned;
use booking::desk::{self, BookError, By, StaffBooking};
use identity::{Right, Staff};
use jiff::Timestamp;
use schedule::{Candidate, Channel};
use uuid::Uuid;

use super::form::{Person, Typed};
use super::show::{Said, page};
use super::times::Asked;
use super::{HOME, overbooking};
use crate::citizen::{Problem, today};
use crate::extract::{Form, Site};
use crate::staff::{Book, May};
use crate::{AppState, WebError};

/// Where it is to be put.
struct Place {
    start: Timestamp,
    candidates: Vec<Candidate>,
    /// On top of these, which the warning has named.
    over: Vec<Uuid>,
}

/// `POST /`: books, or says what stands in the way, with all that was typed.
pub(super) async fn book(
    site: Site,
    staff: May<Book>,
    State(app): State<AppState>,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let typed = Typed::read(&site, &staff, &fields);
    let refused =
        |said: Said| Ok(page(&site, &staff, &typed, said).status(StatusCode::UNPROCESSABLE_ENTITY).into_response());
    let intake = desk::intake(&site.town.catalog, &site.town.town.rules, &typed.selection, today(&site));
    let (intake, person) = match (intake, typed.person(&site)) {
        (Some(intake), Ok(person)) => (intake, person),
        (intake, person) => {
            let nothing = intake.is_none().then(|| problem(&site, "q", "nothing_chosen"));
            let problems = nothing.into_iter().chain(person.err().unwrap_or_default()).collect();
            return refused(Said { problems, ..Said::default() });
        }
    };
    let place = match place(&site, &staff, &app, &typed, &intake.planned).await? {
        Ok(place) => place,
        Err(said) => return refused(said),
    };
    match write(&site, &staff, &app, &typed, &intake.planned, &person, &place).await? {
        Some(booking) => Ok(site.redirect(&format!("{HOME}/fertig/{booking}"))),
        None => refused(Said { problems: vec![problem(&site, "zeiten", "just_taken")], ..Said::default() }),
    }
}

/// Where the form wants it. A time of one's own that is not free needs the right to overbook, and a press on the button
/// under the conflict's name.
async fn place(
    site: &Site,
    staff: &Staff,
    app: &AppState,
    typed: &Typed,
    planned: &Planned,
) -> Result<Result<Place, Said>, WebError> {
    let asked = Asked { site, planned, location: typed.location };
    let wrong = |field, key| Ok(Err(Said { problems: vec![problem(site, field, key)], ..Said::default() }));
    let (start, location) = if typed.clock.is_empty() {
        let Some(slot) = &typed.slot else { return wrong("zeiten", "no_time") };
        (slot.start, Some(slot.location))
    } else {
        let Some(start) = asked.own_time(typed) else { return wrong("um", "bad_clock") };
        (start, typed.location)
    };
    let candidates = site.town.index.candidates(&asked.request(location, Channel::Staff), start);
    if !candidates.is_empty() {
        return Ok(Ok(Place { start, candidates, over: Vec::new() }));
    }
    if typed.clock.is_empty() {
        // Sent twice, the place is taken by this very booking: let the database say so.
        let serving = site.town.offices.counters.iter().filter(|it| it.serves(&planned.concern_ids));
        let candidates: Vec<Candidate> = serving
            .filter(|it| Some(it.location) == location)
            .map(|it| Candidate { counter: it.id, location: it.location })
            .collect();
        return already(site, app, typed, Place { start, candidates, over: Vec::new() }).await;
    }
    if !staff.may(Right::Overbook) {
        return wrong("um", "not_free");
    }
    let mut tx = site.tx(app).await?;
    let choices = overbooking::options(site, &mut tx, planned, location, start).await?;
    tx.rollback().await?;
    if let Some(chosen) = choices.iter().find(|it| Some(&it.token) == typed.accepted.as_ref()) {
        return Ok(Ok(Place { start, candidates: vec![chosen.candidate], over: chosen.over.clone() }));
    }
    let key = if typed.accepted.is_some() { "conflict_changed" } else { "conflict" };
    let problems = vec![problem(site, "konflikt", key)];
    let overbooking = choices.into_iter().map(|it| it.view).collect();
    already(site, app, typed, Place { start, candidates: Vec::new(), over: Vec::new() })
        .await
        .map(|found| found.map_err(|_| Said { problems, overbooking, ..Said::default() }))
}

/// A form that was sent before and has booked is let through: it leads to its booking. Any other is refused.
async fn already(site: &Site, app: &AppState, typed: &Typed, place: Place) -> Result<Result<Place, Said>, WebError> {
    let key = app.links.key_of_attempt(&site.town.tenant.slug, typed.attempt);
    let mut tx = site.tx(app).await?;
    let is_booked = booking::find(&mut tx, key.id).await?.is_some();
    tx.rollback().await?;
    let problems = vec![problem(site, "zeiten", "just_taken")];
    Ok(if is_booked { Ok(place) } else { Err(Said { problems, ..Said::default() }) })
}

/// The booking's id; `None` if somebody was quicker.
async fn write(
    site: &Site,
    staff: &Staff,
    app: &AppState,
    typed: &Typed,
    planned: &Planned,
    person: &Person,
    place: &Place,
) -> Result<Option<Uuid>, WebError> {
    let key = app.links.key_of_attempt(&site.town.tenant.slug, typed.attempt);
    let wish = StaffBooking {
        key: &key,
        name: &person.name,
        email: person.email.as_ref(),
        phone: person.phone.as_ref(),
        language: &typed.language,
        planned,
        selection: &typed.selection,
        start: place.start,
        candidates: &place.candidates,
        over: &place.over,
        note: &typed.note,
    };
    let by = By { staff_id: staff.id, name: &staff.name };
    let mut tx = site.tx(app).await?;
    let written = desk::book(&mut tx, &wish, &by, &site.town.town.rules, site.now).await;
    match written {
        Ok(booked) => {
            tx.commit().await?;
            app.towns.touched(&site.town.tenant);
            Ok(Some(booked.booking_id))
        }
        Err(BookError::JustTaken) => {
            tx.rollback().await?;
            app.towns.touched(&site.town.tenant);
            Ok(None)
        }
        Err(BookError::Database(error)) => Err(error.into()),
    }
}

fn problem(site: &Site, field: &'static str, key: &str) -> Problem {
    Problem { field, message: site.t(&format!("staff.caller.problem.{key}"), &[]) }
}
