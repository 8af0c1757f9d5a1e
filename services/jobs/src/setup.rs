//! The queue's own tables.

use anyhow::Context as _;
use apalis_postgres::PostgresStorage;
use sqlx::{AssertSqlSafe, PgPool};

/// Makes or updates the schema `apalis`. Comes before the platform's migrations, which build on it.
///
/// `admin` must have its default `search_path`: two extensions land in the first schema of it.
///
/// # Errors
/// The database's own.
pub async fn setup(admin: &PgPool) -> anyhow::Result<()> {
    PostgresStorage::setup(admin).await.context("setting up the queue (schema apalis)")
}

/// Lets the application's login work on the queue, and on nothing else that belongs to `admin`.
///
/// # Errors
/// The database's own; also if `app` is no plain role name.
pub async fn grant(admin: &PgPool, app: &str) -> anyhow::Result<()> {
    let is_plain = app.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    anyhow::ensure!(is_plain && !app.is_empty(), "“{app}” is no role name: expected a–z, 0–9 and _");
    // The role's name has just been checked.
    let statements = format!(
        "GRANT USAGE ON SCHEMA apalis TO {app};
         GRANT SELECT, INSERT, UPDATE, DELETE ON apalis.jobs, apalis.workers TO {app};
         GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA apalis TO {app}"
    );
    sqlx::raw_sql(AssertSqlSafe(statements)).execute(admin).await.context("granting the queue to the application")?;
    Ok(())
}
