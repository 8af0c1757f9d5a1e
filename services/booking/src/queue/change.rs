//! What a clerk does with somebody in the hall: call, call again, park, serve, finish.

use jiff::Timestamp;
use schedule::CounterId;
use tenancy::TenantTx;

use super::lock::{lock, lock_free_counter, write};
use super::{Change, QueueError, Ticket, TicketState};
use crate::desk::By;

/// Calls this one to `counter`, whoever else is before them.
///
/// # Errors
/// [`QueueError`].
pub async fn call(
    tx: &mut TenantTx,
    change: Change,
    counter: CounterId,
    by: &By<'_>,
    now: Timestamp,
) -> Result<Ticket, QueueError> {
    lock_free_counter(tx, counter, Some(change.id), now).await?;
    let ticket = lock(tx, change).await?;
    let ticket = in_state(ticket, &[TicketState::Waiting, TicketState::Parked])?;
    write(tx, &ticket, (TicketState::Called, Some(counter)), None, by, now).await
}

/// Calls once more, to the counter that has called before.
///
/// # Errors
/// [`QueueError`].
pub async fn recall(tx: &mut TenantTx, change: Change, by: &By<'_>, now: Timestamp) -> Result<Ticket, QueueError> {
    let ticket = in_state(lock(tx, change).await?, &[TicketState::Called])?;
    write(tx, &ticket, (TicketState::Called, ticket.counter), None, by, now).await
}

/// Lets somebody wait aside, because they fetch something or did not hear the call. Nobody calls them until they are
/// back.
///
/// # Errors
/// [`QueueError`].
pub async fn park(tx: &mut TenantTx, change: Change, by: &By<'_>, now: Timestamp) -> Result<Ticket, QueueError> {
    let open = [TicketState::Waiting, TicketState::Called, TicketState::InService];
    let ticket = in_state(lock(tx, change).await?, &open)?;
    write(tx, &ticket, (TicketState::Parked, None), Some("parked"), by, now).await
}

/// Service begins.
///
/// # Errors
/// [`QueueError`].
pub async fn serve(tx: &mut TenantTx, change: Change, by: &By<'_>, now: Timestamp) -> Result<Ticket, QueueError> {
    let ticket = in_state(lock(tx, change).await?, &[TicketState::Called])?;
    write(tx, &ticket, (TicketState::InService, ticket.counter), None, by, now).await
}

/// It is over. Who forgot to say that service had begun need not do so now.
///
/// # Errors
/// [`QueueError`].
pub async fn finish(tx: &mut TenantTx, change: Change, by: &By<'_>, now: Timestamp) -> Result<Ticket, QueueError> {
    let ticket = in_state(lock(tx, change).await?, &[TicketState::Called, TicketState::InService])?;
    write(tx, &ticket, (TicketState::Done, ticket.counter), None, by, now).await
}

/// Did not come when called, or is gone.
///
/// # Errors
/// [`QueueError`].
pub async fn no_show(tx: &mut TenantTx, change: Change, by: &By<'_>, now: Timestamp) -> Result<Ticket, QueueError> {
    let open = [TicketState::Waiting, TicketState::Called, TicketState::Parked];
    let ticket = in_state(lock(tx, change).await?, &open)?;
    write(tx, &ticket, (TicketState::NoShow, ticket.counter), None, by, now).await
}

/// One step back, for what was pressed in error, and for who was parked and is here again.
///
/// # Errors
/// [`QueueError`]; [`QueueError::Occupied`] if the counter has somebody else by now.
pub async fn back(tx: &mut TenantTx, change: Change, by: &By<'_>, now: Timestamp) -> Result<Ticket, QueueError> {
    let seen = super::find(tx, change.id).await?.ok_or(QueueError::NotFound)?;
    if let (TicketState::Done, Some(counter)) = (seen.state, seen.counter) {
        lock_free_counter(tx, counter, Some(seen.id), now).await?;
    }
    let ticket = lock(tx, change).await?;
    let (to, counter) = match ticket.state {
        TicketState::Called | TicketState::Parked | TicketState::NoShow => (TicketState::Waiting, None),
        TicketState::InService => (TicketState::Called, ticket.counter),
        TicketState::Done => (TicketState::InService, ticket.counter),
        TicketState::Waiting | TicketState::Withdrawn => return Err(QueueError::NotPossible(Box::new(ticket))),
    };
    write(tx, &ticket, (to, counter), Some("undone"), by, now).await
}

/// The ticket, if it is in one of these states.
pub(super) fn in_state(ticket: Ticket, allowed: &[TicketState]) -> Result<Ticket, QueueError> {
    if allowed.contains(&ticket.state) { Ok(ticket) } else { Err(QueueError::NotPossible(Box::new(ticket))) }
}
