//! Step 4: it is booked. When, where, what to bring.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use booking::BookingView;
use minijinja::value::Serde;
use minijinja::{Value, context};

use crate::citizen::link;
use crate::citizen::ticket::{State as TicketState, Ticket, to_bring};
use crate::extract::{Segment, Site};
use crate::{AppState, Page, WebError};

/// `GET /buchung/{token}/fertig`: as long as all that was booked is still to come; then the page that manages it.
pub async fn show(
    site: Site,
    State(app): State<AppState>,
    Segment(token): Segment<String>,
) -> Result<Response, WebError> {
    let view = link::read(&site, &app, &token).await?;
    if !link::is_booked(&view) {
        return Ok(site.redirect(&format!("/buchung/{token}/angaben")));
    }
    let is_to_come =
        |it: &booking::Appointment| matches!(TicketState::of(&site, it), TicketState::Open | TicketState::TooLate);
    if !view.appointments.iter().all(is_to_come) {
        return Ok(site.redirect(&format!("/buchung/{token}")));
    }
    let more = context! { step => 4 };
    Ok(Page::new("citizen/done.html", context! { ..more, ..values(&site, &token, &view) }).private().into_response())
}

/// What the pages of a confirmed booking have in common.
pub fn values(site: &Site, token: &str, view: &BookingView) -> Value {
    let page = |rest: &str| site.url(&format!("/buchung/{token}{rest}"));
    context! {
        appointments => Serde(Ticket::all(site, token, view)),
        documents => Serde(to_bring(site, view)),
        code => view.booking.code.as_ref().map(ToString::to_string),
        name => view.booking.name.as_deref(),
        email => view.booking.email.as_deref(),
        how_to_pay => site.town.town.profile.how_to_pay.as_ref().map(|it| it.get(&site.lang)),
        calendar => page("/termin.ics"),
        send_again => page("/mail"),
        manage => page(""),
    }
}
