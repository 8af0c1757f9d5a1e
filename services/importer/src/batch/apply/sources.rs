//! The table `import_source`, and what rows know of their appointments.

use booking::import::{Imported, Written};
use jiff_sqlx::ToSqlx as _;
use sqlx::types::Json;
use tenancy::TenantTx;
use uuid::Uuid;

use super::Chunk;
use crate::batch::carry::Decided;
use crate::batch::undo::Former;

/// A row with what became of it.
pub(super) type Done<'a> = (&'a Decided, &'a Imported, Written);

/// Remembers what was imported.
pub(super) async fn remember(tx: &mut TenantTx, chunk: &Chunk<'_>, done: &[Done<'_>]) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO import_source (source_key, content_hash, origin, batch_id, booking_id, appointment_id, version, ends_at)
         SELECT source_key, content_hash, $7, $8, booking_id, appointment_id, version, ends_at
           FROM unnest($1::text[], $2::text[], $3::uuid[], $4::uuid[], $5::int[], $6::timestamptz[])
             AS it (source_key, content_hash, booking_id, appointment_id, version, ends_at)
         ON CONFLICT (source_key) DO UPDATE
            SET content_hash = excluded.content_hash, origin = excluded.origin, batch_id = excluded.batch_id,
                booking_id = excluded.booking_id, appointment_id = excluded.appointment_id, version = excluded.version,
                ends_at = excluded.ends_at",
    )
    .bind(done.iter().map(|(row, ..)| row.source_key.as_str()).collect::<Vec<_>>())
    .bind(done.iter().map(|(row, ..)| row.content_hash.as_str()).collect::<Vec<_>>())
    .bind(done.iter().map(|(_, it, _)| it.booking_id).collect::<Vec<_>>())
    .bind(done.iter().map(|(_, it, _)| it.appointment_id).collect::<Vec<_>>())
    .bind(done.iter().map(|(.., it)| it.version).collect::<Vec<_>>())
    .bind(done.iter().map(|(_, it, _)| it.end.to_sqlx()).collect::<Vec<_>>())
    .bind(chunk.batch.origin())
    .bind(chunk.batch.id)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Writes which appointment each row has become, and how it stood before, so that it can be taken back.
pub(super) async fn link(tx: &mut TenantTx, batch: Uuid, rows: &[(i64, Uuid, Option<&Former>)]) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE import_row r SET appointment_id = it.appointment_id, before = it.before
           FROM unnest($2::bigint[], $3::uuid[], $4::jsonb[]) AS it (number, appointment_id, before)
          WHERE r.batch_id = $1 AND r.number = it.number",
    )
    .bind(batch)
    .bind(rows.iter().map(|it| it.0).collect::<Vec<_>>())
    .bind(rows.iter().map(|it| it.1).collect::<Vec<_>>())
    .bind(rows.iter().map(|it| it.2.map(Json)).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    Ok(())
}
