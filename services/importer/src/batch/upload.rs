//! A file comes in, in pieces or from a disk, and is looked at.

use std::fs::File;

use booking::desk::By;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use sqlx::types::Json;
use tenancy::TenantTx;
use uuid::Uuid;

use super::file::{joined, limits};
use super::{Batch, BatchState, MOST_BYTES, PIECE_BYTES, profile, store};
use crate::source::{self, ReadError};
use crate::{Shape, mapping};

/// Why a piece is not kept.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// The file has more than [`MOST_BYTES`], or the piece more than [`PIECE_BYTES`]. Discard the batch.
    #[error("the file is larger than {} MB", MOST_BYTES >> 20)]
    TooLarge,
    /// The database's own.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Why a file is not taken.
#[derive(Debug, thiserror::Error)]
pub enum FinishError {
    /// It cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The database's own.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Begins a batch; one of this id that is there already stays as it is.
///
/// # Errors
/// The database's own.
pub async fn begin(tx: &mut TenantTx, id: Uuid, file_name: &str, by: &By<'_>, now: Timestamp) -> sqlx::Result<()> {
    let name: String = file_name.chars().filter(|c| !c.is_control()).take(255).collect();
    sqlx::query(
        "INSERT INTO import_batch (id, file_name, staff_id, staff_name, created_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO NOTHING",
    )
    .bind(id)
    .bind(name)
    .bind(by.staff_id)
    .bind(by.name)
    .bind(now.to_sqlx())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Keeps a piece of the file; the same number again is the same piece.
///
/// # Errors
/// [`UploadError`]; then roll back.
pub async fn add_piece(tx: &mut TenantTx, id: Uuid, number: i32, content: &[u8]) -> Result<(), UploadError> {
    if content.len() > PIECE_BYTES {
        return Err(UploadError::TooLarge);
    }
    let grown: Option<i64> = sqlx::query_scalar(
        "WITH kept AS (INSERT INTO import_piece (batch_id, number, content)
                       SELECT id, $2, $3 FROM import_batch WHERE id = $1 AND state = 'uploading'
                       ON CONFLICT DO NOTHING RETURNING batch_id)
         UPDATE import_batch SET bytes = bytes + octet_length($3) WHERE id IN (SELECT batch_id FROM kept)
         RETURNING bytes",
    )
    .bind(id)
    .bind(number)
    .bind(content)
    .fetch_optional(tx.conn())
    .await?;
    let is_too_large = grown.is_some_and(|bytes| bytes.unsigned_abs() > MOST_BYTES);
    if is_too_large { Err(UploadError::TooLarge) } else { Ok(()) }
}

/// Finds out what the pieces are together, and proposes what the columns mean: as a profile with the same columns says.
///
/// # Errors
/// [`FinishError`]; then the caller discards the batch.
pub async fn finish(tx: &mut TenantTx, id: Uuid, now: Timestamp) -> Result<Shape, FinishError> {
    // The form was sent twice: its file may be applied by now, and its pieces gone.
    let batch = store::lock(tx, id).await?.ok_or(sqlx::Error::RowNotFound)?;
    if let (Some(shape), true) = (batch.shape, batch.state != BatchState::Uploading) {
        return Ok(shape);
    }
    let file = joined(tx, id).await?;
    finish_file(tx, id, file, now).await
}

/// The same for a file that was not uploaded.
///
/// # Errors
/// [`FinishError`].
pub async fn finish_file(tx: &mut TenantTx, id: Uuid, file: File, now: Timestamp) -> Result<Shape, FinishError> {
    let limits = limits(tx.tenant(), now);
    let shape = off_thread(file, move |file| source::inspect(file, &limits)).await?;
    keep_shape(tx, id, &shape).await?;
    profile::use_fitting(tx, id, &shape).await?;
    store::set_state(tx, id, BatchState::Uploaded).await?;
    Ok(shape)
}

/// Reads the file with what the admin says about it.
///
/// # Errors
/// [`FinishError`]; then nothing has changed.
pub async fn correct(tx: &mut TenantTx, id: Uuid, shape: &Shape) -> Result<Shape, FinishError> {
    let batch = store::lock(tx, id).await?.ok_or(sqlx::Error::RowNotFound)?;
    let is_open =
        matches!(batch.state, BatchState::Uploaded | BatchState::Checking | BatchState::Checked | BatchState::Failed);
    // What is being applied, or was, is no longer read anew.
    if let (Some(before), true) = (&batch.shape, !is_open || store::is_begun(tx, id).await?) {
        return Ok(before.clone());
    }
    let limits = limits(tx.tenant(), batch.created_at);
    let (file, wanted) = (joined(tx, id).await?, shape.clone());
    let shape = off_thread(file, move |file| source::reinspect(file, &wanted, &limits)).await?;
    keep_shape(tx, id, &shape).await?;
    store::set_state(tx, id, BatchState::Uploaded).await?;
    Ok(shape)
}

/// Deletes a batch with its rows. One that was begun to be applied stays: it knows how to be taken back.
///
/// # Errors
/// The database's own.
pub async fn discard(tx: &mut TenantTx, id: Uuid) -> sqlx::Result<()> {
    let is_open = |it: &Batch| {
        !matches!(it.state, BatchState::Applying | BatchState::Applied | BatchState::Undoing | BatchState::Undone)
    };
    if store::lock(tx, id).await?.as_ref().is_some_and(is_open) && !store::is_begun(tx, id).await? {
        sqlx::query("DELETE FROM import_batch WHERE id = $1").bind(id).execute(tx.conn()).await?;
    }
    Ok(())
}

async fn keep_shape(tx: &mut TenantTx, id: Uuid, shape: &Shape) -> sqlx::Result<()> {
    sqlx::query("UPDATE import_batch SET shape = $2, mapping = $3 WHERE id = $1")
        .bind(id)
        .bind(Json(shape))
        .bind(Json(mapping::propose(shape)))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Reading takes processor time, which the threads of the server have no place for.
async fn off_thread<T: Send + 'static>(
    mut file: File,
    read: impl FnOnce(&mut File) -> Result<T, ReadError> + Send + 'static,
) -> Result<T, ReadError> {
    let read = tokio::task::spawn_blocking(move || read(&mut file)).await;
    read.unwrap_or_else(|error| Err(std::io::Error::other(error).into()))
}
