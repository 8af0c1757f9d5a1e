//! New bookings.

use std::collections::HashMap;

use booking::import::{self, Imported, Written};
use tenancy::TenantTx;
use uuid::Uuid;

use super::Chunk;
use super::sources::{Done, link, remember};
use super::updating::leave;
use crate::batch::carry::{Carrier, Decided};
use crate::batch::known::known;
use crate::{Reason, State};

/// Rows that do not become bookings after all.
#[derive(Default)]
struct Left {
    /// Their time has come since the dry run.
    past: Vec<i64>,
    /// Another batch, dry-run at the same time, has imported them.
    twice: Vec<i64>,
}

pub(super) async fn add(
    tx: &mut TenantTx,
    chunk: &Chunk<'_>,
    carrier: &mut Carrier<'_>,
    rows: &[Decided],
) -> anyhow::Result<()> {
    let keys: Vec<&str> = rows.iter().map(|it| it.source_key.as_str()).collect();
    let known = known(tx, &keys).await?;
    let mut left = Left::default();
    let (mut new_rows, mut new) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
    for row in rows {
        match carrier.imported(row) {
            _ if known.contains_key(&row.source_key) => left.twice.push(row.number),
            Some(it) if it.start <= chunk.now => left.past.push(row.number),
            Some(it) => {
                new_rows.push(row);
                new.push(it);
            }
            None => left.twice.push(row.number),
        }
    }
    let sends = chunk.batch.choices.send_mails;
    let written = import::add_all(tx, &new, (chunk.links, chunk.language, sends), chunk.now).await?;
    let written: HashMap<Uuid, Written> = written.into_iter().map(|it| (it.appointment_id, it)).collect();
    let mut done: Vec<Done<'_>> = Vec::with_capacity(new.len());
    for (row, it) in new_rows.into_iter().zip(&new) {
        match written.get(&it.appointment_id) {
            Some(written) => done.push((row, it, written.clone())),
            None => left.twice.push(row.number),
        }
    }
    remember(tx, chunk, &done).await?;
    let links: Vec<_> = done.iter().map(|(row, it, _)| (row.number, it.appointment_id, None)).collect();
    link(tx, chunk.batch.id, &links).await?;
    if sends {
        let told: Vec<Imported> = done.iter().map(|(_, it, _)| (*it).clone()).collect();
        import::tell(tx, &told, chunk.language, chunk.rules, chunk.now).await?;
    }
    left.say(tx, chunk.batch.id).await?;
    Ok(())
}

impl Left {
    /// Nothing is dropped silently: the rows say so.
    async fn say(&self, tx: &mut TenantTx, batch: Uuid) -> sqlx::Result<()> {
        for (rows, key) in [(&self.past, "past"), (&self.twice, "duplicate")] {
            if !rows.is_empty() {
                leave(tx, batch, rows, &Reason::new(State::Skipped, key, "")).await?;
            }
        }
        Ok(())
    }
}
