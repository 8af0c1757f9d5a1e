//! What the worker does by the clock.

use std::time::{Duration, Instant};

use mail::outbox::MailState;

use crate::post::{Post, SOON};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn each_tick_is_done_once_for_each_town_by_however_many_workers() {
    let post = Post::open().await;
    let workers = [post.start().await, post.start().await];
    let mut admin = post.test.admin_connection().await;
    let started = Instant::now();
    loop {
        let done: Vec<String> = sqlx::query_scalar(
            "SELECT split_part(idempotency_key, ':', 1) || ' ' || split_part(idempotency_key, ':', 2)
               FROM apalis.jobs WHERE job_type = 'upkeep' AND status = 'Done' ORDER BY 1",
        )
        .fetch_all(&mut admin)
        .await
        .unwrap();
        if done == ["t_other release", "t_other retention", "t_probe release", "t_probe retention"] {
            break;
        }
        assert!(started.elapsed() < SOON, "{done:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    for worker in workers {
        worker.end().await;
    }
    let all: i64 = sqlx::query_scalar("SELECT count(*) FROM apalis.jobs WHERE job_type = 'upkeep'")
        .fetch_one(&mut admin)
        .await
        .unwrap();
    assert_eq!(all, 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_mail_whose_job_died_without_a_word_becomes_a_visible_failure() {
    let post = Post::open().await;
    post.book("de", &[("personalausweis", "09:00")]).await;
    post.change_jobs("UPDATE apalis.jobs SET status = 'Killed', done_at = now() WHERE idempotency_key IS NULL").await;
    let running = post.start().await;
    let failed = post.wait_for_state("confirmation", MailState::Failed).await;
    running.end().await;
    assert!(failed.last_error.unwrap_or_default().contains("died"));
}
