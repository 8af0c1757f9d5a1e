//! The only doors to the data: a transaction as a town, or one on the platform's own tables.

use std::sync::Arc;

use sqlx::{PgConnection, PgPool, Postgres, Transaction};

use crate::Tenant;

/// A transaction in one town's schema, as that town's role.
///
/// Dropping it without [`commit`](Self::commit) rolls back.
pub struct TenantTx {
    tx: Transaction<'static, Postgres>,
    tenant: Arc<Tenant>,
}

impl TenantTx {
    /// Opens the transaction, and switches role and path in the same round trip.
    pub(crate) async fn begin(pool: &PgPool, tenant: Arc<Tenant>) -> sqlx::Result<Self> {
        let schema = tenant.slug.schema();
        let opening = format!("BEGIN; SET LOCAL ROLE {schema}; SET LOCAL search_path TO {schema}, ext");
        // The schema name comes from a checked slug.
        let tx = pool.begin_with(sqlx::AssertSqlSafe(opening)).await?;
        Ok(Self { tx, tenant })
    }

    /// The town this transaction belongs to.
    pub fn tenant(&self) -> &Arc<Tenant> {
        &self.tenant
    }

    /// The connection, to run a statement on the town's unqualified tables.
    pub fn conn(&mut self) -> &mut PgConnection {
        &mut self.tx
    }

    /// Makes everything done here last.
    ///
    /// # Errors
    /// Whatever the database says; then nothing was kept.
    pub async fn commit(self) -> sqlx::Result<()> {
        self.tx.commit().await
    }

    /// Undoes everything done here.
    ///
    /// # Errors
    /// Whatever the database says; the pool cleans the connection anyway.
    pub async fn rollback(self) -> sqlx::Result<()> {
        self.tx.rollback().await
    }
}

/// A transaction on the platform's own tables, always written `platform.…`.
pub struct PlatformTx {
    tx: Transaction<'static, Postgres>,
}

impl PlatformTx {
    pub(crate) async fn begin(pool: &PgPool) -> sqlx::Result<Self> {
        Ok(Self { tx: pool.begin().await? })
    }

    /// The connection, to run a statement on `platform.…`.
    pub fn conn(&mut self) -> &mut PgConnection {
        &mut self.tx
    }

    /// Makes everything done here last.
    ///
    /// # Errors
    /// Whatever the database says; then nothing was kept.
    pub async fn commit(self) -> sqlx::Result<()> {
        self.tx.commit().await
    }
}
