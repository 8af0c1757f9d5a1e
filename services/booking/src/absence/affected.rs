//! Whom it concerns.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use schedule::ConcernId;
use sqlx::types::Json;
use tenancy::TenantTx;
use uuid::Uuid;

use super::{Missing, Spot};
use crate::Item;

/// An appointment that cannot take place where and when it was made.
#[derive(Clone, Debug)]
pub struct Affected {
    /// The appointment.
    pub id: Uuid,
    /// Its booking.
    pub booking_id: Uuid,
    /// Who comes.
    pub name: String,
    /// Where the mail goes, if an address is known.
    pub email: Option<String>,
    /// For a call.
    pub phone: Option<String>,
    /// Where and when it is.
    pub spot: Spot,
    /// What for.
    pub items: Vec<Item>,
    /// How long, in minutes.
    pub minutes: u16,
    /// It stands on top of another one.
    pub overbooked: bool,
    /// As it was read.
    pub version: i32,
    /// The same person's other appointments.
    pub others: Vec<(Timestamp, Timestamp)>,
}

impl Affected {
    /// What a counter must be able to serve.
    pub fn concerns(&self) -> Vec<ConcernId> {
        self.items.iter().map(|it| it.concern_id).collect()
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    booking_id: Uuid,
    name: String,
    email: Option<String>,
    phone: Option<String>,
    location_id: i32,
    counter_id: i32,
    starts_at: jiff_sqlx::Timestamp,
    ends_at: jiff_sqlx::Timestamp,
    items: Json<Vec<Item>>,
    duration_minutes: i16,
    overbooked: bool,
    version: i32,
    others: Json<Vec<(Timestamp, Timestamp)>>,
}

/// Booked appointments that have not begun and that `missing` makes impossible, the earliest first. Who is already in the
/// hall is looked after there.
///
/// # Errors
/// The database's own.
pub async fn affected(tx: &mut TenantTx, missing: &Missing, now: Timestamp) -> sqlx::Result<Vec<Affected>> {
    let zone = tx.tenant().zone.clone();
    let spans: Vec<_> = missing.spans(&zone).collect();
    let (Some((from, _)), Some((_, until))) = (spans.first(), spans.last()) else { return Ok(Vec::new()) };
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT a.id, a.booking_id, b.name, b.email, b.phone, a.location_id, a.counter_id, lower(a.during) AS starts_at,
                upper(a.during) AS ends_at, a.items, a.duration_minutes, a.overbooked, a.version,
                (SELECT coalesce(jsonb_agg(jsonb_build_array(lower(o.during), upper(o.during))), '[]')
                   FROM appointment o
                  WHERE o.booking_id = a.booking_id AND o.id <> a.id AND o.status = 'booked') AS others
           FROM appointment a JOIN booking b ON b.id = a.booking_id
          WHERE a.location_id = $1 AND lower(a.during) < $3 AND upper(a.during) > $2 AND lower(a.during) > $4
            AND a.status = 'booked' AND b.state = 'booked' AND ($5::int IS NULL OR a.counter_id = $5)
          ORDER BY lower(a.during), a.id",
    )
    .bind(missing.location)
    .bind(from.to_sqlx())
    .bind(until.to_sqlx())
    .bind(now.to_sqlx())
    .bind(missing.counter)
    .fetch_all(tx.conn())
    .await?;
    let all = rows.into_iter().map(Row::into_affected);
    Ok(all.filter(|it| missing.covers(&it.spot, &zone)).collect())
}

impl Row {
    fn into_affected(self) -> Affected {
        Affected {
            id: self.id,
            booking_id: self.booking_id,
            name: self.name,
            email: self.email,
            phone: self.phone,
            spot: Spot {
                location: self.location_id,
                counter: self.counter_id,
                start: self.starts_at.to_jiff(),
                end: self.ends_at.to_jiff(),
            },
            items: self.items.0,
            minutes: self.duration_minutes.unsigned_abs(),
            overbooked: self.overbooked,
            version: self.version,
            others: self.others.0,
        }
    }
}
