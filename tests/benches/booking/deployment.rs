//! Both towns of the demo on a database of their own, with the web server as a process of its own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, ensure};
use booking::Links;
use indicatif::ProgressBar;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use sqlx::Connection;
use sqlx::postgres::PgConnection;
use stadttermin::config::Environment;
use stadttermin::postgres::{ADMIN_ROLE, APP_ROLE, Cluster, Durability};
use stadttermin::shutdown::Shutdown;
use stadttermin::tenant::{Access, apply, inspect};
use stadttermin::{demo, migrate};
use tenancy::{Admin, CellName, Db, DbConfig, Tenant};

use crate::cpu::{Family, parent_of};
use crate::http::{Connection as Http, Request};
use crate::log::{self, Statement};

/// Set for the process that serves.
pub const IS_SERVER: &str = "STADTTERMIN_BENCH_SERVER";
const DATABASE: &str = "bench";
const SECRET: &str = "only for benchmarks, only for benchmarks";
const TOWNS: [&str; 2] = ["werne", "porta-westfalica"];

/// What is measured.
pub struct Deployment {
    cluster: Cluster,
    db: Db,
    towns: BTreeMap<String, Arc<Tenant>>,
    server: Server,
    port: u16,
    log: PathBuf,
    database_process: u32,
}

/// The process that serves: `stadttermin serve`, from the same release build.
pub async fn serve() -> anyhow::Result<()> {
    stadttermin::serve::run(&Environment::of_process(), Shutdown::on_signal()?).await
}

impl Deployment {
    /// A new database with both towns and other people's appointments, and a server on a free port.
    pub async fn start() -> anyhow::Result<Self> {
        let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bench-postgres");
        Cluster::remove(&home).await?;
        let cluster = Cluster::start(&home, Durability::Full).await?;
        cluster.ensure_database(DATABASE).await?;
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let cells = |role| BTreeMap::from([(CellName::main(), cluster.address(role, DATABASE))]);
        let admin = Admin::new(cells(ADMIN_ROLE), APP_ROLE)?;
        migrate::everything(&admin, &ProgressBar::hidden()).await?;
        let db = Db::connect(&DbConfig { cells: cells(APP_ROLE), max_connections: 4 }).await?;
        let access = Access { admin, db: db.clone() };
        let mut towns = BTreeMap::new();
        for town in TOWNS {
            towns.insert(town.to_owned(), set_up(town, port, &access).await?);
        }
        let (log, database_process) = whereabouts(&cluster).await?;
        let server = Server::start(&cluster, port)?;
        let deployment = Self { cluster, db, towns, server, port, log, database_process };
        deployment.wait_for_server().await?;
        Ok(deployment)
    }

