//! Several clerks and citizens at once, and what the history says afterwards.

use booking::desk::{self, By, DeskError, NewItems, Relocation, Step};
use booking::retention;
use booking::{Item, Status};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::office::{Office, counters, now, tuesday, wish};

const YILDIZ: By<'static> = By { staff_id: Uuid::from_u128(1), name: "Frau Yıldız" };
const BRANDT: By<'static> = By { staff_id: Uuid::from_u128(2), name: "Herr Brandt" };

async fn version(office: &Office, id: Uuid) -> i32 {
    desk::appointment(&mut office.tx().await, id).await.unwrap().unwrap().version
}

async fn step(office: &Office, id: Uuid, step: Step, by: &By<'_>, seen: i32) -> Result<Status, DeskError> {
    let mut tx = office.tx().await;
    let done = desk::step(&mut tx, id, step, seen, by, tuesday("08:55")).await;
    if done.is_ok() {
        tx.commit().await.unwrap();
    }
    done
}

async fn move_to(office: &Office, id: Uuid, to: (i32, Timestamp), overbook: bool) -> Result<(), DeskError> {
    let (counter, start) = to;
    let over = if overbook { office.in_the_way(counter, start, 15, Some(id)).await } else { Vec::new() };
    let seen_version = version(office, id).await;
    let wish = Relocation { id, counter, location: 1, start, over: &over, seen_version };
    let mut tx = office.tx().await;
    let done = desk::move_to(&mut tx, &wish, &YILDIZ, &office.rules, now()).await;
    if done.is_ok() {
        tx.commit().await.unwrap();
    }
    done
}

async fn kinds(office: &Office, attempt: u128) -> Vec<(String, String, String)> {
    let events = desk::history(&mut office.tx().await, office.id(attempt)).await.unwrap();
    events.into_iter().map(|it| (it.actor, it.staff_name, it.kind)).collect()
}

/// Pairs of active appointments in each other's way that were not put there on purpose.
async fn overlaps(office: &Office) -> i64 {
    office
        .count(
            "SELECT count(*) FROM appointment a JOIN appointment b
                 ON a.counter_id = b.counter_id AND a.during && b.during AND a.id < b.id
              WHERE a.status IN ('held', 'booked', 'arrived', 'called', 'in_service') AND NOT a.overbooked
                AND b.status IN ('held', 'booked', 'arrived', 'called', 'in_service') AND NOT b.overbooked",
        )
        .await
}

#[tokio::test]
async fn of_two_clerks_who_do_the_same_in_the_same_moment_one_is_told() {
    let office = Office::open().await;
    let id = office.book(&wish(1, tuesday("09:00")), now()).await;
    let (one, other) =
        tokio::join!(step(&office, id, Step::Arrive, &YILDIZ, 0), step(&office, id, Step::NoShow, &BRANDT, 0));
    let (done, refused) = if one.is_ok() { (one, other) } else { (other, one) };
    let Err(DeskError::Changed(Some(change))) = refused else { panic!("{refused:?}") };
    assert_eq!(change.what, done.unwrap().as_str());
    assert_eq!(change.at, tuesday("08:55"));
    assert_eq!(kinds(&office, 1).await, [("staff".to_owned(), change.who, change.what)]);
    assert_eq!(version(&office, id).await, 1);
}

#[tokio::test]
async fn a_clerk_learns_that_the_citizen_was_quicker() {
    let office = Office::open().await;
    let id = office.book(&wish(1, tuesday("09:00")), now()).await;
    office.move_to(1, id, tuesday("10:00"), &counters(&[1]), now()).await.unwrap();
    let refused = step(&office, id, Step::Arrive, &YILDIZ, 0).await;
    let Err(DeskError::Changed(Some(change))) = refused else { panic!("{refused:?}") };
    assert_eq!((change.who.as_str(), change.what.as_str()), ("", "moved"));
    office.cancel(1, id, now()).await.unwrap();
    assert_eq!(version(&office, id).await, 2);
    let citizen = |kind: &str| ("citizen".to_owned(), String::new(), kind.to_owned());
    assert_eq!(kinds(&office, 1).await, [citizen("cancelled"), citizen("moved")]);
    let moved = &desk::history(&mut office.tx().await, office.id(1)).await.unwrap()[1];
    assert_eq!(moved.detail["to"]["start"], serde_json::json!(tuesday("10:00")));
    assert_eq!(moved.appointment_id, Some(id));
}

#[tokio::test]
async fn nobody_steps_where_the_way_does_not_lead() {
    let office = Office::open().await;
    let id = office.book(&wish(1, tuesday("09:00")), now()).await;
    for possible in [Step::Finish, Step::Undo] {
        let refused = step(&office, id, possible, &YILDIZ, 0).await;
        assert!(matches!(refused, Err(DeskError::NotPossible(Status::Booked))), "{refused:?}");
    }
    let refused = step(&office, Uuid::from_u128(404), Step::Arrive, &YILDIZ, 0).await;
    assert!(matches!(refused, Err(DeskError::NotFound)));
    let draft = office.hold(&wish(2, tuesday("10:00")), now()).await.unwrap().appointment_id;
    let refused = step(&office, draft, Step::Arrive, &YILDIZ, 0).await;
    assert!(matches!(refused, Err(DeskError::NotFound)), "a draft is nobody's appointment yet");
}

