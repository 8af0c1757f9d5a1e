//! What is gone from its file: cancelled if that is wanted, booked again when it comes back or when the batch is undone.

use std::time::Duration;

use importer::State;
use importer::batch::{self, Batch, BatchState, Choices, Gone, GoneState, Step};
use uuid::Uuid;

use crate::crash::{ROWS, many};
use crate::hall::{Booked, Hall, YILDIZ, list, now};

const LEA: &str = "01.12.2026;09:00;Lea Beispiel;02389 71123;;Personalausweis;Schalter 1;";
const ALI: &str = "01.12.2026;09:30;Ali Muster;;;Reisepass;Schalter 2;";

fn cancelling() -> Choices {
    Choices { cancel_gone: true, ..Choices::default() }
}

/// A later edition of the list, dry-run.
async fn checked(hall: &Hall, rows: &[&str]) -> Batch {
    let id = hall.upload("termine.csv", list(rows).as_bytes()).await;
    hall.check(id, &cancelling()).await
}

/// The same, applied; its numbers are those of the dry run.
async fn applied(hall: &Hall, rows: &[&str]) -> Batch {
    let checked = checked(hall, rows).await;
    let applied = hall.apply(checked.id).await;
    assert_eq!((applied.state, applied.numbers), (BatchState::Applied, checked.numbers));
    applied
}

async fn gone(hall: &Hall, id: Uuid) -> Vec<Gone> {
    batch::gone(&mut hall.test.tx("probe").await, id, 0, 10).await.unwrap()
}

async fn states(hall: &Hall, id: Uuid) -> Vec<(String, GoneState)> {
    gone(hall, id).await.into_iter().map(|it| (it.name, it.state)).collect()
}

async fn ali(hall: &Hall) -> Booked {
    hall.booked().await.into_iter().find(|it| it.name == "Ali Muster").expect("Ali")
}

