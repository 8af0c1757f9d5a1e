//! The part of a cell that belongs to no town: extension, schema `platform`, roles and their rights.

use anyhow::Context;
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection};

use super::{Migrations, apply};
use crate::{Admin, CellName};

/// What every cell needs before its migrations. The extension gets a schema of its own, so that a town's
/// `search_path` need not hold `public`.
const FOUNDATION: &str = "
    CREATE SCHEMA IF NOT EXISTS ext;
    GRANT USAGE ON SCHEMA ext TO PUBLIC;
    REVOKE CREATE ON SCHEMA public FROM PUBLIC;
    CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA ext;
    CREATE SCHEMA IF NOT EXISTS platform;
    SET LOCAL search_path TO platform";

/// What every town may do outside its own schema: hand a job to the queue, and take it back.
const TOWN_RIGHTS: &str = "
    GRANT USAGE ON SCHEMA platform TO stadttermin_town;
    GRANT EXECUTE ON FUNCTION platform.enqueue, platform.withdraw TO stadttermin_town";

pub(super) async fn migrate(admin: &Admin, cell: &CellName, migrations: &Migrations) -> anyhow::Result<()> {
    let mut connection = admin.connect(cell).await?;
    let done = migrate_on(&mut connection, admin, migrations).await;
    done.with_context(|| format!("the platform schema of the cell “{cell}” could not be migrated"))?;
    connection.close().await?;
    Ok(())
}

async fn migrate_on(connection: &mut PgConnection, admin: &Admin, migrations: &Migrations) -> anyhow::Result<()> {
    let mut tx = connection.begin().await?;
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended('platform', 42))").execute(&mut *tx).await?;
    let queue: bool = sqlx::query_scalar("SELECT to_regclass('apalis.jobs') IS NOT NULL").fetch_one(&mut *tx).await?;
    anyhow::ensure!(queue, "the queue's tables are missing: jobs::setup has to run first");
    ensure_role(&mut tx, "stadttermin_town").await?;
    sqlx::raw_sql(FOUNDATION).execute(&mut *tx).await?;
    apply(&mut tx, &migrations.platform).await?;
    sqlx::raw_sql(TOWN_RIGHTS).execute(&mut *tx).await?;
    grant_to_app(&mut tx, admin.app_role()).await?;
    tx.commit().await?;
    Ok(())
}

/// The application reads the directory; it has no right on any town's tables of its own. Its
/// empty `search_path` makes a statement without a town fail loudly.
async fn grant_to_app(connection: &mut PgConnection, app: &str) -> anyhow::Result<()> {
    let login: Option<(bool, bool)> = sqlx::query_as(
        "SELECT rolinherit, coalesce(rolconfig, '{}') @> ARRAY['search_path=\"\"'] FROM pg_roles WHERE rolname = $1",
    )
    .bind(app)
    .fetch_optional(&mut *connection)
    .await?;
    let (inherits, has_empty_path) = login.with_context(|| {
        format!("the application's role “{app}” is missing: CREATE ROLE {app} LOGIN NOINHERIT PASSWORD '…'")
    })?;
    anyhow::ensure!(
        !inherits,
        "the application's role “{app}” would hold all towns' rights: ALTER ROLE {app} NOINHERIT"
    );
    if !has_empty_path {
        // The role's name is checked by `Admin::new`.
        sqlx::raw_sql(AssertSqlSafe(format!("ALTER ROLE {app} SET search_path TO ''")))
            .execute(&mut *connection)
            .await?;
    }
    let rights = format!(
        "GRANT USAGE ON SCHEMA platform TO {app};
         GRANT SELECT ON platform.cell, platform.tenant, platform.tenant_host TO {app}"
    );
    sqlx::raw_sql(AssertSqlSafe(rights)).execute(connection).await?;
    Ok(())
}

/// Creates a role without login unless it is there. Roles belong to the whole cluster: another database may be
/// creating the same one just now.
pub(crate) async fn ensure_role(connection: &mut PgConnection, role: &str) -> anyhow::Result<()> {
    let statement = format!(
        "DO $$ BEGIN
           IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN CREATE ROLE {role} NOLOGIN; END IF;
         EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
         END $$"
    );
    // The name is one of ours or comes from a checked slug.
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(connection).await?;
    Ok(())
}
