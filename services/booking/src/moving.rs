//! Moving an appointment to another time: one transaction, all or nothing.

use jiff::{Timestamp, ToSpan as _};
use jiff_sqlx::ToSqlx as _;
use mail::outbox::MailKind;
use schedule::{Candidate, CounterId, LocationId};
use sqlx::Connection;
use tenancy::TenantTx;
use tenancy::town::Rules;
use uuid::Uuid;

use crate::cancel::Target;
use crate::days::TouchedDays;
use crate::desk::{Who, event, promote};
use crate::notices::{Notices, withdraw_reminder};
use crate::place;

/// A wish for another time.
#[derive(Clone, Copy, Debug)]
pub struct Move<'a> {
    /// The booking.
    pub booking_id: Uuid,
    /// Its appointment. It keeps its id, so that calendars know it again.
    pub appointment_id: Uuid,
    /// The new time.
    pub start: Timestamp,
    /// The office.
    pub location: LocationId,
    /// Counters that are free then, the best first. The appointment's own present place may be among them.
    pub candidates: &'a [Candidate],
}

/// What a move did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    /// It was there already; nothing was done.
    pub was_already: bool,
}

/// Why an appointment cannot be moved. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    /// The booking has no such appointment, or it is cancelled.
    #[error("the booking has no such appointment")]
    NotFound,
    /// It begins too soon, has begun, or is over.
    #[error("it is too late to change the appointment")]
    TooLate,
    /// The new place is not free, or no longer.
    #[error("the place has just been taken")]
    JustTaken,
    /// The citizen would have to be in two places at once.
    #[error("it overlaps with appointment {position} of the same booking")]
    OverlapsOwn {
        /// The other appointment.
        position: u8,
    },
    /// The database's own.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Moves an appointment for its citizen: gives its place up, takes the new one, which may overlap with the old, withdraws the reminder,
/// asks for a new one, and sends a mail. Sent twice, it moves once.
///
/// # Errors
/// [`MoveError`].
pub async fn move_to(tx: &mut TenantTx, wish: &Move<'_>, rules: &Rules, now: Timestamp) -> Result<Moved, MoveError> {
    let target = Target::lock(tx, wish.booking_id, wish.appointment_id).await?.ok_or(MoveError::NotFound)?;
    if target.status == "cancelled" {
        return Err(MoveError::NotFound);
    }
    if target.starts_at.to_jiff() == wish.start && target.location_id == wish.location {
        return Ok(Moved { was_already: true });
    }
    if !target.can_change(rules, now) {
        return Err(MoveError::TooLate);
    }
    let minutes = i64::from(target.duration_minutes);
    let end = wish.start.checked_add(minutes.minutes()).map_err(|_| MoveError::JustTaken)?;
    if wish.start <= now || wish.candidates.is_empty() {
        return Err(MoveError::JustTaken);
    }
    check_others(tx, wish, end).await?;
    let counter = exchange(tx, wish, end, now).await?;
    remember(tx, &target, wish, counter, now).await?;
    tell(tx, &target, wish, rules, now).await?;
    promote(tx, target.counter_id, (target.starts_at, target.ends_at), now).await?;
    let mut days = TouchedDays::new(&tx.tenant().zone);
    days.add(target.location_id, target.starts_at.to_jiff());
    days.add(wish.location, wish.start);
    days.bump(tx).await?;
    Ok(Moved { was_already: false })
}

async fn check_others(tx: &mut TenantTx, wish: &Move<'_>, end: Timestamp) -> Result<(), MoveError> {
    let other: Option<(i16,)> = sqlx::query_as(
        "SELECT position FROM appointment
          WHERE booking_id = $1 AND id <> $2 AND status = 'booked' AND during && tstzrange($3, $4) LIMIT 1",
    )
    .bind(wish.booking_id)
    .bind(wish.appointment_id)
    .bind(wish.start.to_sqlx())
    .bind(end.to_sqlx())
    .fetch_optional(tx.conn())
    .await?;
    match other {
        Some((position,)) => Err(MoveError::OverlapsOwn { position: u8::try_from(position).unwrap_or_default() }),
        None => Ok(()),
    }
}

/// Gives the old place up for a new one at the wished office, and answers at which counter; or keeps it.
async fn exchange(tx: &mut TenantTx, wish: &Move<'_>, end: Timestamp, now: Timestamp) -> Result<CounterId, MoveError> {
    let here = |candidate: &&Candidate| candidate.location == wish.location;
    let candidates: Vec<Candidate> = wish.candidates.iter().filter(here).copied().collect();
    place::lock_exchange(tx).await?;
    let mut attempt = tx.conn().begin().await?;
    let mut place = place::lift(&mut attempt, wish.appointment_id).await?;
    (place.starts_at, place.ends_at) = (wish.start.to_sqlx(), end.to_sqlx());
    place.sequence += 1;
    place.version += 1;
    if !place::take_first(&mut attempt, &mut place, &candidates, now).await? {
        attempt.rollback().await?;
        return Err(MoveError::JustTaken);
    }
    attempt.commit().await?;
    Ok(place.counter_id)
}

/// What the booking's history says of it.
async fn remember(
    tx: &mut TenantTx,
    target: &Target,
    wish: &Move<'_>,
    counter: CounterId,
    now: Timestamp,
) -> sqlx::Result<()> {
    let detail = serde_json::json!({
        "from": { "start": target.starts_at.to_jiff(), "counter": target.counter_id },
        "to": { "start": wish.start, "counter": counter },
    });
    event(tx, (target.booking_id, Some(target.id)), "moved", detail, &Who::Citizen, now).await
}

async fn tell(tx: &mut TenantTx, target: &Target, wish: &Move<'_>, rules: &Rules, now: Timestamp) -> sqlx::Result<()> {
    withdraw_reminder(tx, target.id, target.sequence).await?;
    let Some(reader) = target.reader() else { return Ok(()) };
    let zone = tx.tenant().zone.clone();
    let mut notices = Notices::new(reader, now);
    let moved = (target.id, target.sequence + 1);
    notices.add(MailKind::Move, Some(moved));
    if target.wants_reminder {
        notices.remind(moved, wish.start, rules.reminder_at, &zone);
    }
    notices.write(tx).await
}
