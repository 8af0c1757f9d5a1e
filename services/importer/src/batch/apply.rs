//! Carrying out what the dry run has decided: in chunks, each with its own transaction. Killed at any moment, it goes on
//! with the rows that are left.

mod adding;
mod cancelling;
mod closing;
mod outcome;
mod updating;

use std::collections::HashMap;

use booking::Links;
use catalog::Catalog;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use sqlx::types::Json;
use tenancy::TenantTx;
use tenancy::town::Rules;
use uuid::Uuid;

use super::carry::{Carrier, Decided, left};
use super::{Batch, BatchState, Place, Progress, edition, gone, progress, store, written};
use crate::Outcome;

/// Rows of one transaction.
const CHUNK: i64 = 1000;

/// What a chunk needs.
struct Chunk<'a> {
    batch: &'a Batch,
    links: &'a Links,
    rules: &'a Rules,
    language: &'a str,
    now: Timestamp,
}

/// Carries out a batch that is being applied; another one is left alone.
///
/// # Errors
/// The database's own; begun again, it goes on.
pub async fn apply(
    place: &Place,
    links: &Links,
    id: Uuid,
    now: Timestamp,
    progress: Progress<'_>,
) -> anyhow::Result<()> {
    let mut tx = place.tx().await?;
    let Some(batch) = store::find(&mut tx, id).await?.filter(|it| it.state == BatchState::Applying) else {
        return Ok(());
    };
    let catalog = Catalog::load(&mut tx).await?;
    let town = tenancy::town::Town::load(&mut tx).await?;
    // What has expired is in nobody's way.
    booking::retention::release_expired(&mut tx, now).await?;
    tx.commit().await?;
    let language = town.profile.languages.first().map_or("de", String::as_str);
    let chunk = Chunk { batch: &batch, links, rules: &town.rules, language, now };
    let mut carrier = Carrier { catalog: &catalog, links, tenant: &place.tenant, items: HashMap::new() };
    for outcome in [Outcome::Update, Outcome::Add, Outcome::Close] {
        // One kind in a transaction: each takes its locks in the one order, and the versions of days at last.
        let mut after = 0;
        while let Some((last, done, total)) = carry_out(place, &chunk, &mut carrier, (&outcome, after)).await? {
            after = last;
            progress(done, total);
        }
    }
    cancel_gone(place, &chunk).await?;
    finish(place, &batch, now).await
}

/// Cancels what is gone from the file if that is wanted, as long as every row of the file is known.
async fn cancel_gone(place: &Place, chunk: &Chunk<'_>) -> anyhow::Result<()> {
    let mut tx = place.tx().await?;
    if !gone::is_cancelled(&mut tx, chunk.batch).await? {
        return Ok(());
    }
    tx.rollback().await?;
    let mut after = 0;
    while let Some(last) = cancelling::cancel(place, chunk, after).await? {
        after = last;
    }
    Ok(())
}

/// A chunk of rows of this kind after a number; the last one's number and how far the batch is, or `None` if none are left
/// or it is no longer ours.
async fn carry_out(
    place: &Place,
    chunk: &Chunk<'_>,
    carrier: &mut Carrier<'_>,
    (outcome, after): (&Outcome, i64),
) -> anyhow::Result<Option<(i64, i64, i64)>> {
    let mut tx = place.tx().await?;
    let (id, run) = (chunk.batch.id, chunk.batch.run);
    let Some(batch) = progress::still(&mut tx, id, run, BatchState::Applying).await? else { return Ok(None) };
    let rows = left(&mut tx, id, outcome, (after, CHUNK)).await?;
    let Some(last) = rows.last().map(|it| it.number) else { return Ok(None) };
    match outcome {
        Outcome::Add => adding::add(&mut tx, chunk, carrier, &rows).await?,
        Outcome::Update => updating::update(&mut tx, chunk, carrier, &rows).await?,
        _ => closing::close(&mut tx, chunk, &rows).await?,
    }
    let done = batch.done + i64::try_from(rows.len())?;
    mark(&mut tx, id, &rows).await?;
    progress::note(&mut tx, id, done, batch.total).await?;
    tx.commit().await?;
    Ok(Some((last, done, batch.total)))
}

async fn mark(tx: &mut TenantTx, id: Uuid, rows: &[Decided]) -> sqlx::Result<()> {
    sqlx::query("UPDATE import_row SET is_applied = true WHERE batch_id = $1 AND number = ANY($2)")
        .bind(id)
        .bind(rows.iter().map(|it| it.number).collect::<Vec<_>>())
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// The file and its original words go: what was needed of them is in the appointments.
async fn finish(place: &Place, batch: &Batch, now: Timestamp) -> anyhow::Result<()> {
    let mut tx = place.tx().await?;
    if progress::still(&mut tx, batch.id, batch.run, BatchState::Applying).await?.is_none() {
        return Ok(());
    }
    sqlx::query("DELETE FROM import_piece WHERE batch_id = $1").bind(batch.id).execute(tx.conn()).await?;
    sqlx::query("UPDATE import_row SET entry = jsonb_set(entry, '{original}', '\"\"') WHERE batch_id = $1")
        .bind(batch.id)
        .execute(tx.conn())
        .await?;
    edition::absorb(&mut tx, batch.id).await?;
    // Some rows may have been left since the dry run.
    let numbers = written::count(&mut tx, batch).await?;
    sqlx::query("UPDATE import_batch SET state = 'applied', applied_at = $2, done = total, numbers = $3 WHERE id = $1")
        .bind(batch.id)
        .bind(now.to_sqlx())
        .bind(Json(numbers))
        .execute(tx.conn())
        .await?;
    Ok(tx.commit().await?)
}
