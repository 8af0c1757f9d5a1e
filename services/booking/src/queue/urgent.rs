//! Letting somebody go first, always with a reason: colleagues and those who wait will ask.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use tenancy::TenantTx;

use super::change::in_state;
use super::lock::lock;
use super::{Change, QueueError, Ticket, TicketState, list};
use crate::days::touch;
use crate::desk::By;

/// Lets somebody go before all others, for a reason of at most 200 characters; without a reason, in their turn again.
///
/// # Errors
/// [`QueueError`].
pub async fn prefer(
    tx: &mut TenantTx,
    change: Change,
    reason: &str,
    by: &By<'_>,
    now: Timestamp,
) -> Result<Ticket, QueueError> {
    let ticket = in_state(lock(tx, change).await?, &[TicketState::Waiting, TicketState::Parked])?;
    sqlx::query(
        "UPDATE ticket SET priority = $2, priority_reason = $3, changed_by = $4, changed_at = $5, version = version + 1
          WHERE id = $1",
    )
    .bind(ticket.id)
    .bind(i16::from(!reason.is_empty()))
    .bind(reason)
    .bind(by.name)
    .bind(now.to_sqlx())
    .execute(tx.conn())
    .await?;
    touch(tx, ticket.location, ticket.day).await?;
    list::find(tx, ticket.id).await?.ok_or(QueueError::NotFound)
}
