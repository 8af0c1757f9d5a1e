//! The table `import_source`: what earlier runs have imported, and how it stood when they wrote it.

use std::collections::HashMap;

use booking::import::{self, Standing};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use tenancy::TenantTx;
use uuid::Uuid;

/// A row that was imported, as an appointment or as a closure. One that was an appointment and takes whole days now is both:
/// its appointment is cancelled then.
#[derive(Clone, Debug, FromRow, Serialize, Deserialize)]
pub(super) struct Source {
    pub source_key: String,
    pub content_hash: String,
    pub origin: String,
    /// Which batch wrote it last.
    pub batch_id: Option<Uuid>,
    pub booking_id: Option<Uuid>,
    pub appointment_id: Option<Uuid>,
    /// The appointment's then: another one now means touched by hand.
    pub version: i32,
    pub closure_id: Option<i32>,
    /// An import has cancelled the appointment, no person.
    pub is_withdrawn: bool,
    #[sqlx(try_from = "jiff_sqlx::Timestamp")]
    pub ends_at: Timestamp,
}

/// Appointments as they stand, by their ids.
pub(super) type Appointments = HashMap<Uuid, Standing>;

impl Source {
    /// Whether its appointment is as an import has left it. `now` is how it stands.
    pub fn is_as_written(&self, now: &Standing) -> bool {
        now.version == self.version && if self.is_withdrawn { now.is_cancelled } else { now.is_booked }
    }

    /// Its appointment, as long as there is one.
    pub fn standing<'a>(&self, all: &'a Appointments) -> Option<&'a Standing> {
        all.get(&self.appointment_id?)
    }
}

/// What is known under these keys.
pub(super) async fn find(tx: &mut TenantTx, keys: &[&str]) -> sqlx::Result<HashMap<String, Source>> {
    let found: Vec<Source> = sqlx::query_as(
        "SELECT source_key, content_hash, origin, batch_id, booking_id, appointment_id, version, closure_id, is_withdrawn,
                ends_at
           FROM import_source WHERE source_key = ANY($1)",
    )
    .bind(keys)
    .fetch_all(tx.conn())
    .await?;
    Ok(found.into_iter().map(|it| (it.source_key.clone(), it)).collect())
}

/// Their appointments, locked.
pub(super) async fn lock_appointments(
    tx: &mut TenantTx,
    sources: impl Iterator<Item = &Source>,
) -> sqlx::Result<Appointments> {
    let ids: Vec<Uuid> = sources.filter_map(|it| it.appointment_id).collect();
    if ids.is_empty() {
        return Ok(Appointments::new());
    }
    let found = import::find_all(tx, &ids).await?;
    Ok(found.into_iter().map(|it| (it.imported.appointment_id, it)).collect())
}

/// Writes these, whether they were known or not.
pub(super) async fn put(tx: &mut TenantTx, all: &[Source]) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO import_source (source_key, content_hash, origin, batch_id, booking_id, appointment_id, version,
                                    closure_id, is_withdrawn, ends_at)
         SELECT source_key, content_hash, origin, batch_id, booking_id, appointment_id, version, closure_id, is_withdrawn,
                ends_at
           FROM unnest($1::text[], $2::text[], $3::text[], $4::uuid[], $5::uuid[], $6::uuid[], $7::int[], $8::int[],
                       $9::boolean[], $10::timestamptz[])
             AS it (source_key, content_hash, origin, batch_id, booking_id, appointment_id, version, closure_id,
                    is_withdrawn, ends_at)
         ON CONFLICT (source_key) DO UPDATE
            SET content_hash = excluded.content_hash, origin = excluded.origin, batch_id = excluded.batch_id,
                booking_id = excluded.booking_id, appointment_id = excluded.appointment_id, version = excluded.version,
                closure_id = excluded.closure_id, is_withdrawn = excluded.is_withdrawn, ends_at = excluded.ends_at",
    )
    .bind(all.iter().map(|it| it.source_key.as_str()).collect::<Vec<_>>())
    .bind(all.iter().map(|it| it.content_hash.as_str()).collect::<Vec<_>>())
    .bind(all.iter().map(|it| it.origin.as_str()).collect::<Vec<_>>())
    .bind(all.iter().map(|it| it.batch_id).collect::<Vec<_>>())
    .bind(all.iter().map(|it| it.booking_id).collect::<Vec<_>>())
    .bind(all.iter().map(|it| it.appointment_id).collect::<Vec<_>>())
    .bind(all.iter().map(|it| it.version).collect::<Vec<_>>())
    .bind(all.iter().map(|it| it.closure_id).collect::<Vec<_>>())
    .bind(all.iter().map(|it| it.is_withdrawn).collect::<Vec<_>>())
    .bind(all.iter().map(|it| it.ends_at.to_sqlx()).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Forgets these: their rows are new when they come again.
pub(super) async fn remove(tx: &mut TenantTx, keys: &[&str]) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM import_source WHERE source_key = ANY($1)").bind(keys).execute(tx.conn()).await?;
    Ok(())
}
