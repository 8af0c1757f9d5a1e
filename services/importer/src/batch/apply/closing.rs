//! Rows that take whole days, as closures. What citizens are told is only that it is closed.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use sqlx::types::Json;
use tenancy::TenantTx;
use tenancy::town::Town;

use super::Chunk;
use crate::batch::carry::Decided;
use crate::rules::Target;

pub(super) async fn close(tx: &mut TenantTx, chunk: &Chunk<'_>, rows: &[Decided]) -> anyhow::Result<()> {
    for row in rows {
        let Some(Target::Closure { counter, location, first, last }) = row.target() else { continue };
        let ends_at = last.tomorrow().and_then(|it| it.to_zoned(tx.tenant().zone.clone()));
        let ends_at = ends_at.map_or(Timestamp::MAX, |it| it.timestamp());
        sqlx::query(
            "WITH former AS (DELETE FROM closure WHERE id IN (SELECT closure_id FROM import_source WHERE source_key = $1)),
             closed AS (
               INSERT INTO closure (location_id, counter_id, first_day, last_day, reason, by_staff)
               VALUES ($5, $6, $7, $8, $9, true) RETURNING id)
             INSERT INTO import_source (source_key, content_hash, origin, batch_id, closure_id, ends_at)
             SELECT $1, $2, $3, $4, id, $10 FROM closed
             ON CONFLICT (source_key) DO UPDATE
                SET content_hash = excluded.content_hash, origin = excluded.origin, batch_id = excluded.batch_id,
                    closure_id = excluded.closure_id, ends_at = excluded.ends_at",
        )
        .bind(&row.source_key)
        .bind(&row.content_hash)
        .bind(chunk.batch.origin())
        .bind(chunk.batch.id)
        .bind(location)
        .bind(counter)
        .bind(first.to_sqlx())
        .bind(last.to_sqlx())
        .bind(Json(serde_json::json!({ "de": "geschlossen", "en": "closed" })))
        .bind(ends_at.to_sqlx())
        .execute(tx.conn())
        .await?;
    }
    Ok(Town::bump_version(tx).await?)
}
