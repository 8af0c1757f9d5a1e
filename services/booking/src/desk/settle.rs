//! Putting an appointment elsewhere, or making it longer or shorter, without losing what is known of it.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use schedule::{CounterId, LocationId};
use sqlx::Connection as _;
use sqlx::types::Json;
use tenancy::TenantTx;
use uuid::Uuid;

use super::promote::promote;
use super::target::Target;
use super::{Clash, DeskError, clashes};
use crate::{Item, place};

/// How an appointment shall be.
pub(super) struct Settlement<'a> {
    pub location: LocationId,
    pub counter: CounterId,
    pub start: Timestamp,
    pub end: Timestamp,
    /// Others than before.
    pub items: Option<&'a [Item]>,
    /// Citizens are told of it: their calendars need a new number.
    pub is_told: bool,
}

/// Gives the old place up for the new one. Where somebody is in the way it stands on top of them if all of them are among
/// `over`, which a warning has named; else nothing has changed. Whoever was on top of the old place gets it. Answers
/// whether it stands on top now.
///
/// # Errors
/// [`DeskError::Conflict`]; the database's own.
pub(super) async fn settle(
    tx: &mut TenantTx,
    target: &Target,
    wish: &Settlement<'_>,
    over: &[Uuid],
    now: Timestamp,
) -> Result<bool, DeskError> {
    place::lock_exchange(tx).await?;
    let mut with = clashes(tx, &[wish.counter], (wish.start, wish.end), Some(target.id), now).await?;
    let is_alone = with.is_empty();
    with.retain(|it| !wish.stays_with(target, it));
    if with.iter().any(|it| !over.contains(&it.id)) {
        return Err(DeskError::Conflict { with });
    }
    let is_free = take(tx, target, wish, now).await?;
    if !is_free && is_alone {
        // Taken in this very moment: there is nobody to name yet.
        return Err(DeskError::Changed(None));
    }
    if !is_free {
        put_on_top(tx, target, wish).await?;
    }
    promote(tx, target.counter_id, (target.starts_at, target.ends_at), now).await?;
    Ok(!is_free)
}

impl Settlement<'_> {
    /// Whether `other` was in the way of it before as well, where it stays as it is but for its length: that is no news.
    fn stays_with(&self, target: &Target, other: &Clash) -> bool {
        let before = (target.starts_at.to_jiff(), target.ends_at.to_jiff());
        self.start == before.0 && self.counter == target.counter_id && other.overlaps(before)
    }
}

/// Takes the new place if it is free. What happened in the hall stays known.
async fn take(tx: &mut TenantTx, target: &Target, wish: &Settlement<'_>, now: Timestamp) -> sqlx::Result<bool> {
    let mut attempt = tx.conn().begin().await?;
    let mut place = place::lift(&mut attempt, target.id).await?;
    (place.starts_at, place.ends_at) = (wish.start.to_sqlx(), wish.end.to_sqlx());
    place.duration_minutes = minutes(wish);
    place.version += 1;
    place.sequence += i32::from(wish.is_told);
    if let Some(items) = wish.items {
        place.items = Json(serde_json::to_value(items).map_err(|error| sqlx::Error::Encode(Box::new(error)))?);
        place.fee_cents = fee_cents(items);
    }
    (place.counter_id, place.location_id) = (wish.counter, wish.location);
    if !place::take(&mut attempt, &place, now).await? {
        attempt.rollback().await?;
        return Ok(false);
    }
    attempt.commit().await?;
    Ok(true)
}

async fn put_on_top(tx: &mut TenantTx, target: &Target, wish: &Settlement<'_>) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE appointment
            SET overbooked = true, blocks = false, location_id = $2, counter_id = $3, during = tstzrange($4, $5),
                duration_minutes = $6, sequence = sequence + $7, version = version + 1, items = coalesce($8, items),
                fee_cents = coalesce($9, fee_cents)
          WHERE id = $1",
    )
    .bind(target.id)
    .bind(wish.location)
    .bind(wish.counter)
    .bind(wish.start.to_sqlx())
    .bind(wish.end.to_sqlx())
    .bind(minutes(wish))
    .bind(i32::from(wish.is_told))
    .bind(wish.items.map(Json))
    .bind(wish.items.map(fee_cents))
    .execute(tx.conn())
    .await?;
    Ok(())
}

fn minutes(wish: &Settlement<'_>) -> i16 {
    i16::try_from(wish.end.duration_since(wish.start).as_mins()).unwrap_or(i16::MAX)
}

fn fee_cents(items: &[Item]) -> i32 {
    i32::try_from(items.iter().map(|it| it.fee_cents).sum::<u32>()).unwrap_or(i32::MAX)
}
