//! Events that take whole days: closures that change, and events that turn from a time into a day and back.

use importer::State;
use importer::batch::{self, AllDay, Batch, BatchState, Choices, GoneState};
use uuid::Uuid;

use crate::hall::{Booked, Hall};

/// A calendar with one event of these lines.
fn event(lines: &str) -> String {
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1@probe\r\n{lines}\r\nLOCATION:Schalter 2\r\nSUMMARY:Lea Beispiel, Reisepass\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
}

/// On Wednesday and Thursday.
fn days() -> String {
    event("DTSTART;VALUE=DATE:20261202\r\nDTEND;VALUE=DATE:20261204")
}

/// On Wednesday at nine.
fn timed() -> String {
    event("DTSTART:20261202T080000Z\r\nDTEND:20261202T082000Z")
}

/// The next edition, applied; its numbers are those of the dry run.
async fn applied(hall: &Hall, file: &str) -> Batch {
    let id = hall.upload("kalender.ics", file.as_bytes()).await;
    let checked = hall.check(id, &Choices { all_day: AllDay::Close, ..Choices::default() }).await;
    let applied = hall.apply(id).await;
    assert_eq!((applied.state, applied.numbers), (BatchState::Applied, checked.numbers), "{:?}", hall.said(id).await);
    applied
}

/// First and last days of what is closed by staff.
async fn closed(hall: &Hall) -> Vec<(String, String)> {
    sqlx::query_as("SELECT first_day::text, last_day::text FROM closure WHERE by_staff AND counter_id = 2 ORDER BY 1")
        .fetch_all(hall.test.tx("probe").await.conn())
        .await
        .unwrap()
}

fn wednesday_and_thursday() -> Vec<(String, String)> {
    vec![("2026-12-02".to_owned(), "2026-12-03".to_owned())]
}

async fn lea(hall: &Hall) -> Booked {
    let booked = hall.booked().await;
    assert_eq!(booked.len(), 1, "{booked:?}");
    booked[0].clone()
}

#[tokio::test]
async fn a_closure_that_has_changed_gets_its_old_days_back() {
    let hall = Hall::open().await;
    let first = applied(&hall, &days()).await;
    assert_eq!((first.numbers.close, closed(&hall).await), (1, wednesday_and_thursday()));
    let second = applied(&hall, &event("DTSTART;VALUE=DATE:20261209\r\nDTEND;VALUE=DATE:20261210")).await;
    assert_eq!(second.numbers.close, 1);
    assert_eq!(closed(&hall).await, [("2026-12-09".to_owned(), "2026-12-09".to_owned())]);
    hall.undo(second.id).await;
    assert_eq!(closed(&hall).await, wednesday_and_thursday());
    assert_eq!(applied(&hall, &days()).await.numbers.same, 1, "known as it was");
    hall.undo(first.id).await;
    assert_eq!(closed(&hall).await, []);
}

#[tokio::test]
async fn an_appointment_that_takes_the_whole_day_now_gives_its_place_up_for_a_closure() {
    let hall = Hall::open().await;
    let first = applied(&hall, &timed()).await;
    let before = lea(&hall).await;
    let second = applied(&hall, &days()).await;
    assert_eq!((second.numbers.close, second.numbers.update, second.numbers.gone), (1, 0, 0));
    assert_eq!((lea(&hall).await.status.as_str(), closed(&hall).await), ("cancelled", wednesday_and_thursday()));
    hall.undo(second.id).await;
    assert_eq!((lea(&hall).await, closed(&hall).await), (Booked { version: 2, ..before }, Vec::new()));
    hall.undo(first.id).await;
    assert_eq!(hall.booked().await, []);
}

#[tokio::test]
async fn a_closure_that_has_a_time_now_opens_for_its_appointment() {
    let hall = Hall::open().await;
    applied(&hall, &days()).await;
    let second = applied(&hall, &timed()).await;
    assert_eq!((second.numbers.add, second.numbers.flagged), (1, 0), "its own closure is in nobody's way");
    let booked = lea(&hall).await;
    assert_eq!((booked.at.as_str(), booked.counter_id, booked.import_flag), ("2026-12-02 09:00", 2, None));
    assert_eq!(closed(&hall).await, []);
    hall.undo(second.id).await;
    assert_eq!((hall.booked().await, closed(&hall).await), (Vec::new(), wednesday_and_thursday()));
    assert_eq!(applied(&hall, &days()).await.numbers.same, 1);
}

#[tokio::test]
async fn to_a_day_and_back_it_is_the_same_appointment() {
    let hall = Hall::open().await;
    applied(&hall, &timed()).await;
    let before = lea(&hall).await;
    let second = applied(&hall, &days()).await;
    let third = applied(&hall, &timed()).await;
    assert_eq!((third.numbers.update, closed(&hall).await), (1, Vec::new()));
    assert_eq!(lea(&hall).await, Booked { version: 2, ..before.clone() });
    hall.undo(third.id).await;
    assert_eq!((lea(&hall).await.status.as_str(), closed(&hall).await), ("cancelled", wednesday_and_thursday()));
    hall.undo(second.id).await;
    assert_eq!((lea(&hall).await, closed(&hall).await), (Booked { version: 4, ..before }, Vec::new()));
}

