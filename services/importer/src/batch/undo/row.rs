//! Rows of a batch that is taken back.

use sqlx::FromRow;
use sqlx::types::Json;
use tenancy::TenantTx;
use uuid::Uuid;

use crate::batch::former::Former;

/// A row that was applied.
#[derive(FromRow)]
pub(super) struct Undoable {
    number: i64,
    pub source_key: String,
    before: Option<Json<Former>>,
}

impl Undoable {
    pub fn number(&self) -> i64 {
        self.number
    }

    /// How it stood before; none: it was new.
    pub fn before(&self) -> Option<&Former> {
        self.before.as_ref().map(|it| &it.0)
    }
}

/// The applied rows of this kind after number `after` that are still to be taken back, at most `limit`.
pub(super) async fn left(
    tx: &mut TenantTx,
    id: Uuid,
    outcome: &str,
    (after, limit): (i64, i64),
) -> sqlx::Result<Vec<Undoable>> {
    sqlx::query_as(
        "SELECT number, source_key, before FROM import_row
          WHERE batch_id = $1 AND outcome = $2 AND is_applied AND NOT is_undone AND number > $4
          ORDER BY number LIMIT $3",
    )
    .bind(id)
    .bind(outcome)
    .bind(limit)
    .bind(after)
    .fetch_all(tx.conn())
    .await
}

/// These are through; some of them were kept.
pub(super) async fn mark(tx: &mut TenantTx, id: Uuid, rows: &[Undoable], kept: &[i64]) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE import_row SET is_undone = true, is_kept = number = ANY($3) WHERE batch_id = $1 AND number = ANY($2)",
    )
    .bind(id)
    .bind(rows.iter().map(Undoable::number).collect::<Vec<_>>())
    .bind(kept)
    .execute(tx.conn())
    .await?;
    Ok(())
}
