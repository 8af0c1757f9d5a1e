//! D1: how long a job waits until it is begun.

use std::time::{Duration, Instant};

use jiff::{Timestamp, ToSpan as _};
use jobs::Timing;

use crate::probe::{Probe, fine};

/// So slow that it explains no quick start.
const SLOW: Duration = Duration::from_secs(600);
/// Long enough for everything that works.
const SOON: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn d1_a_new_job_is_begun_at_once() {
    let probe = Probe::new().await;
    let mut worker = probe.worker();
    worker.timing = Timing { poll: Duration::from_secs(20), heartbeat: SLOW, ..Timing::fast() };
    let running = probe.start(worker, fine);
    // The listener needs a moment to be there; what comes before would wait for the next look.
    wait_for_listener(&probe).await;
    let started = Instant::now();
    for number in 1..=20 {
        probe.enqueue(Probe::job(&format!("job-{number}"))).await;
        probe.runs.wait_for(number, SOON).await;
    }
    // By the regular look alone each would wait ten seconds on average.
    assert!(started.elapsed() < Duration::from_secs(100), "20 jobs took {:?}", started.elapsed());
    running.end().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn d1_the_regular_look_never_falls_asleep() {
    let probe = Probe::new().await;
    let mut worker = probe.worker();
    worker.timing = Timing { poll: Duration::from_millis(50), heartbeat: SLOW, ..Timing::fast() };
    // Jobs for later are announced to nobody when their time comes.
    for number in 0..40_i64 {
        let at = now() + (500 + number * 50).milliseconds();
        probe.enqueue(Probe::job(&format!("later-{number}")).at(at)).await;
    }
    let running = probe.start(worker, fine);
    probe.runs.wait_for(40, SOON).await;
    running.end().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_listener_that_was_cut_off_comes_back() {
    let probe = Probe::new().await;
    let running = probe.start(probe.worker(), fine);
    wait_for_listener(&probe).await;
    let mut admin = probe.test.admin_connection().await;
    sqlx::query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()")
        .execute(&mut admin)
        .await
        .unwrap();
    probe.enqueue(Probe::job("after")).await;
    probe.runs.wait_for(1, SOON).await;
    wait_for_listener(&probe).await;
    running.end().await.unwrap();
}

async fn wait_for_listener(probe: &Probe) {
    let mut admin = probe.test.admin_connection().await;
    let started = Instant::now();
    loop {
        let listening: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT FROM pg_stat_activity
                             WHERE query LIKE 'LISTEN%' AND state = 'idle' AND datname = current_database())",
        )
        .fetch_one(&mut admin)
        .await
        .unwrap();
        if listening {
            return;
        }
        assert!(started.elapsed() < SOON, "nobody listens");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[allow(clippy::disallowed_methods, reason = "the queue lives by the database's clock, so the test does too")]
fn now() -> Timestamp {
    Timestamp::now()
}
