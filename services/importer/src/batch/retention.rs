//! Nothing of an import is kept longer than it is needed.

use jiff::{Timestamp, ToSpan as _};
use jiff_sqlx::ToSqlx as _;
use tenancy::TenantTx;

use super::store::not_begun;

/// For how long a batch is kept, applied or not, in days: until then it can be undone.
const BATCH_DAYS: i64 = 30;
/// For how long an upload may come in, in hours: what is older was broken off.
const UPLOAD_HOURS: i64 = 24;

/// How long a dry run may take without an upload, in hours: of one that is older the process has died, and nobody can begin
/// it anew. A few minutes are usual.
const READING_HOURS: i64 = 2;

/// What was removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Batches with their uploads and rows.
    pub batches: u64,
    /// Rows of earlier runs whose time is past.
    pub sources: u64,
}

/// Removes batches after [`BATCH_DAYS`], and what is remembered of rows whose time is past.
///
/// # Errors
/// The database's own.
pub async fn forget(tx: &mut TenantTx, now: Timestamp) -> anyhow::Result<Forgotten> {
    let before = now.checked_sub((BATCH_DAYS * 24).hours())?;
    let broken_off = now.checked_sub(UPLOAD_HOURS.hours())?;
    let batches =
        sqlx::query("DELETE FROM import_batch WHERE created_at < $1 OR state = 'uploading' AND created_at < $2")
            .bind(before.to_sqlx())
            .bind(broken_off.to_sqlx())
            .execute(tx.conn())
            .await?
            .rows_affected();
    let batches = batches + forget_broken_off(tx, now).await?;
    // Whoever was moved by hand is known as long as they are expected: else their row would be imported a second time.
    let sources = sqlx::query(
        "DELETE FROM import_source s
          WHERE ends_at < $1
            AND NOT EXISTS (SELECT FROM appointment a WHERE a.id = s.appointment_id AND upper(a.during) > $1)",
    )
    .bind(now.to_sqlx())
    .execute(tx.conn())
    .await?
    .rows_affected();
    Ok(Forgotten { batches, sources })
}

/// Removes what command lines have left that were killed between the beginning of a dry run and its end: without an upload
/// nobody can go on with it. What was begun to be applied stays, for a worker goes on with that.
///
/// # Errors
/// The database's own.
pub async fn forget_broken_off(tx: &mut TenantTx, now: Timestamp) -> anyhow::Result<u64> {
    let before = now.checked_sub(READING_HOURS.hours())?;
    let gone = sqlx::query(concat!(
        "DELETE FROM import_batch b
              WHERE state IN ('checking', 'checked') AND created_at < $1
                AND NOT EXISTS (SELECT FROM import_piece WHERE batch_id = b.id) AND ",
        not_begun!()
    ))
    .bind(before.to_sqlx())
    .execute(tx.conn())
    .await?;
    Ok(gone.rows_affected())
}
