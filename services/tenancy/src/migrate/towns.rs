//! The towns' schemas: a few at a time, each in one transaction.

use std::sync::{Mutex, PoisonError};

use futures::future::join_all;
use indicatif::ProgressBar;
use sqlx::migrate::Migration;
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection};

use super::{Migrations, Report, apply};
use crate::{Admin, CellName, TenantSlug};

/// Towns migrated at the same time. More gain nothing: the catalogs are the bottleneck (docs/decisions).
const WORKERS: usize = 4;
/// A backend remembers every table it has touched and never forgets.
const TOWNS_PER_CONNECTION: usize = 200;

pub(super) async fn migrate(admin: &Admin, migrations: &Migrations, bar: &ProgressBar) -> anyhow::Result<Report> {
    let mut directory = admin.connect(&CellName::main()).await?;
    let towns = list(&mut directory).await?;
    bar.set_length(towns.len() as u64);
    let queue = Mutex::new(towns);
    let run = Run { admin, migrations, bar, directory: directory.into(), queue, report: Mutex::default() };
    join_all((0..WORKERS).map(|_| run.work())).await;
    run.directory.into_inner().close().await?;
    Ok(run.report.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// A town to look at.
struct Listed {
    slug: TenantSlug,
    cell: CellName,
    version: i64,
}

/// The towns in reverse order, as a stack: the first one is taken first.
async fn list(directory: &mut PgConnection) -> anyhow::Result<Vec<Listed>> {
    let rows: Vec<(String, String, i64)> =
        sqlx::query_as("SELECT slug, cell, schema_version FROM platform.tenant ORDER BY slug DESC")
            .fetch_all(directory)
            .await?;
    let listed = rows.into_iter().map(|(slug, cell, version)| {
        Ok(Listed { slug: TenantSlug::parse(&slug)?, cell: CellName::parse(&cell)?, version })
    });
    listed.collect()
}

struct Run<'a> {
    admin: &'a Admin,
    migrations: &'a Migrations,
    bar: &'a ProgressBar,
    directory: tokio::sync::Mutex<PgConnection>,
    queue: Mutex<Vec<Listed>>,
    report: Mutex<Report>,
}

impl Run<'_> {
    async fn work(&self) {
        let mut seat = Seat::default();
        while let Some(town) = self.next() {
            let done = self.one(&mut seat, &town).await;
            if done.is_err() {
                // Whatever a failure left on the connection must not reach the next town.
                seat = Seat::default();
            }
            self.note(town.slug, done);
            self.bar.inc(1);
        }
    }

    fn next(&self) -> Option<Listed> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    async fn one(&self, seat: &mut Seat, town: &Listed) -> anyhow::Result<bool> {
        let connection = seat.connection(self.admin, &town.cell).await?;
        let version = migrate_town(connection, &town.slug, &self.migrations.tenant).await?;
        if version == town.version {
            return Ok(false);
        }
        sqlx::query("UPDATE platform.tenant SET schema_version = $2 WHERE slug = $1")
            .bind(town.slug.as_str())
            .bind(version)
            .execute(&mut *self.directory.lock().await)
            .await?;
        Ok(true)
    }

    fn note(&self, town: TenantSlug, done: anyhow::Result<bool>) {
        let mut report = self.report.lock().unwrap_or_else(PoisonError::into_inner);
        match done {
            Ok(true) => report.migrated.push(town),
            Ok(false) => report.unchanged += 1,
            Err(error) => {
                self.bar.println(format!("{town}: {error:#}"));
                report.failed.push((town, error));
            }
        }
    }
}

/// A worker's connection, renewed now and then, and whenever the cell changes.
#[derive(Default)]
struct Seat {
    open: Option<(CellName, PgConnection)>,
    towns: usize,
}

impl Seat {
    async fn connection(&mut self, admin: &Admin, cell: &CellName) -> anyhow::Result<&mut PgConnection> {
        let fits = self.open.as_ref().is_some_and(|(at, _)| at == cell) && self.towns < TOWNS_PER_CONNECTION;
        let (_, connection) = match self.open.take() {
            Some(open) if fits => self.open.insert(open),
            _ => {
                self.towns = 0;
                self.open.insert((cell.clone(), admin.connect(cell).await?))
            }
        };
        self.towns += 1;
        Ok(connection)
    }
}

/// Brings one town's schema up to date, all or nothing, and returns the version it has then.
///
/// # Errors
/// Whatever a migration says; then the schema is as before.
pub(crate) async fn migrate_town(
    connection: &mut PgConnection,
    town: &TenantSlug,
    migrations: &[Migration],
) -> anyhow::Result<i64> {
    let schema = town.schema();
    let mut tx = connection.begin().await?;
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended($1, 42))").bind(&schema).execute(&mut *tx).await?;
    // The schema name comes from a checked slug. A table held by a long transaction fails this town after a
    // while instead of letting its whole traffic queue up behind us.
    let opening =
        format!("SET LOCAL ROLE {schema}; SET LOCAL search_path TO {schema}, ext; SET LOCAL lock_timeout TO '5s'");
    sqlx::raw_sql(AssertSqlSafe(opening)).execute(&mut *tx).await?;
    apply(&mut tx, migrations).await?;
    let version: Option<i64> =
        sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations").fetch_one(&mut *tx).await?;
    tx.commit().await?;
    Ok(version.unwrap_or_default())
}
