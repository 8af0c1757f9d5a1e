//! `stadttermin work`: mails and the other jobs.

use std::future::Future;
use std::sync::Arc;

use booking::Links;
use identity::Vault;
use jobs::Timing;
use mail::Transport;
use tenancy::Db;
use web::Renderer;

use crate::config::Environment;
use crate::serve;
use crate::shutdown::Shutdown;
use crate::worker::{self, MAILS_AT_A_TIME, Settings};

/// Works until `shutdown` is wished; jobs under way are finished.
///
/// # Errors
/// If the environment lacks something or the database does not answer at the start.
pub async fn run(environment: &Environment, shutdown: Shutdown) -> anyhow::Result<()> {
    let transport = Transport::new(environment.smtp()?)?;
    let (links, vault) = (Links::new(environment.secret()?), Vault::new(environment.secret()?));
    let mut config = environment.database()?;
    // Each of the two queues keeps one to hear of new jobs.
    config.max_connections += 2;
    let db = Db::connect(&config).await?;
    start(db.clone(), transport, links, vault, serve::clock(), shutdown.wished()).await?;
    db.close().await;
    Ok(())
}

/// The worker as production has it.
///
/// # Errors
/// If the directory of towns cannot be read, or jobs did not finish in time.
pub async fn start(
    db: Db,
    transport: Transport,
    links: Links,
    vault: Vault,
    clock: web::Clock,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    let settings = Settings {
        directory: serve::directory(&db).await?,
        db,
        transport,
        links,
        vault,
        renderer: Arc::new(Renderer::default()),
        clock,
        timing: Timing::default(),
        mails_at_a_time: MAILS_AT_A_TIME,
    };
    worker::run(settings, shutdown).await
}
