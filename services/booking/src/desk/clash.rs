//! What stands in the way of a time, by name, so that nobody is overbooked unknowingly.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use schedule::CounterId;
use sqlx::FromRow;
use tenancy::TenantTx;
use uuid::Uuid;

/// An appointment that is there already, at one of the counters asked for.
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
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    counter_id: i32,
    starts_at: jiff_sqlx::Timestamp,
    ends_at: jiff_sqlx::Timestamp,
    name: Option<String>,
    code: Option<String>,
}

/// Active appointments at any of `counters` between `start` and `end`, by counter and time. Those that were put on top
/// of others are among them.
///
/// # Errors
/// The database's own.
pub async fn clashes(
    tx: &mut TenantTx,
    counters: &[CounterId],
    (start, end): (Timestamp, Timestamp),
    now: Timestamp,
) -> sqlx::Result<Vec<Clash>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT a.id, a.counter_id, lower(a.during) AS starts_at, upper(a.during) AS ends_at,
                CASE WHEN b.state = 'booked' AND a.status <> 'cancelled' THEN b.name END AS name,
                CASE WHEN a.status <> 'cancelled' THEN b.code END AS code
           FROM appointment a JOIN booking b ON b.id = a.booking_id
          WHERE a.counter_id = ANY($1) AND a.during && tstzrange($2, $3)
            AND (a.blocks OR (a.overbooked AND a.status IN ('booked', 'arrived', 'called', 'in_service')))
            AND NOT (a.status IN ('held', 'cancelled') AND a.hold_until <= $4)
          ORDER BY a.counter_id, lower(a.during), a.id",
    )
    .bind(counters)
    .bind(start.to_sqlx())
    .bind(end.to_sqlx())
    .bind(now.to_sqlx())
    .fetch_all(tx.conn())
    .await?;
    let clash = |row: Row| Clash {
        id: row.id,
        counter: row.counter_id,
        start: row.starts_at.to_jiff(),
        end: row.ends_at.to_jiff(),
        name: row.name,
        code: row.code,
    };
    Ok(rows.into_iter().map(clash).collect())
}

/// How many appointments are still to come under an address, in any case.
///
/// # Errors
/// The database's own.
pub async fn upcoming(tx: &mut TenantTx, email: &str, now: Timestamp) -> sqlx::Result<usize> {
    let (count,): (i64,) = sqlx::query_as(
        "SELECT count(*) FROM booking b JOIN appointment a ON a.booking_id = b.id
          WHERE lower(b.email) = lower($1) AND b.state = 'booked' AND a.status = 'booked' AND lower(a.during) > $2",
    )
    .bind(email)
    .bind(now.to_sqlx())
    .fetch_one(tx.conn())
    .await?;
    Ok(usize::try_from(count).unwrap_or(0))
}
