//! A database of its own for each test, thrown away at the end.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection};
use tenancy::{Admin, CellName, Db, DbConfig, Directory, Tenant, TenantSlug, TenantTx};

use crate::cluster::Shared;
use crate::template::{self, Template};

/// A test's own database, with the application's access to it.
pub struct TestDb {
    name: String,
    admin_address: String,
    app_address: String,
    server_address: String,
    db: Db,
    directory: Directory,
}

impl TestDb {
    /// Both real towns, from their packs in `tenants/`, without any booking.
    pub async fn new() -> Self {
        Self::from(Template::Real).await
    }

    /// The platform without any town.
    pub async fn empty() -> Self {
        Self::from(Template::Platform).await
    }

    /// Two small towns that are alike, `probe` and `other`; `slug` is one of them (tests/src/fixtures/probe.sql).
    pub async fn with_town(slug: &str) -> Self {
        let test = Self::from(Template::Probe).await;
        assert!(test.directory.by_slug(&slug_of(slug)).is_some(), "there is no small town “{slug}”");
        test
    }

    async fn from(template: Template) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let (shared, source) = (Shared::get().await, template.database().await);
        let name = format!("test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let server_address = shared.admin_address("postgres");
        let mut server = PgConnection::connect(&server_address).await.expect("the test cluster");
        let create = AssertSqlSafe(format!("CREATE DATABASE {name} TEMPLATE {source}"));
        sqlx::raw_sql(create).execute(&mut server).await.expect("a database for the test");
        server.close().await.expect("goodbye");

        let app_address = shared.app_address(&name);
        let cells = BTreeMap::from([(CellName::main(), app_address.clone())]);
        let db = Db::connect(&DbConfig { cells, max_connections: 10 }).await.expect("the test's database");
        let directory = Directory::load(&db).await.expect("the directory of towns");
        Self { admin_address: shared.admin_address(&name), name, app_address, server_address, db, directory }
    }

    /// The pools, as the application has them.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Address for the application's role.
    pub fn app_address(&self) -> &str {
        &self.app_address
    }

    /// Address for the owner's role, a superuser of the test cluster.
    pub fn admin_address(&self) -> &str {
        &self.admin_address
    }

    /// The owner's access, for migrations and provisioning.
    pub fn admin(&self) -> Admin {
        template::admin(&self.admin_address).expect("the owner's access")
    }

    /// A connection as the owner, to look at what no role may see.
    pub async fn admin_connection(&self) -> PgConnection {
        PgConnection::connect(&self.admin_address).await.expect("a connection as the owner")
    }

    /// A town of this database.
    ///
    /// # Panics
    /// If it has none of that name.
    pub fn tenant(&self, slug: &str) -> Arc<Tenant> {
        self.directory.by_slug(&slug_of(slug)).unwrap_or_else(|| panic!("the test's database has no town “{slug}”"))
    }

    /// A transaction in that town.
    pub async fn tx(&self, slug: &str) -> TenantTx {
        self.db.tenant_tx(&self.tenant(slug)).await.expect("a transaction")
    }
}

fn slug_of(slug: &str) -> TenantSlug {
    TenantSlug::parse(slug).expect("a short name")
}

impl Drop for TestDb {
    /// Dropping waits for nobody: connections that are still open are cut.
    fn drop(&mut self) {
        let drop = AssertSqlSafe(format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
        let address = self.server_address.clone();
        let dropping = async move {
            let mut server = PgConnection::connect(&address).await?;
            sqlx::raw_sql(drop).execute(&mut server).await?;
            server.close().await
        };
        // The test's own runtime cannot be waited for in a destructor.
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.map(|runtime| runtime.block_on(dropping))
        });
        if !matches!(thread.join(), Ok(Ok(Ok(())))) {
            eprintln!("the database {} could not be dropped; the next run does it", self.name);
        }
    }
}
