//! What a clerk waits for: a day with 400 appointments, and a booking elsewhere until the screen knows.
//!
//! One process serves, as in a deployment; the client is on the same machine and asks for one page after the other.

use std::time::{Duration, Instant};

use e2e::bench::{Report, median};
use e2e::day::{Planned, plan};
use e2e::{Server, StaffClient, TestDb};
use identity::Role;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

const COUNTERS: i32 = 10;
const AT_EACH: i64 = 40;
const MINUTES: i16 = 10;
/// A Tuesday, 8 o'clock in the town.
const OPENS: &str = "2026-12-01T07:00:00Z";
const DAY: &str = "/verwaltung/tag?standort=rathaus&tag=2026-12-01";
const PAGES: usize = 200;
const CHANGES: u128 = 20;

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(measure());
}

async fn measure() {
    let test = TestDb::with_town("probe").await;
    fill(&test).await;
    let server = Server::start(&test).await;
    let clerk = server.sign_in(&test, "probe", Role::Lead).await;
    assert_eq!(clerk.get(DAY).await.all(".appt").len(), 400, "the whole day is shown");
    let mut report = Report::new("day");
    let mut samples = Vec::new();
    let mut bytes = 0;
    for number in 0..PAGES + 20 {
        let (milliseconds, size) = page(&clerk, DAY).await;
        // The first ones fill caches of the database and open connections.
        if number >= 20 {
            samples.push(milliseconds);
        }
        bytes = size;
    }
    let view = median(samples);
    report.row("day_view_400_ms", view, "ms", "< 30, request to last byte");
    let mut lists = Vec::new();
    for _ in 0..PAGES {
        lists.push(page(&clerk, &format!("{DAY}&ansicht=liste")).await.0);
    }
    report.row("day_list_400_ms", median(lists), "ms", "< 30, request to last byte");
    report.row("day_view_400_kb", f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)) / 1000.0, "kB", "uncompressed");
    let alone = rows(&test).await;
    report.row("day_rows_400_ms", alone, "ms", "the same day from the database, without a page");
    report.row("day_view_of_rows", view / alone, "times", "the page beside its rows, both of this run");
    report.row("live_update_ms", median(updates(&test, &clerk).await), "ms", "< 1000, commit elsewhere to event");
    report.finish();
    server.stop().await;
}

/// Ten counters with forty appointments each.
async fn fill(test: &TestDb) {
    let mut tx = test.tx("probe").await;
    for number in 4..=COUNTERS {
        sqlx::query("INSERT INTO counter (key, location_id, name, position) VALUES ($1, 1, $2, $3)")
            .bind(format!("schalter-{number}-neu"))
            .bind(format!("Schalter {number}"))
            .bind(number)
            .execute(tx.conn())
            .await
            .expect("a counter");
    }
    let counters: Vec<(i32,)> = sqlx::query_as("SELECT id FROM counter WHERE location_id = 1 ORDER BY position, id")
        .fetch_all(tx.conn())
        .await
        .expect("the counters");
    let opens: Timestamp = OPENS.parse().expect("a moment");
    for (column, (counter,)) in counters.into_iter().enumerate() {
        for row in 0..AT_EACH {
            let start = opens + SignedDuration::from_mins(row * i64::from(MINUTES));
            let id = Uuid::new_v4();
            let name = format!("Mustermann-{column}, Erika {row}");
            plan(&mut tx, Planned { id, location: 1, counter, start, minutes: MINUTES }, &name).await;
        }
    }
    tx.commit().await.expect("a full day");
}

/// Milliseconds from the request to the last byte, and the size of the page.
async fn page(clerk: &StaffClient, path: &str) -> (f64, usize) {
    let began = Instant::now();
    let answer = clerk.open(path).await;
    assert_eq!(answer.status(), 200);
    let size = answer.bytes().await.expect("a page").len();
    (began.elapsed().as_secs_f64() * 1000.0, size)
}

/// Milliseconds for the day's appointments alone, in a transaction of their own.
async fn rows(test: &TestDb) -> f64 {
    let mut samples = Vec::new();
    for _ in 0..PAGES {
        let began = Instant::now();
        let mut tx = test.tx("probe").await;
        let day = booking::desk::day(&mut tx, 1, jiff::civil::date(2026, 12, 1)).await.expect("the day");
        tx.commit().await.expect("nothing to keep");
        assert_eq!(day.len(), 400);
        samples.push(began.elapsed().as_secs_f64() * 1000.0);
    }
    median(samples)
}

/// Milliseconds from a commit somewhere else until an open screen is told, at moments that have nothing to do with ours.
async fn updates(test: &TestDb, clerk: &StaffClient) -> Vec<f64> {
    let mut events = clerk.open(&format!("{}{}", "/verwaltung/ereignisse", &DAY["/verwaltung/tag".len()..])).await;
    events.chunk().await.expect("the first event");
    let mut samples = Vec::new();
    for number in 0..CHANGES {
        tokio::time::sleep(Duration::from_millis(137 + u64::try_from(number).unwrap_or(0) * 23)).await;
        let mut tx = test.tx("probe").await;
        let day = jiff::civil::date(2026, 12, 1);
        schedule::version::bump(&mut tx, &[((1, day), schedule::version::Touch::Free)].into())
            .await
            .expect("a new version");
        tx.commit().await.expect("a booking elsewhere");
        let began = Instant::now();
        events.chunk().await.expect("an event").expect("the stream goes on");
        samples.push(began.elapsed().as_secs_f64() * 1000.0);
    }
    samples
}
