//! What earlier runs have imported.

use std::collections::HashMap;

use jiff::Timestamp;
use schedule::CounterId;
use sqlx::FromRow;
use tenancy::TenantTx;
use uuid::Uuid;

/// A row that an earlier run has imported.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct Known {
    pub source_key: String,
    pub content_hash: String,
    pub appointment_id: Option<Uuid>,
    closure_id: Option<i32>,
    /// As it was written.
    version: i32,
    version_now: Option<i32>,
    status: Option<String>,
    counter_id: Option<CounterId>,
    starts_at: Option<jiff_sqlx::Timestamp>,
    ends_at: Option<jiff_sqlx::Timestamp>,
}

impl Known {
    /// Whether it is still there: booked, or closed.
    pub fn stands(&self) -> bool {
        self.closure_id.is_some() || self.status.as_deref() == Some("booked")
    }

    /// Whether somebody has changed it by hand since.
    pub fn is_touched(&self) -> bool {
        self.appointment_id.is_some() && self.version_now != Some(self.version)
    }

    /// Where it stands.
    pub fn place(&self) -> Option<(CounterId, Timestamp, Timestamp)> {
        Some((self.counter_id?, self.starts_at?.to_jiff(), self.ends_at?.to_jiff()))
    }
}

/// What is known under these keys.
pub(super) async fn known(tx: &mut TenantTx, keys: &[&str]) -> sqlx::Result<HashMap<String, Known>> {
    let rows: Vec<Known> = sqlx::query_as(
        "SELECT s.source_key, s.content_hash, s.appointment_id, s.closure_id, s.version, a.version AS version_now,
                a.status, a.counter_id, lower(a.during) AS starts_at, upper(a.during) AS ends_at
           FROM import_source s LEFT JOIN appointment a ON a.id = s.appointment_id WHERE s.source_key = ANY($1)",
    )
    .bind(keys)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|it| (it.source_key.clone(), it)).collect())
}
