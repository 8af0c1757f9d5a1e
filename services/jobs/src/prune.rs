//! Clearing the queue: payloads and results are data about people's appointments, so they do not stay.

use sqlx::PgPool;

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
