//! The number on paper, for people without a telephone in their hand.

use axum::extract::State;
use booking::queue;
use minijinja::context;
use minijinja::value::Serde;
use uuid::Uuid;

use super::row::{self, Row};
use crate::extract::{Segment, Site};
use crate::staff::{self, May, SeeDay};
use crate::{AppState, Page, WebError};

/// `GET /{id}/zettel`
pub(super) async fn show(
    site: Site,
    staff: May<SeeDay>,
    State(app): State<AppState>,
    Segment(id): Segment<Uuid>,
) -> Result<Page, WebError> {
    let mut tx = site.tx(&app).await?;
    let ticket = queue::find(&mut tx, id).await?.ok_or(WebError::NotFound)?;
    let before = queue::waiting(&mut tx, ticket.location, ticket.day, site.now).await?;
    tx.rollback().await?;
    let before =
        before.iter().take_while(|it| it.id != id).filter(|it| it.state == queue::TicketState::Waiting).count();
    let values = context! {
        ticket => Serde(Row::new(&site, &ticket, None)),
        // Others in the hall can read it.
        is_sensitive => ticket.items.iter().any(|it| it.neutral),
        place => row::place_words(&site, &ticket),
        taken_at => row::clock(&site, ticket.created_at),
        day => Serde(ticket.day),
        before,
    };
    Ok(staff::page(&staff, "queue", "staff/queue_slip.html", values))
}
