//! The worker: runs the jobs of one queue in one cell.

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use apalis::prelude::{BackendExt as _, BoxDynError, WorkerBuilder, WorkerBuilderExt as _, WorkerContext};
use apalis_postgres::{Config, PostgresStorage};
use futures::FutureExt as _;
use serde_json::Value;
use sqlx::PgPool;
use tokio::task::JoinSet;

use crate::context::RunNumbers;
use crate::wake::Wake;
use crate::{JobContext, JobError, Timing};

/// A worker for one queue in one cell.
#[derive(Clone, Debug)]
pub struct Worker {
    /// Which jobs it runs.
    pub queue: &'static str,
    /// The cell's database. One of its connections listens for new jobs as long as the worker runs.
    pub pool: PgPool,
    /// How many jobs at the same time. Each keeps what it needs in memory, so this is never unlimited.
    pub concurrency: usize,
    /// How often it looks, and when it is taken for dead.
    pub timing: Timing,
}

/// One life of a worker: from its start until its end, or until it loses the database.
struct Life {
    name: String,
    context: WorkerContext,
    /// Holds the one task of this life, and ends it when the caller goes away.
    task: JoinSet<anyhow::Result<()>>,
}

impl Worker {
    /// Runs jobs until `shutdown` is ready; then lets the running ones finish and hands the others back.
    ///
    /// # Errors
    /// If running jobs did not finish in time. A lost database is no error: the worker starts again and again.
    pub async fn run<H, F>(self, shutdown: impl Future<Output = ()> + Send + 'static, handler: H) -> anyhow::Result<()>
    where
        H: Fn(JobContext, Value) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Result<(), JobError>> + Send + 'static,
    {
        let mut shutdown = shutdown.boxed().shared();
        let mut pause = self.timing.restart;
        loop {
            let started = Instant::now();
            let mut life = self.start(handler.clone());
            tokio::select! {
                biased;
                ended = life.task.join_next() => match ended {
                    Some(Ok(Err(error))) => tracing::error!(queue = self.queue, "a worker broke down: {error:#}"),
                    Some(Err(error)) => tracing::error!(queue = self.queue, "a worker panicked: {error}"),
                    Some(Ok(Ok(()))) | None => tracing::warn!(queue = self.queue, "a worker ended by itself"),
                },
                () = &mut shutdown => return self.end(life).await,
            }
            pause = if started.elapsed() > self.timing.heartbeat { self.timing.restart } else { longer(pause) };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = &mut shutdown => return Ok(()),
            }
        }
    }

    /// Starts one life. A database error ends it, and so may a panic inside apalis.
    fn start<H, F>(&self, handler: H) -> Life
    where
        H: Fn(JobContext, Value) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Result<(), JobError>> + Send + 'static,
    {
        // A new name for each life: under the old one, a job that died with it would seem to be still running.
        let name = unique_name(self.queue);
        let context = WorkerContext::new(&name);
        let timing = self.timing;
        let config = Config::default()
            .queue(self.queue)
            // A fetched batch that waits for a free slot would keep the heartbeat from being sent.
            .batch_size(1)
            .heartbeat_interval(timing.heartbeat)
            .missed_heartbeats(timing.missed_heartbeats as usize);
        let backend = PostgresStorage::<Value>::new(&self.pool).with_config(config).poll_with_strategy(Wake::new(
            &self.pool,
            self.queue,
            timing.poll,
        ));
        let worker = WorkerBuilder::new(&context)
            .backend(backend)
            .concurrency(self.concurrency)
            .build(move |payload: Value, numbers: RunNumbers| guarded(handler.clone(), payload, numbers));
        let mut task = JoinSet::new();
        task.spawn(async move { worker.run().await.context("the worker of a queue") });
        Life { name, context, task }
    }

    /// Ends a life in good order.
    async fn end(&self, life: Life) -> anyhow::Result<()> {
        let Life { name, context, mut task } = life;
        if let Err(error) = context.stop() {
            // It had not even begun.
            tracing::debug!(queue = self.queue, "stopping: {error}");
            task.abort_all();
        }
        let limit = self.timing.shutdown;
        match tokio::time::timeout(limit, task.join_next()).await {
            Ok(_) => self.hand_back(&name).await,
            Err(_) => anyhow::bail!("jobs of the queue “{}” still ran {limit:?} after the signal to end", self.queue),
        }
    }

    /// Hands back what was fetched and never started: a fetch under way at the end loses its answer.
    async fn hand_back(&self, name: &str) -> anyhow::Result<()> {
        sqlx::query(
            "UPDATE apalis.jobs SET status = 'Pending', lock_by = NULL, lock_at = NULL,
                    last_result = '{\"Err\": \"Re-enqueued due to worker shutdown\"}'
              WHERE lock_by = $1 AND status = 'Queued'",
        )
        .bind(name)
        .execute(&self.pool)
        .await
        .context("handing jobs back at the end")?;
        Ok(())
    }
}

/// Runs the handler in a task of its own: one that blocks does not stop the heartbeat, and one that panics has failed.
async fn guarded<H, F>(handler: H, payload: Value, numbers: RunNumbers) -> Result<(), BoxDynError>
where
    H: Fn(JobContext, Value) -> F + Send + Sync + 'static,
    F: Future<Output = Result<(), JobError>> + Send + 'static,
{
    let handler = Arc::new(handler);
    let run = tokio::spawn(async move {
        let context = JobContext::read(numbers, &payload)?;
        handler(context, payload).await
    });
    match run.await {
        Ok(done) => done.map_err(JobError::boxed),
        Err(error) => Err(format!("the job's task died: {error}").into()),
    }
}

/// Twice as long, up to twenty seconds.
fn longer(pause: Duration) -> Duration {
    (pause * 2).min(Duration::from_secs(20))
}

fn unique_name(queue: &str) -> String {
    let host = std::env::var("HOSTNAME").unwrap_or_else(|_| "host".to_owned());
    format!("{queue}-{host}-{}-{}", std::process::id(), uuid::Uuid::new_v4().simple())
}
