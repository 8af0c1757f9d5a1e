//! Makes a town exist: role, schema, tables, and its place in the directory. Running it again changes nothing.

use std::sync::Arc;

use anyhow::Context;
use jiff::tz::TimeZone;
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection};

use crate::migrate::{Migrations, ensure_role, migrate_town};
use crate::{Admin, CellName, Tenant, TenantHost, TenantSlug};

/// What the platform has to know about a town.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTenant {
    /// Short name, stable for ever.
    pub slug: TenantSlug,
    /// Official name.
    pub name: String,
    /// IANA name of its time zone, such as `Europe/Berlin`.
    pub zone: String,
    /// The cell that holds it.
    pub cell: CellName,
    /// Where it answers, exactly one of them primary.
    pub hosts: Vec<TenantHost>,
}

/// Makes the town exist as `tenant` says.
///
/// # Errors
/// If a host belongs to another town, the town lives in another cell, the time zone is unknown, or the database refuses.
pub async fn ensure(admin: &Admin, tenant: &NewTenant) -> anyhow::Result<Arc<Tenant>> {
    let zone = TimeZone::get(&tenant.zone).with_context(|| format!("“{}” is no time zone", tenant.zone))?;
    let primaries = tenant.hosts.iter().filter(|host| host.is_primary).count();
    anyhow::ensure!(primaries == 1, "the town {} needs exactly one primary host, not {primaries}", tenant.slug);

    let mut directory = admin.connect(&CellName::main()).await?;
    same_cell(&mut directory, tenant).await?;
    let schema_version = ensure_schema(admin, tenant).await?;
    let mut tx = directory.begin().await?;
    write_tenant(&mut tx, tenant, schema_version).await?;
    write_hosts(&mut tx, tenant).await?;
    tx.commit().await?;
    directory.close().await?;

    let mut hosts = tenant.hosts.clone();
    hosts.sort_by_key(|host| !host.is_primary);
    Ok(Arc::new(Tenant {
        slug: tenant.slug.clone(),
        name: tenant.name.clone(),
        cell: tenant.cell.clone(),
        zone,
        hosts,
        is_active: true,
    }))
}

/// Provisioning must not leave a town's data behind in another cell.
async fn same_cell(directory: &mut PgConnection, tenant: &NewTenant) -> anyhow::Result<()> {
    let cell: Option<String> = sqlx::query_scalar("SELECT cell FROM platform.tenant WHERE slug = $1")
        .bind(tenant.slug.as_str())
        .fetch_optional(directory)
        .await?;
    match cell {
        Some(cell) if cell != tenant.cell.as_str() => {
            anyhow::bail!("the town {} lives in the cell “{cell}”, not in “{}”", tenant.slug, tenant.cell)
        }
        _ => Ok(()),
    }
}

/// The town's role and schema. The role owns everything in the schema and nothing else.
async fn ensure_schema(admin: &Admin, tenant: &NewTenant) -> anyhow::Result<i64> {
    let (schema, app) = (tenant.slug.schema(), admin.app_role());
    let mut connection = admin.connect(&tenant.cell).await?;
    ensure_role(&mut connection, &schema).await?;
    let is_superuser: bool = sqlx::query_scalar("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        .fetch_one(&mut connection)
        .await?;
    // Without all rights one has to be a member of a role to give things to it.
    let join = if is_superuser { String::new() } else { format!("GRANT {schema} TO CURRENT_USER;") };
    // Both names are checked, by the slug and by `Admin::new`.
    let statements = format!(
        "{join}
         CREATE SCHEMA IF NOT EXISTS {schema} AUTHORIZATION {schema};
         GRANT stadttermin_town TO {schema};
         GRANT {schema} TO {app}"
    );
    sqlx::raw_sql(AssertSqlSafe(statements)).execute(&mut connection).await?;
    let version = migrate_town(&mut connection, &tenant.slug, &Migrations::ours().tenant).await;
    let version = version.with_context(|| format!("the schema of {} could not be migrated", tenant.slug))?;
    connection.close().await?;
    Ok(version)
}

async fn write_tenant(directory: &mut PgConnection, tenant: &NewTenant, schema_version: i64) -> anyhow::Result<()> {
    sqlx::query("INSERT INTO platform.cell (name) VALUES ($1) ON CONFLICT (name) DO NOTHING")
        .bind(tenant.cell.as_str())
        .execute(&mut *directory)
        .await?;
    sqlx::query(
        "INSERT INTO platform.tenant AS old (slug, name, cell, zone, schema_version) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (slug) DO UPDATE
            SET name = excluded.name, zone = excluded.zone, schema_version = excluded.schema_version,
                version = old.version + 1
          WHERE (old.name, old.zone, old.schema_version)
                IS DISTINCT FROM (excluded.name, excluded.zone, excluded.schema_version)",
    )
    .bind(tenant.slug.as_str())
    .bind(&tenant.name)
    .bind(tenant.cell.as_str())
    .bind(&tenant.zone)
    .bind(schema_version)
    .execute(directory)
    .await?;
    Ok(())
}

async fn write_hosts(directory: &mut PgConnection, tenant: &NewTenant) -> anyhow::Result<()> {
    sqlx::query("DELETE FROM platform.tenant_host WHERE tenant = $1")
        .bind(tenant.slug.as_str())
        .execute(&mut *directory)
        .await?;
    for TenantHost { host, base_path, is_primary } in &tenant.hosts {
        let written = sqlx::query(
            "INSERT INTO platform.tenant_host (host, base_path, tenant, is_primary) VALUES ($1, $2, $3, $4)
             ON CONFLICT (host, base_path) DO NOTHING",
        )
        .bind(host)
        .bind(base_path)
        .bind(tenant.slug.as_str())
        .bind(is_primary)
        .execute(&mut *directory)
        .await?;
        anyhow::ensure!(written.rows_affected() == 1, "{host}{base_path} belongs to another town already");
    }
    Ok(())
}
