//! The appointment that a colleague is about to change, locked, as they saw it.

use sqlx::FromRow;
use tenancy::TenantTx;
use uuid::Uuid;

use super::DeskError;
use super::step::last_change;
use crate::Status;
use crate::notices::Reader;

/// An appointment of a confirmed booking, both locked.
#[derive(Clone, Debug, FromRow)]
pub(super) struct Target {
    pub id: Uuid,
    pub booking_id: Uuid,
    pub location_id: i32,
    pub counter_id: i32,
    pub starts_at: jiff_sqlx::Timestamp,
    pub ends_at: jiff_sqlx::Timestamp,
    pub status: String,
    pub sequence: i32,
    pub duration_minutes: i16,
    version: i32,
    email: Option<String>,
    language: String,
    pub wants_reminder: bool,
}

impl Target {
    /// Locks booking and appointment.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Changed`] if it is not what was seen, [`DeskError::NotPossible`] if its
    /// status is none of `possible`; the database's own.
    pub async fn lock(tx: &mut TenantTx, id: Uuid, seen_version: i32, possible: &[Status]) -> Result<Self, DeskError> {
        // Two statements: a single one would not see what another transaction wrote while it waited for the booking.
        sqlx::query(
            "SELECT b.id FROM booking b JOIN appointment a ON a.booking_id = b.id
              WHERE a.id = $1 AND b.state = 'booked' FOR NO KEY UPDATE OF b",
        )
        .bind(id)
        .execute(tx.conn())
        .await?;
        let found: Option<Self> = sqlx::query_as(
            "SELECT a.id, a.booking_id, a.location_id, a.counter_id, lower(a.during) AS starts_at,
                    upper(a.during) AS ends_at, a.status, a.sequence, a.duration_minutes, a.version,
                    b.email, b.language, b.wants_reminder
               FROM appointment a JOIN booking b ON b.id = a.booking_id
              WHERE a.id = $1 AND b.state = 'booked' FOR NO KEY UPDATE OF a",
        )
        .bind(id)
        .fetch_optional(tx.conn())
        .await?;
        let found = found.ok_or(DeskError::NotFound)?;
        if found.version != seen_version {
            return Err(DeskError::Changed(last_change(tx, id).await?));
        }
        let status = Status::parse(&found.status).ok_or(DeskError::NotFound)?;
        if possible.contains(&status) { Ok(found) } else { Err(DeskError::NotPossible(status)) }
    }

    /// Whom to tell, if an address is known.
    pub fn reader(&self) -> Option<Reader<'_>> {
        let address = self.email.as_deref()?;
        Some(Reader { booking_id: self.booking_id, address, language: &self.language })
    }
}
