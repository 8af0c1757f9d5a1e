//! Brings every cell and every town's schema up to date.
//!
//! The platform first, then the towns, four at a time, each in a transaction of its own. A town that fails is
//! reported and does not stop the rest; the next run takes up where this one ended.

mod platform;
mod towns;

use std::sync::LazyLock;

use indicatif::ProgressBar;
use sqlx::migrate::{Migration, Migrator};
use sqlx::postgres::PgConnection;

use crate::{Admin, TenantSlug};

pub(crate) use platform::ensure_role;
pub(crate) use towns::migrate_town;

static PLATFORM: Migrator = sqlx::migrate!("../../migrations/platform");
static TENANT: Migrator = sqlx::migrate!("../../migrations/tenant");
static OURS: LazyLock<Migrations> =
    LazyLock::new(|| Migrations { platform: PLATFORM.migrations.to_vec(), tenant: TENANT.migrations.to_vec() });

/// The two folders of migrations, in order.
#[derive(Clone, Debug)]
pub struct Migrations {
    /// For the schema `platform` of every cell.
    pub platform: Vec<Migration>,
    /// For every town's schema.
    pub tenant: Vec<Migration>,
}

impl Migrations {
    /// Those of this build.
    pub fn ours() -> &'static Self {
        &OURS
    }
}

/// What became of a run.
#[derive(Debug, Default)]
pub struct Report {
    /// Towns that got at least one migration.
    pub migrated: Vec<TenantSlug>,
    /// How many towns were up to date already.
    pub unchanged: usize,
    /// Towns that stay as they were, and why.
    pub failed: Vec<(TenantSlug, anyhow::Error)>,
}

/// Migrates the platform and all towns of all cells. `bar` counts the towns.
///
/// The queue's own tables must be there already (`jobs::setup`), since the platform's functions write to them.
///
/// # Errors
/// If a cell cannot be reached or its platform schema fails. A town's failure is in the report instead.
pub async fn run(admin: &Admin, migrations: &Migrations, bar: &ProgressBar) -> anyhow::Result<Report> {
    for cell in admin.cells() {
        platform::migrate(admin, cell, migrations).await?;
    }
    towns::migrate(admin, migrations, bar).await
}

/// Runs what is missing inside the transaction that `connection` is in.
///
/// sqlx' own lock is one for the whole database, and stays when a migration fails: callers hold a lock per schema.
async fn apply(connection: &mut PgConnection, migrations: &[Migration]) -> anyhow::Result<()> {
    let migrator = Migrator { migrations: migrations.to_vec().into(), locking: false, ..Migrator::DEFAULT };
    migrator.run_direct(None, connection, false).await?;
    Ok(())
}
