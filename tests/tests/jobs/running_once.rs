//! D2, D3, D4: a job that takes long is not given to a second worker, and one whose worker died is.

use std::time::Duration;

use jobs::{JobContext, JobError, Worker};
use sqlx::PgPool;

use crate::probe::{Probe, Runs, fine};

/// Longer than a worker may be silent in tests (2 s).
const LONG: Duration = Duration::from_millis(3200);

/// Long enough for everything that works.
const SOON: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn d3_a_handler_that_blocks_its_thread_runs_once() {
    let probe = Probe::new().await;
    probe.enqueue(Probe::job("blocking")).await;
    // On threads of its own, as in another process: what it blocks must not be the other worker.
    let (runs, address, worker) = (probe.runs.clone(), probe.test.app_address().to_owned(), probe.worker());
    let blocking = std::thread::spawn(move || {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("threads");
        runtime.block_on(async {
            let pool = PgPool::connect(&address).await.expect("the test's database");
            let ended = tokio::time::sleep(LONG * 3);
            let worker = Worker { pool, ..worker };
            worker.run(ended, move |context, _| block(runs.clone(), context)).await
        })
    });
    probe.runs.wait_for(1, SOON).await;
    let other = probe.start(probe.worker(), fine);
    probe.wait_for_status("blocking", "Done", SOON).await;
    other.end().await.unwrap();
    tokio::task::spawn_blocking(|| blocking.join()).await.unwrap().expect("no panic").unwrap();
    assert_eq!(probe.runs.count(), 1);
}

async fn block(runs: Runs, context: JobContext) -> Result<(), JobError> {
    runs.note("blocking", context.attempt);
    std::thread::sleep(LONG * 2);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn d2_a_worker_with_full_hands_keeps_its_jobs() {
    let probe = Probe::new().await;
    for name in ["a", "b", "c", "d"] {
        probe.enqueue(Probe::job(name)).await;
    }
    let [first, second] = [(); 2].map(|()| {
        let mut worker = probe.worker();
        worker.concurrency = 1;
        probe.start(worker, |_: JobContext| async {
            tokio::time::sleep(LONG).await;
            Ok::<(), JobError>(())
        })
    });
    for name in ["a", "b", "c", "d"] {
        probe.wait_for_status(name, "Done", SOON).await;
    }
    assert_eq!(probe.runs.count(), 4, "each ran once");
    first.end().await.unwrap();
    second.end().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn three_workers_share_many_jobs_and_none_runs_twice() {
    let probe = Probe::new().await;
    for number in 0..200 {
        probe.enqueue(Probe::job(&format!("job-{number}"))).await;
    }
    let workers: Vec<_> = (0..3).map(|_| probe.start(probe.worker(), fine)).collect();
    probe.runs.wait_for(200, SOON).await;
    for worker in workers {
        worker.end().await.unwrap();
    }
    assert_eq!(probe.runs.count(), 200);
    assert!((0..200).all(|number| probe.runs.of(&format!("job-{number}")).len() == 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn d4_a_vanished_workers_job_is_done_by_the_next() {
    let probe = Probe::new().await;
    probe.enqueue(Probe::job("orphan")).await;
    let vanishing = probe.start(probe.worker(), |_: JobContext| async {
        std::future::pending::<()>().await;
        Ok::<(), JobError>(())
    });
    probe.runs.wait_for(1, SOON).await;
    vanishing.vanish();
    // Started at once, by the same process: under its former name the job would count as still running.
    let next = probe.start(probe.worker(), fine);
    probe.wait_for_status("orphan", "Done", SOON).await;
    next.end().await.unwrap();
}
