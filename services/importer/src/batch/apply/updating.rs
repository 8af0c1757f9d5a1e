//! Bookings whose rows have changed in the file, and those that a file without their rows had cancelled and whose rows are
//! back.

use booking::import::{self, Imported, Standing};
use tenancy::TenantTx;

use super::Chunk;
use super::outcome::{Link, leave, link, reopen, source_of};
use crate::batch::carry::{Carrier, Decided};
use crate::batch::closures;
use crate::batch::former::Former;
use crate::batch::sources::{self, Source};
use crate::{Reason, State};

/// Who was touched by hand since the dry run stays as they are; the row says so.
pub(super) async fn update(
    tx: &mut TenantTx,
    chunk: &Chunk<'_>,
    carrier: &mut Carrier<'_>,
    rows: &[Decided],
) -> anyhow::Result<()> {
    let keys: Vec<&str> = rows.iter().map(|it| it.source_key.as_str()).collect();
    let known = sources::find(tx, &keys).await?;
    let closed = closures::of(tx, known.values()).await?;
    let appointments = sources::lock_appointments(tx, known.values()).await?;
    let (mut after, mut before): (Vec<Imported>, Vec<Standing>) = (Vec::new(), Vec::new());
    let (mut new, mut links, mut kept): (Vec<Source>, Vec<Link>, Vec<i64>) = (Vec::new(), Vec::new(), Vec::new());
    for row in rows {
        let source = known.get(&row.source_key);
        let standing = source.and_then(|it| it.standing(&appointments).filter(|now| it.is_as_written(now)));
        let (Some(source), Some(standing), Some(mut it)) = (source, standing, carrier.imported(row)) else {
            kept.push(row.number);
            continue;
        };
        (it.booking_id, it.appointment_id) = (standing.imported.booking_id, standing.imported.appointment_id);
        let known = source_of(row, chunk, Some(source));
        new.push(Source { is_withdrawn: false, ends_at: it.end, ..known });
        links.push((row.number, Some(it.appointment_id), Some(Former::of(source, &appointments, &closed))));
        after.push(it);
        before.push(standing.clone());
    }
    let written = import::rewrite_all(tx, &after, &before, chunk.rules, chunk.now).await?;
    for (source, written) in new.iter_mut().zip(written) {
        source.version = written.version;
    }
    sources::put(tx, &new).await?;
    link(tx, chunk.batch.id, &links).await?;
    leave(tx, chunk.batch.id, &kept, &Reason::new(State::Warning, "changed_here", "")).await?;
    Ok(reopen(tx, &links).await?)
}
