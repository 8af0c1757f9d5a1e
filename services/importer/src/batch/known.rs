//! What earlier runs have imported.

use std::collections::HashMap;

use jiff::Timestamp;
use schedule::{CounterId, LocationId};
use sqlx::FromRow;
use tenancy::TenantTx;

use super::closures::Closed;

/// A row that an earlier run has imported.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct Known {
    pub source_key: String,
    pub content_hash: String,
    closure_id: Option<i32>,
    /// An import has cancelled it, no person.
    is_withdrawn: bool,
    /// As it was written.
    version: i32,
    version_now: Option<i32>,
    status: Option<String>,
    counter_id: Option<CounterId>,
    starts_at: Option<jiff_sqlx::Timestamp>,
    ends_at: Option<jiff_sqlx::Timestamp>,
    closed_location: Option<LocationId>,
    closed_counter: Option<CounterId>,
    first_day: Option<jiff_sqlx::Date>,
    last_day: Option<jiff_sqlx::Date>,
}

impl Known {
    /// Whether it is still there: booked, or closed.
    pub fn stands(&self) -> bool {
        self.closure_id.is_some() || self.is_booked()
    }

    /// Whether only an import has cancelled it, so that it is booked again when its row is back.
    pub fn is_withdrawn(&self) -> bool {
        self.is_withdrawn && self.closure_id.is_none()
    }

    /// Whether there is an appointment, booked or not. The retention removes cancelled ones soon.
    pub fn is_appointment(&self) -> bool {
        self.status.is_some()
    }

    /// Whether somebody has changed its appointment by hand since.
    pub fn is_touched(&self) -> bool {
        self.version_now.is_some_and(|it| it != self.version)
    }

    /// Where it was, and is if it [is booked](Self::is_booked).
    pub fn place(&self) -> Option<(CounterId, Timestamp, Timestamp)> {
        Some((self.counter_id?, self.starts_at?.to_jiff(), self.ends_at?.to_jiff()))
    }

    /// Whether it has a place at a counter.
    pub fn is_booked(&self) -> bool {
        self.status.as_deref() == Some("booked")
    }

    /// What it closes, if it does.
    pub fn closed(&self) -> Option<Closed> {
        self.closure_id?;
        let (first, last) = (self.first_day?.to_jiff(), self.last_day?.to_jiff());
        Some(Closed { location: self.closed_location, counter: self.closed_counter, first, last })
    }
}

/// What is known under these keys.
pub(super) async fn known(tx: &mut TenantTx, keys: &[&str]) -> sqlx::Result<HashMap<String, Known>> {
    let rows: Vec<Known> = sqlx::query_as(
        "SELECT s.source_key, s.content_hash, s.closure_id, s.is_withdrawn, s.version, a.version AS version_now, a.status,
                a.counter_id, lower(a.during) AS starts_at, upper(a.during) AS ends_at, c.location_id AS closed_location,
                c.counter_id AS closed_counter, c.first_day, c.last_day
           FROM import_source s
           LEFT JOIN appointment a ON a.id = s.appointment_id
           LEFT JOIN closure c ON c.id = s.closure_id
          WHERE s.source_key = ANY($1)",
    )
    .bind(keys)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|it| (it.source_key.clone(), it)).collect())
}
