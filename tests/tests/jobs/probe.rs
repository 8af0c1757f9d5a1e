//! A queue to be looked at from outside: jobs go in as a town, workers run a handler that writes down what it does.

use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use e2e::TestDb;
use jobs::{Job, JobContext, JobError, Timing, Worker};
use serde_json::json;
use sqlx::PgPool;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// The queue's name in these tests.
pub const QUEUE: &str = "probe";

/// A database with a town, and its queue.
pub struct Probe {
    pub test: TestDb,
    pub runs: Runs,
}

/// What the handlers did: name of the job, number of the attempt, when.
#[derive(Clone, Default)]
pub struct Runs(Arc<Mutex<Vec<(String, i32, Instant)>>>);

/// A worker that runs beside the test.
pub struct Running {
    stop: oneshot::Sender<()>,
    task: JoinHandle<anyhow::Result<()>>,
}

/// A job as the table has it.
#[derive(Debug, PartialEq, Eq)]
pub struct State {
    pub status: String,
    pub attempts: i32,
    pub is_locked: bool,
}

impl Probe {
    pub async fn new() -> Self {
        Self { test: TestDb::with_town("probe").await, runs: Runs::default() }
    }

    pub fn pool(&self) -> PgPool {
        self.test.db().cells().next().expect("the first cell").1.clone()
    }

    /// A worker with the short times of tests.
    pub fn worker(&self) -> Worker {
        Worker { queue: QUEUE, pool: self.pool(), concurrency: 4, timing: Timing::fast() }
    }

    pub fn job(name: &str) -> Job {
        Job::new(QUEUE, json!({ "name": name })).keyed(name)
    }

    pub async fn enqueue(&self, job: Job) -> bool {
        let mut tx = self.test.tx("probe").await;
        let is_new = jobs::enqueue(&mut tx, job).await.expect("a job goes in");
        tx.commit().await.expect("commit");
        is_new
    }

    /// Starts a worker whose runs are written down; what they then do is up to `work`.
    pub fn start<W, F>(&self, worker: Worker, work: W) -> Running
    where
        W: Fn(JobContext) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Result<(), JobError>> + Send + 'static,
    {
        let (stop, stopped) = oneshot::channel();
        let runs = self.runs.clone();
        let handler = move |context: JobContext, payload: serde_json::Value| {
            let (runs, work) = (runs.clone(), work.clone());
            async move {
                runs.note(payload["name"].as_str().unwrap_or_default(), context.attempt);
                work(context).await
            }
        };
        let shutdown = async move {
            let _ = stopped.await;
        };
        Running { stop, task: tokio::spawn(worker.run(shutdown, handler)) }
    }

    /// The job of this name, as it stands.
    pub async fn state(&self, name: &str) -> State {
        let (status, attempts, is_locked): (String, i32, bool) = sqlx::query_as(
            "SELECT status, attempts, lock_by IS NOT NULL FROM apalis.jobs WHERE idempotency_key = 't_probe:' || $1",
        )
        .bind(name)
        .fetch_one(&self.pool())
        .await
        .expect("the job is there");
        State { status, attempts, is_locked }
    }

    /// Waits until the job has this status.
    pub async fn wait_for_status(&self, name: &str, status: &str, limit: Duration) {
        let started = Instant::now();
        loop {
            let state = self.state(name).await;
            if state.status == status {
                return;
            }
            assert!(started.elapsed() < limit, "after {limit:?} the job {name} is {state:?}, not {status}");
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }
}

impl Runs {
    pub fn note(&self, name: &str, attempt: i32) {
        self.0.lock().expect("no panic inside").push((name.to_owned(), attempt, Instant::now()));
    }

    pub fn count(&self) -> usize {
        self.0.lock().expect("no panic inside").len()
    }

    /// The attempts of one job with their times.
    pub fn of(&self, name: &str) -> Vec<(i32, Instant)> {
        let runs = self.0.lock().expect("no panic inside");
        runs.iter().filter(|(it, ..)| it == name).map(|(_, attempt, at)| (*attempt, *at)).collect()
    }

    pub async fn wait_for(&self, count: usize, limit: Duration) {
        let started = Instant::now();
        while self.count() < count {
            assert!(started.elapsed() < limit, "{} of {count} runs after {limit:?}", self.count());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

impl Running {
    /// Asks it to end, and waits for it.
    pub async fn end(self) -> anyhow::Result<()> {
        let _ = self.stop.send(());
        self.task.await.expect("the worker did not panic")
    }

    /// Ends it like a lost machine: no word to anybody.
    pub fn vanish(self) {
        self.task.abort();
    }
}

/// The handler of jobs that simply succeed.
pub async fn fine(_: JobContext) -> Result<(), JobError> {
    Ok(())
}
