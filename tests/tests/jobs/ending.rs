//! D8 and the end: what happens when the database goes away, and when the worker is asked to stop.

use std::sync::Arc;
use std::time::Duration;

use jobs::{JobContext, JobError};
use tokio::sync::Semaphore;

use crate::probe::{Probe, State, fine};

const SOON: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_clean_end_finishes_what_runs_and_costs_no_attempt() {
    let probe = Probe::new().await;
    let names: Vec<String> = (0..6).map(|number| format!("job-{number}")).collect();
    for name in &names {
        probe.enqueue(Probe::job(name)).await;
    }
    let mut worker = probe.worker();
    worker.concurrency = 1;
    // The first job goes through, the second is still at work when the worker is asked to end.
    let (runs, gate) = (probe.runs.clone(), Arc::new(Semaphore::new(0)));
    let door = Arc::clone(&gate);
    let running = probe.start(worker, move |_: JobContext| {
        let (is_first, door) = (runs.count() == 1, Arc::clone(&door));
        async move {
            if !is_first {
                let _ = door.acquire().await;
            }
            Ok::<(), JobError>(())
        }
    });
    probe.runs.wait_for(2, SOON).await;
    let opening = async {
        tokio::time::sleep(Duration::from_millis(400)).await;
        gate.add_permits(6);
    };
    let (ended, ()) = tokio::join!(running.end(), opening);
    ended.unwrap();
    let begun = probe.runs.count();
    for name in &names {
        let state = probe.state(name).await;
        let untouched = State { status: "Pending".to_owned(), attempts: 0, is_locked: false };
        assert!(state.status == "Done" || state == untouched, "{name}: {state:?}");
    }
    let next = probe.start(probe.worker(), fine);
    probe.runs.wait_for(6, SOON).await;
    next.end().await.unwrap();
    assert!(begun < 6 && probe.runs.count() == 6, "{begun} before, {} in all", probe.runs.count());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_job_that_does_not_end_in_time_is_said_so_and_done_again() {
    let probe = Probe::new().await;
    probe.enqueue(Probe::job("endless")).await;
    let mut worker = probe.worker();
    worker.timing.shutdown = Duration::from_millis(300);
    let running = probe.start(worker, |_: JobContext| async {
        tokio::time::sleep(Duration::from_secs(600)).await;
        Ok::<(), JobError>(())
    });
    probe.runs.wait_for(1, SOON).await;
    let error = running.end().await.unwrap_err();
    assert!(error.to_string().contains("probe"), "{error}");
    let next = probe.start(probe.worker(), fine);
    probe.wait_for_status("endless", "Done", SOON).await;
    next.end().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn d8_a_worker_goes_on_after_it_lost_the_database() {
    let probe = Probe::new().await;
    let running = probe.start(probe.worker(), |_: JobContext| async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        Ok::<(), JobError>(())
    });
    let mut admin = probe.test.admin_connection().await;
    for round in 0..5 {
        let name = format!("round-{round}");
        probe.enqueue(Probe::job(&name)).await;
        sqlx::query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
              WHERE usename = 'stadttermin_app' AND datname = current_database()",
        )
        .execute(&mut admin)
        .await
        .unwrap();
        tokio::time::sleep(Duration::from_millis(150)).await;
    }
    for round in 0..5 {
        probe.wait_for_status(&format!("round-{round}"), "Done", SOON).await;
    }
    running.end().await.unwrap();
}
