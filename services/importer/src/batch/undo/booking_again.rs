//! What a batch has cancelled because it was gone from the file is booked again, and closed what it has opened.

use std::collections::{HashMap, HashSet};

use booking::import::{self, Standing};
use sqlx::FromRow;
use sqlx::types::Json;
use tenancy::TenantTx;
use uuid::Uuid;

use super::restoring::again;
use super::{CHUNK, Undo};
use crate::batch::closures;
use crate::batch::former::Former;
use crate::batch::gone::{self, GoneState};
use crate::batch::sources::{self, Appointments, Source};

/// An appointment that the batch has cancelled, or a closure that it has opened.
#[derive(FromRow)]
struct Cancelled {
    number: i64,
    source_key: String,
    before: Json<Former>,
}

/// Those after number `after`, a chunk of them; the last one's number. Whose place is given away, whom somebody has touched
/// or a later batch has changed, and whose time has come, are kept as they are.
pub(super) async fn book_again(tx: &mut TenantTx, undo: &Undo<'_>, after: i64) -> anyhow::Result<Option<i64>> {
    let rows = cancelled(tx, undo.batch.id, after).await?;
    let Some(last) = rows.last().map(|it| it.number) else { return Ok(None) };
    if rows.iter().any(|it| it.before.closed.is_some()) {
        closures::announce(tx).await?;
    }
    let keys: Vec<&str> = rows.iter().map(|it| it.source_key.as_str()).collect();
    let mut known = sources::find(tx, &keys).await?;
    known.retain(|_, it| it.is_still_withdrawn_by(undo.batch.id));
    let appointments = sources::lock_appointments(tx, known.values()).await?;
    let wanted: Vec<Standing> = rows
        .iter()
        .filter_map(|it| it.wanted(known.get(&it.source_key)?, &appointments))
        .filter(|it| it.imported.start > undo.now)
        .collect();
    let written = import::book_again(tx, &wanted, undo.links, undo.rules, undo.now).await?;
    let versions: HashMap<Uuid, i32> = written.iter().map(|it| (it.appointment_id, it.version)).collect();
    let (mut back, mut new) = (HashSet::new(), Vec::new());
    for row in rows.iter().filter(|it| known.contains_key(&it.source_key)) {
        let mut source = row.before.source.clone();
        if let Some(closed) = &row.before.closed {
            source.closure_id = Some(closures::put(tx, closed).await?);
        } else if let Some(version) = source.appointment_id.and_then(|id| versions.get(&id)) {
            source.version = *version;
        } else {
            continue;
        }
        back.insert(row.number);
        new.push(source);
    }
    sources::put(tx, &new).await?;
    let (back, kept): (Vec<i64>, Vec<i64>) = rows.iter().map(|it| it.number).partition(|it| back.contains(it));
    gone::set_state(tx, undo.batch.id, &back, GoneState::BookedAgain).await?;
    gone::set_state(tx, undo.batch.id, &kept, GoneState::Kept).await?;
    Ok(Some(last))
}

impl Cancelled {
    /// The appointment to book again; none: it is a closure, or somebody has touched it.
    fn wanted(&self, source: &Source, appointments: &Appointments) -> Option<Standing> {
        let (former, now) = (self.before.booked()?, source.standing(appointments));
        now.is_none_or(|it| source.is_as_written(it)).then(|| again(former, now))
    }
}

async fn cancelled(tx: &mut TenantTx, id: Uuid, after: i64) -> sqlx::Result<Vec<Cancelled>> {
    sqlx::query_as(
        "SELECT number, source_key, before FROM import_gone
          WHERE batch_id = $1 AND number > $2 AND state = 'cancelled' ORDER BY number LIMIT $3",
    )
    .bind(id)
    .bind(after)
    .bind(CHUNK)
    .fetch_all(tx.conn())
    .await
}

impl Source {
    fn is_still_withdrawn_by(&self, batch: Uuid) -> bool {
        self.is_withdrawn && self.closure_id.is_none() && self.batch_id == Some(batch)
    }
}
