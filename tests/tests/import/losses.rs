//! What a town would lose without a word, if nobody had thought of it.

use importer::Reason;
use importer::State;
use importer::batch::{self, AllDay, Batch, BatchState, Choices, Step, StepError};
use uuid::Uuid;

use crate::hall::{Hall, YILDIZ, hours_later, list, now};

const LEA: &str = "01.12.2026;09:00;Lea Beispiel;02389 71123;;Personalausweis;Schalter 1;";
const ALI: &str = "01.12.2026;09:30;Ali Muster;;;Reisepass;Schalter 2;";

fn cancelling() -> Choices {
    Choices { cancel_gone: true, ..Choices::default() }
}

async fn checked(hall: &Hall, rows: &[&str]) -> Batch {
    let id = hall.upload("termine.csv", list(rows).as_bytes()).await;
    hall.check(id, &cancelling()).await
}

async fn applied(hall: &Hall, rows: &[&str]) -> Batch {
    let checked = checked(hall, rows).await;
    let applied = hall.apply(checked.id).await;
    assert_eq!((applied.state, applied.numbers), (BatchState::Applied, checked.numbers));
    applied
}

async fn status(hall: &Hall, name: &str) -> String {
    hall.booked().await.into_iter().find(|it| it.name == name).expect(name).status
}

