//! Calling the next one: two clerks who press at once get two people.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use schedule::{ConcernId, CounterId, LocationId};
use tenancy::TenantTx;
use uuid::Uuid;

use super::list::{order, turn};
use super::lock::{lock_free_counter, write};
use super::ticket::{Row, select};
use super::{QueueError, Ticket, TicketState, list};
use crate::days::day_of;
use crate::desk::By;

/// Calls to `counter` the first one in the hall of `location` whom it can serve: everybody whose concerns are all among
/// `concerns`, and whom somebody has sent to this very counter. Nobody waits: `None`.
///
/// # Errors
/// [`QueueError::Occupied`] if somebody is at the counter still, [`QueueError::NotFound`] if there is no such counter.
pub async fn next(
    tx: &mut TenantTx,
    location: LocationId,
    counter: CounterId,
    concerns: &[ConcernId],
    by: &By<'_>,
    now: Timestamp,
) -> Result<Option<Ticket>, QueueError> {
    lock_free_counter(tx, counter, None, now).await?;
    for candidate in candidates(tx, location, counter, concerns, now).await? {
        // Whom a colleague is just calling is not waited for: that one has found a counter.
        if try_lock(tx, &candidate).await? {
            let ticket = list::find(tx, candidate.id).await?.ok_or(QueueError::NotFound)?;
            return write(tx, &ticket, (TicketState::Called, Some(counter)), None, by, now).await.map(Some);
        }
    }
    Ok(None)
}

/// Everybody whom the counter can serve, in the order in which they are called. Locks nothing.
async fn candidates(
    tx: &mut TenantTx,
    location: LocationId,
    counter: CounterId,
    concerns: &[ConcernId],
    now: Timestamp,
) -> sqlx::Result<Vec<Ticket>> {
    let day = day_of(now, &tx.tenant().zone);
    let rows: Vec<Row> = sqlx::query_as(select!(
        "WHERE t.location_id = $1 AND t.day = $2 AND t.state = 'waiting'
           AND CASE WHEN t.for_counter_id IS NOT NULL THEN t.for_counter_id = $4
                    ELSE NOT EXISTS (SELECT FROM jsonb_array_elements(coalesce(a.items, t.items)) AS item
                                      WHERE NOT (item->>'concern_id')::int = ANY ($5)) END",
        order!()
    ))
    .bind(location)
    .bind(day.to_sqlx())
    .bind(turn(now).to_sqlx())
    .bind(counter)
    .bind(concerns)
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter().map(Ticket::try_from).collect()
}

/// Locks a ticket that still waits as it did a moment ago, and before it its booking, without waiting for either. Who was
/// sent to another office in between is not called here.
async fn try_lock(tx: &mut TenantTx, ticket: &Ticket) -> sqlx::Result<bool> {
    if let Some(booking) = ticket.booking_id {
        let free: Option<(Uuid,)> =
            sqlx::query_as("SELECT id FROM booking WHERE id = $1 FOR NO KEY UPDATE SKIP LOCKED")
                .bind(booking)
                .fetch_optional(tx.conn())
                .await?;
        if free.is_none() {
            return Ok(false);
        }
    }
    let waiting: Option<(Uuid,)> =
        sqlx::query_as("SELECT id FROM ticket WHERE id = $1 AND version = $2 FOR NO KEY UPDATE SKIP LOCKED")
            .bind(ticket.id)
            .bind(ticket.version)
            .fetch_optional(tx.conn())
            .await?;
    Ok(waiting.is_some())
}
