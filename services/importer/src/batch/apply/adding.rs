//! New bookings.

use std::collections::HashMap;

use booking::import::{self, Imported, Written};
use tenancy::TenantTx;
use uuid::Uuid;

use super::Chunk;
use super::outcome::{Link, leave, link, reopen, source_of};
use crate::batch::carry::{Carrier, Decided};
use crate::batch::closures;
use crate::batch::former::Former;
use crate::batch::gone;
use crate::batch::sources::{self, Source};
use crate::{Reason, State};

/// Rows that do not become bookings after all.
#[derive(Default)]
struct Left {
    /// Their time has come since the dry run.
    past: Vec<i64>,
    /// Another batch, dry-run at the same time, has imported them.
    twice: Vec<i64>,
}

/// A row with its booking, and how it stood before: as a closure, or as a booking that nobody has any more.
type New<'a> = (&'a Decided, Imported, Option<Former>);

pub(super) async fn add(
    tx: &mut TenantTx,
    chunk: &Chunk<'_>,
    carrier: &mut Carrier<'_>,
    rows: &[Decided],
) -> anyhow::Result<()> {
    let mut left = Left::default();
    let new = new_ones(tx, chunk, carrier, rows, &mut left).await?;
    let sends = chunk.batch.choices.send_mails;
    let back: Vec<&str> = new.iter().filter(|it| it.2.is_some()).map(|it| it.0.source_key.as_str()).collect();
    let reminded = gone::reminded(tx, &back).await?;
    let all: Vec<Imported> = new.iter().map(|it| it.1.clone()).collect();
    let written = import::add_all(tx, &all, (chunk.links, chunk.language, sends), chunk.now).await?;
    let written: HashMap<Uuid, Written> = written.into_iter().map(|it| (it.appointment_id, it)).collect();
    let (mut known, mut links, mut told): (Vec<Source>, Vec<Link>, Vec<Imported>) =
        (Vec::new(), Vec::new(), Vec::new());
    for (row, it, before) in new {
        let Some(written) = written.get(&it.appointment_id) else {
            left.twice.push(row.number);
            continue;
        };
        known.push(Source {
            booking_id: Some(it.booking_id),
            appointment_id: Some(it.appointment_id),
            version: written.version,
            is_withdrawn: false,
            ends_at: it.end,
            ..source_of(row, chunk, before.as_ref().map(|it| &it.source))
        });
        links.push((row.number, Some(it.appointment_id), before));
        told.push(it);
    }
    if sends {
        import::tell(tx, &told, chunk.language, chunk.rules, chunk.now).await?;
    } else if !reminded.is_empty() {
        let again = known.iter().zip(&told).filter(|(source, _)| reminded.contains(&source.source_key));
        let again: Vec<Imported> = again.map(|(_, it)| it.clone()).collect();
        import::remind_again(tx, &again, chunk.language, chunk.rules, chunk.now).await?;
    }
    sources::put(tx, &known).await?;
    link(tx, chunk.batch.id, &links).await?;
    left.say(tx, chunk.batch.id).await?;
    Ok(reopen(tx, &links).await?)
}

/// Those that become bookings; the others are `left`.
async fn new_ones<'a>(
    tx: &mut TenantTx,
    chunk: &Chunk<'_>,
    carrier: &mut Carrier<'_>,
    rows: &'a [Decided],
    left: &mut Left,
) -> anyhow::Result<Vec<New<'a>>> {
    let keys: Vec<&str> = rows.iter().map(|it| it.source_key.as_str()).collect();
    let known = sources::find(tx, &keys).await?;
    let closed = closures::of(tx, known.values()).await?;
    let appointments = sources::lock_appointments(tx, known.values()).await?;
    let mut new = Vec::with_capacity(rows.len());
    for row in rows {
        let before = known.get(&row.source_key);
        let is_gone =
            |it: &Source| it.standing(&appointments).is_none() && (it.closure_id.is_some() || it.is_withdrawn);
        match carrier.imported(row) {
            Some(it) if before.is_none_or(is_gone) && it.start <= chunk.now => left.past.push(row.number),
            Some(it) if before.is_none_or(is_gone) => {
                new.push((row, it, before.map(|before| Former::of(before, &appointments, &closed))));
            }
            _ => left.twice.push(row.number),
        }
    }
    Ok(new)
}

impl Left {
    /// The rows say so.
    async fn say(&self, tx: &mut TenantTx, batch: Uuid) -> sqlx::Result<()> {
        for (rows, key) in [(&self.past, "past"), (&self.twice, "duplicate")] {
            leave(tx, batch, rows, &Reason::new(State::Skipped, key, "")).await?;
        }
        Ok(())
    }
}