    pub async fn stop(self) -> anyhow::Result<()> {
        drop(self.server);
        self.db.close().await;
        self.cluster.stop().await
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn db(&self) -> &Db {
        &self.db
    }

    pub fn tenant(&self, town: &str) -> Arc<Tenant> {
        Arc::clone(&self.towns[town])
    }

    pub fn host(&self, town: &str) -> String {
        format!("{town}.localhost:{}", self.port)
    }

    pub fn base(&self, town: &str) -> String {
        self.towns[town].hosts.first().map(|it| it.base_path.clone()).unwrap_or_default()
    }

    pub fn now(&self) -> Timestamp {
        stadttermin::serve::clock()()
    }

    /// CPU time so far of the application, and of all processes of the database.
    pub fn cpu(&self) -> (Duration, Duration) {
        (Family(self.server.0.id()).used(), Family(self.database_process).used())
    }

    pub fn admin_address(&self) -> String {
        self.cluster.address(ADMIN_ROLE, DATABASE)
    }

    /// For PostgreSQL's own programs.
    pub fn where_to_connect(&self) -> Vec<String> {
        let socket = self.cluster.socket_directory().display().to_string();
        ["-h", &socket, "-U", APP_ROLE, DATABASE].map(str::to_owned).to_vec()
    }

    /// The day-and-time page of both towns.
    pub fn page_requests(&self) -> Vec<Request> {
        let page = |town: &str| Request {
            host: self.host(town),
            path: format!("{}/termin?anliegen={}", self.base(town), crate::slots::CONCERN),
            form: None,
        };
        TOWNS.map(page).to_vec()
    }

    /// The same page for other days and months: more of them than the server keeps, so that each one is rendered.
    pub fn different_page_requests(&self) -> Vec<Request> {
        let today = self.now().to_zoned(TimeZone::UTC).date();
        let mut requests = Vec::new();
        for (page, months, days) in
            self.page_requests().into_iter().flat_map(|page| (0..4).map(move |it| (page.clone(), it, 0..90)))
        {
            let month = today.saturating_add(months.months()).strftime("%Y-%m").to_string();
            requests.extend(days.map(|ahead: i64| {
                let day = today.saturating_add(ahead.days());
                Request { path: format!("{}&monat={month}&tag={day}", page.path), ..page.clone() }
            }));
        }
        requests
    }

    /// The style sheet that those pages use.
    pub async fn static_requests(&self) -> anyhow::Result<Vec<Request>> {
        let mut connection = Http::open(self.port).await?;
        let mut requests = Vec::new();
        for page in self.page_requests() {
            let answer = connection.send(&page).await?;
            let html = String::from_utf8_lossy(&answer.body).into_owned();
            println!("{}{}: {} kB", page.host, page.path, answer.body.len() / 1000);
            let mut paths = html.split('"').filter(|it| it.contains("/assets/") && it.ends_with("css/app.css"));
            let path = paths.next().with_context(|| format!("{} names no style sheet: {html}", page.path))?;
            requests.push(Request { path: path.to_owned(), ..page });
        }
        Ok(requests)
    }

    /// The most statements that one page needs, the opening and closing of transactions left out. Each time the server
    /// has to find out first whether anything has changed.
    pub async fn statements_of_a_page(&self, pages: &[Request]) -> anyhow::Result<f64> {
        let mut most = 0;
        for page in pages.iter().cycle().take(6) {
            tokio::time::sleep(Duration::from_millis(1500)).await;
            let seen = self
                .watch(async || {
                    let answer = Http::open(self.port).await?.send(page).await?;
                    ensure!(answer.status == 200);
                    Ok(())
                })
                .await?;
            let is_asked = |sql: &str| !["BEGIN", "COMMIT", "ROLLBACK"].iter().any(|it| sql.starts_with(it));
            // The directory of towns is read by the clock, not by a page.
            let asked = seen.iter().filter(|it| is_asked(&it.sql) && !it.sql.contains("platform."));
            most = most.max(asked.count());
        }
        Ok(most as f64)
    }

    /// What the database is asked while `what` runs.
    pub async fn watch(&self, what: impl AsyncFnOnce() -> anyhow::Result<()>) -> anyhow::Result<Vec<Statement>> {
        log::switch(&self.admin_address(), true).await?;
        let from = std::fs::metadata(&self.log)?.len();
        let done = what().await;
        let seen = log::statements(&self.log, from).await;
        log::switch(&self.admin_address(), false).await?;
        done?;
        seen
    }

    /// Lets people of Werne book a hundred days ahead: the usual weeks have fewer free places than are booked in a round.
    pub async fn open_further_ahead(&self) -> anyhow::Result<()> {
        let mut owner = PgConnection::connect(&self.admin_address()).await?;
        sqlx::raw_sql(
            "UPDATE t_werne.opening_rule SET released_days_before = NULL;
             UPDATE t_werne.town SET rules = rules || '{\"horizon_days\": 100}', version = version + 1",
        )
        .execute(&mut owner)
        .await?;
        Ok(owner.close().await?)
    }

    /// Makes all places free again that the measurement has taken; other people's appointments stay.
    pub async fn forget_our_bookings(&self) -> anyhow::Result<()> {
        let mut owner = PgConnection::connect(&self.admin_address()).await?;
        sqlx::raw_sql(
            "DELETE FROM t_werne.booking WHERE email LIKE 'lea-%' OR state = 'draft'; TRUNCATE t_werne.mail, apalis.jobs;
             UPDATE t_werne.location_day SET version = version + 1",
        )
        .execute(&mut owner)
        .await?;
        sqlx::raw_sql("VACUUM ANALYZE").execute(&mut owner).await?;
        owner.close().await?;
        // The server finds out when it is next asked.
        tokio::time::sleep(Duration::from_millis(1500)).await;
        for page in self.page_requests() {
            Http::open(self.port).await?.send(&page).await?;
        }
        Ok(())
    }

    async fn wait_for_server(&self) -> anyhow::Result<()> {
        for _ in 0..100 {
            if tokio::net::TcpStream::connect(("127.0.0.1", self.port)).await.is_ok() {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        anyhow::bail!("the server does not answer")
    }
}

async fn set_up(town: &str, port: u16, access: &Access) -> anyhow::Result<Arc<Tenant>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tenants").join(town);
    let mut pack = inspect(&folder)?.map_err(|problems| anyhow::anyhow!("the pack of {town}: {problems:#?}"))?;
    anyhow::ensure!(pack.town.tenant.put_first(&format!("{town}.localhost:{port}")), "a host");
    let tenant = apply(&pack, access).await?.tenant;
    let (links, now) = (Links::new(SECRET.as_bytes()), stadttermin::serve::clock()());
    demo::fill::fill(access.db.tenant_tx(&tenant).await?, &links, now).await?;
    Ok(tenant)
}

/// The database's log, and its first process.
async fn whereabouts(cluster: &Cluster) -> anyhow::Result<(PathBuf, u32)> {
    let mut owner = PgConnection::connect(&cluster.address(ADMIN_ROLE, DATABASE)).await?;
    let (data, backend): (String, i32) =
        sqlx::query_as("SELECT current_setting('data_directory'), pg_backend_pid()").fetch_one(&mut owner).await?;
    let process = parent_of(u32::try_from(backend)?).context("the database's first process")?;
    owner.close().await?;
    Ok((Path::new(&data).with_file_name("postgres.log"), process))
}

/// The process that serves; it ends with this one, also when something goes wrong.
struct Server(Child);

impl Server {
    fn start(cluster: &Cluster, port: u16) -> anyhow::Result<Self> {
        let server = Command::new(std::env::current_exe()?)
            .env(IS_SERVER, "1")
            .env("DATABASE_URL", cluster.address(APP_ROLE, DATABASE))
            .env("STADTTERMIN_LISTEN", format!("127.0.0.1:{port}"))
            .env("STADTTERMIN_SECRET", SECRET)
            .env("STADTTERMIN_SMTP_URL", "smtp://127.0.0.1:1025")
            .env("STADTTERMIN_TRUSTED_PROXIES", "127.0.0.1")
            .spawn()?;
        Ok(Self(server))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
