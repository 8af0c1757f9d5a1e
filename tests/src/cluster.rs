//! One private PostgreSQL cluster for all tests, shared by all test programs that run at the same time.
//!
//! It is started by whoever comes first, and stops by itself a while after the last one has left.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection};
use stadttermin::postgres::{ADMIN_ROLE, APP_ROLE, Cluster, Durability};
use tokio::sync::OnceCell;

static SHARED: OnceCell<Shared> = OnceCell::const_new();

/// The cluster, in use as long as this process lives.
pub(crate) struct Shared {
    cluster: Cluster,
    _in_use: File,
}

impl Shared {
    /// The cluster, started if need be.
    pub async fn get() -> &'static Self {
        SHARED.get_or_init(Self::start).await
    }

    pub fn admin_address(&self, database: &str) -> String {
        self.cluster.address(ADMIN_ROLE, database)
    }

    pub fn app_address(&self, database: &str) -> String {
        self.cluster.address(APP_ROLE, database)
    }

    /// Creates the database unless it is there.
    pub async fn ensure_database(&self, name: &str) {
        self.cluster.ensure_database(name).await.expect("a database");
    }

    async fn start() -> Self {
        let _turn = exclusive("cluster").await;
        let home = home("test-postgres");
        let in_use = Cluster::in_use(&home).await.expect("the lock of the test cluster");
        let cluster = Cluster::start(&home, Durability::None).await.expect("a private PostgreSQL");
        if !cluster.was_running() {
            cluster.stop_when_unused().expect("a watch over the test cluster");
        }
        cluster.ensure_database("postgres").await.expect("the roles of the test cluster");
        let shared = Self { cluster, _in_use: in_use };
        shared.sweep().await;
        shared
    }

    /// Drops what killed test runs have left: databases, and a role that one test makes.
    async fn sweep(&self) {
        let mut server = PgConnection::connect(&self.admin_address("postgres")).await.expect("the test cluster");
        let names: Vec<String> = sqlx::query_scalar("SELECT datname FROM pg_database WHERE datname LIKE 'test\\_%'")
            .fetch_all(&mut server)
            .await
            .expect("the list of databases");
        for name in names.iter().filter(|name| is_left(name)) {
            let drop = AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
            sqlx::raw_sql(drop).execute(&mut server).await.expect("an old test database goes");
        }
        let roles = sqlx::query_scalar::<_, String>("SELECT rolname FROM pg_roles WHERE rolname LIKE 'test\\_%'");
        for name in roles.fetch_all(&mut server).await.expect("the list of roles").iter().filter(|name| is_left(name)) {
            // One that something still belongs to stands in nobody's way.
            let drop = AssertSqlSafe(format!("DROP ROLE IF EXISTS {name}"));
            let _ = sqlx::raw_sql(drop).execute(&mut server).await;
        }
        server.close().await.expect("goodbye");
    }
}

/// Whether the process has ended that `test_<process>_<number>` belongs to. We have made nothing yet: what has our number is
/// from an earlier process that had it, as in containers, where they begin anew.
fn is_left(name: &str) -> bool {
    let process = name.split('_').nth(1).unwrap_or_default();
    // The shell's own: not every system has a program of that name. Somebody else's process says no, and lives all the same.
    let script = "kill -0 \"$1\" 2>/dev/null || [ -d \"/proc/$1\" ]";
    let lives = Command::new("sh").args(["-c", script, "sh", process]).status();
    process == std::process::id().to_string() || lives.is_ok_and(|it| !it.success())
}

/// Waits for its turn among all test programs; the turn ends when the file is closed.
pub(crate) async fn exclusive(what: &str) -> File {
    let path = home(&format!("test-{what}.lock"));
    let wait = move || {
        let file = File::create(path)?;
        file.lock().map(|()| file)
    };
    tokio::task::spawn_blocking(wait).await.expect("a thread").expect("a lock file in target/")
}

fn home(name: &str) -> PathBuf {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target");
    std::fs::create_dir_all(&target).expect("the directory target/");
    target.canonicalize().expect("the directory target/").join(name)
}
