//! Locking a ticket with its booking, and writing its next state.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use schedule::CounterId;
use tenancy::TenantTx;
use uuid::Uuid;

use super::{Change, QueueError, Ticket, TicketState, list};
use crate::days::TouchedDays;
use crate::desk::{self, By, Who};

/// Locks the ticket, and before it the booking that it belongs to.
///
/// # Errors
/// [`QueueError::NotFound`]; [`QueueError::Changed`] if it is no longer as the page showed it.
pub(super) async fn lock(tx: &mut TenantTx, change: Change) -> Result<Ticket, QueueError> {
    sqlx::query(
        "SELECT b.id FROM booking b JOIN appointment a ON a.booking_id = b.id JOIN ticket t ON t.appointment_id = a.id
          WHERE t.id = $1 FOR NO KEY UPDATE OF b",
    )
    .bind(change.id)
    .execute(tx.conn())
    .await?;
    sqlx::query("SELECT id FROM ticket WHERE id = $1 FOR NO KEY UPDATE").bind(change.id).execute(tx.conn()).await?;
    let ticket = list::find(tx, change.id).await?.ok_or(QueueError::NotFound)?;
    if ticket.version == change.seen_version { Ok(ticket) } else { Err(QueueError::Changed(Box::new(ticket))) }
}

/// Locks a counter, so that one counter calls one person, however often a key is pressed, and checks that nobody but
/// `but` is at it.
///
/// # Errors
/// [`QueueError::NotFound`], [`QueueError::Occupied`].
pub(crate) async fn lock_free_counter(
    tx: &mut TenantTx,
    counter: CounterId,
    but: Option<Uuid>,
    now: Timestamp,
) -> Result<(), QueueError> {
    let found: Option<(i32,)> = sqlx::query_as("SELECT id FROM counter WHERE id = $1 AND active FOR NO KEY UPDATE")
        .bind(counter)
        .fetch_optional(tx.conn())
        .await?;
    found.ok_or(QueueError::NotFound)?;
    let day = crate::days::day_of(now, &tx.tenant().zone);
    let sitting: Option<(Uuid,)> = sqlx::query_as(
        "SELECT id FROM ticket WHERE counter_id = $1 AND day = $2 AND state IN ('called', 'in_service')
            AND id IS DISTINCT FROM $3 LIMIT 1",
    )
    .bind(counter)
    .bind(day.to_sqlx())
    .bind(but)
    .fetch_optional(tx.conn())
    .await?;
    let Some((id,)) = sitting else { return Ok(()) };
    let ticket = list::find(tx, id).await?.ok_or(QueueError::NotFound)?;
    Err(QueueError::Occupied(Box::new(ticket)))
}

/// Writes a locked ticket's next state with its appointment's status, and returns it as it is then.
///
/// # Errors
/// The database's own.
pub(super) async fn write(
    tx: &mut TenantTx,
    ticket: &Ticket,
    to: TicketState,
    counter: Option<CounterId>,
    by: &By<'_>,
    now: Timestamp,
) -> Result<Ticket, QueueError> {
    let mut days = TouchedDays::new(&tx.tenant().zone);
    put(tx, ticket, (to, counter), by, now, &mut days).await?;
    days.bump(tx).await?;
    list::find(tx, ticket.id).await?.ok_or(QueueError::NotFound)
}

/// The same for those who have more to do before they raise the versions of `days`.
///
/// # Errors
/// The database's own.
pub(super) async fn put(
    tx: &mut TenantTx,
    ticket: &Ticket,
    (to, counter): (TicketState, Option<CounterId>),
    by: &By<'_>,
    now: Timestamp,
    days: &mut TouchedDays,
) -> sqlx::Result<()> {
    if let (Some(appointment), Some(status)) = (ticket.appointment_id, to.status())
        && ticket.state.status() != Some(status)
    {
        desk::set_status(tx, appointment, status, &Who::Staff(by), now, days).await?;
    }
    days.add_seen(ticket.location, ticket.day);
    set(tx, ticket.id, to, counter, by.name, now).await
}

/// Writes the ticket's own row. Back from the counter to the call is no new call: the display stays silent.
///
/// # Errors
/// The database's own.
pub(super) async fn set(
    tx: &mut TenantTx,
    id: Uuid,
    to: TicketState,
    counter: Option<CounterId>,
    by: &str,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE ticket SET state = $2, counter_id = $3,
                calls = calls + CASE WHEN $2 = 'called' AND state <> 'in_service' THEN 1 ELSE 0 END,
                called_at = CASE WHEN $2 = 'called' AND state <> 'in_service' THEN $5 ELSE called_at END,
                served_at = CASE WHEN $2 = 'in_service' THEN coalesce(served_at, $5) ELSE served_at END,
                ended_at = CASE WHEN $2 IN ('done', 'no_show', 'withdrawn') THEN $5 END,
                changed_by = $4, changed_at = $5, version = version + 1
          WHERE id = $1",
    )
    .bind(id)
    .bind(to.as_str())
    .bind(counter)
    .bind(by)
    .bind(now.to_sqlx())
    .execute(tx.conn())
    .await?;
    Ok(())
}
