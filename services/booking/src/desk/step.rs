//! One step of an appointment at the counter.

use jiff::Timestamp;
use schedule::CounterId;
use sqlx::FromRow;
use tenancy::TenantTx;
use uuid::Uuid;

use super::{By, Clash, Who, set_status};
use crate::Status;
use crate::days::TouchedDays;
use crate::queue::{self, QueueError, Ticket};

/// What a clerk does with an appointment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The citizen is here.
    Arrive,
    /// To the counter that it is planned at.
    Call,
    /// To the counter of the colleague who calls, if it is at the same office.
    CallTo(CounterId),
    /// Service begins.
    Serve,
    /// It is over.
    Finish,
    /// Nobody came.
    NoShow,
    /// One step back.
    Undo,
}

/// What was done last with an appointment, for the second of two clerks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastChange {
    /// The colleague; empty: the citizen, or a clock.
    pub who: String,
    /// Kind of the event.
    pub what: String,
    /// When.
    pub at: Timestamp,
}

/// Why an appointment was not changed. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// There is no such appointment.
    #[error("there is no such appointment")]
    NotFound,
    /// Somebody else was quicker.
    #[error("the appointment has been changed meanwhile")]
    Changed(Option<LastChange>),
    /// Its status does not allow it.
    #[error("the appointment is {}, which does not allow this", .0.as_str())]
    NotPossible(Status),
    /// Somebody is in the way, of whom nobody has said that it shall be done nevertheless.
    #[error("{} appointments are in the way", with.len())]
    Conflict {
        /// All of them, those that were named before too.
        with: Vec<Clash>,
    },
    /// Somebody is still at the counter that calls.
    #[error("{} is still at the counter", .0.label())]
    Occupied(Box<Ticket>),
    /// The database's own.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

#[derive(FromRow)]
struct Row {
    version: i32,
    status: String,
    has_come: bool,
}

/// Does it, with the ticket that belongs to the appointment, and returns the appointment's new status.
///
/// # Errors
/// [`DeskError`].
pub async fn step(
    tx: &mut TenantTx,
    id: Uuid,
    step: Step,
    seen_version: i32,
    by: &By<'_>,
    now: Timestamp,
) -> Result<Status, DeskError> {
    let calls_to = lock_counter(tx, id, step, now).await?;
    let row = lock(tx, id).await?.ok_or(DeskError::NotFound)?;
    if row.version != seen_version {
        return Err(DeskError::Changed(last_change(tx, id).await?));
    }
    let status = Status::parse(&row.status).ok_or(DeskError::NotFound)?;
    let to = step.leads_to(status, row.has_come).ok_or(DeskError::NotPossible(status))?;
    let mut days = TouchedDays::new(&tx.tenant().zone);
    set_status(tx, id, to, &Who::Staff(by), now, &mut days).await?;
    queue::follow(tx, id, to, calls_to, by.name, now).await?;
    days.bump(tx).await?;
    Ok(to)
}

/// The counter that calls, if one does: locked before the booking as in the queue, since one counter calls one person.
async fn lock_counter(tx: &mut TenantTx, id: Uuid, step: Step, now: Timestamp) -> Result<Option<CounterId>, DeskError> {
    let own = match step {
        Step::Call => None,
        Step::CallTo(counter) => Some(counter),
        _ => return Ok(None),
    };
    let found: Option<(i32, Option<Uuid>)> = sqlx::query_as(
        "SELECT coalesce((SELECT id FROM counter WHERE id = $2 AND location_id = a.location_id), a.counter_id),
                (SELECT id FROM ticket WHERE appointment_id = a.id)
           FROM appointment a WHERE a.id = $1",
    )
    .bind(id)
    .bind(own)
    .fetch_optional(tx.conn())
    .await?;
    let (counter, ticket) = found.ok_or(DeskError::NotFound)?;
    queue::lock_free_counter(tx, counter, ticket, now).await.map_err(|error| match error {
        QueueError::Occupied(ticket) => DeskError::Occupied(ticket),
        QueueError::Database(error) => DeskError::Database(error),
        QueueError::NotFound | QueueError::Changed(_) | QueueError::NotPossible(_) => DeskError::NotFound,
    })?;
    Ok(Some(counter))
}

async fn lock(tx: &mut TenantTx, id: Uuid) -> sqlx::Result<Option<Row>> {
    sqlx::query(
        "SELECT b.id FROM booking b JOIN appointment a ON a.booking_id = b.id
          WHERE a.id = $1 AND b.state = 'booked' FOR NO KEY UPDATE OF b",
    )
    .bind(id)
    .execute(tx.conn())
    .await?;
    sqlx::query_as(
        "SELECT a.version, a.status, a.arrived_at IS NOT NULL AS has_come
           FROM appointment a JOIN booking b ON b.id = a.booking_id WHERE a.id = $1 AND b.state = 'booked'",
    )
    .bind(id)
    .fetch_optional(tx.conn())
    .await
}

pub(super) async fn last_change(tx: &mut TenantTx, id: Uuid) -> sqlx::Result<Option<LastChange>> {
    let found: Option<(String, String, jiff_sqlx::Timestamp)> = sqlx::query_as(
        "SELECT staff_name, kind, at FROM booking_event WHERE appointment_id = $1 ORDER BY booking_event.id DESC LIMIT 1",
    )
    .bind(id)
    .fetch_optional(tx.conn())
    .await?;
    Ok(found.map(|(who, what, at)| LastChange { who, what, at: at.to_jiff() }))
}

impl Step {
    /// Where it leads from `status`; nowhere: it is not possible.
    fn leads_to(self, status: Status, has_come: bool) -> Option<Status> {
        use Status::{Arrived, Booked, Called, Done, InService, NoShow};
        match (self, status) {
            (Self::Arrive, Booked | NoShow) | (Self::Undo, Called) => Some(Arrived),
            (Self::Call | Self::CallTo(_), Booked | Arrived) | (Self::Undo, InService) => Some(Called),
            (Self::Serve, Booked | Arrived | Called) | (Self::Undo, Done) => Some(InService),
            (Self::Finish, Arrived | Called | InService) => Some(Done),
            (Self::NoShow, Booked | Arrived | Called) => Some(NoShow),
            (Self::Undo, NoShow) => Some(if has_come { Arrived } else { Booked }),
            (Self::Undo, Arrived) => Some(Booked),
            _ => None,
        }
    }
}
