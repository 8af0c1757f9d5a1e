//! What is read out to the caller, and what is printed for somebody at the desk.

use axum::extract::State;
use booking::{Appointment, BookingView, State as Progress, Status};
use minijinja::value::Serde;
use minijinja::{Value, context};
use uuid::Uuid;

use super::{notes, spelling};
use crate::citizen::Place;
use crate::extract::{Segment, Site};
use crate::staff::{self, Book, May, SeeDay};
use crate::{AppState, Page, WebError};

/// `GET /fertig/{id}`: the code, and everything to say.
pub(super) async fn show(
    site: Site,
    staff: May<Book>,
    State(app): State<AppState>,
    Segment(id): Segment<Uuid>,
) -> Result<Page, WebError> {
    let view = booked(&site, &app, id).await?;
    let mut said = Vec::new();
    if let Some(email) = &view.booking.email {
        let mut tx = site.tx(&app).await?;
        said.extend(notes::of_email(&site, &mut tx, email, 0).await?);
        tx.rollback().await?;
    }
    let values = context! { notes => said, ..values(&site, &view) };
    Ok(staff::page(&staff, "new", "staff/caller_done.html", values))
}

/// `GET /zettel/{id}`: the same on paper. Any booking of the town can be printed.
pub(super) async fn slip(
    site: Site,
    staff: May<SeeDay>,
    State(app): State<AppState>,
    Segment(id): Segment<Uuid>,
) -> Result<Page, WebError> {
    let view = booked(&site, &app, id).await?;
    Ok(staff::page(&staff, "new", "staff/slip.html", values(&site, &view)))
}

/// # Errors
/// [`WebError::NotFound`]: no booking of this town, or one that nobody has confirmed.
async fn booked(site: &Site, app: &AppState, id: Uuid) -> Result<BookingView, WebError> {
    let mut tx = site.tx(app).await?;
    let view = booking::find(&mut tx, id).await?;
    tx.rollback().await?;
    view.filter(|it| it.booking.state == Progress::Booked).ok_or(WebError::NotFound)
}

fn values(site: &Site, view: &BookingView) -> Value {
    let booking = &view.booking;
    let code = booking.code.as_ref().map(ToString::to_string).unwrap_or_default();
    let spelled: Vec<Value> =
        spelling::spelled(&code, &site.lang).into_iter().map(|(sign, word)| context! { sign, word }).collect();
    let coming = view.appointments.iter().filter(|it| it.status != Status::Cancelled);
    let appointments: Vec<Value> = coming.map(|it| appointment(site, it)).collect();
    context! {
        booking_id => booking.id.to_string(),
        code,
        spelled,
        name => booking.name.as_deref(),
        email => booking.email.as_deref(),
        phone => booking.phone.as_deref(),
        appointments,
    }
}

fn appointment(site: &Site, it: &Appointment) -> Value {
    let words = |text: &tenancy::i18n::I18n| text.get(&site.lang).to_owned();
    let items: Vec<Value> =
        it.items.iter().map(|item| context! { name => words(&item.name), quantity => item.quantity }).collect();
    let mut documents: Vec<(String, Option<String>, Option<String>)> = Vec::new();
    for document in it.items.iter().flat_map(|item| &item.documents) {
        let found = (words(&document.name), document.applies_if.as_ref().map(words), document.note.as_ref().map(words));
        if !documents.contains(&found) {
            documents.push(found);
        }
    }
    let documents: Vec<Value> =
        documents.into_iter().map(|(name, applies_if, note)| context! { name, applies_if, note }).collect();
    context! {
        id => it.id.to_string(),
        at => it.start.to_string(),
        until => it.end.to_string(),
        place => Serde(Place::find(site, it.location)),
        items,
        documents,
        minutes => it.minutes,
        fee_cents => it.fee_cents,
        fee_depends => it.items.iter().any(|item| item.fee_depends),
    }
}
