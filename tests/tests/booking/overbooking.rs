//! Appointments on top of others, and how they get the place when it is given up.

use booking::Status;
use booking::desk::{self, By, DayAppointment, DeskError, NewItems, Relocation, Step};
use jiff::Timestamp;
use tenancy::town::Rules;
use uuid::Uuid;

use crate::office::{Office, counters, now, now_plus, pair, tuesday, wish};

const YILDIZ: By<'static> = By { staff_id: Uuid::from_u128(1), name: "Frau Yıldız" };

async fn seen(office: &Office, appointment: Uuid) -> DayAppointment {
    desk::appointment(&mut office.tx().await, appointment).await.unwrap().unwrap()
}

/// An appointment on top of whatever is at counter 1 at 9.
async fn put_on_top(office: &Office, attempt: u128) -> Uuid {
    let id = office.book(&wish(attempt, tuesday("11:00")).at(&[2]), now_plus(i64::try_from(attempt).unwrap())).await;
    let it = seen(office, id).await;
    let start = tuesday("09:00");
    let over = office.in_the_way(1, start, 15, Some(id)).await;
    let there = Relocation { id, counter: 1, location: 1, start, over: &over, seen_version: it.version };
    let mut tx = office.tx().await;
    desk::move_to(&mut tx, &there, &YILDIZ, &office.rules, now()).await.unwrap();
    tx.commit().await.unwrap();
    assert!(seen(office, id).await.overbooked);
    id
}

