//! Taking a place at a counter. The exclusion constraint decides; the statements here ask it without deadlocks.
//!
//! A plain `INSERT` into an exclusion constraint deadlocks under load, so that every way in is `ON CONFLICT DO NOTHING`.
//! An expired hold still blocks in the table until somebody takes it over, since `now()` cannot stand in the constraint.
//!
//! Nobody waits for a place while holding another one, except under [`lock_exchange`]. Locks are taken in this order:
//! the booking, its appointments, the exchange lock, places, the numbers of tickets, and at last the versions of days.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use schedule::Candidate;
use sqlx::types::Json;
use sqlx::{FromRow, PgConnection};
use tenancy::TenantTx;
use uuid::Uuid;

/// A row of `appointment` on its way to a counter.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct Place {
    pub id: Uuid,
    pub booking_id: Uuid,
    pub position: i16,
    pub location_id: i32,
    pub counter_id: i32,
    pub starts_at: jiff_sqlx::Timestamp,
    pub ends_at: jiff_sqlx::Timestamp,
    pub status: String,
    pub hold_until: Option<jiff_sqlx::Timestamp>,
    pub items: Json<serde_json::Value>,
    pub duration_minutes: i16,
    pub fee_cents: i32,
    pub sequence: i32,
    pub version: i32,
    pub note: String,
    pub import_flag: Option<String>,
    pub created_at: jiff_sqlx::Timestamp,
    pub arrived_at: Option<jiff_sqlx::Timestamp>,
    pub called_at: Option<jiff_sqlx::Timestamp>,
    pub served_at: Option<jiff_sqlx::Timestamp>,
}

/// What the rules need to know of an appointment.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct Spot {
    pub id: Uuid,
    pub position: i16,
    pub location_id: i32,
    pub counter_id: i32,
    pub starts_at: jiff_sqlx::Timestamp,
    pub ends_at: jiff_sqlx::Timestamp,
    pub status: String,
    pub hold_until: Option<jiff_sqlx::Timestamp>,
    pub sequence: i32,
}

/// Reads and locks the appointments of a booking, which the caller has locked, in their order.
///
/// # Errors
/// The database's own.
pub(crate) async fn lock_all(conn: &mut PgConnection, booking_id: Uuid) -> sqlx::Result<Vec<Spot>> {
    sqlx::query_as(
        "SELECT id, position, location_id, counter_id, lower(during) AS starts_at, upper(during) AS ends_at, status,
                hold_until, sequence
           FROM appointment WHERE booking_id = $1 ORDER BY position FOR NO KEY UPDATE",
    )
    .bind(booking_id)
    .fetch_all(conn)
    .await
}

/// Lets one transaction of the town at a time give up a place for another one: two that want each other's places would
/// wait for each other for ever.
///
/// # Errors
/// The database's own.
pub(crate) async fn lock_exchange(tx: &mut TenantTx) -> sqlx::Result<()> {
    let town = tx.tenant().slug.to_string();
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended($1, $2))")
        .bind(town)
        .bind(EXCHANGE_LOCK)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Tells our advisory locks from those of other kinds.
const EXCHANGE_LOCK: i64 = 0x7465_726d_696e;

