//! When an appointment gives its place up, one that was put on top of it on purpose gets the place.

use jiff::Timestamp;
use schedule::CounterId;
use sqlx::{Connection as _, FromRow};
use tenancy::TenantTx;
use uuid::Uuid;

use crate::days::TouchedDays;
use crate::place;

/// Lets overbooked appointments at `counter` between `from` and `until` block their place, the earliest first, as far as
/// nothing else stands in the way. A cancelled place that is not released yet gives way to them: the delay is against
/// trading, not against whom colleagues have put there. The caller raises the version of the day.
///
/// # Errors
/// The database's own.
pub(crate) async fn promote(
    tx: &mut TenantTx,
    counter: CounterId,
    (from, until): (jiff_sqlx::Timestamp, jiff_sqlx::Timestamp),
    now: Timestamp,
) -> sqlx::Result<()> {
    let waiting: Vec<Waiting> = sqlx::query_as(
        "SELECT id, booking_id, location_id, lower(during) AS starts_at FROM appointment
          WHERE counter_id = $1 AND during && tstzrange($2, $3) AND overbooked
            AND status IN ('booked', 'arrived', 'called', 'in_service')
          ORDER BY lower(during), created_at, id",
    )
    .bind(counter)
    .bind(from)
    .bind(until)
    .fetch_all(tx.conn())
    .await?;
    promote_all(tx, waiting, now).await?;
    Ok(())
}

/// Does the same everywhere, for those whose blocker went without a word: an expired hold, a cancelled place after its
/// delay. Raises the versions of their days. Returns how many have got their place.
///
/// # Errors
/// The database's own.
pub(crate) async fn promote_ahead(tx: &mut TenantTx, now: Timestamp) -> sqlx::Result<u64> {
    let waiting: Vec<Waiting> = sqlx::query_as(
        "SELECT a.id, a.booking_id, a.location_id, lower(a.during) AS starts_at FROM appointment a
          WHERE a.overbooked AND a.status IN ('booked', 'arrived', 'called', 'in_service')
            AND NOT EXISTS (SELECT FROM appointment o
                             WHERE o.counter_id = a.counter_id AND o.during && a.during AND o.blocks)
          ORDER BY lower(a.during), a.created_at, a.id",
    )
    .fetch_all(tx.conn())
    .await?;
    let promoted = promote_all(tx, waiting, now).await?;
    let mut days = TouchedDays::new(&tx.tenant().zone);
    promoted.iter().for_each(|it| days.add(it.location_id, it.starts_at.to_jiff()));
    days.bump(tx).await?;
    Ok(u64::try_from(promoted.len()).unwrap_or(u64::MAX))
}

/// An appointment on top of another one.
#[derive(FromRow)]
struct Waiting {
    id: Uuid,
    booking_id: Uuid,
    location_id: i32,
    starts_at: jiff_sqlx::Timestamp,
}

/// Those that have got their place.
async fn promote_all(tx: &mut TenantTx, waiting: Vec<Waiting>, now: Timestamp) -> sqlx::Result<Vec<Waiting>> {
    let mut promoted = Vec::new();
    if waiting.is_empty() {
        return Ok(promoted);
    }
    place::lock_exchange(tx).await?;
    for it in waiting {
        if is_untouched(tx, &it).await? && promote_one(tx, &it, now).await? {
            promoted.push(it);
        }
    }
    Ok(promoted)
}

/// Locks it with its booking, but waits for nobody who is busy with it: they may be waiting for our exchange lock. Such
/// a one gets its place with the clock's next round.
async fn is_untouched(tx: &mut TenantTx, it: &Waiting) -> sqlx::Result<bool> {
    let locked: Option<(bool,)> = sqlx::query_as(
        "SELECT a.overbooked AND a.status IN ('booked', 'arrived', 'called', 'in_service')
           FROM booking b JOIN appointment a ON a.booking_id = b.id
          WHERE b.id = $1 AND a.id = $2 FOR NO KEY UPDATE OF b, a SKIP LOCKED",
    )
    .bind(it.booking_id)
    .bind(it.id)
    .fetch_optional(tx.conn())
    .await?;
    Ok(locked.is_some_and(|(is_on_top,)| is_on_top))
}

/// `false`: somebody else has the place, and this one stays on top.
async fn promote_one(tx: &mut TenantTx, it: &Waiting, now: Timestamp) -> sqlx::Result<bool> {
    let mut attempt = tx.conn().begin().await?;
    let place = place::lift(&mut attempt, it.id).await?;
    release_delayed(&mut attempt, &place).await?;
    let is_taken = place::take(&mut attempt, &place, now).await?;
    if is_taken {
        attempt.commit().await?;
    } else {
        attempt.rollback().await?;
    }
    Ok(is_taken)
}

async fn release_delayed(conn: &mut sqlx::PgConnection, place: &place::Place) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE appointment SET blocks = false
          WHERE id IN (SELECT id FROM appointment
                        WHERE counter_id = $1 AND during && tstzrange($2, $3) AND blocks AND status = 'cancelled'
                          FOR UPDATE SKIP LOCKED)",
    )
    .bind(place.counter_id)
    .bind(place.starts_at)
    .bind(place.ends_at)
    .execute(conn)
    .await?;
    Ok(())
}
