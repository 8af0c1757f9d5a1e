//! `stadttermin serve`: the towns' pages.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use booking::Links;
use identity::{Providers, Vault};
use jiff::Timestamp;
use tenancy::{Db, Directory};
use tokio::net::TcpListener;
use web::{AppState, Clock, Limits};

use crate::config::Environment;
use crate::shutdown::Shutdown;

/// How long a new town, or a changed host, may take to be seen.
const DIRECTORY_AGE: Duration = Duration::from_secs(5);

/// Serves until `shutdown` is wished; requests under way are finished.
///
/// # Errors
/// If the environment lacks something, the port is taken, or the database does not answer at the start.
pub async fn run(environment: &Environment, shutdown: Shutdown) -> anyhow::Result<()> {
    // A deployment that takes bookings and sends no mails is worse than one that does not start.
    mail::Transport::new(environment.smtp()?)?;
    let (links, vault) = (Links::new(environment.secret()?), Vault::new(environment.secret()?));
    let (trusted_proxies, address) = (environment.trusted_proxies()?, environment.listen()?);
    let db = Db::connect(&environment.database()?).await?;
    let listener = listen(address).await?;
    let providers = Providers::new(environment.provider_secrets()?)?;
    let options = web::Options { vault, providers, clock: clock(), limits: Limits::standard(), trusted_proxies };
    let app = app(db.clone(), links, options).await?;
    tracing::info!("listening on {address}");
    web::serve(listener, web::router(app), shutdown.wished()).await?;
    db.close().await;
    Ok(())
}

/// The web application over these databases, with a directory that stays fresh.
///
/// # Errors
/// If the directory of towns cannot be read.
pub async fn app(db: Db, links: Links, options: web::Options) -> anyhow::Result<AppState> {
    let directory = directory(&db).await?;
    Ok(AppState::new(db, directory, links, options))
}

/// The directory of towns, kept fresh as long as the process lives.
///
/// # Errors
/// If it cannot be read.
pub async fn directory(db: &Db) -> anyhow::Result<Arc<Directory>> {
    let directory = Directory::load(db).await.context("the directory of towns: has `stadttermin migrate` run?")?;
    let (directory, db) = (Arc::new(directory), db.clone());
    let fresh = Arc::clone(&directory);
    tokio::spawn(async move { fresh.keep_fresh(&db, DIRECTORY_AGE).await });
    Ok(directory)
}

/// Takes the port.
///
/// # Errors
/// If it is taken already, with a message that says what to do.
pub async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    let listening = TcpListener::bind(address).await;
    listening.with_context(|| format!("cannot listen on {address}: set STADTTERMIN_LISTEN to another address"))
}

/// The wall clock: the one place where it enters.
#[allow(clippy::disallowed_methods, reason = "the one place where the clock enters")]
pub fn clock() -> Clock {
    Arc::new(Timestamp::now)
}
