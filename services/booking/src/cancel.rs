//! Cancelling one appointment.

use jiff::{Timestamp, ToSpan as _};
use jiff_sqlx::ToSqlx as _;
use mail::outbox::MailKind;
use sqlx::FromRow;
use tenancy::TenantTx;
use tenancy::town::Rules;
use uuid::Uuid;

use crate::days::TouchedDays;
use crate::desk::{Who, event, promote};
use crate::notices::{Notices, Reader, withdraw_reminder};

/// What a cancellation did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled {
    /// It had been cancelled before; nothing was done.
    pub was_already: bool,
}

/// Why an appointment cannot be cancelled.
#[derive(Debug, thiserror::Error)]
pub enum CancelError {
    /// The booking has no such appointment.
    #[error("the booking has no such appointment")]
    NotFound,
    /// It begins too soon, has begun, or is over.
    #[error("it is too late to change the appointment")]
    TooLate,
    /// The database's own.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Cancels one appointment of a confirmed booking for its citizen: its place is free after `rules.release_delay_minutes`, its reminder is
/// withdrawn, a mail goes out. Cancelled once, it stays as it is.
///
/// # Errors
/// [`CancelError`].
pub async fn cancel(
    tx: &mut TenantTx,
    booking_id: Uuid,
    appointment_id: Uuid,
    rules: &Rules,
    now: Timestamp,
) -> Result<Cancelled, CancelError> {
    let target = Target::lock(tx, booking_id, appointment_id).await?.ok_or(CancelError::NotFound)?;
    if target.status == "cancelled" {
        return Ok(Cancelled { was_already: true });
    }
    if !target.can_change(rules, now) {
        return Err(CancelError::TooLate);
    }
    give_up(tx, target.id, rules, now).await?;
    event(tx, (booking_id, Some(appointment_id)), "cancelled", serde_json::json!({}), &Who::Citizen, now).await?;
    withdraw_reminder(tx, target.id, target.sequence).await?;
    if let Some(reader) = target.reader() {
        let mut notices = Notices::new(reader, now);
        notices.add(MailKind::Cancellation, Some((target.id, target.sequence + 1)));
        notices.write(tx).await?;
    }
    promote(tx, target.counter_id, (target.starts_at, target.ends_at), now).await?;
    let mut days = TouchedDays::new(&tx.tenant().zone);
    days.add(target.location_id, target.starts_at.to_jiff());
    days.bump(tx).await?;
    Ok(Cancelled { was_already: false })
}

/// Cancels the row: its place is free after `rules.release_delay_minutes`.
///
/// # Errors
/// The database's own.
pub(crate) async fn give_up(tx: &mut TenantTx, id: Uuid, rules: &Rules, now: Timestamp) -> sqlx::Result<()> {
    let delay = i64::from(rules.release_delay_minutes);
    let free_at = (delay > 0).then(|| now.checked_add(delay.minutes()).unwrap_or(Timestamp::MAX));
    sqlx::query(
        "UPDATE appointment SET status = 'cancelled', blocks = blocks AND $2::timestamptz IS NOT NULL, hold_until = $2,
                                ended_at = $3, sequence = sequence + 1, version = version + 1
          WHERE id = $1",
    )
    .bind(id)
    .bind(free_at.map(|at| at.to_sqlx()))
    .bind(now.to_sqlx())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// An appointment that is to be changed, with whom to tell.
#[derive(FromRow)]
pub(crate) struct Target {
    pub id: Uuid,
    pub booking_id: Uuid,
    pub location_id: i32,
    pub counter_id: i32,
    pub starts_at: jiff_sqlx::Timestamp,
    pub ends_at: jiff_sqlx::Timestamp,
    pub status: String,
    pub sequence: i32,
    pub duration_minutes: i16,
    pub email: Option<String>,
    pub language: String,
    pub wants_reminder: bool,
}

impl Target {
    /// The appointment if it belongs to this confirmed booking, both locked.
    pub async fn lock(tx: &mut TenantTx, booking_id: Uuid, appointment_id: Uuid) -> sqlx::Result<Option<Self>> {
        // Two statements: a single one would not see what another transaction wrote while it waited for the booking.
        sqlx::query("SELECT id FROM booking WHERE id = $1 FOR NO KEY UPDATE")
            .bind(booking_id)
            .execute(tx.conn())
            .await?;
        sqlx::query_as(
            "SELECT a.id, a.booking_id, a.location_id, a.counter_id, lower(a.during) AS starts_at,
                    upper(a.during) AS ends_at, a.status, a.sequence, a.duration_minutes, b.email, b.language, b.wants_reminder
               FROM booking b JOIN appointment a ON a.booking_id = b.id
              WHERE b.id = $1 AND a.id = $2 AND b.state = 'booked' FOR NO KEY UPDATE OF a",
        )
        .bind(booking_id)
        .bind(appointment_id)
        .fetch_optional(tx.conn())
        .await
    }

    /// Whether its citizen can still cancel or move it: until so many minutes before the start as the town says.
    pub fn can_change(&self, rules: &Rules, now: Timestamp) -> bool {
        let start = self.starts_at.to_jiff();
        let last_chance = start.checked_sub(i64::from(rules.cancel_until_minutes).minutes()).unwrap_or(start);
        self.status == "booked" && now < last_chance
    }

    /// Whom to tell, if an address is known.
    pub fn reader(&self) -> Option<Reader<'_>> {
        let address = self.email.as_deref()?;
        Some(Reader { booking_id: self.booking_id, address, language: &self.language })
    }
}
