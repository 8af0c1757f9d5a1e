//! What rows know of what became of them, and which of them come to nothing.

use sqlx::types::Json;
use tenancy::TenantTx;
use uuid::Uuid;

use super::Chunk;
use crate::Reason;
use crate::batch::carry::Decided;
use crate::batch::closures;
use crate::batch::former::Former;
use crate::batch::sources::Source;

/// A row with its appointment, and how it stood before.
pub(super) type Link = (i64, Option<Uuid>, Option<Former>);

/// What a chunk remembers of a row, before anybody knows what it has become.
pub(super) fn source_of(row: &Decided, chunk: &Chunk<'_>, before: Option<&Source>) -> Source {
    // What stands belongs to the list that has brought it; what comes back, to the one it comes back with.
    let origin =
        before.filter(|it| !it.is_withdrawn).map_or_else(|| chunk.batch.origin.clone(), |it| it.origin.clone());
    Source {
        source_key: row.source_key.clone(),
        content_hash: row.content_hash.clone(),
        origin,
        batch_id: Some(chunk.batch.id),
        booking_id: before.and_then(|it| it.booking_id),
        appointment_id: before.and_then(|it| it.appointment_id),
        version: before.map_or(0, |it| it.version),
        closure_id: None,
        is_withdrawn: before.is_some_and(|it| it.is_withdrawn),
        ends_at: chunk.now,
    }
}

/// Writes which appointment each row has become, and how it stood before, so that it can be taken back.
pub(super) async fn link(tx: &mut TenantTx, batch: Uuid, rows: &[Link]) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE import_row r SET appointment_id = it.appointment_id, before = it.before
           FROM unnest($2::bigint[], $3::uuid[], $4::jsonb[]) AS it (number, appointment_id, before)
          WHERE r.batch_id = $1 AND r.number = it.number",
    )
    .bind(batch)
    .bind(rows.iter().map(|it| it.0).collect::<Vec<_>>())
    .bind(rows.iter().map(|it| it.1).collect::<Vec<_>>())
    .bind(rows.iter().map(|it| it.2.as_ref().map(Json)).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Nothing became of these rows after all, and why: nothing is dropped silently.
pub(super) async fn leave(tx: &mut TenantTx, batch: Uuid, rows: &[i64], why: &Reason) -> sqlx::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "UPDATE import_row SET outcome = 'nothing', state = $4, reasons = reasons || $3
          WHERE batch_id = $1 AND number = ANY($2)",
    )
    .bind(batch)
    .bind(rows)
    .bind(Json([why]))
    .bind(why.state.as_str())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Opens what rows had closed that are appointments now.
pub(super) async fn reopen(tx: &mut TenantTx, links: &[Link]) -> sqlx::Result<()> {
    let ids: Vec<i32> = links.iter().filter_map(|it| it.2.as_ref()?.source.closure_id).collect();
    closures::remove(tx, &ids).await
}
