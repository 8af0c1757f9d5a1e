//! Jobs of the queue `import`: a batch of old appointments is dry-run, applied or taken back.
//!
//! Killed at any moment, the job begins anew: the dry run from the beginning, the others where they were.

use anyhow::anyhow;
use importer::batch::{self, Place, Step};
use importer::{Reason, State};
use jobs::{JobContext, JobError};
use serde_json::Value;
use tenancy::TenantSlug;
use uuid::Uuid;

use super::Settings;

/// Does what the job says.
pub(super) async fn work(settings: Settings, context: JobContext, payload: Value) -> Result<(), JobError> {
    let Some((id, step)) = read(&payload) else {
        return Err(JobError::GiveUp(anyhow!("the job names no batch or no step")));
    };
    let place = Place { db: settings.db.clone(), tenant: settings.town(&context.tenant).await? };
    let now = (settings.clock)();
    let Err(error) = batch::work(&place, &settings.links, (id, step), now, &|_, _| {}).await else {
        tracing::info!(town = %context.tenant, batch = %id, step = step.as_str(), "import: done");
        return Ok(());
    };
    // What the database says may name people: only its code goes into the log and the queue.
    let said = anyhow!("the step {} of batch {id} failed: {}", step.as_str(), code(&error));
    tracing::error!(town = %context.tenant, batch = %id, attempt = context.attempt, "{said}");
    if context.is_last() {
        let mut tx = place.db.tenant_tx(&place.tenant).await?;
        batch::fail(&mut tx, id, step, &Reason::new(State::Error, "broken_down", "")).await?;
        tx.commit().await?;
        return Err(JobError::GiveUp(said));
    }
    Err(JobError::Retry(said))
}

/// Which batch and step a job is about.
fn read(payload: &Value) -> Option<(Uuid, Step)> {
    let word = |key: &str| payload.get(key).and_then(Value::as_str);
    Some((word("batch")?.parse().ok()?, Step::parse(word("step")?)?))
}

/// A job that kills its workers ends without its handler saying so. Its batch shall not seem to be at work for ever.
pub(super) async fn settle_dead(settings: &Settings) -> anyhow::Result<()> {
    for (_, pool) in settings.db.cells() {
        for dead in jobs::dead(pool, batch::QUEUE).await? {
            let Some((id, step)) = read(&dead.payload) else { continue };
            if let Err(error) = settle(settings, &dead.tenant, id, step).await {
                tracing::error!(town = %dead.tenant, batch = %id, error = code(&error), "a dead import is not settled");
            }
        }
    }
    Ok(())
}

async fn settle(settings: &Settings, slug: &TenantSlug, id: Uuid, step: Step) -> anyhow::Result<()> {
    let mut tx = settings.db.tenant_tx(&settings.town(slug).await?).await?;
    batch::fail(&mut tx, id, step, &Reason::new(State::Error, "broken_down", "")).await?;
    Ok(tx.commit().await?)
}

fn code(error: &anyhow::Error) -> String {
    let database = error.downcast_ref::<sqlx::Error>().and_then(sqlx::Error::as_database_error);
    let code = database.and_then(|it| Some(it.code()?.into_owned()));
    code.unwrap_or_else(|| "see the database's log".to_owned())
}
