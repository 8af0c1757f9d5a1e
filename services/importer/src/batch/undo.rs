//! Taking a batch back: its new bookings go, its changed ones become what they were, what it has cancelled is booked again.
//! What somebody has touched since, or a later batch has changed, is kept and named.

mod booking_again;
mod restoring;
mod row;

use booking::Links;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use tenancy::town::{Rules, Town};
use uuid::Uuid;

use super::{Batch, BatchState, Place, Progress, progress, store};

/// Rows of one transaction.
const CHUNK: i64 = 1000;

/// What taking back needs.
struct Undo<'a> {
    place: &'a Place,
    batch: &'a Batch,
    links: &'a Links,
    rules: &'a Rules,
    now: Timestamp,
}

/// Takes a batch back that is being undone; another one is left alone.
///
/// # Errors
/// The database's own; begun again, it goes on.
pub async fn undo(
    place: &Place,
    links: &Links,
    id: Uuid,
    now: Timestamp,
    progress: Progress<'_>,
) -> anyhow::Result<()> {
    let mut tx = place.tx().await?;
    let Some(batch) = store::find(&mut tx, id).await?.filter(|it| it.state == BatchState::Undoing) else {
        return Ok(());
    };
    let rules = Town::load(&mut tx).await?.rules;
    // What has expired is in nobody's way.
    booking::retention::release_expired(&mut tx, now).await?;
    tx.commit().await?;
    let undo = Undo { place, batch: &batch, links, rules: &rules, now };
    // New bookings first: they may stand where others go back to.
    for outcome in ["add", "update", "close"] {
        let mut after = 0;
        while let Some((last, done)) = undo.rows(outcome, after).await? {
            after = last;
            progress(done, batch.total);
        }
    }
    let mut after = 0;
    while let Some(last) = undo.cancelled(after).await? {
        after = last;
    }
    undo.finish().await
}

impl Undo<'_> {
    /// Takes a chunk of rows back, those after number `after`; the last one's number and how far the batch is, or `None` if
    /// none are left or it is no longer ours.
    async fn rows(&self, outcome: &str, after: i64) -> anyhow::Result<Option<(i64, i64)>> {
        let mut tx = self.place.tx().await?;
        let (id, run) = (self.batch.id, self.batch.run);
        let Some(batch) = progress::still(&mut tx, id, run, BatchState::Undoing).await? else { return Ok(None) };
        let rows = row::left(&mut tx, id, outcome, (after, CHUNK)).await?;
        let Some(last) = rows.last().map(row::Undoable::number) else { return Ok(None) };
        let kept = restoring::take_back(&mut tx, self, outcome, &rows).await?;
        row::mark(&mut tx, id, &rows, &kept).await?;
        let done = batch.done + i64::try_from(rows.len())?;
        progress::note(&mut tx, id, done, batch.total).await?;
        tx.commit().await?;
        Ok(Some((last, done)))
    }

    /// Books a chunk of those again that the batch has cancelled; as above.
    async fn cancelled(&self, after: i64) -> anyhow::Result<Option<i64>> {
        let mut tx = self.place.tx().await?;
        if progress::still(&mut tx, self.batch.id, self.batch.run, BatchState::Undoing).await?.is_none() {
            return Ok(None);
        }
        let last = booking_again::book_again(&mut tx, self, after).await?;
        tx.commit().await?;
        Ok(last)
    }

    async fn finish(&self) -> anyhow::Result<()> {
        let mut tx = self.place.tx().await?;
        if progress::still(&mut tx, self.batch.id, self.batch.run, BatchState::Undoing).await?.is_none() {
            return Ok(());
        }
        sqlx::query("UPDATE import_batch SET state = 'undone', undone_at = $2, done = total WHERE id = $1")
            .bind(self.batch.id)
            .bind(self.now.to_sqlx())
            .execute(tx.conn())
            .await?;
        Ok(tx.commit().await?)
    }
}
