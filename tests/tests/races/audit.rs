//! Checks of the database that do not rely on the constraint which is under test.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use uuid::Uuid;

use crate::office::Office;

/// Pairs of active appointments that overlap at a counter, by plain comparison of their ends.
pub async fn double_bookings(office: &Office, now: Timestamp) -> i64 {
    count(
        office,
        now,
        "WITH active AS (
           SELECT id, counter_id, lower(during) AS starts_at, upper(during) AS ends_at FROM appointment
            WHERE status IN ('booked', 'arrived', 'called', 'in_service') OR (status = 'held' AND hold_until > $1))
         SELECT count(*) FROM active a JOIN active b
             ON a.id < b.id AND a.counter_id = b.counter_id AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at",
    )
    .await
}

/// Pairs of a citizen's active appointments that are at the same time, wherever.
pub async fn citizens_in_two_places(office: &Office, now: Timestamp) -> i64 {
    count(
        office,
        now,
        "WITH active AS (
           SELECT id, booking_id, lower(during) AS starts_at, upper(during) AS ends_at FROM appointment
            WHERE status = 'booked' OR (status = 'held' AND hold_until > $1))
         SELECT count(*) FROM active a JOIN active b
             ON a.id < b.id AND a.booking_id = b.booking_id AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at",
    )
    .await
}

/// Active appointments at `now`.
pub async fn active(office: &Office, now: Timestamp) -> i64 {
    count(
        office,
        now,
        "SELECT count(*) FROM appointment WHERE status = 'booked' OR (status = 'held' AND hold_until > $1)",
    )
    .await
}

/// Everything that is booked: appointment, counter and start.
pub async fn booked(office: &Office) -> Vec<(Uuid, i32, Timestamp)> {
    let rows: Vec<(Uuid, i32, jiff_sqlx::Timestamp)> =
        sqlx::query_as("SELECT id, counter_id, lower(during) FROM appointment WHERE status = 'booked' ORDER BY id")
            .fetch_all(office.tx().await.conn())
            .await
            .unwrap();
    rows.into_iter().map(|(id, counter, start)| (id, counter, start.to_jiff())).collect()
}

/// Transactions that waited for each other in a ring, since the database was made.
pub async fn deadlocks(office: &Office) -> i64 {
    let mut owner = office.test.admin_connection().await;
    // Counters are handed in when a connection has been idle for a moment.
    for _ in 0..20 {
        sqlx::query("SELECT pg_stat_clear_snapshot()").execute(&mut owner).await.unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    sqlx::query_scalar("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        .fetch_one(&mut owner)
        .await
        .unwrap()
}

async fn count(office: &Office, now: Timestamp, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).bind(now.to_sqlx()).fetch_one(office.tx().await.conn()).await.unwrap()
}
