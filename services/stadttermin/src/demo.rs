//! `stadttermin demo`: everything on this machine, in one process, with nothing to set up.
//!
//! A private database cluster in `.demo/`, both towns from `tenants/`, other people's appointments, web server, worker,
//! mail server and mailbox. It ends with Ctrl-C and leaves only the data behind, for the next start.

mod calendar;
pub mod fill;
mod greeting;
mod home;
mod people;
mod rows;
pub mod staff;
mod towns;

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::path::Path;

use anyhow::Context;
use booking::Links;
use clap::Args;
use identity::{Providers, Vault};
use indicatif::ProgressBar;
use mail::Transport;
use mail::sink::Sink;
use tenancy::{Admin, CellName, Db, DbConfig};
use tokio::net::TcpListener;
use web::Limits;

use crate::config::Environment;
use crate::postgres::{ADMIN_ROLE, APP_ROLE, Cluster, Durability};
use crate::shutdown::Shutdown;
use crate::tenant::Access;
use crate::{migrate, serve, work};
use home::Home;

const DATABASE: &str = "stadttermin_demo";
const CONNECTIONS: u32 = 12;

/// How the demo is to start.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// Throws the data of earlier starts away
    #[arg(long)]
    fresh: bool,
}

/// Runs the demo until `shutdown` is wished, then stops everything it has started.
///
/// # Errors
/// If the port is taken, another demo runs, PostgreSQL is not installed, or a pack has problems.
pub async fn run(options: &Options, environment: &Environment, shutdown: Shutdown) -> anyhow::Result<()> {
    let address = environment.listen()?;
    let home = Home::open(Path::new("."))?;
    let listener = listen(address).await?;
    if options.fresh {
        Cluster::remove(&home.postgres()).await?;
    }
    greeting::progress("Datenbank starten");
    let cluster = Cluster::start(&home.postgres(), Durability::Full).await?;
    let done = prepare_and_run(&cluster, &home, listener, shutdown).await;
    greeting::progress("Wird beendet");
    cluster.stop().await?;
    done
}

async fn prepare_and_run(
    cluster: &Cluster,
    home: &Home,
    listener: TcpListener,
    shutdown: Shutdown,
) -> anyhow::Result<()> {
    let port = listener.local_addr()?.port();
    let ready = tokio::select! {
        ready = prepare(cluster, home, port) => ready?,
        () = shutdown.clone().wished() => return Ok(()),
    };
    ready.run(listener, shutdown).await
}

async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!(
            "{address} ist belegt oder nicht erlaubt. Nehmen Sie eine andere Adresse: STADTTERMIN_LISTEN=127.0.0.1:{} ./dev demo",
            address.port().saturating_add(1)
        )
    })
}

/// The demo with its data, ready to answer.
struct Ready {
    db: Db,
    secret: Vec<u8>,
    towns: Vec<greeting::Town>,
}

/// Database, tables, towns and appointments. What is there from an earlier start is kept.
async fn prepare(cluster: &Cluster, home: &Home, port: u16) -> anyhow::Result<Ready> {
    cluster.ensure_database(DATABASE).await?;
    home.note_database(&cluster.address(ADMIN_ROLE, DATABASE))?;
    let owner = BTreeMap::from([(CellName::main(), cluster.address(ADMIN_ROLE, DATABASE))]);
    let admin = Admin::new(owner, APP_ROLE)?;
    greeting::progress("Tabellen anlegen");
    let report = migrate::everything(&admin, &ProgressBar::hidden()).await?;
    if let Some((town, error)) = report.failed.into_iter().next() {
        return Err(error.context(format!("die Tabellen von {town}; ./dev demo --fresh beginnt von vorn")));
    }
    let cells = BTreeMap::from([(CellName::main(), cluster.address(APP_ROLE, DATABASE))]);
    let db = Db::connect(&DbConfig { cells, max_connections: CONNECTIONS }).await?;
    let access = Access { admin, db: db.clone() };
    let (secret, mut towns) = (home.secret()?, Vec::new());
    let (links, vault) = (Links::new(&secret), Vault::new(&secret));
    let now = serve::clock()();
    for folder in ["tenants/werne", "tenants/porta-westfalica"] {
        greeting::progress(&format!("Stadtpaket {folder} einspielen"));
        let tenant = towns::apply(Path::new(folder), port, &access).await?;
        greeting::progress(&format!("Termine anderer Leute für {}", tenant.name));
        fill::fill(db.tenant_tx(&tenant).await?, &links, now).await?;
        let codes = staff::employ(db.tenant_tx(&tenant).await?, &vault, now).await?;
        towns.push(greeting::Town::of(&tenant, codes));
    }
    Ok(Ready { db, secret, towns })
}

impl Ready {
    async fn run(self, listener: TcpListener, shutdown: Shutdown) -> anyhow::Result<()> {
        let sink = Sink::start().context("der Mail-Server der Demo")?;
        let vault = Vault::new(&self.secret);
        let (clock, limits) = (serve::clock(), Limits::standard());
        let providers = Providers::new(HashMap::new())?;
        let options = web::Options { vault: vault.clone(), providers, clock, limits, trusted_proxies: Vec::new() };
        let app = serve::app(self.db.clone(), Links::new(&self.secret), options).await?;
        let port = listener.local_addr()?.port();
        let pages = web::at_host("mail.localhost", web::mailbox::router(sink.clone()), web::router(app));
        let worker = work::start(
            self.db.clone(),
            Transport::new(&sink.url())?,
            Links::new(&self.secret),
            vault,
            serve::clock(),
            shutdown.clone().wished(),
        );
        greeting::print(&self.towns, port);
        let served = async { web::serve(listener, pages, shutdown.wished()).await.context("der Webserver der Demo") };
        tokio::try_join!(served, worker)?;
        self.db.close().await;
        Ok(())
    }
}
