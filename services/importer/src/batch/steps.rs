//! Asking for work on a batch, and the job that does it.

use booking::Links;
use booking::desk::By;
use jiff::Timestamp;
use jobs::Job;
use serde_json::json;
use tenancy::TenantTx;
use uuid::Uuid;

use super::{BatchState, Choices, Place, Progress, apply, check, profile, store, undo};

/// The queue whose jobs do this work. The payload is `{"batch": id, "step": …}`.
pub const QUEUE: &str = "import";

/// Work on a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The dry run.
    Check,
    /// Carrying it out.
    Apply,
    /// Taking it back.
    Undo,
}

/// Why no work is begun.
#[derive(Debug, thiserror::Error)]
pub enum StepError {
    /// There is no such batch, or no longer.
    #[error("there is no such batch")]
    NotFound,
    /// It is not as far, or further already.
    #[error("the batch is not in a state for this")]
    WrongState,
    /// The database's own.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Asks for the dry run, with what the admin wants. An earlier one is called off.
///
/// # Errors
/// [`StepError`].
pub async fn start_check(tx: &mut TenantTx, id: Uuid, choices: &Choices, now: Timestamp) -> Result<(), StepError> {
    begin(tx, id, Step::Check, now).await?;
    Ok(profile::save_choices(tx, id, choices).await?)
}

/// Asks for what the dry run has decided to be carried out.
///
/// # Errors
/// [`StepError::WrongState`], too, if another edition of the list was applied or taken back since; then another dry run is
/// needed.
pub async fn start_apply(tx: &mut TenantTx, id: Uuid, by: &By<'_>, now: Timestamp) -> Result<(), StepError> {
    if store::is_outdated(tx, id).await? {
        return Err(StepError::WrongState);
    }
    begin(tx, id, Step::Apply, now).await?;
    Ok(sign(tx, id, by).await?)
}

/// Asks for a batch to be taken back.
///
/// # Errors
/// [`StepError`].
pub async fn start_undo(tx: &mut TenantTx, id: Uuid, by: &By<'_>, now: Timestamp) -> Result<(), StepError> {
    begin(tx, id, Step::Undo, now).await?;
    Ok(sign(tx, id, by).await?)
}

/// Does the work. Asked for anew meanwhile, or called off, it does nothing.
///
/// # Errors
/// The database's own.
pub async fn work(
    place: &Place,
    links: &Links,
    (id, step): (Uuid, Step),
    now: Timestamp,
    progress: Progress<'_>,
) -> anyhow::Result<()> {
    match step {
        Step::Check => check(place, id, None, now, progress).await,
        Step::Apply => apply(place, links, id, now, progress).await,
        Step::Undo => undo(place, links, id, now, progress).await,
    }
}

/// Begins a step for somebody who does the work themselves, without a job.
///
/// # Errors
/// [`StepError`].
pub async fn begin_work(tx: &mut TenantTx, id: Uuid, step: Step) -> Result<(), StepError> {
    set(tx, id, step).await.map(|_| ())
}

/// Sets the state and puts the job into the queue.
async fn begin(tx: &mut TenantTx, id: Uuid, step: Step, now: Timestamp) -> Result<(), StepError> {
    let run = set(tx, id, step).await?;
    let job = Job::new(QUEUE, json!({ "batch": id, "step": step.as_str() }));
    jobs::enqueue(tx, Job { max_attempts: MOST_ATTEMPTS, ..job }.keyed(format!("import:{id}:{run}"))).await?;
    tracing::info!(town = %tx.tenant().slug, batch = %id, step = step.as_str(), at = %now, "import asked for");
    Ok(())
}

/// Sets the state; the number of the run that begins.
async fn set(tx: &mut TenantTx, id: Uuid, step: Step) -> Result<i32, StepError> {
    let batch = store::lock(tx, id).await?.ok_or(StepError::NotFound)?;
    if !step.follows().contains(&batch.state) || batch.shape.is_none() {
        return Err(StepError::WrongState);
    }
    // A new dry run would forget what was applied before the apply broke down, and nothing could take it back.
    if step == Step::Check && store::is_begun(tx, id).await? {
        return Err(StepError::WrongState);
    }
    let run: i32 = sqlx::query_scalar(
        "UPDATE import_batch
            SET state = $2, run = run + 1, done = 0, problem = NULL,
                total = (SELECT count(*) FROM import_row
                          WHERE batch_id = $1 AND outcome IN ('add', 'update', 'close') AND $2 <> 'checking')
          WHERE id = $1 RETURNING run",
    )
    .bind(id)
    .bind(step.state().as_str())
    .fetch_one(tx.conn())
    .await?;
    Ok(run)
}

/// Somebody waits for it: better a failed batch soon than none for hours.
const MOST_ATTEMPTS: i32 = 5;

async fn sign(tx: &mut TenantTx, id: Uuid, by: &By<'_>) -> sqlx::Result<()> {
    sqlx::query("UPDATE import_batch SET staff_id = $2, staff_name = $3 WHERE id = $1")
        .bind(id)
        .bind(by.staff_id)
        .bind(by.name)
        .execute(tx.conn())
        .await?;
    Ok(())
}

impl Step {
    /// As written in jobs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Apply => "apply",
            Self::Undo => "undo",
        }
    }

    /// Reads it from a job.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Check, Self::Apply, Self::Undo].into_iter().find(|it| it.as_str() == word)
    }

    /// States in which it can begin.
    fn follows(self) -> &'static [BatchState] {
        use BatchState::{Applied, Checked, Checking, Failed, Uploaded};
        match self {
            Self::Check => &[Uploaded, Checking, Checked, Failed],
            Self::Apply => &[Checked],
            Self::Undo => &[Applied],
        }
    }

    /// Where a batch is whose step was given up: from there it can be asked for again.
    pub(super) fn given_up(self) -> BatchState {
        match self {
            Self::Check => BatchState::Failed,
            Self::Apply => BatchState::Checked,
            Self::Undo => BatchState::Applied,
        }
    }

    pub(super) fn state(self) -> BatchState {
        match self {
            Self::Check => BatchState::Checking,
            Self::Apply => BatchState::Applying,
            Self::Undo => BatchState::Undoing,
        }
    }
}
