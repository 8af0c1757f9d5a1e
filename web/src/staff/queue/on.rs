//! Sending somebody on, and letting somebody go first.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use booking::desk::By;
use booking::queue::{self, Destination, QueueError};
use identity::Staff;
use uuid::Uuid;

use super::notice::Notice;
use super::place;
use super::steps::change;
use super::ticket::{self, Typed};
use crate::extract::{Form, Segment, Site};
use crate::staff::{May, Serve};
use crate::{AppState, WebError};

/// Longest reason, in characters: what one line of the list can hold.
const MOST_REASON: usize = 200;

/// `POST /{id}/weiterleiten`: `ziel` is `schalter-3` or `standort-2`, by number.
pub(super) async fn send(
    site: Site,
    staff: May<Serve>,
    State(app): State<AppState>,
    Segment(id): Segment<Uuid>,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let change = change(id, &fields)?;
    let word = fields.get("ziel").unwrap_or_default();
    let destination = destination(word).ok_or(WebError::NotFound)?;
    let by = By { staff_id: staff.id, name: &staff.name };
    let mut tx = site.tx(&app).await?;
    match queue::send_to(&mut tx, change, destination, &by, site.now).await {
        Ok(sent) => {
            tx.commit().await?;
            app.towns.touched(&site.town.tenant);
            Ok(Notice::Sent.go(&site, place::of_form(&site, &fields), Some(sent.id)))
        }
        Err(error) => refused(&site, &staff, error, Typed { destination: word, ..Typed::default() }),
    }
}

/// `POST /{id}/vorrang`: with a reason first, with `ohne` in their turn again.
pub(super) async fn prefer(
    site: Site,
    staff: May<Serve>,
    State(app): State<AppState>,
    Segment(id): Segment<Uuid>,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let change = change(id, &fields)?;
    let typed: String = fields.get("grund").unwrap_or_default().trim().chars().take(MOST_REASON).collect();
    let is_withdrawn = fields.get("ohne").is_some();
    let by = By { staff_id: staff.id, name: &staff.name };
    let mut tx = site.tx(&app).await?;
    if typed.is_empty() && !is_withdrawn {
        let shown = queue::find(&mut tx, id).await?.ok_or(WebError::NotFound)?;
        return Ok(ticket::refused(&site, &staff, &shown, "no_reason", Typed::default()).into_response());
    }
    let reason = if is_withdrawn { "" } else { typed.as_str() };
    match queue::prefer(&mut tx, change, reason, &by, site.now).await {
        Ok(ticket) => {
            tx.commit().await?;
            app.towns.touched(&site.town.tenant);
            let office = Some(ticket.location);
            Ok(if is_withdrawn { Notice::none(&site, office) } else { Notice::Preferred.go(&site, office, Some(id)) })
        }
        Err(error) => refused(&site, &staff, error, Typed { reason: &typed, ..Typed::default() }),
    }
}

fn destination(word: &str) -> Option<Destination> {
    if let Some(counter) = word.strip_prefix("schalter-") {
        return counter.parse().ok().map(Destination::Counter);
    }
    word.strip_prefix("standort-")?.parse().ok().map(Destination::Location)
}

/// The ticket's page as it is now, with what was typed.
fn refused(site: &Site, staff: &Staff, error: QueueError, typed: Typed<'_>) -> Result<Response, WebError> {
    let (now, key) = match error {
        QueueError::NotFound => return Err(WebError::NotFound),
        QueueError::Database(error) => return Err(error.into()),
        QueueError::Changed(now) => (now, "changed"),
        QueueError::NotPossible(now) | QueueError::Occupied(now) => (now, "not_possible"),
    };
    Ok(ticket::refused(site, staff, &now, key, typed).into_response())
}
