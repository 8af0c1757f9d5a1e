//! The dry run: what becomes of each row is written down, and nothing else is changed.

use std::collections::HashSet;
use std::fs::File;

use anyhow::Context as _;
use catalog::Catalog;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use sha2::{Digest as _, Sha256};
use sqlx::types::Json;
use uuid::Uuid;

use super::file::{joined, limits};
use super::known::known;
use super::stream::{self, ReadRow, Stopped};
use super::{Batch, BatchState, Place, Progress, Step, changes, edition, gone, progress, store, written};
use crate::concerns::Dictionary;
use crate::rules::{Rules, Verdict};
use crate::{Reason, State};

/// Decides on every row of a batch that is being checked. `file` is the batch's if it was not uploaded. One that was called
/// off or asked for anew meanwhile is left alone.
///
/// # Errors
/// The database's own. A file that cannot be read to its end is none: the batch has failed, and says why.
pub async fn check(
    place: &Place,
    id: Uuid,
    file: Option<File>,
    now: Timestamp,
    progress: Progress<'_>,
) -> anyhow::Result<()> {
    let mut tx = place.tx().await?;
    let Some(mut batch) = store::lock(&mut tx, id).await?.filter(|it| it.state == BatchState::Checking) else {
        return Ok(());
    };
    // Another worker may be at the same dry run, taken for dead: it is called off, for both would write the same rows.
    batch.run = progress::take_over(&mut tx, id).await?;
    written::clear(&mut tx, id).await?;
    let catalog = Catalog::load(&mut tx).await?;
    let mut rules = Rules::load(&mut tx, &catalog, &batch.choices, now).await?;
    let file = match file {
        Some(file) => file,
        None => joined(&mut tx, id).await?,
    };
    tx.commit().await?;
    let dictionary = Dictionary::new(&catalog, &batch.table).in_zone(place.tenant.zone.clone());
    let (mut chunks, thread) = stream::start(file, &batch, dictionary, limits(&place.tenant, now));
    let (mut seen, mut done) = (HashSet::new(), 0);
    while let Some(chunk) = chunks.recv().await {
        let rows = match chunk {
            Ok(rows) => rows,
            Err(stopped) => return give_up(place, &batch, stopped).await,
        };
        let Some(now_done) = decide(place, &batch, &mut rules, (&mut seen, done), rows).await? else { return Ok(()) };
        done = now_done;
        progress(done, 0);
    }
    // A thread that broke down has closed the channel as well, in the middle of the file.
    thread.await.context("the thread that reads the file")?;
    finish(place, &batch, done, now).await
}

/// Decides on a chunk; the number of rows that are through, or `None` if the batch is no longer ours.
async fn decide(
    place: &Place,
    batch: &Batch,
    rules: &mut Rules<'_>,
    (seen, done): (&mut HashSet<[u8; 16]>, i64),
    rows: Vec<ReadRow>,
) -> anyhow::Result<Option<i64>> {
    let mut tx = place.tx().await?;
    if progress::still(&mut tx, batch.id, batch.run, BatchState::Checking).await?.is_none() {
        return Ok(None);
    }
    let keys: Vec<&str> = rows.iter().map(|it| it.entry.source_key.as_str()).collect();
    let known = known(&mut tx, &keys).await?;
    let mut judged = Vec::with_capacity(rows.len());
    for row in rows {
        let verdict = if seen.insert(short(&row.entry.source_key)) {
            rules.judge(&row.entry, known.get(&row.entry.source_key))
        } else {
            Verdict::duplicate()
        };
        judged.push((row, verdict));
    }
    written::write(&mut tx, batch.id, done + 1, &judged).await?;
    if !known.is_empty() {
        changes::write(&mut tx, batch.id, done + 1, rules, &judged).await?;
    }
    let done = done + i64::try_from(judged.len()).context("a chunk")?;
    progress::note(&mut tx, batch.id, done, 0).await?;
    tx.commit().await?;
    Ok(Some(done))
}

async fn finish(place: &Place, batch: &Batch, done: i64, now: Timestamp) -> anyhow::Result<()> {
    let mut tx = place.tx().await?;
    if progress::still(&mut tx, batch.id, batch.run, BatchState::Checking).await?.is_none() {
        return Ok(());
    }
    // The planner knows nothing of rows that were just written, and would compare each with each.
    sqlx::query("ANALYZE import_row").execute(tx.conn()).await?;
    edition::find(&mut tx, batch.id).await?;
    gone::record(&mut tx, batch.id, now).await?;
    let numbers = written::count(&mut tx, batch).await?;
    sqlx::query(
        "UPDATE import_batch SET state = 'checked', numbers = $2, total = $3, checked_at = $4, problem = NULL
          WHERE id = $1",
    )
    .bind(batch.id)
    .bind(Json(numbers))
    .bind(done)
    .bind(now.to_sqlx())
    .execute(tx.conn())
    .await?;
    Ok(tx.commit().await?)
}

/// Half a file is not imported.
async fn give_up(place: &Place, batch: &Batch, stopped: Stopped) -> anyhow::Result<()> {
    let problem = match stopped {
        Stopped::File(error) => Reason::new(State::Error, error.key(), error.detail()),
        Stopped::Row(bad) => {
            let mut place = bad.line.to_string();
            if bad.column > 0 {
                place = format!("{place}:{}", bad.column);
            }
            Reason::new(State::Error, bad.key, bad.detail.as_str()).about(&place)
        }
    };
    let mut tx = place.tx().await?;
    if progress::still(&mut tx, batch.id, batch.run, BatchState::Checking).await?.is_some() {
        written::clear(&mut tx, batch.id).await?;
        store::fail(&mut tx, batch.id, Step::Check, &problem).await?;
    }
    Ok(tx.commit().await?)
}

/// Enough of a key to tell it from 300,000 others.
fn short(key: &str) -> [u8; 16] {
    let digest = Sha256::digest(key);
    std::array::from_fn(|at| digest[at])
}
