//! Taking a batch back: its new bookings go, its changed ones become what they were. What somebody has touched since, or a
//! later batch has changed, is kept and named.

use std::collections::HashMap;

use booking::import::{self, Imported, Standing};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use sqlx::types::Json;
use tenancy::TenantTx;
use tenancy::town::Town;
use uuid::Uuid;

use super::{BatchState, Place, Progress, progress, store};

/// Rows of one transaction.
const CHUNK: i64 = 1000;

/// A booking as an update has found it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Former {
    pub imported: Imported,
    pub content_hash: String,
    /// Which batch had written it: it can be taken back after this one.
    pub batch_id: Option<Uuid>,
}

#[derive(FromRow)]
struct Undoable {
    number: i64,
    source_key: String,
    appointment_id: Option<Uuid>,
    before: Option<Json<Former>>,
    /// As this batch wrote it; none: a later one has changed it.
    version: Option<i32>,
}

/// Takes a batch back that is being undone; another one is left alone.
///
/// # Errors
/// The database's own; begun again, it goes on.
pub async fn undo(place: &Place, id: Uuid, now: Timestamp, progress: Progress<'_>) -> anyhow::Result<()> {
    let mut tx = place.tx().await?;
    let Some(batch) = store::find(&mut tx, id).await?.filter(|it| it.state == BatchState::Undoing) else {
        return Ok(());
    };
    tx.rollback().await?;
    for outcome in ["update", "add", "close"] {
        loop {
            let mut tx = place.tx().await?;
            let Some(batch) = progress::still(&mut tx, id, batch.run, BatchState::Undoing).await? else {
                return Ok(());
            };
            let rows = left(&mut tx, id, outcome).await?;
            if rows.is_empty() {
                break;
            }
            let kept = match outcome {
                "close" => reopen(&mut tx, &rows, id).await?,
                _ => take_back(&mut tx, &rows, now).await?,
            };
            mark(&mut tx, id, &rows, &kept).await?;
            let done = batch.done + i64::try_from(rows.len())?;
            progress::note(&mut tx, id, done, batch.total).await?;
            tx.commit().await?;
            progress(done, batch.total);
        }
    }
    finish(place, id, now).await
}

async fn left(tx: &mut TenantTx, id: Uuid, outcome: &str) -> sqlx::Result<Vec<Undoable>> {
    sqlx::query_as(
        "SELECT r.number, r.source_key, r.appointment_id, r.before, s.version
           FROM import_row r LEFT JOIN import_source s ON s.source_key = r.source_key AND s.batch_id = r.batch_id
          WHERE r.batch_id = $1 AND r.outcome = $2 AND r.is_applied AND NOT r.is_undone ORDER BY r.number LIMIT $3",
    )
    .bind(id)
    .bind(outcome)
    .bind(CHUNK)
    .fetch_all(tx.conn())
    .await
}

/// Takes bookings back; the rows that are kept.
async fn take_back(tx: &mut TenantTx, rows: &[Undoable], now: Timestamp) -> anyhow::Result<Vec<i64>> {
    let appointments: Vec<Uuid> = rows.iter().filter_map(|it| it.appointment_id).collect();
    let standing = import::find_all(tx, &appointments).await?;
    let standing: HashMap<Uuid, Standing> = standing.into_iter().map(|it| (it.imported.appointment_id, it)).collect();
    let (mut kept, mut removed, mut restored) = (Vec::new(), Vec::new(), Vec::new());
    for row in rows {
        let now = row.appointment_id.and_then(|id| standing.get(&id));
        match now.filter(|it| it.is_booked && Some(it.version) == row.version) {
            None => kept.push(row.number),
            Some(now) => match &row.before {
                None => removed.push((row.source_key.clone(), now.clone())),
                Some(Json(former)) => restored.push((row.source_key.clone(), former.clone(), now.clone())),
            },
        }
    }
    restore(tx, &restored, now).await?;
    if !removed.is_empty() {
        let keys: Vec<&str> = removed.iter().map(|it| it.0.as_str()).collect();
        sqlx::query("DELETE FROM import_source WHERE source_key = ANY($1)").bind(keys).execute(tx.conn()).await?;
        let gone: Vec<Standing> = removed.iter().map(|it| it.1.clone()).collect();
        import::remove_all(tx, &gone, now).await?;
    }
    Ok(kept)
}

async fn restore(tx: &mut TenantTx, restored: &[(String, Former, Standing)], now: Timestamp) -> anyhow::Result<()> {
    if restored.is_empty() {
        return Ok(());
    }
    let former: Vec<Imported> = restored.iter().map(|it| it.1.imported.clone()).collect();
    let standing: Vec<Standing> = restored.iter().map(|it| it.2.clone()).collect();
    let written = import::rewrite_all(tx, &former, &standing, now).await?;
    sqlx::query(
        "UPDATE import_source s SET content_hash = it.content_hash, version = it.version, ends_at = it.ends_at,
                                     batch_id = it.batch_id
           FROM unnest($1::text[], $2::text[], $3::int[], $4::timestamptz[], $5::uuid[])
             AS it (source_key, content_hash, version, ends_at, batch_id)
          WHERE s.source_key = it.source_key",
    )
    .bind(restored.iter().map(|it| it.0.as_str()).collect::<Vec<_>>())
    .bind(restored.iter().map(|it| it.1.content_hash.as_str()).collect::<Vec<_>>())
    .bind(written.iter().map(|it| it.version).collect::<Vec<_>>())
    .bind(former.iter().map(|it| it.end.to_sqlx()).collect::<Vec<_>>())
    .bind(restored.iter().map(|it| it.1.batch_id).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Removes the closures of these rows; a later batch's stay.
async fn reopen(tx: &mut TenantTx, rows: &[Undoable], batch: Uuid) -> anyhow::Result<Vec<i64>> {
    let keys: Vec<&str> = rows.iter().map(|it| it.source_key.as_str()).collect();
    sqlx::query(
        "WITH gone AS (DELETE FROM import_source WHERE source_key = ANY($1) AND batch_id = $2 RETURNING closure_id)
         DELETE FROM closure WHERE id IN (SELECT closure_id FROM gone)",
    )
    .bind(keys)
    .bind(batch)
    .execute(tx.conn())
    .await?;
    Town::bump_version(tx).await?;
    Ok(rows.iter().filter(|it| it.version.is_none()).map(|it| it.number).collect())
}

async fn mark(tx: &mut TenantTx, id: Uuid, rows: &[Undoable], kept: &[i64]) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE import_row SET is_undone = true, is_kept = number = ANY($3) WHERE batch_id = $1 AND number = ANY($2)",
    )
    .bind(id)
    .bind(rows.iter().map(|it| it.number).collect::<Vec<_>>())
    .bind(kept)
    .execute(tx.conn())
    .await?;
    Ok(())
}

async fn finish(place: &Place, id: Uuid, now: Timestamp) -> anyhow::Result<()> {
    let mut tx = place.tx().await?;
    sqlx::query(
        "UPDATE import_batch SET state = 'undone', undone_at = $2, done = total WHERE id = $1 AND state = 'undoing'",
    )
    .bind(id)
    .bind(now.to_sqlx())
    .execute(tx.conn())
    .await?;
    Ok(tx.commit().await?)
}
