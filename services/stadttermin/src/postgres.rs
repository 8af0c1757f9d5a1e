//! A private PostgreSQL cluster for the demo and the tests: started beside the project, reached by socket only.
//!
//! A cluster that belongs to someone else is never touched: all commands name our own data directory.

mod binaries;
mod place;
mod settings;

use std::ffi::OsStr;
use std::fs::File;
use std::io::ErrorKind;
use std::path::Path;
use std::process::Stdio;

use anyhow::Context;
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection};
use tokio::process::Command;

use binaries::Binaries;
use place::Place;
pub use settings::Durability;

/// The role that owns everything in a private cluster.
pub const ADMIN_ROLE: &str = "stadttermin_admin";
/// The role the application logs in as: it may become a town, and is nothing by itself.
pub const APP_ROLE: &str = "stadttermin_app";

/// A running private cluster.
#[derive(Debug)]
pub struct Cluster {
    binaries: Binaries,
    place: Place,
    was_running: bool,
}

impl Cluster {
    /// Starts the cluster that lives in `home`, creating it if need be; takes over one that runs there already.
    ///
    /// If the server's user cannot reach `home` (PostgreSQL does not run as root), a directory under `/var/tmp` stands
    /// in. Callers in several processes have to take turns.
    ///
    /// # Errors
    /// If PostgreSQL is not installed (the message says what to install) or does not start (it quotes the log).
    pub async fn start(home: &Path, durability: Durability) -> anyhow::Result<Self> {
        let cluster = Self { binaries: Binaries::find()?, place: Place::choose(home).await?, was_running: false };
        if !cluster.place.data().join("PG_VERSION").exists() {
            cluster.initialise().await?;
        }
        let was_running = cluster.is_running().await?;
        if !was_running {
            cluster.launch(durability).await?;
        }
        Ok(Self { was_running, ..cluster })
    }

    /// Stops the cluster that lives in `home`, if one runs there.
    ///
    /// # Errors
    /// If it does not stop.
    pub async fn stop_in(home: &Path) -> anyhow::Result<()> {
        let cluster = Self { binaries: Binaries::find()?, place: Place::choose(home).await?, was_running: true };
        cluster.stop().await
    }

    /// Marks the cluster in `home` as in use for as long as the returned file is open, in this process or another.
    /// Whoever shares a cluster does so before they [start](Self::start) it: nobody stops it in between.
    ///
    /// # Errors
    /// If the lock file cannot be opened.
    pub async fn in_use(home: &Path) -> anyhow::Result<File> {
        let lock = File::create(Place::choose(home).await?.lock())?;
        tokio::task::spawn_blocking(move || lock.lock_shared().map(|()| lock)).await?.map_err(Into::into)
    }

