//! `GET /verwaltung/termine/{id}`: one appointment with everything that can be done about it, and its history.

use axum::extract::State;
use booking::desk::{self, DayAppointment};
use booking::{BookingView, Status};
use identity::Staff;
use minijinja::value::Serde;
use minijinja::{Value, context};
use uuid::Uuid;

use super::card::{Card, concern};
use super::refused::Problem;
use super::{done, forms, history};
use crate::extract::{Fields, Segment, Site};
use crate::staff::{self, May, SeeDay};
use crate::{AppState, Page, WebError};

/// Handles it.
pub(super) async fn show(
    site: Site,
    staff: May<SeeDay>,
    State(app): State<AppState>,
    Segment(id): Segment<Uuid>,
) -> Result<Page, WebError> {
    page(&site, &app, &staff, id, &Fields::default(), None).await
}

/// The appointment as it is now, with what was typed and what stood in the way.
///
/// # Errors
/// [`WebError::NotFound`] if the town has no such appointment; the database's own.
pub(super) async fn page(
    site: &Site,
    app: &AppState,
    staff: &Staff,
    id: Uuid,
    typed: &Fields,
    problem: Option<Problem>,
) -> Result<Page, WebError> {
    let mut tx = site.tx(app).await?;
    let it = desk::appointment(&mut tx, id).await?.ok_or(WebError::NotFound)?;
    let events = desk::history(&mut tx, it.booking_id).await?;
    let booking = booking::find(&mut tx, it.booking_id).await?.ok_or(WebError::NotFound)?;
    tx.rollback().await?;
    let status = problem.as_ref().map(Problem::status);
    let values = context! {
        panel => panel(site, &it),
        form => forms::values(site, &it, typed),
        history => events.iter().map(|it| history::line(site, it)).collect::<Vec<_>>(),
        // Where a colleague has booked, the history says so with the name.
        booked_at => booking.booking.booked_at.filter(|_| events.iter().all(|it| it.kind != "made")).map(Serde),
        others => others(site, &booking, id),
        problem => problem.map(|it| it.value()),
        notice => done::notice(site),
        from => typed.get("von").or(site.query.get("von")),
    };
    let page = staff::page(staff, "day", "staff/appointment.html", values);
    Ok(match status {
        Some(status) => page.status(status),
        None => page,
    })
}

/// What the panel shows, beside the day and on the appointment's own page.
pub(super) fn panel(site: &Site, it: &DayAppointment) -> Value {
    let office = site.town.former_offices.locations.iter().find(|office| office.id == it.location);
    context! {
        concern_lines => it.items.iter().map(|it| concern(site, it)).collect::<Vec<_>>(),
        office => office.map(|it| it.key.as_str()),
        steps => steps(it.status),
        can_change => matches!(it.status, Status::Booked),
        can_move => matches!(it.status, Status::Booked | Status::Arrived),
        can_amend => matches!(it.status, Status::Booked | Status::Arrived | Status::Called | Status::InService),
        ..Serde(Card::new(site, it))
    }
}

/// The steps that the status allows, the likeliest first.
fn steps(status: Status) -> Vec<&'static str> {
    match status {
        Status::Booked => vec!["angekommen", "aufrufen", "bedienen", "nicht-erschienen"],
        Status::Arrived => vec!["aufrufen", "bedienen", "erledigt", "nicht-erschienen", "zurueck"],
        Status::Called => vec!["bedienen", "erledigt", "nicht-erschienen", "zurueck"],
        Status::InService => vec!["erledigt", "zurueck"],
        Status::NoShow => vec!["angekommen", "zurueck"],
        Status::Done => vec!["zurueck"],
        Status::Held | Status::Cancelled | Status::Expired => Vec::new(),
    }
}

/// The booking's other appointments.
fn others(site: &Site, booking: &BookingView, id: Uuid) -> Vec<Value> {
    let others = booking.appointments.iter().filter(|it| it.id != id);
    let shown = others.filter(|it| !matches!(it.status, Status::Held | Status::Expired));
    shown
        .map(|it| {
            let concerns = super::card::concerns(site, &it.items);
            let state = super::card::status_words(site, it.status);
            context! { id => it.id.to_string(), start => Serde(it.start), concerns, state }
        })
        .collect()
}
