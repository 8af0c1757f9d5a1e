//! Putting appointments elsewhere, all or none.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use sqlx::Connection;
use tenancy::TenantTx;
use uuid::Uuid;

use super::Spot;
use crate::place::{self, Place};

/// An appointment and where it shall be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Transfer {
    pub appointment_id: Uuid,
    pub to: Spot,
    /// Calendars and mails are told: the time is another one.
    pub is_news: bool,
    /// A cancelled appointment is booked again.
    pub revives: bool,
    /// Where somebody else is, it stands on top of them, as it did before.
    pub may_stand_on_top: bool,
}

/// Lifts all the appointments and puts them where they shall be. Those whose new place is taken: then nothing has changed.
///
/// # Errors
/// The database's own.
pub(super) async fn transfer(
    tx: &mut TenantTx,
    all: &[Transfer],
    now: Timestamp,
) -> sqlx::Result<Result<(), Vec<Uuid>>> {
    if all.is_empty() {
        return Ok(Ok(()));
    }
    place::lock_exchange(tx).await?;
    let mut attempt = tx.conn().begin().await?;
    let mut lifted: Vec<(Transfer, Place)> = Vec::with_capacity(all.len());
    for it in all {
        lifted.push((*it, place::lift(&mut attempt, it.appointment_id).await?));
    }
    // Everybody takes places in this order, so that nobody waits in a circle.
    lifted.sort_by_key(|(it, _)| (it.to.counter, it.to.start));
    let mut taken = Vec::new();
    for (it, place) in &mut lifted {
        (place.starts_at, place.ends_at) = (it.to.start.to_sqlx(), it.to.end.to_sqlx());
        place.version += 1;
        place.sequence += i32::from(it.is_news);
        if it.revives {
            (place.status, place.hold_until) = ("booked".to_owned(), None);
        }
        (place.counter_id, place.location_id) = (it.to.counter, it.to.location);
        if place::take(&mut attempt, place, now).await? {
            continue;
        }
        if it.may_stand_on_top {
            place::put_on_top(&mut attempt, place).await?;
        } else {
            taken.push(it.appointment_id);
        }
    }
    if taken.is_empty() {
        attempt.commit().await?;
        return Ok(Ok(()));
    }
    attempt.rollback().await?;
    Ok(Err(taken))
}