#[tokio::test]
async fn what_somebody_has_touched_stays_an_appointment() {
    let hall = Hall::open().await;
    applied(&hall, &timed()).await;
    hall.touch(lea(&hall).await.id).await;
    let second = applied(&hall, &days()).await;
    assert_eq!(hall.said(second.id).await, [(State::Warning, "changed_here".to_owned())]);
    assert_eq!((lea(&hall).await.status.as_str(), closed(&hall).await), ("booked", Vec::new()));
}

#[tokio::test]
async fn what_is_touched_between_dry_run_and_apply_stays_too() {
    let hall = Hall::open().await;
    applied(&hall, &timed()).await;
    let id = hall.upload("kalender.ics", days().as_bytes()).await;
    hall.check(id, &Choices { all_day: AllDay::Close, ..Choices::default() }).await;
    hall.touch(lea(&hall).await.id).await;
    let late = hall.apply(id).await;
    assert_eq!((late.numbers.close, late.numbers.warning), (0, 1));
    assert_eq!((lea(&hall).await.status.as_str(), closed(&hall).await), ("booked", Vec::new()));
}

#[tokio::test]
async fn whose_place_is_given_away_stays_closed_and_is_named() {
    let hall = Hall::open().await;
    applied(&hall, &timed()).await;
    let second = applied(&hall, &days()).await;
    let other = "Datum;Uhrzeit;Name;Anliegen;Schalter\r\n02.12.2026;09:00;Eva Neu;Reisepass;Schalter 2\r\n";
    let id = hall.upload("andere.csv", other.as_bytes()).await;
    hall.check(id, &Choices::default()).await;
    hall.apply(id).await;
    hall.undo(second.id).await;
    assert!(hall.rows(second.id).await[0].is_kept);
    assert_eq!(closed(&hall).await, wednesday_and_thursday());
}

/// The closure of the event, and an appointment beside it.
fn both() -> String {
    days().replace("END:VCALENDAR\r\n", &timed().replace("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", "").replace("1@", "2@"))
}

/// The appointment alone.
fn other() -> String {
    timed().replace("1@probe", "2@probe")
}

async fn gone(hall: &Hall, id: Uuid) -> Vec<(Option<String>, GoneState)> {
    let list = batch::gone(&mut hall.test.tx("probe").await, id, 0, 10).await.unwrap();
    list.into_iter().map(|it| (it.days.and(it.counter), it.state)).collect()
}

#[tokio::test]
async fn a_closure_that_is_gone_from_its_file_opens_if_that_is_wanted_and_undoing_closes_again() {
    let hall = Hall::open().await;
    let counter = || Some("Schalter 2".to_owned());
    applied(&hall, &both()).await;
    let shown = applied(&hall, &other()).await;
    assert_eq!((shown.numbers.gone, shown.numbers.cancelled), (1, 0));
    assert_eq!(gone(&hall, shown.id).await, [(counter(), GoneState::Missing)]);
    assert_eq!(closed(&hall).await, wednesday_and_thursday(), "it is only shown");
    let wanted = Choices { all_day: AllDay::Close, cancel_gone: true, ..Choices::default() };
    let id = hall.upload("kalender.ics", other().as_bytes()).await;
    let checked = hall.check(id, &wanted).await;
    let second = hall.apply(id).await;
    assert_eq!((second.numbers.cancelled, second.numbers), (1, checked.numbers));
    assert_eq!((closed(&hall).await, gone(&hall, id).await), (Vec::new(), vec![(counter(), GoneState::Cancelled)]));
    let third = applied(&hall, &both()).await;
    assert_eq!((third.numbers.close, closed(&hall).await), (1, wednesday_and_thursday()), "its row is back");
    hall.undo(third.id).await;
    assert_eq!(closed(&hall).await, []);
    hall.undo(id).await;
    assert_eq!(closed(&hall).await, wednesday_and_thursday());
    assert_eq!(gone(&hall, id).await, [(counter(), GoneState::BookedAgain)]);
    assert_eq!(applied(&hall, &both()).await.numbers.same, 2, "known as it was");
}

#[tokio::test]
async fn a_closure_whose_row_is_only_left_out_by_choice_is_not_gone() {
    let hall = Hall::open().await;
    applied(&hall, &both()).await;
    let id = hall.upload("kalender.ics", both().as_bytes()).await;
    let batch = hall.check(id, &Choices { cancel_gone: true, ..Choices::default() }).await;
    assert_eq!((batch.numbers.skipped, batch.numbers.gone), (1, 0));
}
