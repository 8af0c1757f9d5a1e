//! D5, D6, D7: a job that fails is tried again after growing pauses, and not for ever.

use std::time::Duration;

use jobs::{JobContext, JobError};

use crate::probe::Probe;

const SOON: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn d5_pauses_grow_and_the_tries_end() {
    let probe = Probe::new().await;
    let mut job = Probe::job("hopeless");
    job.max_attempts = 3;
    probe.enqueue(job).await;
    let running = probe.start(probe.worker(), |context: JobContext| async move {
        Err(JobError::Retry(anyhow::anyhow!("number {} of {}", context.attempt, context.max_attempts)))
    });
    probe.wait_for_status("hopeless", "Killed", SOON).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    running.end().await.unwrap();
    let runs = probe.runs.of("hopeless");
    assert_eq!(runs.iter().map(|(attempt, _)| *attempt).collect::<Vec<_>>(), [1, 2, 3]);
    let pauses: Vec<Duration> = runs.windows(2).map(|pair| pair[1].1 - pair[0].1).collect();
    assert!(pauses[0] > Duration::from_millis(1700) && pauses[1] > Duration::from_millis(3500), "{pauses:?}");
    assert_eq!(probe.state("hopeless").await.attempts, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_is_given_up_is_not_tried_again() {
    let probe = Probe::new().await;
    probe.enqueue(Probe::job("refused")).await;
    let running = probe
        .start(probe.worker(), |_: JobContext| async { Err(JobError::GiveUp(anyhow::anyhow!("no such mailbox"))) });
    probe.wait_for_status("refused", "Killed", SOON).await;
    running.end().await.unwrap();
    assert_eq!(probe.runs.count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn d6_a_panic_is_a_failure_like_any_other() {
    let probe = Probe::new().await;
    probe.enqueue(Probe::job("shaky")).await;
    let mut worker = probe.worker();
    // Nobody is taken for dead: the failure itself must be written down.
    worker.timing.missed_heartbeats = 600;
    let running = probe.start(worker, |context: JobContext| async move {
        assert!(context.attempt > 1, "the first run panics");
        Ok::<(), JobError>(())
    });
    probe.wait_for_status("shaky", "Done", SOON).await;
    running.end().await.unwrap();
    assert_eq!(probe.runs.of("shaky").len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn d7_a_job_that_kills_its_workers_is_stopped() {
    let probe = Probe::new().await;
    let mut job = Probe::job("poison");
    job.max_attempts = 2;
    probe.enqueue(job).await;
    let mut workers = 0;
    while probe.state("poison").await.status != "Killed" {
        assert!(workers < 4, "still being tried: {:?}", probe.state("poison").await);
        let dying = probe.start(probe.worker(), |_: JobContext| async {
            std::future::pending::<()>().await;
            Ok::<(), JobError>(())
        });
        let runs = probe.runs.count();
        for _ in 0..600 {
            tokio::time::sleep(Duration::from_millis(100)).await;
            if probe.runs.count() > runs || probe.state("poison").await.status == "Killed" {
                break;
            }
        }
        dying.vanish();
        workers += 1;
    }
    assert_eq!(probe.runs.count(), 2, "as often as it may be tried");
}

#[tokio::test]
async fn d5_the_pause_doubles_up_to_an_hour() {
    let probe = Probe::new().await;
    let mut job = Probe::job("patient");
    job.max_attempts = 30;
    probe.enqueue(job).await;
    let mut expected = 2.0;
    for attempt in 1..=14 {
        // As apalis writes it down: begun, then failed.
        sqlx::query("UPDATE apalis.jobs SET status = 'Running', run_at = now()").execute(&probe.pool()).await.unwrap();
        let pause: f64 = sqlx::query_scalar(
            "UPDATE apalis.jobs SET status = 'Failed', attempts = $1, done_at = now()
             RETURNING extract(epoch FROM run_at - now())::float8",
        )
        .bind(attempt)
        .fetch_one(&probe.pool())
        .await
        .unwrap();
        assert!((0.89 * expected..1.11 * expected).contains(&pause), "{pause} s after attempt {attempt}");
        expected = f64::min(expected * 2.0, 3600.0);
    }
}
