//! New bookings.

use std::collections::HashMap;

use booking::import::{self, Imported, Written};
use tenancy::TenantTx;
use uuid::Uuid;

use super::Chunk;
use super::sources::{link, remember};
use crate::batch::carry::{Carrier, Decided};

pub(super) async fn add(
    tx: &mut TenantTx,
    chunk: &Chunk<'_>,
    carrier: &mut Carrier<'_>,
    rows: &[Decided],
) -> anyhow::Result<()> {
    let (rows, new): (Vec<&Decided>, Vec<Imported>) =
        rows.iter().filter_map(|row| Some((row, carrier.imported(row)?))).unzip();
    let sends = chunk.batch.choices.send_mails;
    let written = import::add_all(tx, &new, (chunk.links, chunk.language, sends), chunk.now).await?;
    let written: HashMap<Uuid, Written> = written.into_iter().map(|it| (it.appointment_id, it)).collect();
    let done: Vec<_> = rows
        .into_iter()
        .zip(&new)
        .filter_map(|(row, it)| Some((row, it, written.get(&it.appointment_id)?.clone())))
        .collect();
    remember(tx, chunk, &done).await?;
    let links: Vec<_> = done.iter().map(|(row, it, _)| (row.number, it.appointment_id, None)).collect();
    link(tx, chunk.batch.id, &links).await?;
    if sends {
        let told: Vec<Imported> = done.iter().map(|(_, it, _)| (*it).clone()).collect();
        import::tell(tx, &told, chunk.language, chunk.rules, chunk.now).await?;
    }
    Ok(())
}
