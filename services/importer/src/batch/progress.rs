//! How far the work is, for whoever watches.

use tenancy::TenantTx;
use uuid::Uuid;

use super::{Batch, BatchState, store};

/// Told after each chunk: rows done, rows altogether (0: not known).
pub type Progress<'a> = &'a (dyn Fn(i64, i64) + Send + Sync);

/// Locks the batch for the next chunk. `None`: it was discarded, or other work was asked for meanwhile; then stop.
pub(super) async fn still(tx: &mut TenantTx, id: Uuid, run: i32, state: BatchState) -> sqlx::Result<Option<Batch>> {
    Ok(store::lock(tx, id).await?.filter(|it| it.run == run && it.state == state))
}

/// Makes the batch the caller's alone: whoever else is at it finds another run, and stops. The batch is locked.
pub(super) async fn take_over(tx: &mut TenantTx, id: Uuid) -> sqlx::Result<i32> {
    sqlx::query_scalar("UPDATE import_batch SET run = run + 1 WHERE id = $1 RETURNING run")
        .bind(id)
        .fetch_one(tx.conn())
        .await
}

/// Writes down how far the work is.
pub(super) async fn note(tx: &mut TenantTx, id: Uuid, done: i64, total: i64) -> sqlx::Result<()> {
    sqlx::query("UPDATE import_batch SET done = $2, total = $3 WHERE id = $1")
        .bind(id)
        .bind(done)
        .bind(total)
        .execute(tx.conn())
        .await?;
    Ok(())
}