/// Breaks the apply of a batch off for good, after it has done all but its end.
async fn broken_off(hall: &Hall, id: Uuid) {
    let mut tx = hall.test.tx("probe").await;
    sqlx::query("UPDATE import_batch SET state = 'applying' WHERE id = $1").bind(id).execute(tx.conn()).await.unwrap();
    batch::fail(&mut tx, id, Step::Apply, &Reason::new(State::Error, "broken_down", "")).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_batch_that_has_only_cancelled_and_broke_down_still_knows_how_to_be_taken_back() {
    let hall = Hall::open().await;
    hall.applied(&[LEA, ALI]).await;
    let second = applied(&hall, &[LEA]).await;
    broken_off(&hall, second.id).await;
    let mut tx = hall.test.tx("probe").await;
    let checked = batch::start_check(&mut tx, second.id, &cancelling(), now()).await;
    assert!(matches!(checked, Err(StepError::WrongState)), "{checked:?}");
    let chosen = batch::choose_edition(&mut tx, second.id, None).await;
    assert!(matches!(chosen, Err(StepError::WrongState)), "{chosen:?}");
    batch::save_mapping(&mut tx, second.id, &second.mapping).await.unwrap();
    assert!(!batch::use_profile(&mut tx, second.id, "keins").await.unwrap());
    batch::discard(&mut tx, second.id).await.unwrap();
    batch::forget_broken_off(&mut tx, hours_later(3)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(hall.find(second.id).await.state, BatchState::Checked);
    hall.apply(second.id).await;
    hall.undo(second.id).await;
    assert_eq!(status(&hall, "Ali Muster").await, "booked");
}

#[tokio::test]
async fn a_row_in_other_words_that_cannot_be_imported_does_not_cancel_what_stands_at_its_time() {
    let hall = Hall::open().await;
    hall.applied(&[LEA, ALI]).await;
    let reworded = "01.12.2026;09:30;Ali Muster;;;Xyzzy;Schalter 2;";
    let second = applied(&hall, &[LEA, reworded]).await;
    assert_eq!(second.numbers.error, 1);
    assert_eq!(status(&hall, "Ali Muster").await, "booked");
    assert_eq!((second.numbers.gone, second.numbers.cancelled), (0, 0));
}

#[tokio::test]
async fn rows_that_an_extract_has_brought_belong_to_the_list_that_has_them_all() {
    let hall = Hall::open().await;
    let all: Vec<String> =
        (8..14).map(|hour| format!("01.12.2026;{hour:02}:00;Gast {hour};;;Personalausweis;Schalter 1;")).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let first = applied(&hall, &all).await;
    let new = "02.12.2026;09:00;Nina Neu;;;Personalausweis;Schalter 1;";
    let extract = applied(&hall, &[all[0], new]).await;
    assert_ne!(extract.origin, first.origin, "no edition");
    let mut whole = all.clone();
    whole.push(new);
    let third = applied(&hall, &whole).await;
    assert_eq!((third.origin.as_str(), third.numbers.same), (first.origin.as_str(), 7));
    let fourth = applied(&hall, &all).await;
    assert_eq!((fourth.numbers.gone, fourth.numbers.cancelled), (1, 1));
    assert_eq!(status(&hall, "Nina Neu").await, "cancelled");
}

#[tokio::test]
async fn what_is_marked_as_private_later_is_not_gone() {
    let hall = Hall::open().await;
    let event = |id: &str, lines: &str| format!("BEGIN:VEVENT\r\nUID:{id}@probe\r\n{lines}\r\nEND:VEVENT\r\n");
    let lea = "DTSTART:20261201T080000Z\r\nDTEND:20261201T082000Z\r\nSUMMARY:Lea Beispiel, Reisepass";
    let away = "DTSTART;VALUE=DATE:20261202\r\nDTEND;VALUE=DATE:20261204\r\nLOCATION:Schalter 2\r\nSUMMARY:Urlaub";
    let choices = Choices { all_day: AllDay::Close, ..cancelling() };
    let mut batches = Vec::new();
    for class in ["", "\r\nCLASS:PRIVATE"] {
        let events = event("1", &format!("{lea}{class}")) + &event("2", &format!("{away}{class}"));
        let file = format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n");
        let id = hall.upload("kalender.ics", file.as_bytes()).await;
        hall.check(id, &choices).await;
        batches.push(hall.apply(id).await);
    }
    assert_eq!((batches[1].numbers.skipped, batches[1].numbers.gone), (2, 0));
    assert_eq!(batches[1].origin, batches[0].origin);
    assert_eq!(status(&hall, "Lea Beispiel").await, "booked");
    assert_eq!(
        hall.count("SELECT count(*) FROM closure WHERE counter_id = 2 AND by_staff").await,
        1,
        "nobody is there"
    );
}

/// A calendar with these events of December: id, day and hour.
fn calendar(events: &[(&str, u8, u8)]) -> String {
    let event = |(id, day, hour): &(&str, u8, u8)| {
        format!(
            "BEGIN:VEVENT\r\nUID:{id}@probe\r\nDTSTART:202612{day:02}T{:02}0000Z\r\nDTEND:202612{day:02}T{:02}2000Z\r\nLOCATION:Schalter 1\r\nSUMMARY:{id} Beispiel, Reisepass\r\nEND:VEVENT\r\n",
            hour - 1,
            hour - 1
        )
    };
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{}END:VCALENDAR\r\n", events.iter().map(event).collect::<String>())
}

async fn applied_calendar(hall: &Hall, events: &[(&str, u8, u8)]) -> Uuid {
    let id = hall.upload("kalender.ics", calendar(events).as_bytes()).await;
    hall.check(id, &cancelling()).await;
    hall.apply(id).await;
    id
}

/// Day and time of December, status, flag.
async fn standing(hall: &Hall) -> Vec<(String, String, Option<String>)> {
    let booked = hall.booked().await.into_iter();
    booked.map(|it| (format!("{} {}", it.name, &it.at[8..]), it.status, it.import_flag)).collect()
}

#[tokio::test]
async fn undoing_cancels_what_had_come_back_before_others_return_to_its_place() {
    let hall = Hall::open().await;
    applied_calendar(&hall, &[("Anna", 1, 9), ("Bert", 1, 10), ("Cem", 2, 9)]).await;
    applied_calendar(&hall, &[("Bert", 1, 10), ("Cem", 2, 9)]).await;
    applied_calendar(&hall, &[("Bert", 1, 9), ("Cem", 2, 9)]).await;
    let before = standing(&hall).await;
    let back = applied_calendar(&hall, &[("Bert", 1, 10), ("Anna", 1, 9), ("Cem", 2, 9)]).await;
    assert_ne!(standing(&hall).await, before);
    hall.undo(back).await;
    assert_eq!(standing(&hall).await, before, "nobody stands on top of anybody");
}

#[tokio::test]
async fn undoing_moves_nobody_into_the_past() {
    let hall = Hall::open().await;
    applied_calendar(&hall, &[("Lea", 1, 9)]).await;
    let second = applied_calendar(&hall, &[("Lea", 11, 9)]).await;
    let mut tx = hall.test.tx("probe").await;
    batch::start_undo(&mut tx, second, &YILDIZ, hours_later(72)).await.unwrap();
    tx.commit().await.unwrap();
    batch::work(&hall.place, &hall.links, (second, Step::Undo), hours_later(72), &|_, _| {}).await.unwrap();
    assert_eq!(hall.booked().await[0].at, "2026-12-11 09:00", "still to come");
    assert!(hall.rows(second).await[0].is_kept);
}

#[tokio::test]
async fn who_was_moved_by_hand_is_known_until_the_new_time_and_not_imported_twice() {
    let hall = Hall::open().await;
    applied_calendar(&hall, &[("Lea", 1, 9)]).await;
    let mut tx = hall.test.tx("probe").await;
    sqlx::query("UPDATE appointment SET during = tstzrange(lower(during) + '10 days', upper(during) + '10 days'), version = version + 1")
        .execute(tx.conn())
        .await
        .unwrap();
    batch::forget(&mut tx, hours_later(72)).await.unwrap();
    tx.commit().await.unwrap();
    let next = applied_calendar(&hall, &[("Lea", 11, 9)]).await;
    assert_eq!(hall.said(next).await, [(State::Warning, "changed_here".to_owned())]);
    assert_eq!(hall.booked().await.len(), 1);
    let mut tx = hall.test.tx("probe").await;
    assert_eq!(batch::forget(&mut tx, hours_later(24 * 12)).await.unwrap().sources, 1);
}

#[tokio::test]
async fn a_dry_run_from_before_another_edition_was_applied_or_taken_back_is_not_carried_out() {
    let hall = Hall::open().await;
    applied(&hall, &[LEA, ALI]).await;
    let old = checked(&hall, &[LEA]).await;
    // The next edition, in which Ali is there again.
    let new = checked(&hall, &[&format!("{LEA}ruft an"), ALI]).await;
    assert_eq!((&old.origin, old.numbers.cancelled), (&new.origin, 1));
    let mut tx = hall.test.tx("probe").await;
    batch::start_apply(&mut tx, new.id, &YILDIZ, hours_later(1)).await.unwrap();
    tx.commit().await.unwrap();
    refused(&hall, old.id).await;
    batch::work(&hall.place, &hall.links, (new.id, Step::Apply), hours_later(1), &|_, _| {}).await.unwrap();
    refused(&hall, old.id).await;
    assert_eq!(status(&hall, "Ali Muster").await, "booked");
    let mut tx = hall.test.tx("probe").await;
    batch::start_check(&mut tx, old.id, &cancelling(), hours_later(2)).await.unwrap();
    tx.commit().await.unwrap();
    batch::work(&hall.place, &hall.links, (old.id, Step::Check), hours_later(2), &|_, _| {}).await.unwrap();
    assert_eq!(hall.find(old.id).await.numbers.update, 1, "now it is seen what it would do");
    let mut tx = hall.test.tx("probe").await;
    batch::start_undo(&mut tx, new.id, &YILDIZ, hours_later(3)).await.unwrap();
    tx.commit().await.unwrap();
    batch::work(&hall.place, &hall.links, (new.id, Step::Undo), hours_later(3), &|_, _| {}).await.unwrap();
    refused(&hall, old.id).await;
}

async fn refused(hall: &Hall, id: Uuid) {
    let mut tx = hall.test.tx("probe").await;
    let begun = batch::start_apply(&mut tx, id, &YILDIZ, hours_later(4)).await;
    assert!(matches!(begun, Err(StepError::WrongState)), "{begun:?}");
}

#[tokio::test]
async fn the_planner_knows_of_the_rows_before_they_are_compared_with_each_other() {
    let hall = Hall::open().await;
    hall.checked(&[LEA, ALI]).await;
    let known = "SELECT reltuples::bigint FROM pg_class WHERE oid = 'import_row'::regclass";
    assert_eq!(hall.count(known).await, 2, "else 100,000 rows are compared with 100,000 sources one by one");
}
