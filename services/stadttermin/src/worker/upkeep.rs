//! What happens by the clock. Each tick becomes one job for each town, whose key is the tick: however many processes
//! keep time, it is done once.

use std::sync::Arc;

use anyhow::anyhow;
use futures::future::{BoxFuture, Shared};
use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use jobs::{Job, JobContext, JobError, Schedule};
use mail::outbox;
use serde_json::{Value, json};
use tenancy::Db;
use tenancy::town::Town;

use super::Settings;

/// The queue of the jobs that put a town in order.
pub(super) const QUEUE: &str = "upkeep";

/// For how long ended jobs stay in the queue's table, in days.
const JOB_DAYS: i32 = 14;

/// Local time of the nightly work.
const AT_NIGHT: Time = Time::constant(2, 40, 0, 0);

/// A town is to be put in order in this way.
#[derive(Clone, Copy)]
enum Task {
    /// Hourly: expired holds, and mails whose job died without a word.
    Release,
    /// Nightly: everything whose time is over.
    Retention,
}

/// Keeps time until `shutdown` is ready.
pub(super) async fn by_the_clock(settings: &Settings, shutdown: Shared<BoxFuture<'static, ()>>) {
    let clock = Arc::clone(&settings.clock);
    let nightly = Schedule::Daily { at: AT_NIGHT, zone: TimeZone::get("Europe/Berlin").unwrap_or(TimeZone::UTC) };
    let hourly = Schedule::Hourly.run(Arc::clone(&clock), shutdown.clone(), |tick| async move {
        let settled = settle_dead_mails(settings).await.and(super::import::settle_dead(settings).await);
        enqueue_for_all(settings, Task::Release, tick).await?;
        settled
    });
    let nightly = nightly.run(clock, shutdown, |tick| async move {
        enqueue_for_all(settings, Task::Retention, tick).await?;
        for (_, pool) in settings.db.cells() {
            jobs::prune(pool, JOB_DAYS).await?;
        }
        Ok(())
    });
    tokio::join!(hourly, nightly);
}

/// Does one task for one town.
pub(super) async fn keep_up(settings: Settings, context: JobContext, payload: Value) -> Result<(), JobError> {
    let task = payload.get("task").and_then(Value::as_str).and_then(Task::parse);
    let task = task.ok_or_else(|| JobError::GiveUp(anyhow!("the job names no known task")))?;
    let mut tx = settings.db.tenant_tx(&settings.town(&context.tenant).await?).await?;
    let now = (settings.clock)();
    match task {
        Task::Release => {
            let released = booking::retention::release_expired(&mut tx, now).await?;
            tracing::debug!(town = %context.tenant, released, "expired holds released");
        }
        Task::Retention => {
            let rules = Town::load(&mut tx).await?.rules;
            let report = booking::retention::run(&mut tx, &rules, now).await?;
            tracing::info!(town = %context.tenant, ?report, "retention");
            let report = identity::retention::run(&mut tx, now).await?;
            tracing::info!(town = %context.tenant, ?report, "retention of accounts");
            let report = importer::batch::forget(&mut tx, now).await?;
            tracing::info!(town = %context.tenant, ?report, "retention of imports");
        }
    }
    Ok(tx.commit().await?)
}

/// One job for each town, suspended ones too: people's data has its time there as well.
async fn enqueue_for_all(settings: &Settings, task: Task, tick: Timestamp) -> anyhow::Result<()> {
    settings.directory.refresh(&settings.db).await?;
    for tenant in settings.directory.all() {
        let job = Job::new(QUEUE, json!({ "task": task.as_str() })).keyed(format!("{}:{tick}", task.as_str()));
        // One town out of reach keeps no other one from its turn.
        if let Err(error) = enqueue(settings, &tenant, job).await {
            tracing::error!(town = %tenant.slug, error = format!("{error:#}"), "upkeep could not be asked for");
        }
    }
    Ok(())
}

async fn enqueue(settings: &Settings, tenant: &Arc<tenancy::Tenant>, job: Job) -> anyhow::Result<()> {
    let mut tx = settings.db.tenant_tx(tenant).await?;
    jobs::enqueue(&mut tx, job).await?;
    Ok(tx.commit().await?)
}

/// A job that kills its workers ends without its handler saying so. Its mail shall not wait for ever unseen.
async fn settle_dead_mails(settings: &Settings) -> anyhow::Result<()> {
    for (_, pool) in settings.db.cells() {
        for dead in jobs::dead(pool, outbox::QUEUE).await? {
            let id = dead.payload.get("mail").and_then(Value::as_str).and_then(|id| id.parse().ok());
            let Some(id) = id else { continue };
            if let Err(error) = settle(settings, &settings.db, &dead.tenant, id).await {
                tracing::error!(town = %dead.tenant, mail = %id, error = format!("{error:#}"), "a dead mail is not settled");
            }
        }
    }
    Ok(())
}

async fn settle(settings: &Settings, db: &Db, slug: &tenancy::TenantSlug, id: uuid::Uuid) -> anyhow::Result<()> {
    let mut tx = db.tenant_tx(&settings.town(slug).await?).await?;
    outbox::mark_tried(&mut tx, id, "the job that sends it has died", true).await?;
    Ok(tx.commit().await?)
}

impl Task {
    fn as_str(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Retention => "retention",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::Release, Self::Retention].into_iter().find(|task| task.as_str() == word)
    }
}