async fn cancel(office: &Office, rules: &Rules, id: Uuid) {
    let it = seen(office, id).await;
    let mut tx = office.tx().await;
    desk::cancel(&mut tx, id, "krank", it.version, &YILDIZ, rules, now()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn step(office: &Office, id: Uuid, step: Step, at: Timestamp) -> Status {
    let it = seen(office, id).await;
    let mut tx = office.tx().await;
    let status = desk::step(&mut tx, id, step, it.version, &YILDIZ, at).await.unwrap();
    tx.commit().await.unwrap();
    status
}

/// Blocks its place, with everything that was known of it.
async fn has_its_place(office: &Office, id: Uuid) -> bool {
    let mut tx = office.tx().await;
    let (blocks, overbooked): (bool, bool) = sqlx::query_as("SELECT blocks, overbooked FROM appointment WHERE id = $1")
        .bind(id)
        .fetch_one(tx.conn())
        .await
        .unwrap();
    assert!(blocks != overbooked);
    blocks
}

async fn move_to(
    office: &Office,
    id: Uuid,
    (counter, start): (i32, Timestamp),
    over: &[Uuid],
) -> Result<(), DeskError> {
    let seen_version = seen(office, id).await.version;
    let mut tx = office.tx().await;
    let wish = Relocation { id, counter, location: 1, start, over, seen_version };
    let done = desk::move_to(&mut tx, &wish, &YILDIZ, &office.rules, now()).await;
    if done.is_ok() {
        tx.commit().await.unwrap();
    }
    done
}

fn named(refused: Result<(), DeskError>) -> Vec<Uuid> {
    match refused {
        Err(DeskError::Conflict { with }) => with.into_iter().map(|it| it.id).collect(),
        other => panic!("nobody was in the way: {other:?}"),
    }
}

#[tokio::test]
async fn whoever_came_after_the_warning_is_named_anew() {
    let office = Office::open().await;
    let first = office.book(&wish(1, tuesday("09:00")), now()).await;
    let moving = office.book(&wish(2, tuesday("11:00")).at(&[2]), now()).await;
    let there = (1, tuesday("09:10"));
    assert_eq!(named(move_to(&office, moving, there, &[]).await), [first]);
    let second = office.book(&wish(3, tuesday("09:15")), now()).await;
    assert_eq!(
        named(move_to(&office, moving, there, &[first]).await),
        [first, second],
        "all of them, not only the new one"
    );
    assert_eq!(seen(&office, moving).await.start, tuesday("11:00"), "nothing has changed");
    office.cancel(1, first, now()).await.unwrap();
    move_to(&office, moving, there, &[first, second]).await.unwrap();
    assert!(seen(&office, moving).await.overbooked, "who has gone since is in nobody's way");
}

#[tokio::test]
async fn who_stands_on_top_is_in_the_way_as_well() {
    let office = Office::open().await;
    office.book(&wish(1, tuesday("09:00")), now()).await;
    let two_cards = crate::office::Wish { choices: vec![("personalausweis", 2)], ..wish(2, tuesday("11:00")) };
    let long = office.book(&two_cards.at(&[2]), now()).await;
    let over = office.in_the_way(1, tuesday("09:00"), 30, Some(long)).await;
    move_to(&office, long, (1, tuesday("09:00")), &over).await.unwrap();
    // From 9:15 to 9:30 nothing blocks counter 1 in the database, and yet somebody comes.
    let offered = office.candidates(&wish(3, tuesday("09:15")), now()).await;
    assert!(!offered.is_empty() && offered.iter().all(|it| it.counter != 1), "{offered:?}");
    let third = office.book(&wish(4, tuesday("11:00")).at(&[3]), now()).await;
    assert_eq!(named(move_to(&office, third, (1, tuesday("09:15")), &[]).await), [long]);
    move_to(&office, third, (1, tuesday("09:15")), &[long]).await.unwrap();
    assert!(has_its_place(&office, third).await, "the place itself was free");
}

#[tokio::test]
async fn nobody_is_moved_onto_their_own_other_appointment_unawares() {
    let office = Office::open().await;
    office.hold(&pair(1, 1, tuesday("09:00")), now()).await.unwrap();
    office.hold(&pair(1, 2, tuesday("10:00")).at(&[2]), now()).await.unwrap();
    office.confirm(1, "lea@example.org", now()).await.unwrap();
    let view = office.view(1).await;
    let [first, second] = [view.appointments[0].id, view.appointments[1].id];
    assert_eq!(named(move_to(&office, second, (3, tuesday("09:05")), &[]).await), [first], "at another counter");
    move_to(&office, second, (3, tuesday("09:05")), &[first]).await.unwrap();
    assert!(has_its_place(&office, second).await);
}

#[tokio::test]
async fn more_time_needs_the_names_of_those_it_reaches_and_of_no_others() {
    let office = Office::open().await;
    office.book(&wish(1, tuesday("09:00")), now()).await;
    let on_top = put_on_top(&office, 2).await;
    let next = office.book(&wish(3, tuesday("09:30")), now()).await;
    let change = async |minutes: u16, over: &[Uuid]| {
        let it = seen(&office, on_top).await;
        let mut tx = office.tx().await;
        let done = desk::change_items(
            &mut tx,
            on_top,
            &NewItems { items: &it.items, minutes, over, seen_version: it.version },
            &YILDIZ,
            now(),
        )
        .await;
        if done.is_ok() {
            tx.commit().await.unwrap();
        }
        done
    };
    change(25, &[]).await.unwrap();
    assert_eq!(named(change(35, &[]).await), [next], "on whom it stands already is no news");
    change(35, &[next]).await.unwrap();
    assert_eq!(seen(&office, on_top).await.minutes, 35);
    change(10, &[]).await.unwrap();
    assert!(!has_its_place(&office, on_top).await);
}

#[tokio::test]
async fn a_citizen_who_cancels_leaves_the_place_to_the_one_on_top() {
    let office = Office::open().await;
    let blocker = office.book(&wish(1, tuesday("09:00")), now()).await;
    let (first, second) = (put_on_top(&office, 2).await, put_on_top(&office, 3).await);
    office.cancel(1, blocker, now()).await.unwrap();
    assert!(has_its_place(&office, first).await, "the earlier one");
    assert!(!has_its_place(&office, second).await);
    cancel(&office, &office.rules, first).await;
    assert!(has_its_place(&office, second).await);
    assert!(office.candidates(&wish(4, tuesday("09:00")), now()).await.iter().all(|it| it.counter != 1));
}

#[tokio::test]
async fn a_citizen_who_moves_leaves_the_place_to_the_one_on_top() {
    let office = Office::open().await;
    let blocker = office.book(&wish(1, tuesday("09:00")), now()).await;
    let on_top = put_on_top(&office, 2).await;
    office.move_to(1, blocker, tuesday("10:00"), &counters(&[1]), now()).await.unwrap();
    assert!(has_its_place(&office, on_top).await);
}

#[tokio::test]
async fn the_delay_against_trading_holds_up_citizens_only() {
    let office = Office::open().await;
    let rules = Rules { release_delay_minutes: 60, ..office.rules.clone() };
    let blocker = office.book(&wish(1, tuesday("09:00")), now()).await;
    let on_top = put_on_top(&office, 2).await;
    cancel(&office, &rules, blocker).await;
    assert!(has_its_place(&office, on_top).await);
    // The one that did not block goes without taking a place for the delay.
    let other = put_on_top(&office, 3).await;
    cancel(&office, &rules, other).await;
    assert_eq!(office.count("SELECT count(*) FROM appointment WHERE status = 'cancelled' AND blocks").await, 0);
    let freed = office.book(&wish(4, tuesday("14:00")), now()).await;
    cancel(&office, &rules, freed).await;
    assert!(office.hold(&wish(5, tuesday("14:00")), now_plus(59)).await.is_err());
    office.hold(&wish(5, tuesday("14:00")), now_plus(61)).await.unwrap();
}

#[tokio::test]
async fn what_expires_without_a_word_is_noticed_by_the_clock() {
    let office = Office::open().await;
    office.hold(&wish(1, tuesday("09:00")), now()).await.unwrap();
    let on_top = put_on_top(&office, 2).await;
    let mut tx = office.tx().await;
    assert_eq!(booking::retention::release_expired(&mut tx, now_plus(20)).await.unwrap(), 1);
    tx.commit().await.unwrap();
    assert!(has_its_place(&office, on_top).await);
    office.hold(&wish(3, tuesday("11:00")).at(&[3]), now_plus(20)).await.unwrap();
    office.release(3).await;
}

#[tokio::test]
async fn who_was_missed_and_comes_after_all_stands_on_top_of_whoever_has_the_place() {
    let office = Office::open().await;
    let missed = office.book(&wish(1, tuesday("09:00")), now()).await;
    step(&office, missed, Step::Arrive, tuesday("08:50")).await;
    assert_eq!(step(&office, missed, Step::NoShow, tuesday("09:01")).await, Status::NoShow);
    let next = office.book(&wish(2, tuesday("09:00")), now()).await;
    assert_eq!(step(&office, missed, Step::Undo, tuesday("09:02")).await, Status::Arrived);
    let late = seen(&office, missed).await;
    assert_eq!((late.overbooked, late.arrived_at), (true, Some(tuesday("08:50"))));
    assert!(has_its_place(&office, next).await);
    step(&office, missed, Step::Serve, tuesday("09:03")).await;
    step(&office, next, Step::NoShow, tuesday("09:10")).await;
    assert!(has_its_place(&office, missed).await);
    step(&office, missed, Step::Finish, tuesday("09:12")).await;
    let done = seen(&office, missed).await;
    assert_eq!((done.status, done.served_at), (Status::Done, Some(tuesday("09:03"))));
    // Its place is nobody's now, and it gets it back.
    assert_eq!(step(&office, missed, Step::Undo, tuesday("09:13")).await, Status::InService);
    assert!(has_its_place(&office, missed).await);
}
