//! The difference to the last edition of a file: what is no longer in it. The dry run writes it down (`import_gone`),
//! applying cancels it if that is wanted, and undoing books it again.

use std::collections::HashSet;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff_sqlx::ToSqlx as _;
use sqlx::FromRow;
use sqlx::types::Json;
use tenancy::TenantTx;
use uuid::Uuid;

use super::closures::Closed;
use super::{Batch, BatchState};

/// An appointment or a closure that an earlier run has imported, and that is no longer in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone {
    /// Its place in the list, from 1 on.
    pub number: i64,
    /// As the file named it.
    pub source_key: String,
    /// The appointment; none: a closure.
    pub appointment_id: Option<Uuid>,
    /// Whose it is; empty: a closure, or the retention has removed it.
    pub name: String,
    /// When it began at the time of the dry run.
    pub start: Timestamp,
    /// First and last day of a closure.
    pub days: Option<(Date, Date)>,
    /// The counter that is closed; none: the office or the town, or an appointment.
    pub counter: Option<String>,
    /// What became of it.
    pub state: GoneState,
}

/// What became of an appointment, or a closure, whose row is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GoneState {
    /// Nothing: it is only shown.
    Missing,
    /// The batch has cancelled it, or opened again.
    Cancelled,
    /// The batch was to cancel it, but somebody had touched it since the dry run, or it has begun.
    Left,
    /// Undoing has booked it again, or closed.
    BookedAgain,
    /// Undoing has left it cancelled: its place is given away, somebody has touched it, or its time has come.
    Kept,
}

/// One that applying has to look at.
#[derive(FromRow)]
pub(super) struct Missing {
    pub number: i64,
    pub source_key: String,
    /// None: a closure.
    pub appointment_id: Option<Uuid>,
    /// Which batch had written it at the time of the dry run.
    pub former_batch: Option<Uuid>,
}

#[derive(FromRow)]
struct Stored {
    number: i64,
    source_key: String,
    appointment_id: Option<Uuid>,
    name: Option<String>,
    starts_at: jiff_sqlx::Timestamp,
    closed: Option<Json<Closed>>,
    counter: Option<String>,
    state: String,
}

/// What earlier editions of this batch's file had and it has not, at most `limit` after number `after`: as far as it was
/// booked, ahead, and untouched by hand at the time of the dry run. By time.
///
/// # Errors
/// The database's own.
pub async fn gone(tx: &mut TenantTx, id: Uuid, after: i64, limit: i64) -> sqlx::Result<Vec<Gone>> {
    let stored: Vec<Stored> = sqlx::query_as(
        "SELECT g.number, g.source_key, g.appointment_id,
                coalesce(b.name, g.before->'standing'->'imported'->>'name') AS name, g.starts_at, g.closed,
                counter.name AS counter, g.state
           FROM import_gone g
           LEFT JOIN appointment a ON a.id = g.appointment_id LEFT JOIN booking b ON b.id = a.booking_id
           LEFT JOIN counter ON counter.id = (g.closed->>'counter')::int
          WHERE g.batch_id = $1 AND g.number > $2 ORDER BY g.number LIMIT $3",
    )
    .bind(id)
    .bind(after)
    .bind(limit)
    .fetch_all(tx.conn())
    .await?;
    stored.into_iter().map(Stored::into_gone).collect()
}

/// Whether a row of the file could not be read so far that one knows which it is: it may be any of those that seem gone.
/// Then none of them is cancelled.
///
/// # Errors
/// The database's own.
pub async fn has_nameless(tx: &mut TenantTx, id: Uuid) -> sqlx::Result<bool> {
    sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM import_row
                         WHERE batch_id = $1 AND state = 'error' AND source_key NOT LIKE 'id:%'
                           AND entry->>'start' IS NULL AND entry->>'all_day' IS NULL)",
    )
    .bind(id)
    .fetch_one(tx.conn())
    .await
}

