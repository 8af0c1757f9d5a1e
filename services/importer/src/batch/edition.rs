//! Which list a file is the next edition of. Every counter may call its export “Kalender.CSV”, and every export of Outlook
//! has the same columns: neither says which calendar it is. What it holds does.

use jiff::Timestamp;
use sqlx::FromRow;
use sqlx::types::Json;
use tenancy::TenantTx;
use uuid::Uuid;

use super::{BatchState, StepError, gone, store, written};

/// A list that earlier files have brought, and that a batch may be the next edition of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edition {
    /// The list: id of the first batch.
    pub origin: String,
    /// Its latest file; none: the batch is forgotten.
    pub file_name: Option<String>,
    /// When that was applied.
    pub applied_at: Option<Timestamp>,
    /// How many of its appointments and closures stand and are ahead.
    pub ahead: i64,
    /// How many of these the batch has as well.
    pub shared: i64,
    /// Whether the batch counts as an edition of it: then what it has no longer is gone.
    pub is_this: bool,
}

#[derive(FromRow)]
struct Found {
    origin: String,
    file_name: Option<String>,
    applied_at: Option<jiff_sqlx::Timestamp>,
    ahead: i64,
    shared: i64,
    is_this: bool,
}

/// The lists a dry-run batch may be an edition of, the likeliest first.
///
/// # Errors
/// The database's own.
pub async fn editions(tx: &mut TenantTx, id: Uuid) -> sqlx::Result<Vec<Edition>> {
    let found: Vec<Found> = sqlx::query_as(
        "WITH mine AS (SELECT DISTINCT source_key FROM import_row WHERE batch_id = $1),
              lists AS (SELECT s.origin, count(*) AS ahead, count(mine.source_key) AS shared
                          FROM import_batch batch
                          JOIN import_source s ON s.ends_at > coalesce(batch.checked_at, batch.created_at)
                                              AND s.origin <> batch.id::text
                          LEFT JOIN mine ON mine.source_key = s.source_key
                          LEFT JOIN appointment a ON a.id = s.appointment_id
                         WHERE batch.id = $1 AND (s.closure_id IS NOT NULL OR a.status = 'booked')
                         GROUP BY s.origin)
         SELECT lists.origin, last.file_name, last.applied_at, lists.ahead, lists.shared,
                lists.origin IS NOT DISTINCT FROM (SELECT origin FROM import_batch WHERE id = $1) AS is_this
           FROM lists
           LEFT JOIN LATERAL (SELECT b.file_name, b.applied_at FROM import_batch b
                               WHERE coalesce(b.origin, b.id::text) = lists.origin AND b.state = 'applied' AND b.id <> $1
                               ORDER BY b.applied_at DESC LIMIT 1) last ON true
          ORDER BY lists.shared DESC, lists.ahead DESC, lists.origin",
    )
    .bind(id)
    .fetch_all(tx.conn())
    .await?;
    Ok(found.into_iter().map(Found::into_edition).collect())
}

/// Says that a dry-run batch is an edition of this list, or (none) of none: another calendar. What is gone is counted anew;
/// what becomes of its rows stays as it is.
///
/// # Errors
/// [`StepError::NotFound`]: no such batch or list; [`StepError::WrongState`]: not dry-run, or begun to be applied.
pub async fn choose_edition(tx: &mut TenantTx, id: Uuid, origin: Option<&str>) -> Result<(), StepError> {
    let batch = store::lock(tx, id).await?.ok_or(StepError::NotFound)?;
    if batch.state != BatchState::Checked || store::is_begun(tx, id).await? {
        return Err(StepError::WrongState);
    }
    if let Some(origin) = origin
        && !editions(tx, id).await?.iter().any(|it| it.origin == origin)
    {
        return Err(StepError::NotFound);
    }
    // Another run: whoever has the page from before open has not seen what is cancelled from now on.
    sqlx::query(
        "UPDATE import_batch SET origin = coalesce($2, id::text), is_origin_chosen = true, run = run + 1 WHERE id = $1",
    )
    .bind(id)
    .bind(origin)
    .execute(tx.conn())
    .await?;
    gone::record(tx, id, batch.checked_at.unwrap_or(batch.created_at)).await?;
    let numbers = written::count(tx, &batch).await?;
    sqlx::query("UPDATE import_batch SET numbers = $2 WHERE id = $1")
        .bind(id)
        .bind(Json(numbers))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Finds the list that the batch is an edition of, by what it holds. What somebody has said about it stays.
pub(super) async fn find(tx: &mut TenantTx, id: Uuid) -> sqlx::Result<()> {
    let editions = editions(tx, id).await?;
    let likely = editions.first().filter(|it| it.is_likely()).map(|it| it.origin.as_str());
    sqlx::query("UPDATE import_batch SET origin = coalesce($2, id::text) WHERE id = $1 AND NOT is_origin_chosen")
        .bind(id)
        .bind(likely)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// What an extract has brought belongs to the list that has all of it, once that is applied: else nobody would see when it
/// is gone from there. A calendar that was imported more than once stays its own, and so does everything if somebody has
/// said that this is another calendar.
pub(super) async fn absorb(tx: &mut TenantTx, id: Uuid) -> sqlx::Result<()> {
    let inside = editions(tx, id).await?.into_iter().filter(|it| !it.is_this && it.shared == it.ahead);
    let inside: Vec<String> = inside.map(|it| it.origin).collect();
    sqlx::query(
        "UPDATE import_source s SET origin = batch.origin
           FROM import_batch batch
          WHERE batch.id = $1 AND s.origin = ANY($2) AND NOT (batch.is_origin_chosen AND batch.origin = batch.id::text)
            AND (SELECT count(*) FROM import_batch b
                  WHERE coalesce(b.origin, b.id::text) = s.origin AND b.state = 'applied') <= 1",
    )
    .bind(id)
    .bind(inside)
    .execute(tx.conn())
    .await?;
    Ok(())
}

impl Edition {
    /// At least half of the list is there again. An extract of it (“only next week”) is no edition by itself: everything
    /// else would seem gone.
    fn is_likely(&self) -> bool {
        self.shared > 0 && self.shared * 2 >= self.ahead
    }
}

impl Found {
    fn into_edition(self) -> Edition {
        Edition {
            origin: self.origin,
            file_name: self.file_name,
            applied_at: self.applied_at.map(jiff_sqlx::Timestamp::to_jiff),
            ahead: self.ahead,
            shared: self.shared,
            is_this: self.is_this,
        }
    }
}
