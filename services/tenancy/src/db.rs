//! The pools, one for each cell, and how a connection is kept clean between towns.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::{CellName, PlatformTx, Tenant, TenantTx};

/// How to reach the cells.
#[derive(Clone, Debug)]
pub struct DbConfig {
    /// Address of each cell's database; `main` must be there.
    pub cells: BTreeMap<CellName, String>,
    /// Connections of this process to each cell. 8 to 16 in all processes together is what one cell likes (docs/operations.md).
    pub max_connections: u32,
}

/// What can go wrong on the way to a town's data.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The directory names a cell that this process has no address for.
    #[error("the town {town} lives in cell “{cell}”, but STADTTERMIN_CELL_{cell}_DATABASE_URL is not set")]
    UnknownCell {
        /// Slug of the town.
        town: String,
        /// The missing cell.
        cell: String,
    },
    /// The configuration lacks the first cell.
    #[error("no address for the cell “main”: set DATABASE_URL")]
    NoMainCell,
    /// The database refused or did not answer.
    #[error(transparent)]
    Sqlx(#[from] sqlx::Error),
}

/// The database clusters of a deployment. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    pools: Arc<BTreeMap<CellName, PgPool>>,
}

impl Db {
    /// Opens a pool for every cell.
    ///
    /// # Errors
    /// [`DbError::NoMainCell`], or whatever the first connection of a cell says.
    pub async fn connect(config: &DbConfig) -> Result<Self, DbError> {
        let mut pools = BTreeMap::new();
        for (name, address) in &config.cells {
            // The rollback of `pool_options` mostly finds nothing to roll back, and need not say so.
            let options = PgConnectOptions::from_str(address)?
                .application_name("stadttermin")
                .options([("client_min_messages", "error")]);
            pools.insert(name.clone(), pool_options(config.max_connections).connect_with(options).await?);
        }
        if !pools.contains_key(&CellName::main()) {
            return Err(DbError::NoMainCell);
        }
        Ok(Self { pools: Arc::new(pools) })
    }

    /// A transaction on a town's own tables.
    ///
    /// # Errors
    /// [`DbError::UnknownCell`], or the database's own.
    pub async fn tenant_tx(&self, tenant: &Arc<Tenant>) -> Result<TenantTx, DbError> {
        let pool = self
            .pools
            .get(&tenant.cell)
            .ok_or_else(|| DbError::UnknownCell { town: tenant.slug.to_string(), cell: tenant.cell.to_string() })?;
        Ok(TenantTx::begin(pool, Arc::clone(tenant)).await?)
    }

    /// A transaction on the directory of towns, which lies in the first cell.
    ///
    /// # Errors
    /// The database's own.
    pub async fn platform_tx(&self) -> Result<PlatformTx, DbError> {
        let pool = self.pools.get(&CellName::main()).ok_or(DbError::NoMainCell)?;
        Ok(PlatformTx::begin(pool).await?)
    }

    /// The bare pools, for the queue, which has no town. Never for town data.
    pub fn cells(&self) -> impl Iterator<Item = (&CellName, &PgPool)> {
        self.pools.iter()
    }

    /// Ends all connections, waiting for what is under way.
    pub async fn close(&self) {
        for pool in self.pools.values() {
            pool.close().await;
        }
    }
}

/// A pool that hands over no one's transaction: a request dropped while its `BEGIN` is on the way would otherwise
/// leave the next borrower inside the former town (sqlx issues 4385 and 4393).
fn pool_options(max_connections: u32) -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(max_connections)
        .max_lifetime(Duration::from_secs(900))
        .acquire_timeout(Duration::from_secs(10))
        .after_release(|connection, _| {
            Box::pin(async move {
                sqlx::raw_sql("ROLLBACK").execute(&mut *connection).await?;
                Ok(true)
            })
        })
}