    /// Leaves someone behind who stops the cluster once nobody has had it [in use](Self::in_use) for 20 seconds.
    ///
    /// # Errors
    /// If no process can be started. Systems without `setsid` and `flock` keep the cluster running.
    pub fn stop_when_unused(&self) -> anyhow::Result<()> {
        let script = "while :; do flock -x \"$1\" true || exit; sleep 20; \
                      flock -x -n \"$1\" \"$2\" stop -m fast -w -D \"$3\" && exit; done";
        let mut watch = self.place.command(Path::new("setsid"));
        watch.args(["sh", "-c", script, "watch"]).arg(self.place.lock()).arg(self.binaries.path("pg_ctl"));
        match watch.arg(self.place.data()).stdout(Stdio::null()).stderr(Stdio::null()).spawn() {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Stops the cluster: what is under way is rolled back.
    ///
    /// # Errors
    /// If it does not stop.
    pub async fn stop(&self) -> anyhow::Result<()> {
        if self.is_running().await? {
            self.control(["stop", "-m", "fast", "-w"]).await.context("PostgreSQL did not stop")?;
        }
        Ok(())
    }

    /// Removes the cluster that lives in `home`, data and all.
    ///
    /// # Errors
    /// If it does not stop, or its files cannot be removed.
    pub async fn remove(home: &Path) -> anyhow::Result<()> {
        Self::stop_in(home).await?;
        Place::choose(home).await?.remove()
    }

    /// The address of `database` for `role`, through the socket.
    pub fn address(&self, role: &str, database: &str) -> String {
        let socket: String =
            url::form_urlencoded::byte_serialize(self.place.socket().as_os_str().as_encoded_bytes()).collect();
        format!("postgres://{role}@localhost/{database}?host={socket}")
    }

    /// Creates the two roles and `database` unless they are there.
    ///
    /// # Errors
    /// The database's own.
    pub async fn ensure_database(&self, database: &str) -> anyhow::Result<()> {
        let mut server = PgConnection::connect(&self.address(ADMIN_ROLE, "postgres")).await?;
        let found: (bool, bool) = sqlx::query_as(
            "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1), EXISTS (SELECT FROM pg_database WHERE datname = $2)",
        )
        .bind(APP_ROLE)
        .bind(database)
        .fetch_one(&mut server)
        .await?;
        if !found.0 {
            let role = format!("CREATE ROLE {APP_ROLE} LOGIN NOINHERIT");
            sqlx::raw_sql(AssertSqlSafe(role)).execute(&mut server).await?;
        }
        if !found.1 {
            // Our own callers name the database.
            sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {database}"))).execute(&mut server).await?;
        }
        server.close().await?;
        Ok(())
    }

    /// The directory of the server's socket, for `psql -h`.
    pub fn socket_directory(&self) -> &Path {
        self.place.socket()
    }

    /// Whether it ran before [`start`](Self::start), left over from another process.
    pub fn was_running(&self) -> bool {
        self.was_running
    }

    /// Major version, such as 15.
    pub fn version(&self) -> u32 {
        self.binaries.version
    }

    async fn initialise(&self) -> anyhow::Result<()> {
        let data = self.place.data();
        let mut command = self.place.command(&self.binaries.path("initdb"));
        command.arg("-D").arg(data).args(["-U", ADMIN_ROLE, "-E", "UTF8", "--auth-local=trust", "--auth-host=reject"]);
        // Umlauts need more than the plain C locale.
        command.args(match self.binaries.version {
            17.. => ["--locale-provider=builtin", "--locale=C.UTF-8"].as_slice(),
            _ => &["--locale-provider=icu", "--icu-locale=und", "--locale=C"],
        });
        // Nothing here is worth waiting for the disk.
        run(command.arg("--no-sync")).await.context("PostgreSQL could not set up a cluster")
    }

    async fn launch(&self, durability: Durability) -> anyhow::Result<()> {
        let log = self.place.log();
        let configuration = settings::file(self.place.socket(), durability);
        std::fs::write(self.place.data().join("postgresql.conf"), configuration)?;
        let started = self.control([OsStr::new("start"), "-w".as_ref(), "-l".as_ref(), log.as_os_str()]).await;
        started.with_context(|| format!("PostgreSQL did not start; the end of {}:\n{}", log.display(), tail(&log)))
    }

    async fn is_running(&self) -> anyhow::Result<bool> {
        let mut command = self.place.command(&self.binaries.path("pg_ctl"));
        let status = command.arg("status").arg("-D").arg(self.place.data()).stdout(Stdio::null()).status().await?;
        Ok(status.success())
    }

    async fn control<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> anyhow::Result<()> {
        let mut command = self.place.command(&self.binaries.path("pg_ctl"));
        run(command.arg("-D").arg(self.place.data()).args(arguments)).await
    }
}

/// Runs `command` quietly; what it complained about is the error.
async fn run(command: &mut Command) -> anyhow::Result<()> {
    // The server outlives pg_ctl and would hold a pipe open: its own messages go to the log, ours to a file.
    let complaints = tempfile::tempfile()?;
    let status = command.stdout(Stdio::null()).stderr(complaints.try_clone()?).status().await?;
    if status.success() {
        return Ok(());
    }
    let mut text = String::new();
    let mut complaints = complaints;
    std::io::Seek::rewind(&mut complaints)?;
    std::io::Read::read_to_string(&mut complaints, &mut text)?;
    anyhow::bail!("{}", text.trim())
}

fn tail(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(8)..].join("\n")
}
