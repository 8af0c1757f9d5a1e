//! Places that citizens keep while they type: for the timetable, so that nobody wonders why a free place is refused.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff_sqlx::ToSqlx as _;
use schedule::{CounterId, LocationId};
use sqlx::FromRow;
use tenancy::TenantTx;
use uuid::Uuid;

use super::day::bounds;

/// A place that somebody keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hold {
    /// The appointment, if it becomes one.
    pub id: Uuid,
    /// At which counter.
    pub counter: CounterId,
    /// Beginning.
    pub start: Timestamp,
    /// End, itself excluded.
    pub end: Timestamp,
    /// So long it is kept, unless more time is asked for.
    pub until: Timestamp,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    counter_id: i32,
    starts_at: jiff_sqlx::Timestamp,
    ends_at: jiff_sqlx::Timestamp,
    hold_until: jiff_sqlx::Timestamp,
}

/// What is kept at an office on a local day, by time. Expired ones stand in nobody's way and are left out.
///
/// # Errors
/// The database's own.
pub async fn holds(tx: &mut TenantTx, location: LocationId, day: Date, now: Timestamp) -> sqlx::Result<Vec<Hold>> {
    let Some((begins, ends)) = bounds(tx, day, 1) else { return Ok(Vec::new()) };
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, counter_id, lower(during) AS starts_at, upper(during) AS ends_at, hold_until FROM appointment
          WHERE location_id = $1 AND lower(during) >= $2 AND lower(during) < $3 AND status = 'held' AND hold_until > $4
          ORDER BY lower(during), counter_id",
    )
    .bind(location)
    .bind(begins)
    .bind(ends)
    .bind(now.to_sqlx())
    .fetch_all(tx.conn())
    .await?;
    let hold = |row: Row| Hold {
        id: row.id,
        counter: row.counter_id,
        start: row.starts_at.to_jiff(),
        end: row.ends_at.to_jiff(),
        until: row.hold_until.to_jiff(),
    };
    Ok(rows.into_iter().map(hold).collect())
}
