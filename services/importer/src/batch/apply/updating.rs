//! Bookings whose rows have changed in the file.

use std::collections::HashMap;

use booking::import::{self, Imported, Standing};
use sqlx::types::Json;
use tenancy::TenantTx;
use uuid::Uuid;

use super::Chunk;
use super::sources::{link, remember};
use crate::batch::carry::{Carrier, Decided};
use crate::batch::undo::Former;
use crate::{Reason, State};

/// What is known of a row's appointment: as which version it was written, and from what.
type Source = (String, Uuid, i32, String, Option<Uuid>);

/// Who was touched by hand since the dry run stays as they are; the row says so.
pub(super) async fn update(
    tx: &mut TenantTx,
    chunk: &Chunk<'_>,
    carrier: &mut Carrier<'_>,
    rows: &[Decided],
) -> anyhow::Result<()> {
    let keys: Vec<&str> = rows.iter().map(|it| it.source_key.as_str()).collect();
    let sources: Vec<Source> = sqlx::query_as(
        "SELECT source_key, appointment_id, version, content_hash, batch_id FROM import_source
          WHERE source_key = ANY($1) AND appointment_id IS NOT NULL",
    )
    .bind(keys)
    .fetch_all(tx.conn())
    .await?;
    let appointments: Vec<Uuid> = sources.iter().map(|it| it.1).collect();
    let sources: HashMap<&str, &Source> = sources.iter().map(|it| (it.0.as_str(), it)).collect();
    let standing = import::find_all(tx, &appointments).await?;
    let standing: HashMap<Uuid, Standing> = standing.into_iter().map(|it| (it.imported.appointment_id, it)).collect();
    let mut changed: Vec<(&Decided, Imported, Standing, Former)> = Vec::with_capacity(rows.len());
    let mut kept = Vec::new();
    for row in rows {
        let source = sources.get(row.source_key.as_str());
        let before = source.and_then(|it| standing.get(&it.1).filter(|now| now.is_booked && now.version == it.2));
        let (Some(source), Some(before), Some(mut after)) = (source, before, carrier.imported(row)) else {
            kept.push(row.number);
            continue;
        };
        (after.booking_id, after.appointment_id) = (before.imported.booking_id, before.imported.appointment_id);
        let former = Former { imported: before.imported.clone(), content_hash: source.3.clone(), batch_id: source.4 };
        changed.push((row, after, before.clone(), former));
    }
    let after: Vec<Imported> = changed.iter().map(|it| it.1.clone()).collect();
    let before: Vec<Standing> = changed.iter().map(|it| it.2.clone()).collect();
    let written = import::rewrite_all(tx, &after, &before, chunk.now).await?;
    let done: Vec<_> = changed.iter().zip(written).map(|(it, written)| (it.0, &it.1, written)).collect();
    remember(tx, chunk, &done).await?;
    let links: Vec<_> = changed.iter().map(|it| (it.0.number, it.1.appointment_id, Some(&it.3))).collect();
    link(tx, chunk.batch.id, &links).await?;
    leave(tx, chunk.batch.id, &kept, &Reason::new(State::Warning, "changed_here", "")).await?;
    Ok(())
}

/// Nothing became of these rows after all, and why.
pub(super) async fn leave(tx: &mut TenantTx, batch: Uuid, rows: &[i64], why: &Reason) -> sqlx::Result<()> {
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
