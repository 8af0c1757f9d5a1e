//! Places of a draft that have expired: taken again if they are still free.
//!
//! As long as its row says `held`, a place is still ours, expired or not: whoever takes it over writes `expired` there.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use schedule::{Candidate, CounterId, LocationId};
use sqlx::Connection;
use tenancy::TenantTx;
use uuid::Uuid;

use crate::place::{self, Spot};

/// A place that a draft has lost to somebody else, or to the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lost {
    /// The appointment.
    pub appointment_id: Uuid,
    /// Which of the planned appointments it is.
    pub position: u8,
    /// Where it was.
    pub location: LocationId,
    /// At which counter.
    pub counter: CounterId,
    /// When it was to begin.
    pub start: Timestamp,
}

/// Makes all of `spots` held again until `hold_until`, as far as their places are free and lie ahead, and returns the
/// others. The caller has locked the draft and `spots`.
///
/// # Errors
/// The database's own.
pub(crate) async fn retake(
    tx: &mut TenantTx,
    spots: &[Spot],
    hold_until: Timestamp,
    now: Timestamp,
) -> sqlx::Result<Vec<Lost>> {
    let (ahead, past): (Vec<&Spot>, Vec<&Spot>) = spots.iter().partition(|spot| spot.start() > now);
    give_up(tx, &past, now).await?;
    let mut lost: Vec<Lost> = past.into_iter().map(Lost::from).collect();
    let mut expired: Vec<&Spot> = ahead.into_iter().filter(|spot| spot.status != "held").collect();
    if expired.is_empty() {
        return Ok(lost);
    }
    place::lock_exchange(tx).await?;
    expired.sort_by_key(|spot| (spot.counter_id, spot.start()));
    for spot in expired {
        if !retake_one(tx, spot, hold_until, now).await? {
            lost.push(Lost::from(spot));
        }
    }
    lost.sort_by_key(|it| it.position);
    Ok(lost)
}

/// Nobody comes to an appointment that should have begun already.
async fn give_up(tx: &mut TenantTx, spots: &[&Spot], now: Timestamp) -> sqlx::Result<()> {
    if spots.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = spots.iter().map(|spot| spot.id).collect();
    sqlx::query(
        "UPDATE appointment SET status = 'expired', blocks = false, ended_at = $2 WHERE id = ANY($1) AND status = 'held'",
    )
    .bind(ids)
    .bind(now.to_sqlx())
    .execute(tx.conn())
    .await?;
    Ok(())
}

async fn retake_one(tx: &mut TenantTx, spot: &Spot, hold_until: Timestamp, now: Timestamp) -> sqlx::Result<bool> {
    let mut attempt = tx.conn().begin().await?;
    let mut place = place::lift(&mut attempt, spot.id).await?;
    "held".clone_into(&mut place.status);
    place.hold_until = Some(hold_until.to_sqlx());
    let same = Candidate { counter: spot.counter_id, location: spot.location_id };
    let is_taken = place::take_first(&mut attempt, &mut place, &[same], now).await?;
    if is_taken {
        attempt.commit().await?
    } else {
        attempt.rollback().await?
    }
    Ok(is_taken)
}

impl From<&Spot> for Lost {
    fn from(spot: &Spot) -> Self {
        Self {
            appointment_id: spot.id,
            position: u8::try_from(spot.position).unwrap_or_default(),
            location: spot.location_id,
            counter: spot.counter_id,
            start: spot.start(),
        }
    }
}
