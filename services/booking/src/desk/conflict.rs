//! Who has the place that somebody wants.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use schedule::CounterId;
use sqlx::types::Json;
use tenancy::TenantTx;
use uuid::Uuid;

use crate::Item;

/// What stands at a counter already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Who comes; none: somebody is typing, and the place is kept for them.
    pub name: Option<String>,
    /// The counter.
    pub counter: CounterId,
    /// Beginning.
    pub start: Timestamp,
    /// End, itself excluded.
    pub end: Timestamp,
    /// What it is for.
    pub items: Vec<Item>,
}

/// Name, beginning, end, items.
type Row = (Option<String>, jiff_sqlx::Timestamp, jiff_sqlx::Timestamp, Json<Vec<Item>>);

/// The first that takes a place at `counter` between `start` and `end`, `except` this one.
///
/// # Errors
/// The database's own.
pub async fn conflict(
    tx: &mut TenantTx,
    counter: CounterId,
    (start, end): (Timestamp, Timestamp),
    except: Option<Uuid>,
    now: Timestamp,
) -> sqlx::Result<Option<Conflict>> {
    let found: Option<Row> = sqlx::query_as(
        "SELECT CASE b.state WHEN 'booked' THEN b.name END, lower(a.during), upper(a.during), a.items
           FROM appointment a JOIN booking b ON b.id = a.booking_id
          WHERE a.counter_id = $1 AND a.during && tstzrange($2, $3) AND a.blocks AND a.id IS DISTINCT FROM $4
            AND NOT (a.status IN ('held', 'cancelled') AND a.hold_until <= $5)
          ORDER BY lower(a.during) LIMIT 1",
    )
    .bind(counter)
    .bind(start.to_sqlx())
    .bind(end.to_sqlx())
    .bind(except)
    .bind(now.to_sqlx())
    .fetch_optional(tx.conn())
    .await?;
    Ok(found.map(|(name, start, end, items)| Conflict {
        name,
        counter,
        start: start.to_jiff(),
        end: end.to_jiff(),
        items: items.0,
    }))
}
