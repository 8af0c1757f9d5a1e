//! The index against the database: loaded, refreshed, told of changed rules.

use e2e::TestDb;
use jiff::civil::{Date, date};
use jiff::{Timestamp, Zoned};
use schedule::version::{self, Touch};
use schedule::{Channel, Offices, Request, TownIndex};
use tenancy::TenantTx;

const HALL: i32 = 1;
/// A Tuesday.
const DAY: Date = date(2026, 12, 1);

#[tokio::test]
async fn the_index_follows_what_is_taken_and_given_back() {
    let test = TestDb::with_town("probe").await;
    let index = load(&test).await;
    assert_eq!(free(&index), 96, "8:00 to 16:00 every five minutes");

    let mut tx = test.tx("probe").await;
    place(&mut tx, "booked", "2026-12-01 08:00+01", None).await;
    place(&mut tx, "held", "2026-12-01 09:00+01", Some("2026-11-23 09:15+01")).await;
    version::bump(&mut tx, &[((HALL, DAY), Touch::Free)].into()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(free(&index), 96, "not yet read");
    let version = index.refresh(&mut test.tx("probe").await, now()).await.unwrap();
    assert_eq!(version, town_version(&test).await);
    assert_eq!(free(&index), 96 - 24, "both places are taken, each for an hour");
    let after = Request { now: at("2026-11-23T09:15"), ..request() };
    assert_eq!(index.day_times(&after, DAY).len(), 96 - 12, "the hold is over, without any event");

    let mut tx = test.tx("probe").await;
    let freed = "UPDATE appointment SET status = 'cancelled', blocks = false WHERE status = 'booked'";
    sqlx::query(freed).execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
    index.refresh(&mut test.tx("probe").await, now()).await.unwrap();
    assert_eq!(free(&index), 96 - 24, "without a new version nothing is read");
    let mut tx = test.tx("probe").await;
    let before = version::of_days(&mut tx, &[(HALL, DAY)]).await.unwrap()[0].1;
    version::bump(&mut tx, &[((HALL, DAY), Touch::Seen)].into()).await.unwrap();
    assert_eq!(version::of_days(&mut tx, &[(HALL, DAY)]).await.unwrap()[0].1, before + 1, "screens look again");
    tx.commit().await.unwrap();
    index.refresh(&mut test.tx("probe").await, now()).await.unwrap();
    assert_eq!(free(&index), 96 - 24, "what only staff see is no reason to read");
    let mut tx = test.tx("probe").await;
    version::bump(&mut tx, &[((HALL, DAY), Touch::Free)].into()).await.unwrap();
    tx.commit().await.unwrap();
    index.refresh(&mut test.tx("probe").await, now()).await.unwrap();
    assert_eq!(free(&index), 96 - 12);
}

#[tokio::test]
async fn the_days_move_on_with_the_calendar() {
    let test = TestDb::with_town("probe").await;
    let index = load(&test).await;
    let mut tx = test.tx("probe").await;
    place(&mut tx, "booked", "2026-12-15 08:00+01", None).await;
    version::bump(&mut tx, &[((HALL, date(2026, 12, 15)), Touch::Free)].into()).await.unwrap();
    tx.commit().await.unwrap();
    let later = Request { now: at("2026-12-01T00:00"), ..request() };
    assert_eq!(index.day_times(&later, date(2026, 12, 15)), [], "the index ends on 7 December");
    index.refresh(&mut test.tx("probe").await, later.now).await.unwrap();
    assert_eq!(index.day_times(&later, date(2026, 12, 15)).len(), 96 - 12, "planned with what is taken there");
    let days = index.free_days(&later, date(2026, 11, 1), date(2027, 1, 1));
    assert_eq!((days[0].day, days.len()), (DAY, 15), "days that are over are gone");
}

#[tokio::test]
async fn another_towns_appointments_are_not_seen() {
    let test = TestDb::with_town("probe").await;
    let mut tx = test.tx("other").await;
    place(&mut tx, "booked", "2026-12-01 08:00+01", None).await;
    version::bump(&mut tx, &[((HALL, DAY), Touch::Free)].into()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(free(&load(&test).await), 96);
}

#[tokio::test]
async fn rules_and_closures_are_read_as_they_were_written() {
    let test = TestDb::with_town("probe").await;
    let mut tx = test.tx("probe").await;
    sqlx::query(
        "INSERT INTO opening_rule (location_id, counter_ids, weekdays, nth_of_month, every_weeks, dates, opens, closes,
                valid_from, valid_until, step_minutes, channel, released_days_before, released_at,
                closes_minutes_before, falls_online_hours_before, position)
         VALUES (2, '{4}', '{6}', '{1,-1}', 1, '{2026-12-19}', '08:30', '12:30', '2026-12-01', '2026-12-31', 30, 'staff',
                400, '07:00', 45, 9000, 9)",
    )
    .execute(tx.conn())
    .await
    .unwrap();
    sqlx::query(
        "INSERT INTO closure (location_id, counter_id, first_day, last_day, from_time, until_time, reason)
         VALUES (2, 4, '2026-12-05', '2026-12-05', '08:30', '10:00', '{\"de\": \"Umbau\"}'),
                (NULL, NULL, '2026-12-03', '2026-12-04', NULL, NULL, '{\"de\": \"Betriebsausflug\"}')",
    )
    .execute(tx.conn())
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let index = TownIndex::load(&mut test.tx("probe").await, now(), 30).await.unwrap();
    let asked = Request { location: Some(2), concerns: &[1], channel: Channel::Staff, horizon_days: 30, ..request() };
    let starts = |day| index.day_times(&asked, day).iter().map(|it| it.local.time().to_string()).collect::<Vec<_>>();
    assert_eq!(
        starts(date(2026, 12, 5)),
        ["10:00:00", "10:30:00", "11:00:00", "11:30:00", "12:00:00"],
        "the first Saturday"
    );
    assert_eq!(starts(date(2026, 12, 12)), [""; 0]);
    assert_eq!((starts(date(2026, 12, 19)).len(), starts(date(2026, 12, 26)).len()), (8, 0), "a single day; a holiday");
    assert_eq!(index.day_times(&request(), date(2026, 12, 3)), [], "the whole town is closed");
}

#[tokio::test]
async fn offices_out_of_use_are_not_offered() {
    let test = TestDb::with_town("probe").await;
    let mut tx = test.tx("probe").await;
    sqlx::query("UPDATE location SET active = false WHERE id = 2").execute(tx.conn()).await.unwrap();
    sqlx::query("UPDATE counter SET active = false WHERE id = 3").execute(tx.conn()).await.unwrap();
    let offices = Offices::load(&mut tx).await.unwrap();
    assert_eq!(offices.locations.iter().map(|it| it.key.as_str()).collect::<Vec<_>>(), ["rathaus"]);
    assert_eq!(offices.counters.iter().map(|it| it.id).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(offices.counters[0].concerns, [1, 2, 3, 5], "vehicles are for counter 3");
    assert_eq!(offices.serving(&[4]).count(), 0);
    let all = Offices::load_with_closed(&mut tx).await.unwrap();
    assert_eq!(all.locations.len(), 2);
}

/// Concern 4 can be served by counter 3 alone: what is taken there is seen in every answer.
fn request() -> Request<'static> {
    Request {
        location: None,
        concerns: &[4],
        duration_minutes: 5,
        channel: Channel::Online,
        now: now(),
        lead_minutes: 0,
        horizon_days: 14,
        own: None,
    }
}

async fn load(test: &TestDb) -> TownIndex {
    TownIndex::load(&mut test.tx("probe").await, now(), 14).await.expect("the index")
}

fn free(index: &TownIndex) -> usize {
    index.day_times(&request(), DAY).len()
}

/// Counter 3, one hour.
async fn place(tx: &mut TenantTx, status: &str, from: &str, hold_until: Option<&str>) {
    sqlx::query(
        "WITH made AS (INSERT INTO booking (id, token_hash, channel, language, selection)
                SELECT id, uuid_send(id), 'online', 'de', '[]' FROM gen_random_uuid() AS id RETURNING id)
         INSERT INTO appointment (id, booking_id, location_id, counter_id, during, status, blocks, hold_until, items,
                duration_minutes, fee_cents)
         SELECT gen_random_uuid(), made.id, 1, 3, tstzrange($2::timestamptz, $2::timestamptz + interval '1 hour'), $1,
                true, $3::timestamptz, '[]', 60, 0
           FROM made",
    )
    .bind(status)
    .bind(from.parse::<Timestamp>().map(jiff_sqlx::ToSqlx::to_sqlx).expect("a moment"))
    .bind(hold_until.map(|it| it.parse::<Timestamp>().map(jiff_sqlx::ToSqlx::to_sqlx).expect("a moment")))
    .execute(tx.conn())
    .await
    .expect("an appointment");
}

async fn town_version(test: &TestDb) -> i64 {
    let mut tx = test.tx("probe").await;
    sqlx::query_scalar("SELECT version FROM town").fetch_one(tx.conn()).await.expect("the town")
}

fn now() -> Timestamp {
    at("2026-11-23T09:00")
}

fn at(text: &str) -> Timestamp {
    format!("{text}[Europe/Berlin]").parse::<Zoned>().expect("a time in Berlin").timestamp()
}
