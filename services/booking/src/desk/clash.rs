//! What stands in the way of a time, by name, so that nobody is overbooked unknowingly.
//!
//! A colleague who has read a warning agrees to the appointments that it named, and to no others: whoever has come since
//! is named anew.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use schedule::CounterId;
use sqlx::FromRow;
use sqlx::types::Json;
use tenancy::TenantTx;
use uuid::Uuid;

use crate::Item;

/// An appointment that is in the way of another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    /// The appointment.
    pub id: Uuid,
    /// At which counter.
    pub counter: CounterId,
    /// From then on.
    pub start: Timestamp,
    /// Until then.
    pub end: Timestamp,
    /// Who comes; `None`: somebody is typing on the town's page, or a cancelled place is not released yet.
    pub name: Option<String>,
    /// The booking's code, if it is made.
    pub code: Option<String>,
    /// What it is for.
    pub items: Vec<Item>,
    /// Another appointment of the same booking: its citizen would have to be in two places at once.
    pub is_own: bool,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    counter_id: i32,
    starts_at: jiff_sqlx::Timestamp,
    ends_at: jiff_sqlx::Timestamp,
    name: Option<String>,
    code: Option<String>,
    items: Json<Vec<Item>>,
    is_own: bool,
}

/// Active appointments at any of `counters` between `start` and `end`, by counter and time. Those that were put on top
/// of others are among them. `moving` is not in its own way, but the other appointments of its booking are, wherever they
/// take place.
///
/// # Errors
/// The database's own.
pub async fn clashes(
    tx: &mut TenantTx,
    counters: &[CounterId],
    (start, end): (Timestamp, Timestamp),
    moving: Option<Uuid>,
    now: Timestamp,
) -> sqlx::Result<Vec<Clash>> {
    // Three ways to them, each by an index of its own.
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT a.id, a.counter_id, lower(a.during) AS starts_at, upper(a.during) AS ends_at, a.items,
                CASE WHEN b.state = 'booked' AND a.status <> 'cancelled' THEN b.name END AS name,
                CASE WHEN a.status <> 'cancelled' THEN b.code END AS code,
                coalesce(a.booking_id = (SELECT booking_id FROM appointment WHERE id = $5), false) AS is_own
           FROM appointment a JOIN booking b ON b.id = a.booking_id
          WHERE a.id IN (
                  SELECT id FROM appointment WHERE counter_id = ANY($1) AND during && tstzrange($2, $3) AND blocks
                  UNION ALL
                  SELECT id FROM appointment WHERE counter_id = ANY($1) AND during && tstzrange($2, $3) AND overbooked
                  UNION ALL
                  SELECT other.id FROM appointment mine JOIN appointment other ON other.booking_id = mine.booking_id
                   WHERE mine.id = $5 AND other.during && tstzrange($2, $3))
            AND a.id IS DISTINCT FROM $5
            AND (a.blocks OR a.status IN ('booked', 'arrived', 'called', 'in_service'))
            AND NOT (a.status IN ('held', 'cancelled') AND a.hold_until <= $4)
          ORDER BY a.counter_id, lower(a.during), a.id",
    )
    .bind(counters)
    .bind(start.to_sqlx())
    .bind(end.to_sqlx())
    .bind(now.to_sqlx())
    .bind(moving)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(Row::into_clash).collect())
}

impl Clash {
    /// Whether it lies, even in part, between `start` and `end`.
    pub fn overlaps(&self, (start, end): (Timestamp, Timestamp)) -> bool {
        self.start < end && start < self.end
    }
}

impl Row {
    fn into_clash(self) -> Clash {
        Clash {
            id: self.id,
            counter: self.counter_id,
            start: self.starts_at.to_jiff(),
            end: self.ends_at.to_jiff(),
            name: self.name,
            code: self.code,
            items: self.items.0,
            is_own: self.is_own,
        }
    }
}
