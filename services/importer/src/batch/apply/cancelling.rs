//! If the town wants it: what is gone from the file is cancelled, or opened again, and written down so that it can be taken
//! back.

use std::collections::HashMap;

use booking::import::{self, Standing};
use sqlx::types::Json;
use tenancy::TenantTx;
use uuid::Uuid;

use super::{CHUNK, Chunk};
use crate::batch::closures::{self, Closed};
use crate::batch::former::Former;
use crate::batch::gone::{self, GoneState, Missing};
use crate::batch::sources::{self, Appointments, Source};
use crate::batch::{BatchState, Place, progress};

/// Cancels a chunk of them after number `after`; the last one's number, or `None` if none are left or the batch is no
/// longer ours.
pub(super) async fn cancel(place: &Place, chunk: &Chunk<'_>, after: i64) -> anyhow::Result<Option<i64>> {
    let (mut tx, batch) = (place.tx().await?, chunk.batch);
    if progress::still(&mut tx, batch.id, batch.run, BatchState::Applying).await?.is_none() {
        return Ok(None);
    }
    let missing = gone::left(&mut tx, batch.id, after, CHUNK).await?;
    let Some(last) = missing.last().map(|it| it.number) else { return Ok(None) };
    let keys: Vec<&str> = missing.iter().map(|it| it.source_key.as_str()).collect();
    let known = sources::find(&mut tx, &keys).await?;
    let closed = closures::of(&mut tx, known.values()).await?;
    let appointments = sources::lock_appointments(&mut tx, known.values()).await?;
    let (mut cancelled, mut left): (Vec<(i64, Former)>, Vec<i64>) = (Vec::new(), Vec::new());
    for it in &missing {
        let source = known.get(&it.source_key).filter(|source| source.batch_id == it.former_batch);
        match source.and_then(|source| it.former(source, &appointments, &closed)) {
            Some(former) if former.is_ahead(chunk) => cancelled.push((it.number, former)),
            _ => left.push(it.number),
        }
    }
    note(&mut tx, batch.id, &cancelled, &left).await?;
    let opened: Vec<i32> = cancelled.iter().filter_map(|it| it.1.source.closure_id).collect();
    closures::remove(&mut tx, &opened).await?;
    let withdrawn: Vec<Source> = cancelled.iter().map(|it| it.1.withdrawn_by(batch.id)).collect();
    sources::put(&mut tx, &withdrawn).await?;
    let standing: Vec<Standing> = cancelled.into_iter().filter_map(|it| it.1.booked().cloned()).collect();
    import::cancel_all(&mut tx, &standing, chunk.now).await?;
    tx.commit().await?;
    Ok(Some(last))
}

impl Missing {
    /// How it stands; none: somebody has touched it since the dry run.
    fn former(&self, source: &Source, appointments: &Appointments, closed: &HashMap<i32, Closed>) -> Option<Former> {
        let former = Former::of(source, appointments, closed);
        let is_untouched = if self.appointment_id.is_some() {
            source.appointment_id == self.appointment_id && former.booked().is_some_and(|now| source.is_as_written(now))
        } else {
            former.closed.is_some()
        };
        is_untouched.then_some(former)
    }
}

impl Former {
    /// Whether its time has not come since the dry run. A closure opens for the days that are left.
    fn is_ahead(&self, chunk: &Chunk<'_>) -> bool {
        self.booked().is_none_or(|it| it.imported.start > chunk.now)
    }

    /// What is known of it afterwards.
    fn withdrawn_by(&self, batch: Uuid) -> Source {
        let version = self.booked().map_or(self.source.version, |it| it.version + 1);
        Source { version, batch_id: Some(batch), closure_id: None, is_withdrawn: true, ..self.source.clone() }
    }
}

/// Writes down how the cancelled ones stood, and which were left.
async fn note(tx: &mut TenantTx, id: Uuid, cancelled: &[(i64, Former)], left: &[i64]) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE import_gone g SET state = 'cancelled', before = it.before
           FROM unnest($2::bigint[], $3::jsonb[]) AS it (number, before) WHERE g.batch_id = $1 AND g.number = it.number",
    )
    .bind(id)
    .bind(cancelled.iter().map(|it| it.0).collect::<Vec<_>>())
    .bind(cancelled.iter().map(|it| Json(&it.1)).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    gone::set_state(tx, id, left, GoneState::Left).await
}
