//! 100,000 appointments from a file: the dry run, applying them, and a plain COPY of the same rows beside it.
//!
//! The memory is that of this process at its peak: reading, rules, and writing together. PostgreSQL has its own.

use std::fmt::Write as _;
use std::io::{Seek as _, Write as _};
use std::time::Instant;

use booking::Links;
use booking::desk::By;
use e2e::TestDb;
use e2e::bench::Report;
use importer::batch::{self, BatchState, Place, Step};
use jiff::Timestamp;
use jiff::civil::date;
use uuid::Uuid;

const ROWS: i64 = 100_000;
/// Counters of the small town's first office while this is measured.
const COUNTERS: i64 = 20;
/// Appointments at a counter and day: from 8 o'clock on, one every 10 minutes.
const A_DAY: i64 = 24;
/// Monday, 30 November 2026, 7 in the morning in the town.
const NOW: &str = "2026-11-30T06:00:00Z";
const BY: By<'static> = By { staff_id: Uuid::nil(), name: "bench" };

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(measure());
}

async fn measure() {
    let test = TestDb::with_town("probe").await;
    widen(&test).await;
    let now: Timestamp = NOW.parse().expect("a moment");
    let place = Place { db: test.db().clone(), tenant: test.tenant("probe") };
    let links = Links::new(b"a secret of the benchmark, long enough");
    let (id, file) = (Uuid::new_v4(), file());
    let mut tx = test.tx("probe").await;
    batch::begin(&mut tx, id, "termine.csv", &BY, now).await.expect("a batch");
    batch::finish_file(&mut tx, id, file.try_clone().expect("the file"), now).await.expect("its shape");
    batch::begin_work(&mut tx, id, Step::Check).await.expect("the dry run");
    tx.commit().await.expect("the batch");

    let started = Instant::now();
    batch::check(&place, id, Some(file), now, &|_, _| {}).await.expect("the dry run");
    let dry_run = per_second(started);
    let mut tx = test.tx("probe").await;
    let checked = batch::find(&mut tx, id).await.expect("the batch").expect("it is there");
    assert_eq!((checked.state, checked.numbers.add), (BatchState::Checked, ROWS), "{:?}", checked.problem);
    batch::begin_work(&mut tx, id, Step::Apply).await.expect("applying");
    tx.commit().await.expect("applying");

    let started = Instant::now();
    batch::apply(&place, &links, id, now, &|_, _| {}).await.expect("applied");
    let apply = per_second(started);
    let peak = peak_megabytes();
    let mut report = Report::new("import");
    report.row("dry_run_rows_per_s", dry_run, "rows/s", ">= 5000");
    report.row("apply_rows_per_s", apply, "rows/s", "one pass, each a booking with an appointment");
    report.row("copy_rows_per_s", copy(&test).await, "rows/s", "plain COPY of the same rows, for comparison");
    report.row("peak_rss_mb", peak, "MB", "< 256, this process");
    report.finish();
}

/// More counters, all like the first, so that so many find places.
async fn widen(test: &TestDb) {
    let mut tx = test.tx("probe").await;
    sqlx::query(
        "WITH new AS (
           INSERT INTO counter (key, location_id, name, position)
           SELECT 'weiterer-' || number, 1, 'Weiterer ' || number, 10 + number FROM generate_series(4, $1) AS number
           RETURNING id)
         INSERT INTO counter_concern (counter_id, concern_id)
         SELECT new.id, concern_id FROM new, counter_concern WHERE counter_id = 1",
    )
    .bind(i32::try_from(COUNTERS).expect("a small number"))
    .execute(tx.conn())
    .await
    .expect("counters");
    tx.commit().await.expect("counters");
}

/// A list as offices keep it.
fn file() -> std::fs::File {
    let mut text = String::from("Datum;Uhrzeit;Name;Telefon;E-Mail;Anliegen;Bemerkung\r\n");
    for row in 0..ROWS {
        let (day, slot) = (row / (A_DAY * COUNTERS), row / COUNTERS % A_DAY);
        let day = date(2026, 12, 1).saturating_add(jiff::Span::new().days(day));
        let (hour, minute) = (8 + slot / 6, slot % 6 * 10);
        let day = day.strftime("%d.%m.%Y");
        write!(
            text,
            "{day};{hour:02}:{minute:02};Person {row}, Probe;02389 {row:06};p{row}@example.org;Ummeldung;Akte {row}\r\n"
        )
        .expect("a string takes everything");
    }
    let mut file = tempfile::tempfile().expect("a file");
    file.write_all(text.as_bytes()).expect("its content");
    file.rewind().expect("its beginning");
    file
}

/// The rows of both tables once more, by COPY into tables without anything else.
async fn copy(test: &TestDb) -> f64 {
    let mut conn = test.admin_connection().await;
    for statement in [
        "SET search_path TO t_probe, ext",
        "CREATE TEMP TABLE booking_copy (LIKE booking)",
        "CREATE TEMP TABLE appointment_copy (LIKE appointment)",
    ] {
        sqlx::raw_sql(statement).execute(&mut conn).await.expect("tables to copy into");
    }
    let bookings = dump(&mut conn, "COPY booking TO STDOUT").await;
    let appointments = dump(&mut conn, "COPY appointment TO STDOUT").await;
    let started = Instant::now();
    for (statement, content) in
        [("COPY booking_copy FROM STDIN", bookings), ("COPY appointment_copy FROM STDIN", appointments)]
    {
        let mut copy = conn.copy_in_raw(statement).await.expect("COPY");
        copy.send(content).await.expect("rows");
        copy.finish().await.expect("all rows");
    }
    per_second(started)
}

async fn dump(conn: &mut sqlx::PgConnection, statement: &'static str) -> Vec<u8> {
    use futures::TryStreamExt as _;
    let rows = conn.copy_out_raw(statement).await.expect("COPY");
    let add = |mut all: Vec<u8>, piece: _| async move {
        all.extend_from_slice(AsRef::<[u8]>::as_ref(&piece));
        Ok(all)
    };
    rows.try_fold(Vec::new(), add).await.expect("rows")
}

fn per_second(started: Instant) -> f64 {
    f64::from(u32::try_from(ROWS).expect("a small number")) / started.elapsed().as_secs_f64()
}

/// Largest memory this process ever had.
fn peak_megabytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches("kB").trim().parse::<f64>().map_or(f64::NAN, |kilobytes| kilobytes / 1024.0)
}
