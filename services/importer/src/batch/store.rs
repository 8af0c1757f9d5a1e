//! The table `import_batch`.

use jiff::Timestamp;
use sqlx::FromRow;
use sqlx::types::Json;
use tenancy::TenantTx;
use uuid::Uuid;

use super::{Batch, BatchState, Choices, Numbers, Step};
use crate::concerns::Table;
use crate::{Mapping, Reason, Shape};

#[derive(FromRow)]
struct Stored {
    id: Uuid,
    file_name: String,
    bytes: i64,
    state: String,
    run: i32,
    shape: Option<Json<Shape>>,
    mapping: Json<Mapping>,
    meanings: Json<Table>,
    choices: Json<Choices>,
    profile: Option<String>,
    origin: String,
    numbers: Json<Numbers>,
    done: i64,
    total: i64,
    problem: Option<Json<Reason>>,
    staff_name: String,
    created_at: jiff_sqlx::Timestamp,
    checked_at: Option<jiff_sqlx::Timestamp>,
    applied_at: Option<jiff_sqlx::Timestamp>,
    undone_at: Option<jiff_sqlx::Timestamp>,
    is_paper: bool,
}

macro_rules! select_batches {
    ($rest:literal) => {
        concat!(
            "SELECT id, file_name, bytes, state, run, shape, mapping, meanings, choices, profile, coalesce(origin, id::text) AS origin,
                    numbers, done, total, problem, staff_name, created_at, checked_at, applied_at, undone_at, is_paper FROM import_batch ",
            $rest
        )
    };
}

/// The batches, newest first.
///
/// # Errors
/// The database's own.
pub async fn list(tx: &mut TenantTx) -> sqlx::Result<Vec<Batch>> {
    let rows: Vec<Stored> =
        sqlx::query_as(select_batches!("ORDER BY created_at DESC, id")).fetch_all(tx.conn()).await?;
    rows.into_iter().map(Stored::into_batch).collect()
}

/// One of them.
///
/// # Errors
/// The database's own.
pub async fn find(tx: &mut TenantTx, id: Uuid) -> sqlx::Result<Option<Batch>> {
    let row: Option<Stored> =
        sqlx::query_as(select_batches!("WHERE id = $1")).bind(id).fetch_optional(tx.conn()).await?;
    row.map(Stored::into_batch).transpose()
}

/// The same, locked until the transaction ends.
pub(super) async fn lock(tx: &mut TenantTx, id: Uuid) -> sqlx::Result<Option<Batch>> {
    let row: Option<Stored> =
        sqlx::query_as(select_batches!("WHERE id = $1 FOR NO KEY UPDATE")).bind(id).fetch_optional(tx.conn()).await?;
    row.map(Stored::into_batch).transpose()
}

/// In SQL, of a batch `b`: nothing of it is applied, neither a row nor what is gone from the file.
macro_rules! not_begun {
    () => {
        "NOT EXISTS (SELECT FROM import_row WHERE batch_id = b.id AND is_applied)
         AND NOT EXISTS (SELECT FROM import_gone WHERE batch_id = b.id AND state <> 'missing')"
    };
}
pub(super) use not_begun;

/// Whether some of it is applied: rows, or what is gone from the file.
pub(super) async fn is_begun(tx: &mut TenantTx, id: Uuid) -> sqlx::Result<bool> {
    sqlx::query_scalar(concat!("SELECT EXISTS (SELECT FROM import_batch b WHERE id = $1 AND NOT (", not_begun!(), "))"))
        .bind(id)
        .fetch_one(tx.conn())
        .await
}

/// Whether another edition of its list was applied or taken back since its dry run: what that has decided holds no longer.
/// What is begun is brought to its end all the same.
pub(super) async fn is_outdated(tx: &mut TenantTx, id: Uuid) -> sqlx::Result<bool> {
    sqlx::query_scalar(concat!(
        "SELECT EXISTS (SELECT FROM import_batch b
                          JOIN import_batch other ON other.origin = b.origin AND other.id <> b.id
                         WHERE b.id = $1 AND (other.state IN ('applying', 'undoing') OR other.applied_at > b.checked_at
                                              OR other.undone_at > b.checked_at) AND ",
        not_begun!(),
        ")"
    ))
    .bind(id)
    .fetch_one(tx.conn())
    .await
}

/// Sets how far it is.
pub(super) async fn set_state(tx: &mut TenantTx, id: Uuid, state: BatchState) -> sqlx::Result<()> {
    sqlx::query("UPDATE import_batch SET state = $2, problem = NULL WHERE id = $1")
        .bind(id)
        .bind(state.as_str())
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Writes down why a step cannot go on. Rows that are applied stay so: whoever asks for the step again goes on with those
/// that are left. A batch that is not at this step any more stays as it is.
///
/// # Errors
/// The database's own.
pub async fn fail(tx: &mut TenantTx, id: Uuid, step: Step, problem: &Reason) -> sqlx::Result<()> {
    sqlx::query("UPDATE import_batch SET state = $3, problem = $2, run = run + 1 WHERE id = $1 AND state = $4")
        .bind(id)
        .bind(Json(problem))
        .bind(step.given_up().as_str())
        .bind(step.state().as_str())
        .execute(tx.conn())
        .await?;
    Ok(())
}

impl Stored {
    fn into_batch(self) -> sqlx::Result<Batch> {
        let state = BatchState::parse(&self.state)
            .ok_or_else(|| sqlx::Error::Decode(format!("no state of a batch: {}", self.state).into()))?;
        let moment = |at: Option<jiff_sqlx::Timestamp>| at.map(jiff_sqlx::Timestamp::to_jiff);
        let created_at: Timestamp = self.created_at.to_jiff();
        Ok(Batch {
            id: self.id,
            file_name: self.file_name,
            bytes: self.bytes,
            state,
            run: self.run,
            shape: self.shape.map(|it| it.0),
            mapping: self.mapping.0,
            table: self.meanings.0,
            choices: self.choices.0,
            profile: self.profile,
            origin: self.origin,
            numbers: self.numbers.0,
            done: self.done,
            total: self.total,
            problem: self.problem.map(|it| it.0),
            staff_name: self.staff_name,
            created_at,
            checked_at: moment(self.checked_at),
            applied_at: moment(self.applied_at),
            undone_at: moment(self.undone_at),
            is_paper: self.is_paper,
        })
    }
}
