//! What the worker does: sends the mails, and keeps the towns in order by the clock.
//!
//! | queue | a job | who puts it in |
//! |---|---|---|
//! | `mail` | sends one mail of one town | `booking`, in the transaction of the booking |
//! | `import` | dry-runs, applies or takes back a batch of old appointments | `importer`, when an admin asks for it |
//! | `upkeep` | puts one town in order: expired holds, retention | the clock, see `upkeep` |

pub mod command;
mod import;
mod send;
mod upkeep;

use std::future::Future;
use std::sync::Arc;

use booking::Links;
use futures::FutureExt as _;
use futures::future::try_join_all;
use identity::Vault;
use jobs::{JobContext, JobError, Timing, Worker};
use mail::Transport;
use serde_json::Value;
use tenancy::{Db, Directory, Tenant, TenantSlug};
use web::{Clock, Renderer};

/// How many mails one process sends at the same time, to each cell's towns. A killed process resends at most the one that
/// was on the wire; who has more to send starts more processes.
pub const MAILS_AT_A_TIME: usize = 1;

/// What the worker works with. Cheap to clone.
#[derive(Clone)]
pub struct Settings {
    /// The cells, each with its queue.
    pub db: Db,
    /// The towns.
    pub directory: Arc<Directory>,
    /// The way out for mails.
    pub transport: Transport,
    /// Makes the links in mails.
    pub links: Links,
    /// Makes the links in mails to staff.
    pub vault: Vault,
    /// Templates and texts of mails.
    pub renderer: Arc<Renderer>,
    /// The time.
    pub clock: Clock,
    /// How often workers look, and when they are taken for dead.
    pub timing: Timing,
    /// Mails at the same time; [`MAILS_AT_A_TIME`] unless there is a reason.
    pub mails_at_a_time: usize,
}

/// Works until `shutdown` is ready; jobs under way are finished.
///
/// # Errors
/// If jobs did not finish in time. A database that goes away is no error: the work goes on when it is back.
pub async fn run(settings: Settings, shutdown: impl Future<Output = ()> + Send + 'static) -> anyhow::Result<()> {
    let shutdown = shutdown.boxed().shared();
    let mut workers = Vec::new();
    for (_, pool) in settings.db.cells() {
        let worker = |queue, concurrency| Worker { queue, pool: pool.clone(), concurrency, timing: settings.timing };
        let senders = worker(mail::outbox::QUEUE, settings.mails_at_a_time);
        workers.push(senders.run(shutdown.clone(), handler(&settings, send::send)).boxed());
        let importers = worker(importer::batch::QUEUE, 1);
        workers.push(importers.run(shutdown.clone(), handler(&settings, import::work)).boxed());
        let keepers = worker(upkeep::QUEUE, 1);
        workers.push(keepers.run(shutdown.clone(), handler(&settings, upkeep::keep_up)).boxed());
    }
    let clocks = upkeep::by_the_clock(&settings, shutdown);
    let (ended, ()) = tokio::join!(try_join_all(workers), clocks);
    ended.map(|_| ())
}

/// A job's function with what it needs.
fn handler<F, W>(settings: &Settings, work: W) -> impl Fn(JobContext, Value) -> F + Clone + Send + Sync + 'static
where
    W: Fn(Settings, JobContext, Value) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Result<(), JobError>> + Send + 'static,
{
    let settings = settings.clone();
    move |context, payload| work(settings.clone(), context, payload)
}

impl Settings {
    /// The town of a job. One that was made a moment ago is not yet in the directory.
    async fn town(&self, slug: &TenantSlug) -> anyhow::Result<Arc<Tenant>> {
        if let Some(tenant) = self.directory.by_slug(slug) {
            return Ok(tenant);
        }
        self.directory.refresh(&self.db).await?;
        self.directory.by_slug(slug).ok_or_else(|| anyhow::anyhow!("there is no town {slug}"))
    }
}
