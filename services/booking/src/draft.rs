//! A draft while somebody types: more time, what was typed so far, giving it up.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use sqlx::PgConnection;
use tenancy::TenantTx;
use tenancy::town::Rules;
use uuid::Uuid;

use crate::again::{self, Lost};
use crate::days::TouchedDays;
use crate::hold::hold_until;
use crate::person::keepable;
use crate::place::{self, Spot};
use crate::{EmailAddress, PersonName, PhoneNumber, Typed};

/// Why there is no more time.
#[derive(Debug, thiserror::Error)]
pub enum ExtendError {
    /// There is no such draft, or it has no places, or it is confirmed already.
    #[error("there is no such draft")]
    Gone,
    /// It has been extended as often as the town allows.
    #[error("the time has been extended {0} times already")]
    TooOften(u8),
    /// Expired, and these have gone to somebody else. Commit: the others are held anew.
    #[error("{} places are lost", .0.len())]
    ExpiredAndTaken(Vec<Lost>),
    /// The database's own.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Holds a draft's places for `rules.hold_minutes` from `now` on; at most `rules.hold_extensions` times (WCAG 2.2.1 asks
/// for ten). Expired ones are taken again if they are free. Returns the new end.
///
/// # Errors
/// [`ExtendError`].
pub async fn extend(
    tx: &mut TenantTx,
    booking_id: Uuid,
    rules: &Rules,
    now: Timestamp,
) -> Result<Timestamp, ExtendError> {
    let extensions: Option<(i16,)> =
        sqlx::query_as("SELECT hold_extensions FROM booking WHERE id = $1 AND state = 'draft' FOR NO KEY UPDATE")
            .bind(booking_id)
            .fetch_optional(tx.conn())
            .await?;
    let (extensions,) = extensions.ok_or(ExtendError::Gone)?;
    if extensions >= i16::from(rules.hold_extensions) {
        return Err(ExtendError::TooOften(rules.hold_extensions));
    }
    let spots = place::lock_all(tx.conn(), booking_id).await?;
    if spots.is_empty() {
        return Err(ExtendError::Gone);
    }
    let until = hold_until(rules, now);
    let lost = again::retake(tx, &spots, until, now).await?;
    renew(tx, booking_id, &spots, until).await?;
    if lost.is_empty() { Ok(until) } else { Err(ExtendError::ExpiredAndTaken(lost)) }
}

/// Moves the end of all held places, counted as one extension.
async fn renew(tx: &mut TenantTx, booking_id: Uuid, spots: &[Spot], until: Timestamp) -> sqlx::Result<()> {
    sqlx::query(
        "WITH held AS (UPDATE appointment SET hold_until = $2 WHERE booking_id = $1 AND status = 'held')
         UPDATE booking SET hold_until = $2, hold_extensions = hold_extensions + 1 WHERE id = $1",
    )
    .bind(booking_id)
    .bind(until.to_sqlx())
    .execute(tx.conn())
    .await?;
    bump_all(tx, spots).await
}

/// Keeps what somebody has typed so far, so that it survives the search for another time. What is no longer a draft
/// stays as it is; control characters and what is longer than a field are dropped.
///
/// # Errors
/// The database's own.
pub async fn save_typed(tx: &mut TenantTx, booking_id: Uuid, typed: &Typed) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE booking SET name = $2, email = $3, phone = $4, wants_reminder = $5 WHERE id = $1 AND state = 'draft'",
    )
    .bind(booking_id)
    .bind(keepable(&typed.name, PersonName::MOST))
    .bind(keepable(&typed.email, EmailAddress::MOST))
    .bind(keepable(&typed.phone, PhoneNumber::MOST))
    .bind(typed.wants_reminder)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Gives a draft up with all its places, which are free at once. What is no longer a draft stays as it is.
///
/// # Errors
/// The database's own.
pub async fn release(tx: &mut TenantTx, booking_id: Uuid) -> sqlx::Result<()> {
    if !lock_draft(tx.conn(), booking_id).await? {
        return Ok(());
    }
    let spots = place::lock_all(tx.conn(), booking_id).await?;
    sqlx::query("DELETE FROM booking WHERE id = $1").bind(booking_id).execute(tx.conn()).await?;
    bump_all(tx, &spots).await
}

async fn lock_draft(conn: &mut PgConnection, booking_id: Uuid) -> sqlx::Result<bool> {
    let found: Option<(Uuid,)> = sqlx::query_as("SELECT id FROM booking WHERE id = $1 AND state = 'draft' FOR UPDATE")
        .bind(booking_id)
        .fetch_optional(conn)
        .await?;
    Ok(found.is_some())
}

/// Tells the readers of free times that these places have changed.
pub(crate) async fn bump_all(tx: &mut TenantTx, spots: &[Spot]) -> sqlx::Result<()> {
    let mut days = TouchedDays::new(&tx.tenant().zone);
    spots.iter().for_each(|spot| days.add(spot.location_id, spot.start()));
    days.bump(tx).await
}
