//! The ticket follows its appointment, when the desk has changed that.

use jiff::Timestamp;
use schedule::CounterId;
use tenancy::TenantTx;
use uuid::Uuid;

use super::lock::set;
use super::{TicketState, take};
use crate::Status;

/// Puts the ticket of an appointment into the state that goes with the appointment's new `status`. Who arrives, or is
/// called without having arrived, gets a ticket. The caller has locked the booking and set the appointment.
///
/// # Errors
/// The database's own.
pub(crate) async fn follow(
    tx: &mut TenantTx,
    appointment_id: Uuid,
    status: Status,
    counter: Option<CounterId>,
    by: &str,
    now: Timestamp,
) -> sqlx::Result<()> {
    let to = match status {
        Status::Arrived => return take::arrive(tx, appointment_id, by, now).await.map(|_| ()),
        Status::Called => TicketState::Called,
        Status::InService => TicketState::InService,
        Status::Done => TicketState::Done,
        Status::NoShow => TicketState::NoShow,
        Status::Booked | Status::Cancelled => TicketState::Withdrawn,
        Status::Held | Status::Expired => return Ok(()),
    };
    let known: Option<(Uuid, Option<i32>, bool)> = sqlx::query_as(
        "SELECT id, counter_id, state = 'withdrawn' FROM ticket WHERE appointment_id = $1 FOR NO KEY UPDATE",
    )
    .bind(appointment_id)
    .fetch_optional(tx.conn())
    .await?;
    let (id, called_by) = match known {
        Some((id, called_by, false)) => (id, called_by),
        // Never in the hall as far as is known: a number of today, at the appointment's office.
        _ if to == TicketState::Called => (take::arrive(tx, appointment_id, by, now).await?.id, None),
        Some((id, called_by, true)) => (id, called_by),
        None => return Ok(()),
    };
    set(tx, id, to, counter.or(called_by), by, now).await
}