/// Two that want each other's places, again and again, with citizens who take what is free in between.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn everybody_at_once_neither_deadlocks_nor_doubles_a_place() {
    let office = Office::open_for(16).await;
    let mut ids = Vec::new();
    for attempt in 0..6 {
        let counter = i32::try_from(attempt % 2).unwrap() + 1;
        let time = ["09:00", "09:15", "09:30"][usize::try_from(attempt / 2).unwrap()];
        ids.push(office.book(&wish(attempt, tuesday(time)).at(&[counter]), now()).await);
    }
    let clerk = async |first: usize| {
        for round in 0..8 {
            let id = ids[(first + round) % ids.len()];
            let at = tuesday("09:00") + SignedDuration::from_mins(15 * i64::try_from((first * 3 + round) % 3).unwrap());
            let counter = i32::try_from((first + round) % 2).unwrap() + 1;
            let done = move_to(&office, id, (counter, at), round % 2 == 0).await;
            assert!(!matches!(done, Err(DeskError::Database(_))), "{done:?}");
        }
    };
    let sitting = async |first: usize| {
        for round in 0..8 {
            let id = ids[(first + round) % ids.len()];
            for next in [Step::NoShow, Step::Undo] {
                let done = step(&office, id, next, &BRANDT, version(&office, id).await).await;
                assert!(!matches!(done, Err(DeskError::Database(_))), "{done:?}");
            }
        }
    };
    let citizen = async |first: u128| {
        for round in 0..8 {
            let attempt = 100 + first * 100 + round;
            let at = tuesday("09:00") + SignedDuration::from_mins(15 * i64::try_from(round % 3).unwrap());
            let held = office.hold(&wish(attempt, at).at(&[1, 2]), now()).await;
            assert!(!matches!(held, Err(booking::HoldError::Database(_))), "{held:?}");
            office.release(attempt).await;
        }
    };
    tokio::join!(clerk(0), clerk(1), clerk(3), clerk(4), sitting(2), sitting(5), citizen(1), citizen(2));
    assert_eq!(overlaps(&office).await, 0);
    assert_eq!(office.count("SELECT count(*) FROM appointment WHERE status = 'booked'").await, 6, "nobody is lost");
}

#[tokio::test]
async fn what_staff_knew_leaves_with_the_booking_and_the_outcome_is_counted() {
    let office = Office::open().await;
    let served = office.book(&wish(1, tuesday("09:00")), now()).await;
    let missed = office.book(&wish(2, tuesday("10:00")), now()).await;
    for (seen, next) in [Step::Arrive, Step::Serve, Step::Finish].into_iter().enumerate() {
        step(&office, served, next, &YILDIZ, i32::try_from(seen).unwrap()).await.unwrap();
    }
    step(&office, missed, Step::NoShow, &YILDIZ, 0).await.unwrap();
    assert_eq!(office.count("SELECT count(*) FROM ticket WHERE state = 'done'").await, 1);
    let mut tx = office.tx().await;
    sqlx::query("UPDATE mail SET state = 'sent'").execute(tx.conn()).await.unwrap();
    sqlx::query(
        "INSERT INTO absence (id, location_id, first_day, last_day, reason, state, created_at, send_at)
         VALUES (gen_random_uuid(), 1, '2026-12-01', '2026-12-01', 'krank', 'done', now(), now())",
    )
    .execute(tx.conn())
    .await
    .unwrap();
    let later = tuesday("12:00") + SignedDuration::from_hours(16 * 24);
    let report = retention::run(&mut tx, &office.rules, later).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!((report.appointments, report.bookings, report.tickets, report.absences), (2, 2, 1, 1));
    for table in ["appointment", "booking", "booking_event", "ticket", "absence"] {
        let mut tx = office.tx().await;
        let left: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}")))
            .fetch_one(tx.conn())
            .await
            .unwrap();
        assert_eq!(left, 0, "{table}");
    }
    let counts: Vec<(String, i32)> =
        sqlx::query_as("SELECT outcome, appointments FROM appointment_count WHERE concern = '' ORDER BY outcome")
            .fetch_all(office.tx().await.conn())
            .await
            .unwrap();
    assert_eq!(counts, [("done".to_owned(), 1), ("no_show".to_owned(), 1)]);
}

#[tokio::test]
async fn somebody_without_an_address_is_moved_and_cancelled_without_a_mail() {
    let office = Office::open().await;
    let id = office.book(&wish(1, tuesday("09:00")), now()).await;
    let mut tx = office.tx().await;
    sqlx::query("UPDATE booking SET email = NULL").execute(tx.conn()).await.unwrap();
    sqlx::query("DELETE FROM mail").execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
    move_to(&office, id, (1, tuesday("10:00")), false).await.unwrap();
    let items = [Item::new(office.catalog.get("reisepass").unwrap(), 1, jiff::civil::date(2026, 12, 1))];
    let mut tx = office.tx().await;
    let minutes = items[0].minutes;
    desk::change_items(&mut tx, id, &NewItems { items: &items, minutes, over: &[], seen_version: 1 }, &YILDIZ, now())
        .await
        .unwrap();
    desk::cancel(&mut tx, id, "", 2, &BRANDT, &office.rules, now()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(office.count("SELECT count(*) FROM mail").await, 0);
    assert_eq!(kinds(&office, 1).await.len(), 3);
}
