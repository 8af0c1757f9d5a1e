//! The difference to the last edition of a file: what is no longer in it.

use booking::import;
use jiff::Timestamp;
use sqlx::FromRow;
use tenancy::TenantTx;
use uuid::Uuid;

use super::{Batch, BatchState, Place, progress};

/// An appointment that an earlier run has imported, and that is no longer in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone {
    /// As the file named it.
    pub source_key: String,
    /// The appointment.
    pub appointment_id: Uuid,
    /// Whose it is.
    pub name: String,
    /// When.
    pub start: Timestamp,
}

#[derive(FromRow)]
struct Found {
    source_key: String,
    appointment_id: Uuid,
    name: Option<String>,
    starts_at: jiff_sqlx::Timestamp,
}

/// What earlier editions of this batch's file had and it has not, as far as it is booked, ahead, and untouched by hand.
/// While a row is so unreadable that nobody knows which it is, it may be one of these: then none of them is cancelled.
///
/// # Errors
/// The database's own.
pub async fn gone(tx: &mut TenantTx, id: Uuid) -> sqlx::Result<Vec<Gone>> {
    let found: Vec<Found> = sqlx::query_as(
        "SELECT s.source_key, a.id AS appointment_id, b.name, lower(a.during) AS starts_at
           FROM import_batch batch
           JOIN import_source s ON s.origin = coalesce(batch.profile, batch.file_name)
           JOIN appointment a ON a.id = s.appointment_id AND a.version = s.version AND a.status = 'booked'
           JOIN booking b ON b.id = a.booking_id
          WHERE batch.id = $1 AND lower(a.during) > coalesce(batch.checked_at, batch.created_at)
            AND batch.state IN ('checking', 'checked', 'applying', 'applied')
            AND NOT EXISTS (SELECT FROM import_row r WHERE r.batch_id = $1 AND r.source_key = s.source_key
                               AND NOT (r.outcome = 'nothing' AND r.state = 'skipped'))
          ORDER BY lower(a.during), s.source_key",
    )
    .bind(id)
    .fetch_all(tx.conn())
    .await?;
    let gone = |it: Found| Gone {
        source_key: it.source_key,
        appointment_id: it.appointment_id,
        name: it.name.unwrap_or_default(),
        start: it.starts_at.to_jiff(),
    };
    Ok(found.into_iter().map(gone).collect())
}

/// Whether a row of the file could not be read so far that one knows which it is: it may be any of those that seem gone.
async fn has_nameless(tx: &mut TenantTx, id: Uuid) -> sqlx::Result<bool> {
    sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM import_row
                         WHERE batch_id = $1 AND state = 'error' AND source_key NOT LIKE 'id:%'
                           AND entry->>'start' IS NULL AND entry->>'all_day' IS NULL)",
    )
    .bind(id)
    .fetch_one(tx.conn())
    .await
}

/// Cancels some of them, as long as every row of the file is known; `false`: none are left, or the batch is no longer ours.
pub(super) async fn cancel_chunk(place: &Place, batch: &Batch, limit: i64, now: Timestamp) -> anyhow::Result<bool> {
    let mut tx = place.tx().await?;
    if progress::still(&mut tx, batch.id, batch.run, BatchState::Applying).await?.is_none() {
        return Ok(false);
    }
    if has_nameless(&mut tx, batch.id).await? {
        return Ok(false);
    }
    let gone = gone(&mut tx, batch.id).await?;
    let some: Vec<Uuid> = gone.iter().take(usize::try_from(limit)?).map(|it| it.appointment_id).collect();
    let mut standing = import::find_all(&mut tx, &some).await?;
    standing.retain(|it| it.is_booked && it.imported.start > now);
    if standing.is_empty() {
        return Ok(false);
    }
    import::cancel_all(&mut tx, &standing, now).await?;
    tx.commit().await?;
    Ok(true)
}
