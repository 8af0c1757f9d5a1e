//! Cancelling one appointment: a page that asks, and a form that does it.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use booking::CancelError;
use minijinja::context;
use minijinja::value::Serde;
use uuid::Uuid;

use crate::citizen::appointment::Linked;
use crate::citizen::done::values;
use crate::citizen::ticket::Ticket;
use crate::extract::{Segment, Site};
use crate::{AppState, Page, WebError};

/// `GET /buchung/{token}/termine/{id}/absage`: asks, and does nothing. Mail scanners follow links.
pub async fn ask(
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
    let ticket = Ticket::new(&site, &linked.token, linked.appointment()?);
    let more = context! { action => ticket.cancel_page.as_str(), appointment => Serde(&ticket) };
    let values = values(&site, &linked.token, &linked.view);
    Ok(Page::new("citizen/cancel.html", context! { ..more, ..values }).private().into_response())
}

/// `POST /buchung/{token}/termine/{id}/absage`
pub async fn cancel(
    site: Site,
    State(app): State<AppState>,
    Segment((token, id)): Segment<(String, Uuid)>,
) -> Result<Response, WebError> {
    let mut tx = site.tx(&app).await?;
    let linked = Linked::find(&mut tx, token, id).await?;
    let rules = &site.town.town.rules;
    match booking::cancel(&mut tx, linked.view.booking.id, id, rules, site.now).await {
        Ok(_) => {
            tx.commit().await?;
            app.towns.touched(&site.town.tenant);
            Ok(site.redirect(&linked.manage("?abgesagt=1")))
        }
        // The page of the booking says what the matter is.
        Err(CancelError::TooLate) => Ok(site.redirect(&linked.manage(""))),
        Err(CancelError::NotFound) => Err(WebError::NotFound),
        Err(CancelError::Database(error)) => Err(error.into()),
    }
}
