//! What may happen between two steps, and between two editions of a file.

use importer::batch::{self, BatchState, Choices, Step, StepError};
use importer::{Reason, State};

use crate::crash::{ROWS, many};
use crate::hall::{Hall, YILDIZ, hours_later, list, now};

const LEA: &str = "01.12.2026;09:00;Lea Beispiel;02389 71123;;Personalausweis;Schalter 1;";

/// A calendar with one event of this start.
fn event(start: &str) -> String {
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1@probe\r\nDTSTART:{start}\r\nSUMMARY:Lea Beispiel, Personalausweis\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
}

#[tokio::test]
async fn batches_are_taken_back_one_after_the_other() {
    let hall = Hall::open().await;
    let first = hall.applied(&[LEA]).await;
    let second = hall.applied(&[&LEA.replace("71123", "99999")]).await;
    assert_eq!(second.numbers.update, 1);
    hall.undo(second.id).await;
    hall.undo(first.id).await;
    assert_eq!(hall.booked().await, [], "nobody has touched it");
}

#[tokio::test]
async fn an_event_that_is_over_and_forgotten_may_get_another_date() {
    let hall = Hall::open().await;
    let id = hall.upload("kalender.ics", event("20261201T090000Z").as_bytes()).await;
    hall.check(id, &Choices::default()).await;
    hall.apply(id).await;
    let mut tx = hall.test.tx("probe").await;
    assert_eq!(batch::forget(&mut tx, hours_later(48)).await.unwrap().sources, 1);
    tx.commit().await.unwrap();
    let id = hall.upload("kalender.ics", event("20261210T090000Z").as_bytes()).await;
    let checked = hall.check(id, &Choices::default()).await;
    let applied = hall.apply(id).await;
    assert_eq!((checked.numbers.add, applied.numbers), (1, checked.numbers));
    assert_eq!(hall.booked().await.len(), 2, "the new date is booked");
}

#[tokio::test]
async fn two_batches_dry_run_at_the_same_time_book_once_and_say_so() {
    let hall = Hall::open().await;
    let (one, two) = (hall.checked(&[LEA]).await, hall.checked(&[LEA]).await);
    assert_eq!((one.numbers.add, two.numbers.add), (1, 1));
    hall.apply(one.id).await;
    let late = hall.apply(two.id).await;
    assert_eq!(hall.booked().await.len(), 1);
    assert_eq!((late.numbers.add, late.numbers.skipped), (0, 1), "the report tells what came of it");
    assert_eq!(hall.said(two.id).await, [(State::Skipped, "duplicate".to_owned())]);
}

#[tokio::test]
async fn rows_whose_time_has_come_since_the_dry_run_are_left_out() {
    let hall = Hall::open().await;
    let batch = hall.checked(&[LEA]).await;
    let mut tx = hall.test.tx("probe").await;
    batch::start_apply(&mut tx, batch.id, &YILDIZ, hours_later(48)).await.unwrap();
    tx.commit().await.unwrap();
    batch::work(&hall.place, &hall.links, (batch.id, Step::Apply), hours_later(48), &|_, _| {}).await.unwrap();
    assert_eq!(hall.booked().await, []);
    assert_eq!(hall.said(batch.id).await, [(State::Skipped, "past".to_owned())]);
    assert_eq!(hall.find(batch.id).await.numbers.add, 0);
}

#[tokio::test]
async fn nothing_is_cancelled_as_gone_while_a_row_is_unreadable() {
    let hall = Hall::open().await;
    let ali = "01.12.2026;10:00;Ali Muster;;;Reisepass;;";
    hall.applied(&[LEA, ali]).await;
    let broken = LEA.replace("01.12.2026", "32.12.2026");
    let id = hall.upload("termine.csv", list(&[&broken, ali]).as_bytes()).await;
    let batch = hall.check(id, &Choices { cancel_gone: true, ..Choices::default() }).await;
    assert_eq!((batch.numbers.error, batch.numbers.gone), (1, 1), "it is shown");
    hall.apply(id).await;
    assert_eq!(hall.booked().await[0].status, "booked", "and stays: it may be the unreadable one");
}

#[tokio::test]
async fn a_form_that_is_sent_again_does_not_stop_the_apply() {
    let hall = Hall::open().await;
    let batch = hall.checked(&[LEA]).await;
    let mut tx = hall.test.tx("probe").await;
    batch::start_apply(&mut tx, batch.id, &YILDIZ, now()).await.unwrap();
    batch::finish(&mut tx, batch.id, now()).await.unwrap();
    batch::correct(&mut tx, batch.id, batch.shape.as_ref().unwrap()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(hall.find(batch.id).await.state, BatchState::Applying);
    assert_eq!(hall.work(batch.id, Step::Apply).await.state, BatchState::Applied);
    let mut tx = hall.test.tx("probe").await;
    batch::finish(&mut tx, batch.id, now()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(hall.find(batch.id).await.state, BatchState::Applied);
}

#[tokio::test]
async fn what_is_applied_by_half_is_not_forgotten_by_a_new_dry_run() {
    let hall = Hall::open().await;
    let batch = hall.checked(&[LEA, "01.12.2026;10:00;Ali Muster;;;Reisepass;;"]).await;
    hall.apply(batch.id).await;
    let mut tx = hall.test.tx("probe").await;
    // As a broken apply leaves it, whose second row is still to be done.
    sqlx::query("UPDATE import_batch SET state = 'applying'").execute(tx.conn()).await.unwrap();
    batch::fail(&mut tx, batch.id, Step::Apply, &Reason::new(State::Error, "broken_down", "")).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(hall.find(batch.id).await.state, BatchState::Checked);
    let mut tx = hall.test.tx("probe").await;
    let checked = batch::start_check(&mut tx, batch.id, &Choices::default(), now()).await;
    assert!(matches!(checked, Err(StepError::WrongState)), "{checked:?}");
    batch::discard(&mut tx, batch.id).await.unwrap();
    assert!(batch::find(&mut tx, batch.id).await.unwrap().is_some(), "nor is it thrown away");
    tx.rollback().await.unwrap();
    assert_eq!(hall.apply(batch.id).await.state, BatchState::Applied);
    hall.undo(batch.id).await;
    assert_eq!(hall.booked().await, []);
}

#[tokio::test]
async fn two_workers_at_the_same_dry_run_write_every_row_once() {
    let hall = Hall::open().await;
    let id = hall.upload("viele.csv", many().as_bytes()).await;
    let mut tx = hall.test.tx("probe").await;
    batch::start_check(&mut tx, id, &Choices::default(), now()).await.unwrap();
    tx.commit().await.unwrap();
    tokio::join!(hall.work(id, Step::Check), hall.work(id, Step::Check));
    let (batch, rows) = (hall.find(id).await, i64::try_from(ROWS).unwrap());
    assert_eq!((batch.state, batch.total, batch.numbers.add), (BatchState::Checked, rows, rows));
    assert_eq!(hall.count("SELECT count(*) FROM import_row").await, rows);
}