async fn change(hall: &Hall, statement: &'static str) {
    let mut tx = hall.test.tx("probe").await;
    sqlx::query(statement).execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn what_an_import_has_cancelled_is_written_down_and_undoing_books_it_again() {
    let hall = Hall::open().await;
    let first = hall.applied(&[LEA, ALI]).await;
    let before = ali(&hall).await;
    let second = applied(&hall, &[LEA]).await;
    assert_eq!((second.numbers.gone, second.numbers.cancelled), (1, 1));
    assert_eq!(ali(&hall).await.status, "cancelled");
    assert_eq!(states(&hall, second.id).await, [("Ali Muster".to_owned(), GoneState::Cancelled)]);
    hall.undo(second.id).await;
    let again = ali(&hall).await;
    assert_eq!(again, Booked { version: 2, ..before }, "at its place, under its id");
    assert_eq!(states(&hall, second.id).await, [("Ali Muster".to_owned(), GoneState::BookedAgain)]);
    let told = "SELECT count(*) FROM booking_event WHERE kind = 'booked_again'";
    assert_eq!((hall.count(told).await, hall.count("SELECT count(*) FROM mail").await), (1, 0));
    hall.undo(first.id).await;
    assert_eq!(hall.booked().await, [], "nobody has touched anything");
}

#[tokio::test]
async fn whose_place_was_given_away_meanwhile_stays_cancelled_and_is_named() {
    let hall = Hall::open().await;
    hall.applied(&[LEA, ALI]).await;
    let second = applied(&hall, &[LEA]).await;
    let id = hall.upload("andere.csv", list(&["01.12.2026;09:40;Eva Neu;;;Reisepass;Schalter 2;"]).as_bytes()).await;
    hall.check(id, &Choices::default()).await;
    hall.apply(id).await;
    hall.undo(second.id).await;
    assert_eq!(ali(&hall).await.status, "cancelled");
    assert_eq!(states(&hall, second.id).await, [("Ali Muster".to_owned(), GoneState::Kept)]);
    // Nobody has cancelled it: the next file has it again, and a clerk sees that the place is taken.
    let third = applied(&hall, &[LEA, ALI]).await;
    assert_eq!(third.numbers.update, 1);
    let again = ali(&hall).await;
    assert_eq!((again.status.as_str(), again.import_flag.as_deref()), ("booked", Some("over_capacity")));
}

#[tokio::test]
async fn whom_somebody_has_touched_since_stays_cancelled() {
    let hall = Hall::open().await;
    hall.applied(&[LEA, ALI]).await;
    let second = applied(&hall, &[LEA]).await;
    change(&hall, "UPDATE appointment SET note = 'hat angerufen', version = version + 1 WHERE status = 'cancelled'")
        .await;
    let third = checked(&hall, &[LEA, ALI]).await;
    assert_eq!(hall.said(third.id).await[1], (State::Warning, "changed_here".to_owned()));
    hall.undo(second.id).await;
    assert_eq!(ali(&hall).await.status, "cancelled");
    assert_eq!(states(&hall, second.id).await[0].1, GoneState::Kept);
}

#[tokio::test]
async fn a_row_that_comes_back_is_booked_again_and_each_batch_can_be_taken_back() {
    let hall = Hall::open().await;
    hall.applied(&[LEA, ALI]).await;
    let before = ali(&hall).await;
    let second = applied(&hall, &[LEA]).await;
    let third = applied(&hall, &[LEA, ALI]).await;
    assert_eq!((third.numbers.update, third.numbers.same, third.numbers.gone), (1, 1, 0));
    let reasons: Vec<String> = hall.rows(third.id).await[1].reasons.iter().map(|it| it.key.clone()).collect();
    assert_eq!(reasons, ["came_back"]);
    assert_eq!(ali(&hall).await, Booked { version: 2, ..before.clone() });
    hall.undo(third.id).await;
    assert_eq!(ali(&hall).await.status, "cancelled");
    hall.undo(second.id).await;
    assert_eq!(ali(&hall).await, Booked { version: 4, ..before });
    assert_eq!(hall.checked(&[LEA, ALI]).await.numbers.same, 2, "and known as it was");
}

#[tokio::test]
async fn it_is_booked_again_even_after_the_retention_has_removed_what_was_cancelled() {
    let hall = Hall::open().await;
    hall.applied(&[LEA, ALI]).await;
    let before = ali(&hall).await;
    let second = applied(&hall, &[LEA]).await;
    let removed = "DELETE FROM booking WHERE name = 'Ali Muster'";
    change(&hall, removed).await;
    let third = applied(&hall, &[LEA, ALI]).await;
    assert_eq!((third.numbers.add, third.numbers.same), (1, 1));
    assert_eq!(ali(&hall).await, Booked { version: 0, ..before.clone() }, "under the same link");
    hall.undo(third.id).await;
    assert_eq!(hall.booked().await.len(), 1);
    hall.undo(second.id).await;
    let again = ali(&hall).await;
    assert_eq!(again, Booked { version: again.version, ..before }, "out of what the batch has kept");
}

#[tokio::test]
async fn what_was_touched_between_dry_run_and_apply_is_left_and_named() {
    let hall = Hall::open().await;
    hall.applied(&[LEA, ALI]).await;
    let second = checked(&hall, &[LEA]).await;
    hall.touch(ali(&hall).await.id).await;
    let late = hall.apply(second.id).await;
    assert_eq!((second.numbers.cancelled, late.numbers.cancelled, late.numbers.gone), (1, 0, 1));
    assert_eq!(ali(&hall).await.status, "booked");
    assert_eq!(states(&hall, second.id).await, [("Ali Muster".to_owned(), GoneState::Left)]);
}

#[tokio::test]
async fn a_kill_in_the_middle_cancels_each_once_and_the_list_comes_in_pages() {
    let hall = Hall::open().await;
    let id = hall.upload("viele.csv", many().as_bytes()).await;
    hall.check(id, &Choices::default()).await;
    let first = hall.apply(id).await;
    let id = hall.upload("viele.csv", list(&["01.12.2026;07:00;Niemand;;;Ummeldung;;"]).as_bytes()).await;
    hall.check(id, &cancelling()).await;
    let mut tx = hall.test.tx("probe").await;
    batch::choose_edition(&mut tx, id, Some(&first.origin)).await.unwrap();
    let (page, last) = (batch::gone(&mut tx, id, 0, 1000).await.unwrap(), 2000);
    let rest = batch::gone(&mut tx, id, last, 1000).await.unwrap();
    assert_eq!((page.len(), page[999].number, rest.len(), rest[0].number), (1000, 1000, ROWS - 2000, 2001));
    assert!(page.is_sorted_by_key(|it| it.start) && page[999].start <= rest[0].start, "by time");
    batch::start_apply(&mut tx, id, &YILDIZ, now()).await.unwrap();
    tx.commit().await.unwrap();
    let (cancelled, all) =
        ("SELECT count(*) FROM appointment WHERE status = 'cancelled'", i64::try_from(ROWS).unwrap());
    kill_at(&hall, (id, Step::Apply), rest[0].appointment_id, (cancelled, last)).await;
    assert_eq!(hall.count("SELECT count(*) FROM import_gone WHERE state = 'cancelled'").await, last);
    let applied = hall.work(id, Step::Apply).await;
    assert_eq!(
        (applied.state, applied.numbers.cancelled, hall.count(cancelled).await),
        (BatchState::Applied, all, all)
    );
    let mut tx = hall.test.tx("probe").await;
    batch::start_undo(&mut tx, id, &YILDIZ, now()).await.unwrap();
    tx.commit().await.unwrap();
    let again = "SELECT count(*) FROM import_gone WHERE state = 'booked_again'";
    kill_at(&hall, (id, Step::Undo), rest[0].appointment_id, (again, last)).await;
    assert_eq!(hall.count(cancelled).await, all - last, "each is either booked again or not");
    assert_eq!(hall.work(id, Step::Undo).await.state, BatchState::Undone);
    assert_eq!((hall.count(again).await, hall.count(cancelled).await, hall.booked().await.len()), (all, 0, ROWS));
}

/// Does the work until a query counts so many; somebody has an appointment open, so that the work waits there until it is
/// killed.
async fn kill_at(hall: &Hall, (id, step): (Uuid, Step), open: Option<Uuid>, (counts, until): (&'static str, i64)) {
    let mut clerk = hall.test.tx("probe").await;
    sqlx::query("SELECT id FROM appointment WHERE id = $1 FOR UPDATE").bind(open).execute(clerk.conn()).await.unwrap();
    let (place, links) = (hall.place.clone(), hall.links.clone());
    let work = tokio::spawn(async move { batch::work(&place, &links, (id, step), now(), &|_, _| {}).await });
    while hall.count(counts).await < until {
        assert!(!work.is_finished(), "it did not wait");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    work.abort();
    let _ = work.await;
    clerk.rollback().await.unwrap();
}

#[tokio::test]
async fn while_a_row_is_unreadable_the_dry_run_says_that_nothing_will_be_cancelled() {
    let hall = Hall::open().await;
    hall.applied(&[LEA, ALI]).await;
    let batch = applied(&hall, &[LEA, "32.12.2026;09:30;Ali Muster;;;Reisepass;Schalter 2;"]).await;
    assert_eq!((batch.numbers.gone, batch.numbers.cancelled), (1, 0));
    assert!(batch::has_nameless(&mut hall.test.tx("probe").await, batch.id).await.unwrap());
    assert_eq!(states(&hall, batch.id).await, [("Ali Muster".to_owned(), GoneState::Missing)]);
}