/// Writes the list down, instead of an earlier one. The rows are written, and it is known which list the batch is an
/// edition of. A closure whose row is only left out by choice is not gone: it would open days that are closed. Nor is what
/// was marked as private since, for it is in the file; nor what begins when a row does that cannot be imported: it may be
/// that one, in other words.
pub(super) async fn record(tx: &mut TenantTx, id: Uuid, now: Timestamp) -> sqlx::Result<()> {
    let zone = tx.tenant().zone.clone();
    sqlx::query("DELETE FROM import_gone WHERE batch_id = $1").bind(id).execute(tx.conn()).await?;
    sqlx::query(
        "WITH failed AS (
           SELECT (r.entry->>'start')::timestamp AS at FROM import_row r
            WHERE r.batch_id = $1 AND r.state = 'error' AND r.source_key NOT LIKE 'id:%' AND r.entry->>'start' IS NOT NULL
              AND NOT EXISTS (SELECT FROM import_source known WHERE known.source_key = r.source_key)),
         missing AS (
           SELECT s.source_key, a.id AS appointment_id, lower(a.during) AS starts_at, s.batch_id, NULL::jsonb AS closed
             FROM import_batch batch
             JOIN import_source s ON s.origin = batch.origin
             JOIN appointment a ON a.id = s.appointment_id AND a.version = s.version AND a.status = 'booked'
            WHERE batch.id = $1 AND lower(a.during) > $2
              AND NOT EXISTS (SELECT FROM import_row r WHERE r.batch_id = $1 AND r.source_key = s.source_key
                                 AND NOT (r.outcome = 'nothing' AND r.state = 'skipped'
                                          AND NOT r.reasons @> '[{\"key\": \"private\"}]'))
              AND NOT EXISTS (SELECT FROM failed WHERE failed.at = lower(a.during) AT TIME ZONE $3)
           UNION ALL
           SELECT s.source_key, NULL, c.first_day::timestamp AT TIME ZONE $3, s.batch_id,
                  jsonb_build_object('location', c.location_id, 'counter', c.counter_id, 'first', c.first_day,
                                     'last', c.last_day)
             FROM import_batch batch
             JOIN import_source s ON s.origin = batch.origin
             JOIN closure c ON c.id = s.closure_id
            WHERE batch.id = $1 AND c.last_day >= $4
              AND NOT EXISTS (SELECT FROM import_row r WHERE r.batch_id = $1 AND r.source_key = s.source_key
                                 AND NOT (r.outcome = 'nothing' AND r.state = 'skipped'
                                          AND NOT r.reasons @> '[{\"key\": \"private\"}]'
                                          AND NOT r.reasons @> '[{\"key\": \"all_day\"}]')))
         INSERT INTO import_gone (batch_id, number, source_key, appointment_id, starts_at, former_batch, closed)
         SELECT $1, row_number() OVER (ORDER BY starts_at, source_key), source_key, appointment_id, starts_at, batch_id,
                closed
           FROM missing",
    )
    .bind(id)
    .bind(now.to_sqlx())
    .bind(zone.iana_name().unwrap_or("UTC"))
    .bind(now.to_zoned(zone.clone()).date().to_sqlx())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Whether applying cancels the list.
pub(super) async fn is_cancelled(tx: &mut TenantTx, batch: &Batch) -> sqlx::Result<bool> {
    Ok(batch.choices.cancel_gone && !has_nameless(tx, batch.id).await?)
}

/// How many are missing, and how many of them are cancelled: will be, as long as the batch is not applied.
pub(super) async fn count(tx: &mut TenantTx, batch: &Batch) -> sqlx::Result<(i64, i64)> {
    let (missing, cancelled): (i64, i64) = sqlx::query_as(
        "SELECT count(*), count(*) FILTER (WHERE state = 'cancelled') FROM import_gone WHERE batch_id = $1",
    )
    .bind(batch.id)
    .fetch_one(tx.conn())
    .await?;
    let is_ahead = batch.state != BatchState::Applying;
    let will_be = if is_ahead && is_cancelled(tx, batch).await? { missing } else { cancelled };
    Ok((missing, will_be))
}

/// Those after number `after` that are still to be cancelled, at most `limit`.
pub(super) async fn left(tx: &mut TenantTx, id: Uuid, after: i64, limit: i64) -> sqlx::Result<Vec<Missing>> {
    sqlx::query_as(
        "SELECT number, source_key, appointment_id, former_batch FROM import_gone
          WHERE batch_id = $1 AND number > $2 AND state = 'missing' ORDER BY number LIMIT $3",
    )
    .bind(id)
    .bind(after)
    .bind(limit)
    .fetch_all(tx.conn())
    .await
}

/// Which of these rows belong to people who were to be reminded when their appointments were cancelled as gone.
pub(super) async fn reminded(tx: &mut TenantTx, keys: &[&str]) -> sqlx::Result<HashSet<String>> {
    if keys.is_empty() {
        return Ok(HashSet::new());
    }
    let reminded: Vec<String> = sqlx::query_scalar(
        "SELECT s.source_key FROM import_source s
           JOIN import_gone g ON g.batch_id = s.batch_id AND g.source_key = s.source_key
          WHERE s.source_key = ANY($1) AND (g.before->'standing'->>'wants_reminder')::boolean",
    )
    .bind(keys)
    .fetch_all(tx.conn())
    .await?;
    Ok(reminded.into_iter().collect())
}

/// Writes down what became of these.
pub(super) async fn set_state(tx: &mut TenantTx, id: Uuid, numbers: &[i64], state: GoneState) -> sqlx::Result<()> {
    sqlx::query("UPDATE import_gone SET state = $3 WHERE batch_id = $1 AND number = ANY($2)")
        .bind(id)
        .bind(numbers)
        .bind(state.as_str())
        .execute(tx.conn())
        .await?;
    Ok(())
}

impl GoneState {
    const ALL: [Self; 5] = [Self::Missing, Self::Cancelled, Self::Left, Self::BookedAgain, Self::Kept];

    /// As written in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Cancelled => "cancelled",
            Self::Left => "left",
            Self::BookedAgain => "booked_again",
            Self::Kept => "kept",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

impl Stored {
    fn into_gone(self) -> sqlx::Result<Gone> {
        let state = GoneState::parse(&self.state)
            .ok_or_else(|| sqlx::Error::Decode(format!("no state of what is gone: {}", self.state).into()))?;
        Ok(Gone {
            number: self.number,
            source_key: self.source_key,
            appointment_id: self.appointment_id,
            name: self.name.unwrap_or_default(),
            start: self.starts_at.to_jiff(),
            days: self.closed.map(|it| (it.first, it.last)),
            counter: self.counter,
            state,
        })
    }
}
