//! What a citizen sees behind the link in their mail: their appointments, and what can be done about each.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use minijinja::context;

use crate::citizen::done::values;
use crate::citizen::link;
use crate::citizen::ticket::State as TicketState;
use crate::extract::{Segment, Site};
use crate::{AppState, Page, WebError};

/// What has just been done, as the address says it after a form was sent.
const NOTICES: [(&str, &str); 3] = [("abgesagt", "cancelled"), ("verschoben", "moved"), ("gesendet", "sent")];

/// `GET /buchung/{token}`
pub async fn show(
    site: Site,
    State(app): State<AppState>,
    Segment(token): Segment<String>,
) -> Result<Response, WebError> {
    let view = link::read(&site, &app, &token).await?;
    if !link::is_booked(&view) {
        return Ok(site.redirect(&format!("/buchung/{token}/angaben")));
    }
    let notice = NOTICES.iter().find(|(field, _)| site.query.get(field).is_some()).map(|(_, key)| *key);
    let is_open =
        |it: &booking::Appointment| matches!(TicketState::of(&site, it), TicketState::Open | TicketState::TooLate);
    let more = context! { notice, any_open => view.appointments.iter().any(is_open) };
    Ok(Page::new("citizen/manage.html", context! { ..more, ..values(&site, &token, &view) }).private().into_response())
}
