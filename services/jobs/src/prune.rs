//! Looking after the queue: what died, and what may go. Payloads are data about people's appointments, so they do not
//! stay.

use serde_json::Value;
use sqlx::PgPool;
use tenancy::TenantSlug;

/// A job that nobody will run again.
#[derive(Clone, Debug)]
pub struct DeadJob {
    /// Whose it was.
    pub tenant: TenantSlug,
    /// What it was to do.
    pub payload: Value,
}

/// The jobs of a queue that have died in the last two days: they failed too often, or killed their workers. What another
/// job is to do again is left out.
///
/// # Errors
/// The database's own.
pub async fn dead(pool: &PgPool, queue: &str) -> sqlx::Result<Vec<DeadJob>> {
    let payloads: Vec<Value> = sqlx::query_scalar(
        "SELECT convert_from(dead.job, 'UTF8')::jsonb FROM apalis.jobs AS dead
          WHERE dead.job_type = $1 AND dead.status = 'Killed' AND dead.done_at > now() - interval '2 days'
            AND NOT EXISTS (SELECT FROM apalis.jobs AS live
                             WHERE live.job_type = dead.job_type AND live.job = dead.job
                               AND live.status IN ('Pending', 'Failed', 'Queued', 'Running'))",
    )
    .bind(queue)
    .fetch_all(pool)
    .await?;
    let town = |payload: &Value| TenantSlug::from_role(payload.get("tenant")?.as_str()?);
    Ok(payloads.into_iter().filter_map(|payload| Some(DeadJob { tenant: town(&payload)?, payload })).collect())
}

/// Deletes jobs that ended more than `days` ago, and workers not seen for a day. Says how many jobs went.
///
/// # Errors
/// The database's own.
pub async fn prune(pool: &PgPool, days: i32) -> sqlx::Result<u64> {
    let jobs = sqlx::query(
        "DELETE FROM apalis.jobs WHERE status IN ('Done', 'Killed') AND done_at < now() - make_interval(days => $1)",
    )
    .bind(days)
    .execute(pool)
    .await?;
    // Every start of a worker has a name of its own, so they pile up.
    sqlx::query(
        "DELETE FROM apalis.workers AS worker WHERE last_seen < now() - interval '1 day'
            AND NOT EXISTS (SELECT 1 FROM apalis.jobs AS job WHERE job.lock_by = worker.id)",
    )
    .execute(pool)
    .await?;
    Ok(jobs.rows_affected())
}
