//! Moving one appointment to another time. The old one stays until the new one is there.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use booking::{Appointment, Move, MoveError, Planned, Status};
use minijinja::context;
use minijinja::value::Serde;
use uuid::Uuid;

use crate::citizen::appointment::Linked;
use crate::citizen::picker::{Picker, Target};
use crate::citizen::place::Place;
use crate::citizen::problem::Problem;
use crate::citizen::search::{Search, place_of};
use crate::citizen::slot::{Slot, Wish};
use crate::citizen::summary::{CallToAction, Entry, Summary};
use crate::citizen::ticket::lines;
use crate::citizen::time::{self, Missed};
use crate::extract::{Form, Segment, Site};
use crate::{AppState, Page, WebError};

/// `GET /buchung/{token}/termine/{id}/verschieben`
pub async fn show(
    site: Site,
    State(app): State<AppState>,
    Segment((token, id)): Segment<(String, Uuid)>,
) -> Result<Response, WebError> {
    let mut tx = site.tx(&app).await?;
    let linked = Linked::find(&mut tx, token, id).await?;
    tx.rollback().await?;
    if !linked.is_open(&site)? {
        return Ok(site.redirect(&linked.manage("")));
    }
    let wish = Wish::read(&site.query, &site.town.offices)?;
    Ok(page(&site, &linked, &wish, None)?.into_response())
}

/// `POST /buchung/{token}/termine/{id}/verschieben`
pub async fn move_it(
    site: Site,
    State(app): State<AppState>,
    Segment((token, id)): Segment<(String, Uuid)>,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let wish = Wish::read(&fields, &site.town.offices)?;
    let mut tx = site.tx(&app).await?;
    let linked = Linked::find(&mut tx, token, id).await?;
    let Some(slot) = wish.slot.as_ref() else {
        let missed = missed(&site, "no_time", None, StatusCode::UNPROCESSABLE_ENTITY);
        return Ok(page(&site, &linked, &wish, Some(missed))?.into_response());
    };
    let planned = planned(linked.appointment()?);
    let search = search(&site, &linked, &planned);
    let candidates = search.candidates(slot.start, slot.location);
    let (booking_id, start, location) = (linked.view.booking.id, slot.start, slot.location);
    let wanted = Move { booking_id, appointment_id: id, start, location, candidates: &candidates };
    let error = match booking::move_to(&mut tx, &wanted, &site.town.town.rules, site.now).await {
        Ok(_) => {
            tx.commit().await?;
            app.towns.touched(&site.town.tenant);
            return Ok(site.redirect(&linked.manage("?verschoben=1")));
        }
        Err(error) => error,
    };
    if matches!(error, MoveError::JustTaken) {
        // What is offered in its stead shall be free as of now.
        site.town.index.refresh(&mut tx, site.now).await?;
    }
    refused(&site, &linked, &wish, slot, error)
}

/// Nothing has changed: the times once more, with what happened, or the booking as it is.
fn refused(site: &Site, linked: &Linked, wish: &Wish, slot: &Slot, error: MoveError) -> Result<Response, WebError> {
    let key = match error {
        MoveError::JustTaken => "just_taken",
        MoveError::OverlapsOwn { .. } => "overlaps",
        MoveError::TooLate => return Ok(site.redirect(&linked.manage(""))),
        MoveError::NotFound => return Err(WebError::NotFound),
        MoveError::Database(error) => return Err(error.into()),
    };
    let missed = missed(site, key, Some(slot), StatusCode::CONFLICT);
    Ok(page(site, linked, wish, Some(missed))?.into_response())
}

fn missed(site: &Site, key: &str, slot: Option<&Slot>, status: StatusCode) -> Missed {
    let field = if slot.is_some() { "schnell" } else { "zeiten" };
    Missed { problem: Problem::new(site, field, key, &[]), close_to: slot.map(|it| it.start), status }
}

/// The appointment as something to find a time for: duration and concerns as they were booked.
fn planned(appointment: &Appointment) -> Planned {
    Planned {
        items: appointment.items.clone(),
        concern_ids: appointment.items.iter().map(|it| it.concern_id).collect(),
        minutes: appointment.minutes,
        fee_cents: appointment.fee_cents,
    }
}

fn search<'a>(site: &'a Site, linked: &Linked, planned: &'a Planned) -> Search<'a> {
    let id = linked.appointment().map(|it| it.id).ok();
    let others = linked.view.appointments.iter().filter(|it| it.status == Status::Booked && Some(it.id) != id);
    let own = linked.appointment().ok().and_then(place_of);
    let present = linked.appointment().map(|it| it.start).ok();
    Search { busy: others.map(|it| (it.start, it.end)).collect(), own, present, ..Search::new(site, planned) }
}

fn page(site: &Site, linked: &Linked, wish: &Wish, missed: Option<Missed>) -> Result<Page, WebError> {
    let appointment = linked.appointment()?;
    let planned = planned(appointment);
    let search = Search { location: wish.location, ..search(site, linked, &planned) };
    let address = site.url(&linked.manage(&format!("/termine/{}/verschieben", appointment.id)));
    let target = Target { page: address.clone(), action: address, ..Target::default() };
    let picker = Picker::new(&search, wish, &target, missed.as_ref().and_then(|it| it.close_to));
    let summary = summary(site, appointment).with_time(site, 0, picker.slot);
    let more = context! {
        back => site.url(&linked.manage("")),
        moving => context! { at => appointment.start.to_string() },
        cta => Serde(CallToAction {
            label: "citizen.move.do_it",
            form: Some("zeitwahl"),
            ..CallToAction::default()
        }),
    };
    Ok(time::render(&search, &target, picker, summary, missed, more).private())
}

fn summary(site: &Site, appointment: &Appointment) -> Summary {
    let place = Place::find(site, appointment.location);
    Summary {
        appointments: vec![Entry { items: lines(site, appointment), at: None, place: None }],
        chosen: appointment.items.len(),
        minutes: u32::from(appointment.minutes),
        fee_cents: appointment.fee_cents,
        place,
        ..Summary::default()
    }
}
