//! `stadttermin work`: mails and the other jobs.

use std::future::Future;

use booking::Links;
use tenancy::Db;

use crate::config::Environment;
use crate::shutdown::Shutdown;
use crate::worker;

/// Works until `shutdown` is wished; jobs under way are finished.
///
/// # Errors
/// If the environment lacks something or the database does not answer at the start.
pub async fn run(environment: &Environment, shutdown: Shutdown) -> anyhow::Result<()> {
    let (smtp, links) = (environment.smtp()?, Links::new(environment.secret()?));
    let db = Db::connect(&environment.database()?).await?;
    start(db.clone(), smtp, links, shutdown.wished()).await?;
    db.close().await;
    Ok(())
}
