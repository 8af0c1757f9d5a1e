//! Jobs and the transaction that causes them are one.

use serde_json::json;

use crate::probe::{Probe, QUEUE};

#[tokio::test]
async fn a_job_lives_and_dies_with_its_transaction() {
    let probe = Probe::new().await;
    let mut tx = probe.test.tx("probe").await;
    assert!(jobs::enqueue(&mut tx, Probe::job("undone")).await.unwrap());
    tx.rollback().await.unwrap();
    assert_eq!(count(&probe).await, 0);
    assert!(probe.enqueue(Probe::job("done")).await);
    assert_eq!(count(&probe).await, 1);
}

#[tokio::test]
async fn a_key_is_taken_once_in_each_town() {
    let probe = Probe::new().await;
    assert!(probe.enqueue(Probe::job("same")).await);
    assert!(!probe.enqueue(Probe::job("same")).await);
    let mut tx = probe.test.tx("other").await;
    assert!(jobs::enqueue(&mut tx, Probe::job("same")).await.unwrap(), "the other town has keys of its own");
    assert!(!jobs::enqueue(&mut tx, Probe::job("same")).await.unwrap(), "and the transaction goes on");
    tx.commit().await.unwrap();
    assert_eq!(count(&probe).await, 2);
}

#[tokio::test]
async fn several_jobs_go_in_with_one_statement() {
    let probe = Probe::new().await;
    let mut tx = probe.test.tx("probe").await;
    let jobs = [Probe::job("a"), Probe::job("b"), Probe::job("a"), jobs::Job::new(QUEUE, json!({}))];
    assert_eq!(jobs::enqueue_all(&mut tx, &jobs).await.unwrap(), 3);
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_town_cannot_claim_to_be_another() {
    let probe = Probe::new().await;
    probe.enqueue(jobs::Job::new(QUEUE, json!({ "tenant": "t_other" }))).await;
    let payload: serde_json::Value = sqlx::query_scalar("SELECT convert_from(job, 'UTF8')::jsonb FROM apalis.jobs")
        .fetch_one(&probe.pool())
        .await
        .unwrap();
    assert_eq!(payload["tenant"], "t_probe");
}

#[tokio::test]
async fn a_town_sees_and_touches_nothing_of_the_queue() {
    let probe = Probe::new().await;
    probe.enqueue(Probe::job("secret")).await;
    for statement in ["SELECT count(*) FROM apalis.jobs", "DELETE FROM apalis.jobs"] {
        let mut tx = probe.test.tx("other").await;
        let error = sqlx::query(statement).execute(tx.conn()).await.unwrap_err();
        assert!(error.to_string().contains("permission denied"), "{statement}: {error}");
    }
}

#[tokio::test]
async fn a_job_that_has_not_begun_can_be_taken_back_by_its_own_town() {
    let probe = Probe::new().await;
    let later = "2099-01-01T00:00:00Z".parse().unwrap();
    probe.enqueue(Probe::job("reminder").at(later)).await;
    let mut other = probe.test.tx("other").await;
    assert!(!jobs::withdraw(&mut other, QUEUE, "reminder").await.unwrap());
    let mut own = probe.test.tx("probe").await;
    assert!(jobs::withdraw(&mut own, QUEUE, "reminder").await.unwrap());
    assert!(!jobs::withdraw(&mut own, QUEUE, "reminder").await.unwrap());
    assert!(jobs::enqueue(&mut own, Probe::job("reminder")).await.unwrap(), "its key is free again");
}

#[tokio::test]
async fn what_is_done_is_forgotten_after_a_while() {
    let probe = Probe::new().await;
    for name in ["old", "young", "waiting"] {
        probe.enqueue(Probe::job(name)).await;
    }
    sqlx::raw_sql(
        "UPDATE apalis.jobs SET status = 'Done', done_at = now() - interval '15 days' WHERE idempotency_key LIKE '%old';
         UPDATE apalis.jobs SET status = 'Killed', done_at = now() - interval '13 days' WHERE idempotency_key LIKE '%young'",
    )
    .execute(&probe.pool())
    .await
    .unwrap();
    assert_eq!(jobs::prune(&probe.pool(), 14).await.unwrap(), 1);
    assert_eq!(count(&probe).await, 2);
}

async fn count(probe: &Probe) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM apalis.jobs").fetch_one(&probe.pool()).await.unwrap()
}
