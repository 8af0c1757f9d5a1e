//! `stadttermin migrate`: the queue's tables, the platform, then every town.

use std::process::ExitCode;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use sqlx::PgPool;
use tenancy::migrate::{Migrations, Report};
use tenancy::{Admin, Db};

use crate::config::Environment;
use crate::tenant::Access;

/// Brings all cells and towns up to date and reports what failed. Exit code 1 if a town did.
///
/// # Errors
/// If a cell cannot be reached or its platform schema fails.
pub async fn run(environment: &Environment) -> anyhow::Result<ExitCode> {
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} towns, {elapsed}")?;
    let bar = ProgressBar::no_length().with_style(style);
    bar.enable_steady_tick(Duration::from_millis(200));
    let report = everything(&environment.admin()?, &bar).await?;
    bar.finish_and_clear();
    println!("{} towns migrated, {} were up to date", report.migrated.len(), report.unchanged);
    for (town, error) in &report.failed {
        eprintln!("{town} stays as it was: {error:#}");
    }
    Ok(if report.failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The same for callers inside the process.
///
/// # Errors
/// As [`run`]; towns that failed are in the report.
pub async fn everything(admin: &Admin, bar: &ProgressBar) -> anyhow::Result<Report> {
    for cell in admin.cells() {
        let pool = PgPool::connect(admin.address(cell)?).await?;
        jobs::setup(&pool).await?;
        jobs::grant(&pool, admin.app_role()).await?;
        pool.close().await;
    }
    tenancy::migrate::run(admin, Migrations::ours(), bar).await
}

/// Both ways into the database, for commands on town packs.
///
/// # Errors
/// If the environment lacks something or a cell cannot be reached.
pub async fn access(environment: &Environment) -> anyhow::Result<Access> {
    Ok(Access { admin: environment.admin()?, db: Db::connect(&environment.database()?).await? })
}
