//! What staff do with an appointment: notes, cancelling, moving, overbooking, other concerns; and two clerks at once.

use booking::desk::{self, By, DayAppointment, DeskError, NewItems, Relocation, Step};
use booking::{Item, Status};
use jiff::Timestamp;
use uuid::Uuid;

use crate::office::{Office, now, tuesday, wish};

const YILDIZ: By<'static> = By { staff_id: Uuid::from_u128(1), name: "Frau Yıldız" };
const BRANDT: By<'static> = By { staff_id: Uuid::from_u128(2), name: "Herr Brandt" };

/// Runs one change in a transaction of its own, kept if it succeeds.
macro_rules! change {
    ($office:expr, $verb:ident $(, $argument:expr)*) => {{
        let mut tx = $office.tx().await;
        let done = desk::$verb(&mut tx $(, $argument)*).await;
        if done.is_ok() {
            tx.commit().await.unwrap();
        }
        done
    }};
}

async fn seen(office: &Office, attempt: u128) -> DayAppointment {
    let id = office.view(attempt).await.appointments[0].id;
    let mut tx = office.tx().await;
    desk::appointment(&mut tx, id).await.unwrap().unwrap()
}

async fn kinds(office: &Office, booking_id: Uuid) -> Vec<String> {
    let mut tx = office.tx().await;
    let events = desk::history(&mut tx, booking_id).await.unwrap();
    events.into_iter().map(|it| format!("{} {}", it.staff_name, it.kind)).collect()
}

fn to(it: &DayAppointment, counter: i32, start: Timestamp) -> Relocation<'static> {
    Relocation { id: it.id, counter, location: 1, start, over: &[], seen_version: it.version }
}

async fn move_to(office: &Office, wish: &Relocation<'_>) -> Result<(), DeskError> {
    change!(office, move_to, wish, &YILDIZ, &office.rules, now())
}

fn nine() -> Timestamp {
    tuesday("09:00")
}

#[tokio::test]
async fn a_day_shows_what_is_booked_with_who_it_is() {
    let office = Office::open().await;
    office.book(&wish(1, nine()), now()).await;
    let mut tx = office.tx().await;
    let day = nine().to_zoned(tx.tenant().zone.clone()).date();
    let shown = desk::day(&mut tx, 1, day).await.unwrap();
    let [it] = shown.as_slice() else { panic!("{shown:?}") };
    assert_eq!((it.start, it.counter, it.status, it.overbooked), (nine(), 1, Status::Booked, false));
    assert!(!it.name.is_empty() && it.code.len() == 8 && it.ticket.is_none());
    assert!(desk::day(&mut tx, 1, day.tomorrow().unwrap()).await.unwrap().is_empty());
    assert!(desk::day(&mut tx, 2, day).await.unwrap().is_empty());
    let week = desk::week(&mut tx, 1, day.yesterday().unwrap()).await.unwrap();
    assert_eq!(week.into_iter().collect::<Vec<_>>(), [((day, 1), 1)]);
}

#[tokio::test]
async fn the_second_of_two_clerks_is_told_who_did_what() {
    let office = Office::open().await;
    office.book(&wish(1, nine()), now()).await;
    let it = seen(&office, 1).await;
    change!(office, note, it.id, "braucht den Aufzug", it.version, &YILDIZ, now()).unwrap();
    let refused = change!(office, note, it.id, "etwas anderes", it.version, &BRANDT, now()).unwrap_err();
    let DeskError::Changed(Some(change)) = refused else { panic!("{refused}") };
    assert_eq!((change.who.as_str(), change.what.as_str(), change.at), ("Frau Yıldız", "note", now()));
    let after = seen(&office, 1).await;
    assert_eq!((after.note.as_str(), after.version), ("braucht den Aufzug", it.version + 1));
    let refused = change!(office, step, it.id, Step::Arrive, it.version, &BRANDT, now());
    assert!(matches!(refused, Err(DeskError::Changed(_))));
    assert_eq!(kinds(&office, it.booking_id).await, ["Frau Yıldız note"]);
}

#[tokio::test]
async fn cancelling_keeps_the_reason_frees_the_place_and_tells_the_citizen() {
    let office = Office::open().await;
    office.book(&wish(1, nine()), now()).await;
    let it = seen(&office, 1).await;
    change!(office, cancel, it.id, "Schalter fällt aus", it.version, &YILDIZ, &office.rules, now()).unwrap();
    let after = seen(&office, 1).await;
    assert_eq!(after.status, Status::Cancelled);
    let mut tx = office.tx().await;
    let events = desk::history(&mut tx, it.booking_id).await.unwrap();
    assert_eq!(events[0].detail["reason"], "Schalter fällt aus");
    let mails: Vec<(String,)> =
        sqlx::query_as("SELECT kind FROM mail WHERE kind = 'cancellation'").fetch_all(tx.conn()).await.unwrap();
    assert_eq!(mails.len(), 1);
    drop(tx);
    office.book(&wish(2, nine()), now()).await;
    let refused = change!(office, cancel, it.id, "noch einmal", after.version, &YILDIZ, &office.rules, now());
    assert!(matches!(refused, Err(DeskError::NotPossible(Status::Cancelled))));
}

