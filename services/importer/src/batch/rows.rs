//! The rows of a batch, for people who look at them.

use sqlx::FromRow;
use sqlx::types::Json;
use tenancy::TenantTx;
use uuid::Uuid;

use crate::{Change, Entry, Outcome, Reason, State};

/// A row with what becomes of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its place in the batch, from 1 on.
    pub number: i64,
    /// Where it stands in the file.
    pub line: u64,
    /// Which occurrence of a series; empty: of none.
    pub occurrence: String,
    /// How it stands.
    pub state: State,
    /// What is done with it.
    pub outcome: Outcome,
    /// Why.
    pub reasons: Vec<Reason>,
    /// What was understood of it.
    pub entry: Entry,
    /// What becomes different in what an earlier run has imported; empty if nothing that people see.
    pub changes: Vec<Change>,
    /// The appointment it has become.
    pub appointment_id: Option<Uuid>,
    /// Undoing has left it, since somebody had touched it.
    pub is_kept: bool,
}

#[derive(FromRow)]
struct Stored {
    number: i64,
    line: i64,
    occurrence: String,
    state: String,
    outcome: String,
    reasons: Json<Vec<Reason>>,
    entry: Json<Entry>,
    changes: Json<Vec<Change>>,
    appointment_id: Option<Uuid>,
    is_kept: bool,
}

macro_rules! select_rows {
    ($rest:literal) => {
        concat!(
            "SELECT number, line, occurrence, state, outcome, reasons, entry, changes, appointment_id, is_kept
               FROM import_row WHERE batch_id = $1 ",
            $rest
        )
    };
}

/// At most `limit` rows after number `after`, all or those of one state.
///
/// # Errors
/// The database's own.
pub async fn rows(tx: &mut TenantTx, id: Uuid, state: Option<State>, after: i64, limit: i64) -> sqlx::Result<Vec<Row>> {
    let stored: Vec<Stored> =
        sqlx::query_as(select_rows!("AND ($2::text IS NULL OR state = $2) AND number > $3 ORDER BY number LIMIT $4"))
            .bind(id)
            .bind(state.map(State::as_str))
            .bind(after)
            .bind(limit)
            .fetch_all(tx.conn())
            .await?;
    stored.into_iter().map(Stored::into_row).collect()
}

/// The same, of those that make something different in what an earlier run has imported.
///
/// # Errors
/// The database's own.
pub async fn changed(tx: &mut TenantTx, id: Uuid, after: i64, limit: i64) -> sqlx::Result<Vec<Row>> {
    let stored: Vec<Stored> =
        sqlx::query_as(select_rows!("AND changes <> '[]' AND number > $2 ORDER BY number LIMIT $3"))
            .bind(id)
            .bind(after)
            .bind(limit)
            .fetch_all(tx.conn())
            .await?;
    stored.into_iter().map(Stored::into_row).collect()
}

/// How many these are.
///
/// # Errors
/// The database's own.
pub async fn count_changed(tx: &mut TenantTx, id: Uuid) -> sqlx::Result<i64> {
    sqlx::query_scalar("SELECT count(*) FROM import_row WHERE batch_id = $1 AND changes <> '[]'")
        .bind(id)
        .fetch_one(tx.conn())
        .await
}

impl Stored {
    fn into_row(self) -> sqlx::Result<Row> {
        let unknown = |word: &str| sqlx::Error::Decode(format!("no state or outcome of a row: {word}").into());
        Ok(Row {
            number: self.number,
            line: self.line.unsigned_abs(),
            occurrence: self.occurrence,
            state: State::parse(&self.state).ok_or_else(|| unknown(&self.state))?,
            outcome: Outcome::parse(&self.outcome).ok_or_else(|| unknown(&self.outcome))?,
            reasons: self.reasons.0,
            entry: self.entry.0,
            changes: self.changes.0,
            appointment_id: self.appointment_id,
            is_kept: self.is_kept,
        })
    }
}
