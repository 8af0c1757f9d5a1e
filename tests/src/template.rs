//! Ready-made databases that tests get copies of, built once and again whenever what they are made from changes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use indicatif::ProgressBar;
use sha2::{Digest, Sha256};
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection, PgPool};
use stadttermin::postgres::APP_ROLE;
use tenancy::migrate::Migrations;
use tenancy::provision::NewTenant;
use tenancy::{Admin, CellName, Db, DbConfig, TenantHost, TenantSlug};
use tokio::sync::OnceCell;

use crate::cluster::{Shared, exclusive};
use crate::towns;

/// What a test's database holds to begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Template {
    /// The platform, and no town.
    Platform,
    /// The two small towns `probe` and `other`, which are alike.
    Probe,
    /// The towns of `tenants/`, at their real addresses.
    Real,
}

impl Template {
    /// The name of the database to copy.
    pub async fn database(self) -> String {
        static BUILT: [OnceCell<String>; 3] = [const { OnceCell::const_new() }; 3];
        BUILT[self as usize].get_or_init(|| self.ensure()).await.clone()
    }

    async fn ensure(self) -> String {
        let name = format!("template_{}_{}", format!("{self:?}").to_lowercase(), fingerprint());
        let shared = Shared::get().await;
        let _turn = exclusive("template").await;
        let mut server = PgConnection::connect(&shared.admin_address("postgres")).await.expect("the test cluster");
        let exists: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)")
            .bind(&name)
            .fetch_one(&mut server)
            .await
            .expect("the list of databases");
        if !exists {
            let work = format!("test_{}_{self:?}", std::process::id()).to_lowercase();
            shared.ensure_database(&work).await;
            self.fill(shared, &work).await.unwrap_or_else(|error| panic!("the template {self:?}: {error:#}"));
            let finish =
                format!("ALTER DATABASE {work} RENAME TO {name}; ALTER DATABASE {name} ALLOW_CONNECTIONS false");
            sqlx::raw_sql(AssertSqlSafe(finish)).execute(&mut server).await.expect("the template gets its name");
        }
        server.close().await.expect("goodbye");
        name
    }

    async fn fill(self, shared: &Shared, database: &str) -> anyhow::Result<()> {
        let admin = admin(&shared.admin_address(database))?;
        let pool = PgPool::connect(&shared.admin_address(database)).await?;
        jobs::setup(&pool).await?;
        jobs::grant(&pool, APP_ROLE).await?;
        pool.close().await;
        tenancy::migrate::run(&admin, Migrations::ours(), &ProgressBar::hidden()).await?;
        match self {
            Self::Platform => Ok(()),
            Self::Probe => probe_towns(&admin, &connect(&shared.app_address(database)).await?).await,
            Self::Real => towns::apply_all(admin, connect(&shared.app_address(database)).await?).await,
        }
    }
}

async fn connect(address: &str) -> anyhow::Result<Db> {
    let cells = BTreeMap::from([(CellName::main(), address.to_owned())]);
    Ok(Db::connect(&DbConfig { cells, max_connections: 2 }).await?)
}

/// The owner's access to a database that has only the first cell.
pub(crate) fn admin(address: &str) -> anyhow::Result<Admin> {
    Admin::new(BTreeMap::from([(CellName::main(), address.to_owned())]), APP_ROLE)
}

/// The small town.
const PROBE: &str = include_str!("fixtures/probe.sql");

async fn probe_towns(admin: &Admin, db: &Db) -> anyhow::Result<()> {
    for slug in ["probe", "other"] {
        let host = TenantHost { host: format!("{slug}.localhost"), base_path: "/termine".to_owned(), is_primary: true };
        let town = NewTenant {
            slug: TenantSlug::parse(slug)?,
            name: format!("Stadt {slug}"),
            zone: "Europe/Berlin".to_owned(),
            cell: CellName::main(),
            hosts: vec![host],
        };
        let tenant = tenancy::provision::ensure(admin, &town).await?;
        let mut tx = db.tenant_tx(&tenant).await?;
        sqlx::raw_sql(PROBE).execute(tx.conn()).await?;
        tx.commit().await?;
    }
    db.close().await;
    Ok(())
}

/// Code that fills a template, and `Cargo.lock` for the tables of the queue, which are apalis' own.
const SOURCES: [&str; 8] = [
    "Cargo.lock",
    "tenants",
    "tests/src",
    "services/catalog/src",
    "services/jobs/src",
    "services/schedule/src",
    "services/stadttermin/src/tenant",
    "services/tenancy/src",
];

/// Changes whenever something changes that a template is made from: tables, packs, or the code that applies them. Tables and
/// the small town are taken as this program holds them, and not from files that somebody may have changed since it was built.
fn fingerprint() -> String {
    let mut hasher = Sha256::new();
    for migration in Migrations::ours().platform.iter().chain(&Migrations::ours().tenant) {
        hasher.update(&migration.checksum);
    }
    hasher.update(PROBE);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for source in SOURCES {
        collect(&root.join(source), &mut files);
    }
    files.sort();
    for file in files {
        hasher.update(file.as_os_str().as_encoded_bytes());
        hasher.update(std::fs::read(&file).unwrap_or_default());
    }
    hasher.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

fn collect(directory: &Path, files: &mut Vec<PathBuf>) {
    if directory.is_file() {
        files.push(directory.to_owned());
    }
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}