#[tokio::test]
async fn another_counter_is_no_news_for_the_citizen_and_another_time_is() {
    let office = Office::open().await;
    office.book(&wish(1, nine()), now()).await;
    let it = seen(&office, 1).await;
    let moves = async || {
        let mut tx = office.tx().await;
        let (count,): (i64,) =
            sqlx::query_as("SELECT count(*) FROM mail WHERE kind = 'move'").fetch_one(tx.conn()).await.unwrap();
        count
    };
    move_to(&office, &to(&it, 2, nine())).await.unwrap();
    let at_two = seen(&office, 1).await;
    assert_eq!((at_two.counter, at_two.start, moves().await), (2, nine(), 0));
    move_to(&office, &to(&at_two, 2, tuesday("10:00"))).await.unwrap();
    let at_ten = seen(&office, 1).await;
    assert_eq!((at_ten.start, at_ten.note.clone(), moves().await), (tuesday("10:00"), it.note, 1));
    assert_eq!(at_ten.end.duration_since(at_ten.start), it.end.duration_since(it.start));
    assert_eq!(kinds(&office, it.booking_id).await, ["Frau Yıldız moved", "Frau Yıldız moved"]);
}

#[tokio::test]
async fn a_conflict_is_named_and_overbooking_is_done_on_purpose_only() {
    let office = Office::open().await;
    office.book(&wish(1, nine()), now()).await;
    office.book(&wish(2, tuesday("10:00")), now()).await;
    let (first, second) = (seen(&office, 1).await, seen(&office, 2).await);
    let wanted = to(&second, 1, nine());
    let refused = move_to(&office, &wanted).await.unwrap_err();
    let DeskError::Conflict { with } = refused else { panic!("{refused}") };
    let [it] = with.as_slice() else { panic!("{with:?}") };
    assert_eq!((it.id, it.name.as_ref(), it.start, it.counter), (first.id, Some(&first.name), nine(), 1));
    assert_eq!(seen(&office, 2).await, second, "nothing has changed");

    move_to(&office, &Relocation { over: &[first.id], ..wanted }).await.unwrap();
    let on_top = seen(&office, 2).await;
    assert_eq!((on_top.start, on_top.overbooked), (nine(), true));
    // Whoever was there gives the place up, and the other one gets it.
    change!(office, cancel, first.id, "krank", first.version, &YILDIZ, &office.rules, now()).unwrap();
    assert!(!seen(&office, 2).await.overbooked);
}

#[tokio::test]
async fn other_concerns_take_as_long_as_there_is_room() {
    let office = Office::open().await;
    office.book(&wish(1, nine()), now()).await;
    let it = seen(&office, 1).await;
    let items: Vec<Item> = vec![Item::new(office.catalog.get("reisepass").unwrap(), 2, jiff::civil::date(2026, 12, 1))];
    let minutes = items[0].minutes;
    let new = |minutes, seen_version| NewItems { items: &items, minutes, over: &[], seen_version };
    change!(office, change_items, it.id, &new(minutes, it.version), &YILDIZ, now()).unwrap();
    let after = seen(&office, 1).await;
    assert_eq!((after.minutes, after.items.clone(), after.start), (minutes, items.clone(), nine()));
    office.book(&wish(2, after.end), now()).await;
    let refused = change!(office, change_items, it.id, &new(minutes + 15, after.version), &YILDIZ, now());
    assert!(matches!(refused, Err(DeskError::Conflict { .. })));
    change!(office, change_items, it.id, &new(10, after.version), &YILDIZ, now()).unwrap();
    assert_eq!(seen(&office, 1).await.minutes, 10);
}

#[tokio::test]
async fn somebody_who_is_here_stays_here() {
    let office = Office::open().await;
    office.book(&wish(1, nine()), now()).await;
    let it = seen(&office, 1).await;
    change!(office, step, it.id, Step::Arrive, it.version, &YILDIZ, tuesday("08:50")).unwrap();
    let here = seen(&office, 1).await;
    assert_eq!((here.status, here.arrived_at), (Status::Arrived, Some(tuesday("08:50"))));
    assert!(here.ticket.is_some());
    let next_week = tuesday("09:00").checked_add(jiff::SignedDuration::from_hours(7 * 24)).unwrap();
    let refused = move_to(&office, &to(&here, 1, next_week)).await;
    assert!(matches!(refused, Err(DeskError::NotPossible(Status::Arrived))));
    move_to(&office, &to(&here, 2, tuesday("09:30"))).await.unwrap();
    let after = seen(&office, 1).await;
    assert_eq!((after.counter, after.arrived_at, after.ticket), (2, here.arrived_at, here.ticket));
}

#[tokio::test]
async fn who_is_typing_is_seen_until_their_time_is_over() {
    let office = Office::open().await;
    let held = office.hold(&wish(1, nine()), now()).await.unwrap();
    office.book(&wish(2, tuesday("10:00")), now()).await;
    let holds = async |at: Timestamp| {
        let mut tx = office.tx().await;
        desk::holds(&mut tx, 1, jiff::civil::date(2026, 12, 1), at).await.unwrap()
    };
    let [it] = holds(now()).await.try_into().expect("one draft");
    assert_eq!((it.id, it.counter, it.start, it.until), (held.appointment_id, 1, nine(), held.hold_until));
    assert!(holds(held.hold_until).await.is_empty(), "expired");
    assert!(desk::holds(&mut office.tx().await, 2, jiff::civil::date(2026, 12, 1), now()).await.unwrap().is_empty());
}
