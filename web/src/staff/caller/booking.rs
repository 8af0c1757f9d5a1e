//! One press books.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use booking::Planned;
use booking::desk::{self, BookError, By, NewAppointment, StaffBooking};
use identity::{Right, Staff};
use jiff::Timestamp;
use schedule::{Candidate, Channel};
use uuid::Uuid;

use super::form::{Person, Typed};
use super::show::{Said, page};
use super::times::Asked;
use super::{HOME, overbooking};
use crate::citizen::Problem;
use crate::extract::{Form, Site};
use crate::staff::{Book, May};
use crate::{AppState, WebError};

/// Where an appointment is to be put.
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
    let (planned, person) = match (typed.intake(&site), typed.person(&site)) {
        (Some(intake), Ok(person)) => (intake.planned, person),
        (intake, person) => {
            let nothing = intake.is_none().then(|| problem(&site, "q", "nothing_chosen"));
            let problems = nothing.into_iter().chain(person.err().unwrap_or_default()).collect();
            return refused(Said { problems, ..Said::default() });
        }
    };
    let done = |booking: Uuid| Ok(site.redirect(&format!("{HOME}/fertig/{booking}")));
    let places = match places(&site, &staff, &app, &typed, &planned).await? {
        Ok(places) => places,
        // A form that was sent before finds its own place taken: it leads to its booking.
        Err(said) => return made_before(&site, &app, &typed).await?.map_or_else(|| refused(said), done),
    };
    match write(&site, &staff, &app, &typed, (&planned, &places), &person).await? {
        Ok(booking) => done(booking),
        Err(said) => refused(said),
    }
}

/// Where the form wants each appointment.
async fn places(
    site: &Site,
    staff: &Staff,
    app: &AppState,
    typed: &Typed,
    planned: &[Planned],
) -> Result<Result<Vec<Place>, Said>, WebError> {
    match planned {
        _ if typed.clock.is_empty() => Ok(free_places(site, typed, planned)),
        [only] => Ok(own_place(site, staff, app, typed, only).await?.map(|it| vec![it])),
        _ => Ok(Err(wrong(site, "um", "own_time_of_several"))),
    }
}

/// The times that are ticked, if they are free.
fn free_places(site: &Site, typed: &Typed, planned: &[Planned]) -> Result<Vec<Place>, Said> {
    let place = |(appointment, position)| {
        let slot = typed.slot(position).ok_or_else(|| wrong(site, "zeiten", "no_time"))?;
        let asked = Asked { site, planned: appointment, location: None, before: &[] };
        let request = asked.request(Some(slot.location), Channel::Staff);
        let candidates = site.town.index.candidates(&request, slot.start);
        if candidates.is_empty() {
            return Err(just_taken(site, planned));
        }
        Ok(Place { start: slot.start, candidates, over: Vec::new() })
    };
    planned.iter().zip(1..).map(place).collect()
}

/// A time of one's own. One that is not free needs the right to overbook, and a press on the button under the conflict's
/// name.
async fn own_place(
    site: &Site,
    staff: &Staff,
    app: &AppState,
    typed: &Typed,
    planned: &Planned,
) -> Result<Result<Place, Said>, WebError> {
    let asked = Asked { site, planned, location: typed.location, before: &[] };
    let Some(start) = asked.own_time(typed) else { return Ok(Err(wrong(site, "um", "bad_clock"))) };
    let candidates = site.town.index.candidates(&asked.request(typed.location, Channel::Staff), start);
    if !candidates.is_empty() {
        return Ok(Ok(Place { start, candidates, over: Vec::new() }));
    }
    if !staff.may(Right::Overbook) {
        return Ok(Err(wrong(site, "um", "not_free")));
    }
    let mut tx = site.tx(app).await?;
    let choices = overbooking::options(site, &mut tx, planned, typed.location, start).await?;
    tx.rollback().await?;
    if let Some(chosen) = choices.iter().find(|it| Some(&it.token) == typed.accepted.as_ref()) {
        return Ok(Ok(Place { start, candidates: vec![chosen.candidate], over: chosen.over.clone() }));
    }
    let key = if typed.accepted.is_some() { "conflict_changed" } else { "conflict" };
    let overbooking = choices.into_iter().map(|it| it.view).collect();
    Ok(Err(Said { overbooking, ..wrong(site, "konflikt", key) }))
}

/// The booking that this very form has made before.
async fn made_before(site: &Site, app: &AppState, typed: &Typed) -> Result<Option<Uuid>, WebError> {
    let key = app.links.key_of_attempt(&site.town.tenant.slug, typed.attempt);
    let mut tx = site.tx(app).await?;
    let found = booking::find(&mut tx, key.id).await?;
    tx.rollback().await?;
    Ok(found.map(|_| key.id))
}

/// The booking's id, or what to say if somebody was quicker.
async fn write(
    site: &Site,
    staff: &Staff,
    app: &AppState,
    typed: &Typed,
    (planned, places): (&[Planned], &[Place]),
    person: &Person,
) -> Result<Result<Uuid, Said>, WebError> {
    let key = app.links.key_of_attempt(&site.town.tenant.slug, typed.attempt);
    let appointments: Vec<NewAppointment> = planned
        .iter()
        .zip(places)
        .map(|(planned, Place { start, candidates, over })| NewAppointment { planned, start: *start, candidates, over })
        .collect();
    let wish = StaffBooking {
        key: &key,
        name: &person.name,
        email: person.email.as_ref(),
        phone: person.phone.as_ref(),
        language: &typed.language,
        mode: typed.mode,
        selection: &typed.selection,
        appointments: &appointments,
        note: &typed.note,
    };
    let by = By { staff_id: staff.id, name: &staff.name };
    let mut tx = site.tx(app).await?;
    let refused = match desk::book(&mut tx, &wish, &by, &site.town.town.rules, site.now).await {
        Ok(booked) => {
            tx.commit().await?;
            app.towns.touched(&site.town.tenant);
            return Ok(Ok(booked.booking_id));
        }
        Err(BookError::Database(error)) => return Err(error.into()),
        Err(BookError::JustTaken) => just_taken(site, planned),
        Err(BookError::OverlapsOwn) => wrong(site, "zeiten", "overlaps"),
    };
    tx.rollback().await?;
    app.towns.touched(&site.town.tenant);
    // What the answer offers instead must not be what has just been taken.
    let mut tx = site.tx(app).await?;
    site.town.index.refresh(&mut tx, site.now).await?;
    tx.rollback().await?;
    Ok(Err(refused))
}

fn just_taken(site: &Site, planned: &[Planned]) -> Said {
    wrong(site, "zeiten", if planned.len() > 1 { "one_just_taken" } else { "just_taken" })
}

fn wrong(site: &Site, field: &'static str, key: &str) -> Said {
    Said { problems: vec![problem(site, field, key)], ..Said::default() }
}

fn problem(site: &Site, field: &'static str, key: &str) -> Problem {
    Problem { field, message: site.t(&format!("staff.caller.problem.{key}"), &[]) }
}
