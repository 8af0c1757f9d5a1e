//! Killed in the middle: nothing is half done, and going on makes no doubles.

use std::sync::atomic::{AtomicBool, Ordering};

use importer::batch::{self, BatchState, Choices, Step};

use crate::hall::{Hall, YILDIZ, hours_later, list, now};

/// So many rows need several transactions.
pub const ROWS: usize = 2500;

/// Every five minutes from Tuesday on, at whichever counter.
pub fn many() -> String {
    let rows: Vec<String> = (0..ROWS)
        .map(|at| {
            let (day, minute) = (at / 250, (at % 250) / 5 * 5);
            let day = 1 + day + day / 5 * 2;
            format!("{day:02}.12.2026;{:02}:{:02};Person {at};;;Ummeldung;;", 8 + minute / 60, minute % 60)
        })
        .collect();
    list(&rows.iter().map(String::as_str).collect::<Vec<_>>())
}

#[tokio::test]
async fn a_killed_import_goes_on_where_it_was() {
    let hall = Hall::open().await;
    let id = hall.upload("viele.csv", many().as_bytes()).await;
    let checked = hall.check(id, &Choices::default()).await;
    assert_eq!(checked.numbers.add, i64::try_from(ROWS).unwrap());
    let mut tx = hall.test.tx("probe").await;
    batch::start_apply(&mut tx, id, &YILDIZ, now()).await.unwrap();
    tx.commit().await.unwrap();
    let (place, links) = (hall.place.clone(), hall.links.clone());
    let (killed, told) = (std::sync::Arc::new(tokio::sync::Notify::new()), AtomicBool::new(false));
    let signal = std::sync::Arc::clone(&killed);
    let work = tokio::spawn(async move {
        let progress = move |_: i64, _: i64| {
            if !told.swap(true, Ordering::Relaxed) {
                signal.notify_one();
            }
        };
        batch::apply(&place, &links, id, now(), &progress).await
    });
    killed.notified().await;
    work.abort();
    let _ = work.await;
    let left = hall.count("SELECT count(*) FROM import_row WHERE NOT is_applied").await;
    let there = hall.booked().await.len();
    assert!(left > 0, "it was killed too late for this test");
    assert_eq!(there, ROWS - usize::try_from(left).unwrap(), "each row is either done or not");
    let applied = hall.work(id, Step::Apply).await;
    assert_eq!((applied.state, applied.done), (BatchState::Applied, i64::try_from(ROWS).unwrap()));
    assert_eq!(hall.booked().await.len(), ROWS, "nobody twice");
    let undone = hall.undo(id).await;
    assert_eq!((undone.state, hall.booked().await.len()), (BatchState::Undone, 0));
}

#[tokio::test]
async fn two_workers_on_the_same_batch_do_it_once() {
    let hall = Hall::open().await;
    let id = hall.upload("viele.csv", many().as_bytes()).await;
    hall.check(id, &Choices::default()).await;
    let mut tx = hall.test.tx("probe").await;
    batch::start_apply(&mut tx, id, &YILDIZ, now()).await.unwrap();
    tx.commit().await.unwrap();
    tokio::join!(hall.work(id, Step::Apply), hall.work(id, Step::Apply));
    assert_eq!((hall.find(id).await.state, hall.booked().await.len()), (BatchState::Applied, ROWS));
}

#[tokio::test]
async fn a_file_that_breaks_in_the_middle_is_not_imported_by_half() {
    let hall = Hall::open().await;
    let mut file = String::from("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n");
    for number in 0..1500 {
        file.push_str(&format!(
            "BEGIN:VEVENT\r\nUID:{number}@probe\r\nDTSTART:20261201T090000Z\r\nSUMMARY:Person, PA\r\nEND:VEVENT\r\n"
        ));
    }
    file.push_str("BEGIN:VEVENT\r\nUID:last@probe\r\nSUMMARY:Abgebr");
    let id = hall.upload("kaputt.ics", file.as_bytes()).await;
    let batch = hall.check(id, &Choices::default()).await;
    assert_eq!(batch.state, BatchState::Failed);
    assert!(batch.problem.is_some(), "and it says why");
    assert_eq!(hall.count("SELECT count(*) FROM import_row").await, 0);
}

#[tokio::test]
async fn nothing_is_kept_longer_than_needed() {
    let hall = Hall::open().await;
    hall.applied(&["01.12.2026;09:00;Lea Beispiel;;;Personalausweis;;"]).await;
    let mut tx = hall.test.tx("probe").await;
    let forgotten = batch::forget(&mut tx, hours_later(24 * 20)).await.unwrap();
    assert_eq!((forgotten.batches, forgotten.sources), (0, 1), "the appointment is past, the batch still to be seen");
    let forgotten = batch::forget(&mut tx, hours_later(24 * 31)).await.unwrap();
    assert_eq!(forgotten.batches, 1);
    tx.rollback().await.unwrap();
}
