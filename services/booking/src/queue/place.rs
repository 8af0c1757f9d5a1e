//! Sending somebody on: to another counter, or to another office of the town.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use schedule::{CounterId, LocationId};
use tenancy::TenantTx;

use super::change::in_state;
use super::lock::{lock, put};
use super::numbers::keep_or_next;
use super::{Change, QueueError, Ticket, TicketState, list};
use crate::days::TouchedDays;
use crate::desk::By;

/// Where somebody is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination {
    /// To this counter, wherever it is; only it shall call.
    Counter(CounterId),
    /// To this office; any counter there that serves the concerns may call.
    Location(LocationId),
}

/// Lets somebody wait for another counter or at another office, with their turn. At another office the number stays the
/// same unless somebody there has it already.
///
/// # Errors
/// [`QueueError`]; [`QueueError::NotFound`] also if there is no such counter or office.
pub async fn send_to(
    tx: &mut TenantTx,
    change: Change,
    destination: Destination,
    by: &By<'_>,
    now: Timestamp,
) -> Result<Ticket, QueueError> {
    let (location, for_counter) = find(tx, destination).await?.ok_or(QueueError::NotFound)?;
    let open = [TicketState::Waiting, TicketState::Called, TicketState::InService, TicketState::Parked];
    let ticket = in_state(lock(tx, change).await?, &open)?;
    // The status first: it may want the exchange lock, which nobody asks for under the lock of the numbers.
    let mut days = TouchedDays::new(&tx.tenant().zone);
    put(tx, &ticket, (TicketState::Waiting, None), by, now, &mut days).await?;
    let number = i32::try_from(ticket.number).unwrap_or(i32::MAX);
    let number = if location == ticket.location {
        number
    } else {
        keep_or_next(tx, location, ticket.day, ticket.kind, number).await?
    };
    sqlx::query("UPDATE ticket SET location_id = $2, for_counter_id = $3, number = $4 WHERE id = $1 AND day = $5")
        .bind(ticket.id)
        .bind(location)
        .bind(for_counter)
        .bind(number)
        .bind(ticket.day.to_sqlx())
        .execute(tx.conn())
        .await?;
    days.add_seen(location, ticket.day);
    days.bump(tx).await?;
    list::find(tx, ticket.id).await?.ok_or(QueueError::NotFound)
}

/// The office, and the counter if it is one.
async fn find(tx: &mut TenantTx, destination: Destination) -> sqlx::Result<Option<(LocationId, Option<CounterId>)>> {
    match destination {
        Destination::Counter(counter) => {
            let found: Option<(i32,)> = sqlx::query_as("SELECT location_id FROM counter WHERE id = $1 AND active")
                .bind(counter)
                .fetch_optional(tx.conn())
                .await?;
            Ok(found.map(|(location,)| (location, Some(counter))))
        }
        Destination::Location(location) => {
            let found: Option<(i32,)> = sqlx::query_as("SELECT id FROM location WHERE id = $1 AND active")
                .bind(location)
                .fetch_optional(tx.conn())
                .await?;
            Ok(found.map(|(location,)| (location, None)))
        }
    }
}
