//! A citizen says on a screen in the hall, or on their own telephone, that they are here.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use schedule::LocationId;
use tenancy::TenantTx;
use uuid::Uuid;

use super::{Ticket, list, take};
use crate::BookingCode;
use crate::days::{TouchedDays, day_of};
use crate::desk::{self, Who};
use crate::view::{Appointment, BookingView, State, Status};

/// From so many minutes before the start on.
pub const CHECK_IN_FROM_MINUTES: i64 = 15;
/// Until so many minutes after the start; later, only a clerk decides.
pub const CHECK_IN_UNTIL_MINUTES: i64 = 10;

/// What comes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// They have a number now, or had it already.
    Here(Box<Ticket>),
    /// Come back at this time.
    TooEarly {
        /// From then on.
        from: Timestamp,
    },
    /// The appointment began too long ago.
    TooLate,
    /// The appointment is at another office.
    OtherOffice {
        /// That one.
        location: LocationId,
    },
    /// The appointment is on another day.
    OtherDay,
    /// It is over, cancelled, or was marked as missed.
    Over,
}

/// The confirmed booking with this code.
///
/// # Errors
/// The database's own.
pub async fn booking_of_code(tx: &mut TenantTx, code: &BookingCode) -> sqlx::Result<Option<Uuid>> {
    let found: Option<(Uuid,)> = sqlx::query_as("SELECT id FROM booking WHERE code = $1 AND state = 'booked'")
        .bind(code.as_str())
        .fetch_optional(tx.conn())
        .await?;
    Ok(found.map(|(id,)| id))
}

/// Checks in for the appointment that is due at `location`, if it is time. Done twice, it is the same number.
///
/// # Errors
/// The database's own.
pub async fn check_in(
    tx: &mut TenantTx,
    booking_id: Uuid,
    location: LocationId,
    now: Timestamp,
) -> sqlx::Result<Arrival> {
    sqlx::query("SELECT id FROM booking WHERE id = $1 FOR NO KEY UPDATE").bind(booking_id).execute(tx.conn()).await?;
    let Some(view) = crate::find(tx, booking_id).await? else { return Ok(Arrival::Over) };
    let zone = tx.tenant().zone.clone();
    let Some(appointment) = due(&view, location, &zone, now) else { return Ok(Arrival::Over) };
    if is_in_the_hall(appointment.status) {
        return here(tx, appointment.id, now).await;
    }
    if let Some(refused) = refusal(appointment, location, &zone, now) {
        return Ok(refused);
    }
    let mut days = TouchedDays::new(&zone);
    desk::set_status(tx, appointment.id, Status::Arrived, &Who::Citizen, now, &mut days).await?;
    take::arrive(tx, appointment.id, "", now).await?;
    days.bump(tx).await?;
    here(tx, appointment.id, now).await
}

/// The ticket of an appointment whose citizen is in the hall; a clerk may have set the arrival without one.
async fn here(tx: &mut TenantTx, appointment_id: Uuid, now: Timestamp) -> sqlx::Result<Arrival> {
    let ticket = match list::of_appointment(tx, appointment_id).await? {
        Some(ticket) => ticket,
        None => take::arrive(tx, appointment_id, "", now).await?,
    };
    Ok(Arrival::Here(Box::new(ticket)))
}

/// Which of a booking's appointments is meant: one of today, here rather than elsewhere, the nearest in time.
fn due<'a>(view: &'a BookingView, location: LocationId, zone: &TimeZone, now: Timestamp) -> Option<&'a Appointment> {
    let today = day_of(now, zone);
    let is_open = |it: &&Appointment| it.status == Status::Booked || is_in_the_hall(it.status);
    view.appointments.iter().filter(|_| view.booking.state == State::Booked).filter(is_open).min_by_key(|it| {
        let distance = it.start.duration_since(now).unsigned_abs();
        (day_of(it.start, zone) != today, it.location != location, distance)
    })
}

/// Why this is not the time or the place.
fn refusal(it: &Appointment, location: LocationId, zone: &TimeZone, now: Timestamp) -> Option<Arrival> {
    let from = it.start.checked_sub(CHECK_IN_FROM_MINUTES.minutes()).unwrap_or(it.start);
    let until = it.start.checked_add(CHECK_IN_UNTIL_MINUTES.minutes()).unwrap_or(it.start);
    if day_of(it.start, zone) != day_of(now, zone) {
        Some(if it.start < now { Arrival::Over } else { Arrival::OtherDay })
    } else if it.location != location {
        Some(Arrival::OtherOffice { location: it.location })
    } else if now < from {
        Some(Arrival::TooEarly { from })
    } else if until < now {
        Some(Arrival::TooLate)
    } else {
        None
    }
}

fn is_in_the_hall(status: Status) -> bool {
    matches!(status, Status::Arrived | Status::Called | Status::InService)
}