/// Removes the row, so that its place and its position are free for another one in the same transaction.
///
/// # Errors
/// The database's own; `RowNotFound` if there is no such row.
pub(crate) async fn lift(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<Place> {
    sqlx::query_as(
        "DELETE FROM appointment WHERE id = $1
         RETURNING id, booking_id, position, location_id, counter_id, lower(during) AS starts_at,
                   upper(during) AS ends_at, status, hold_until, items, duration_minutes, fee_cents, sequence, version,
                   note, import_flag, created_at, arrived_at, called_at, served_at",
    )
    .bind(id)
    .fetch_one(conn)
    .await
}

/// Puts `place` at the first of `candidates` that takes it, and sets its counter and location. `false`: none did. Where
/// somebody was put on top on purpose is no room either, even if what they stood on has gone.
///
/// # Errors
/// The database's own.
pub(crate) async fn take_first(
    conn: &mut PgConnection,
    place: &mut Place,
    candidates: &[Candidate],
    now: Timestamp,
) -> sqlx::Result<bool> {
    let mut left: Vec<Candidate> = candidates.to_vec();
    while let Some(at) = first_free(conn, place, &left, now).await? {
        // Somebody else may have been faster; then the next.
        let candidate = left.remove(at);
        (place.counter_id, place.location_id) = (candidate.counter, candidate.location);
        if take(conn, place, now).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Which of `candidates` has nothing in the way as far as can be seen. Locks nothing.
async fn first_free(
    conn: &mut PgConnection,
    place: &Place,
    candidates: &[Candidate],
    now: Timestamp,
) -> sqlx::Result<Option<usize>> {
    let counters: Vec<i32> = candidates.iter().map(|candidate| candidate.counter).collect();
    let found: Option<(i64,)> = sqlx::query_as(
        "SELECT candidate.number FROM unnest($1::int[]) WITH ORDINALITY AS candidate (counter_id, number)
          WHERE NOT EXISTS (SELECT FROM appointment a
                             WHERE a.counter_id = candidate.counter_id AND a.during && tstzrange($2, $3)
                               AND (a.blocks OR a.overbooked
                                                AND a.status IN ('booked', 'arrived', 'called', 'in_service'))
                               AND NOT (a.status IN ('held', 'cancelled') AND a.hold_until <= $4))
          ORDER BY candidate.number LIMIT 1",
    )
    .bind(counters)
    .bind(place.starts_at)
    .bind(place.ends_at)
    .bind(now.to_sqlx())
    .fetch_optional(conn)
    .await?;
    Ok(found.and_then(|(number,)| usize::try_from(number - 1).ok()))
}

/// Frees what has expired in the way and puts `place` where it says, or does neither and answers `false`. Who stands there
/// on top of others stays on top.
///
/// Expired rows that somebody else is busy with are not waited for: two that wait for each other's rows would deadlock.
///
/// # Errors
/// The database's own.
pub(crate) async fn take(conn: &mut PgConnection, place: &Place, now: Timestamp) -> sqlx::Result<bool> {
    let taken = sqlx::query(
        "WITH expired AS (
           SELECT id FROM appointment
            WHERE counter_id = $5 AND during && tstzrange($6, $7) AND blocks
              AND status IN ('held', 'cancelled') AND hold_until <= $15),
         mine AS (
           SELECT id FROM appointment
            WHERE id IN (SELECT id FROM expired) AND blocks AND hold_until <= $15 FOR UPDATE SKIP LOCKED),
         freed AS (
           UPDATE appointment SET blocks = false, ended_at = coalesce(ended_at, $15),
                                  status = CASE status WHEN 'held' THEN 'expired' ELSE status END
            WHERE id IN (SELECT id FROM mine) AND (SELECT count(*) FROM mine) = (SELECT count(*) FROM expired)
           RETURNING id)
         INSERT INTO appointment (id, booking_id, position, location_id, counter_id, during, status, blocks, hold_until,
                                  items, duration_minutes, fee_cents, sequence, created_at, version, note,
                                  arrived_at, called_at, served_at, import_flag)
         SELECT $1, $2, $3, $4, $5, tstzrange($6, $7), $8, true, $9, $10, $11, $12, $13, $14, $16, $17, $18, $19, $20, $21
          WHERE (SELECT count(*) FROM freed) = (SELECT count(*) FROM expired)
         ON CONFLICT DO NOTHING",
    )
    .bind(place.id)
    .bind(place.booking_id)
    .bind(place.position)
    .bind(place.location_id)
    .bind(place.counter_id)
    .bind(place.starts_at)
    .bind(place.ends_at)
    .bind(&place.status)
    .bind(place.hold_until)
    .bind(&place.items)
    .bind(place.duration_minutes)
    .bind(place.fee_cents)
    .bind(place.sequence)
    .bind(place.created_at)
    .bind(now.to_sqlx())
    .bind(place.version)
    .bind(&place.note)
    .bind(place.arrived_at)
    .bind(place.called_at)
    .bind(place.served_at)
    .bind(&place.import_flag)
    .execute(conn)
    .await?;
    Ok(taken.rows_affected() == 1)
}

/// Puts `place` on top of whatever is at its counter: it blocks nothing until that gives way.
///
/// # Errors
/// The database's own.
pub(crate) async fn put_on_top(conn: &mut PgConnection, place: &Place) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO appointment (id, booking_id, position, location_id, counter_id, during, status, blocks, overbooked,
                                  items, duration_minutes, fee_cents, sequence, created_at, version, note,
                                  arrived_at, called_at, served_at, import_flag)
         VALUES ($1, $2, $3, $4, $5, tstzrange($6, $7), $8, false, true, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
                 $19)",
    )
    .bind(place.id)
    .bind(place.booking_id)
    .bind(place.position)
    .bind(place.location_id)
    .bind(place.counter_id)
    .bind(place.starts_at)
    .bind(place.ends_at)
    .bind(&place.status)
    .bind(&place.items)
    .bind(place.duration_minutes)
    .bind(place.fee_cents)
    .bind(place.sequence)
    .bind(place.created_at)
    .bind(place.version)
    .bind(&place.note)
    .bind(place.arrived_at)
    .bind(place.called_at)
    .bind(place.served_at)
    .bind(&place.import_flag)
    .execute(conn)
    .await?;
    Ok(())
}

impl Spot {
    pub fn start(&self) -> Timestamp {
        self.starts_at.to_jiff()
    }

    /// Whether it lies, even in part, between `start` and `end`.
    pub fn overlaps(&self, start: Timestamp, end: Timestamp) -> bool {
        self.start() < end && start < self.ends_at.to_jiff()
    }
}
