//! The table `import_row`: what the dry run writes.

use sqlx::types::Json;
use tenancy::TenantTx;
use uuid::Uuid;

use super::stream::ReadRow;
use super::{Batch, Counts, Numbers, gone};
use crate::rules::Verdict;
use crate::{Outcome, State};

/// Writes a chunk, the first with number `first`.
pub(super) async fn write(tx: &mut TenantTx, id: Uuid, first: i64, rows: &[(ReadRow, Verdict)]) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO import_row (batch_id, number, line, occurrence, state, outcome, source_key, content_hash, place,
                                 reasons, entry)
         SELECT $1, number, line, occurrence, state, outcome, source_key, content_hash, place, reasons, entry
           FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::jsonb[],
                       $10::jsonb[], $11::jsonb[])
             AS it (number, line, occurrence, state, outcome, source_key, content_hash, place, reasons, entry)",
    )
    .bind(id)
    .bind((first..).take(rows.len()).collect::<Vec<i64>>())
    .bind(rows.iter().map(|(row, _)| i64::try_from(row.entry.line).unwrap_or(i64::MAX)).collect::<Vec<_>>())
    .bind(rows.iter().map(|(row, _)| row.occurrence.as_str()).collect::<Vec<_>>())
    .bind(rows.iter().map(|(_, it)| it.state.as_str()).collect::<Vec<_>>())
    .bind(rows.iter().map(|(_, it)| it.outcome.as_str()).collect::<Vec<_>>())
    .bind(rows.iter().map(|(row, _)| row.entry.source_key.as_str()).collect::<Vec<_>>())
    .bind(rows.iter().map(|(row, _)| row.entry.content_hash.as_str()).collect::<Vec<_>>())
    .bind(rows.iter().map(|(_, it)| it.target.as_ref().map(Json)).collect::<Vec<_>>())
    .bind(rows.iter().map(|(_, it)| Json(&it.reasons)).collect::<Vec<_>>())
    .bind(rows.iter().map(|(row, _)| Json(&row.entry)).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Removes what an earlier dry run wrote.
pub(super) async fn clear(tx: &mut TenantTx, id: Uuid) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM import_gone WHERE batch_id = $1").bind(id).execute(tx.conn()).await?;
    sqlx::query("DELETE FROM import_row WHERE batch_id = $1").bind(id).execute(tx.conn()).await?;
    Ok(())
}

/// Counts what was written: what will be done, or what was as soon as it is applied.
pub(super) async fn count(tx: &mut TenantTx, batch: &Batch) -> sqlx::Result<Numbers> {
    let id = batch.id;
    let states = counts(tx, id, "state").await?;
    let outcomes = counts(tx, id, "outcome").await?;
    let flagged: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM import_row WHERE batch_id = $1 AND outcome IN ('add', 'update') AND state = 'warning'",
    )
    .bind(id)
    .fetch_one(tx.conn())
    .await?;
    let state = |it: State| states.get(it.as_str()).copied().unwrap_or(0);
    let outcome = |it: Outcome| outcomes.get(it.as_str()).copied().unwrap_or(0);
    let (gone, cancelled) = gone::count(tx, batch).await?;
    Ok(Numbers {
        ready: state(State::Ready),
        warning: state(State::Warning),
        error: state(State::Error),
        skipped: state(State::Skipped),
        add: outcome(Outcome::Add),
        update: outcome(Outcome::Update),
        same: outcome(Outcome::Same),
        close: outcome(Outcome::Close),
        gone,
        cancelled,
        flagged,
    })
}

async fn counts(tx: &mut TenantTx, id: Uuid, column: &str) -> sqlx::Result<Counts> {
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "SELECT CASE $2 WHEN 'state' THEN state ELSE outcome END, count(*) FROM import_row WHERE batch_id = $1 GROUP BY 1",
    )
    .bind(id)
    .bind(column)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().collect())
}
