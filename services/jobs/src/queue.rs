//! Putting jobs into the queue, and taking them back, inside a town's transaction.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use serde_json::Value;
use tenancy::TenantTx;

/// A job for a town. It carries ids, never personal data; the town is added by the database.
#[derive(Clone, Debug)]
pub struct Job {
    /// Which workers run it, such as `mail`.
    pub queue: &'static str,
    /// A JSON object. Its key `tenant` is overwritten with the role of the transaction.
    pub payload: Value,
    /// Not before then; none: at once.
    pub run_at: Option<Timestamp>,
    /// A second job with the same key is not put in while the first is known. Put a version in it: the key of a job
    /// that is done stays taken until the job is pruned.
    pub key: Option<String>,
    /// After so many failed runs it is dead.
    pub max_attempts: i32,
    /// Higher runs first; 0 is usual, -1 what was put in for later.
    pub priority: i32,
}

impl Job {
    /// A job that runs at once, without a key. Failing each time, it is tried for about five hours.
    pub fn new(queue: &'static str, payload: Value) -> Self {
        Self { queue, payload, run_at: None, key: None, max_attempts: 16, priority: 0 }
    }

    /// Not before `at`, and then after what somebody is waiting for right now.
    #[must_use]
    pub fn at(mut self, at: Timestamp) -> Self {
        self.run_at = Some(at);
        self.priority = -1;
        self
    }

    /// Only if no job with this key is there.
    #[must_use]
    pub fn keyed(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }
}

/// Puts a job in, to run once this transaction has committed. `false`: a job with this key is there already.
///
/// # Errors
/// The database's own.
pub async fn enqueue(tx: &mut TenantTx, job: Job) -> sqlx::Result<bool> {
    Ok(enqueue_all(tx, std::slice::from_ref(&job)).await? == 1)
}

/// Puts several jobs in with one statement, and says how many were new.
///
/// # Errors
/// The database's own.
pub async fn enqueue_all(tx: &mut TenantTx, jobs: &[Job]) -> sqlx::Result<u64> {
    let queues: Vec<&str> = jobs.iter().map(|job| job.queue).collect();
    let payloads: Vec<&Value> = jobs.iter().map(|job| &job.payload).collect();
    let times: Vec<_> = jobs.iter().map(|job| job.run_at.map(|at| at.to_sqlx())).collect();
    let keys: Vec<Option<&str>> = jobs.iter().map(|job| job.key.as_deref()).collect();
    let max_attempts: Vec<i32> = jobs.iter().map(|job| job.max_attempts).collect();
    let priorities: Vec<i32> = jobs.iter().map(|job| job.priority).collect();
    // now(), never clock_timestamp(): a job that seems to lie in the future wakes nobody.
    let (new,): (i64,) = sqlx::query_as(
        "SELECT count(platform.enqueue(queue, payload, coalesce(run_at, now()), key, max_attempts, priority))
           FROM unnest($1::text[], $2::jsonb[], $3::timestamptz[], $4::text[], $5::int[], $6::int[])
             AS job (queue, payload, run_at, key, max_attempts, priority)",
    )
    .bind(queues)
    .bind(payloads)
    .bind(times)
    .bind(keys)
    .bind(max_attempts)
    .bind(priorities)
    .fetch_one(tx.conn())
    .await?;
    Ok(new.unsigned_abs())
}

/// Takes a job back that has not started. `false`: there is none, or it is running or done.
///
/// # Errors
/// The database's own.
pub async fn withdraw(tx: &mut TenantTx, queue: &str, key: &str) -> sqlx::Result<bool> {
    let (gone,): (i64,) =
        sqlx::query_as("SELECT platform.withdraw($1, $2)").bind(queue).bind(key).fetch_one(tx.conn()).await?;
    Ok(gone > 0)
}
