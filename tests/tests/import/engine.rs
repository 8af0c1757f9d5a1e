//! What becomes of rows: decided by the dry run, carried out, done once, taken back.

use importer::State;
use importer::batch::{self, AllDay, BatchState, Choices, StepError};

use crate::hall::{Hall, YILDIZ, now};

/// Two people, on Tuesday at 9 and at 9:30.
const TWO: [&str; 2] = [
    "01.12.2026;09:00;Lea Beispiel;02389 71123;lea@example.org;Personalausweis;Schalter 1;bringt Foto",
    "01.12.2026;09:30;Ali Muster;;;Reisepass;Schalter 2;",
];

#[tokio::test]
async fn the_dry_run_changes_nothing_and_its_numbers_are_those_of_the_apply() {
    let hall = Hall::open().await;
    let batch = hall.checked(&TWO).await;
    assert_eq!((batch.state, batch.numbers.ready, batch.numbers.add), (BatchState::Checked, 2, 2));
    assert_eq!(hall.booked().await, [], "nothing is booked yet");
    let batch = hall.apply(batch.id).await;
    assert_eq!((batch.state, batch.done, batch.total), (BatchState::Applied, 2, 2));
    let booked = hall.booked().await;
    assert_eq!(booked.len(), 2);
    let lea = &booked[0];
    assert_eq!((lea.name.as_str(), lea.at.as_str(), lea.minutes), ("Lea Beispiel", "2026-12-01 09:00", 15));
    assert_eq!((lea.email.as_deref(), lea.counter_id, lea.blocks), (Some("lea@example.org"), 1, true));
    assert_eq!((booked[1].counter_id, booked[1].minutes, booked[1].import_flag.as_deref()), (2, 20, None));
    assert_eq!(hall.count("SELECT count(*) FROM mail").await, 0, "no mail unless asked for");
    assert_eq!(hall.count("SELECT count(*) FROM import_piece").await, 0, "the upload is gone");
    let kept = hall.count("SELECT count(*) FROM import_row WHERE entry->>'original' <> ''").await;
    assert_eq!(kept, 0, "so are the words of the file");
    assert_eq!(hall.count("SELECT count(*) FROM booking_event WHERE kind = 'imported'").await, 2);
}

#[tokio::test]
async fn a_citizen_finds_the_imported_booking_by_its_link() {
    let hall = Hall::open().await;
    hall.applied(&TWO).await;
    let mut tx = hall.test.tx("probe").await;
    let id: uuid::Uuid =
        sqlx::query_scalar("SELECT id FROM booking WHERE name = 'Lea Beispiel'").fetch_one(tx.conn()).await.unwrap();
    let found = booking::find_by_token(&mut tx, &hall.links.token(id)).await.unwrap().expect("the booking");
    assert_eq!(found.booking.id, id);
    assert!(found.booking.code.is_some(), "with a code for the telephone");
}

#[tokio::test]
async fn a_second_run_of_a_grown_file_adds_what_is_new_and_changes_what_has_changed() {
    let hall = Hall::open().await;
    hall.applied(&TWO).await;
    let again = hall.checked(&TWO).await;
    assert_eq!((again.numbers.same, again.numbers.add, again.numbers.update), (2, 0, 0));
    hall.apply(again.id).await;
    assert_eq!(hall.booked().await.len(), 2);
    let before = hall.booked().await;
    let grown = [
        "01.12.2026;09:00;Lea Beispiel;02389 99999;lea@example.org;Personalausweis;Schalter 1;bringt Foto",
        TWO[1],
        "01.12.2026;10:00;Eva Neu;;;Ummeldung;;",
    ];
    let batch = hall.applied(&grown).await;
    assert_eq!((batch.numbers.same, batch.numbers.add, batch.numbers.update), (1, 1, 1));
    let after = hall.booked().await;
    assert_eq!(after.len(), 3);
    assert_eq!(after[0].id, before[0].id, "the same appointment");
    assert_eq!((after[0].phone.as_deref(), after[0].version, after[0].blocks), (Some("02389 99999"), 1, true));
    let undone = hall.undo(batch.id).await;
    assert_eq!(undone.state, BatchState::Undone);
    let restored = hall.booked().await;
    assert_eq!((restored.len(), &restored[0].phone), (2, &before[0].phone), "what was changed is as it was");
    assert_eq!(hall.checked(&TWO).await.numbers.same, 2, "and known as it was");
}

#[tokio::test]
async fn a_batch_is_undone_but_for_what_somebody_has_touched() {
    let hall = Hall::open().await;
    let batch = hall.applied(&TWO).await;
    let touched = hall.booked().await[0].id;
    hall.touch(touched).await;
    let undone = hall.undo(batch.id).await;
    assert_eq!(undone.state, BatchState::Undone);
    let left = hall.booked().await;
    assert_eq!(left.iter().map(|it| it.id).collect::<Vec<_>>(), [touched]);
    let kept: Vec<bool> = hall.rows(batch.id).await.into_iter().map(|it| it.is_kept).collect();
    assert_eq!(kept, [true, false], "the row that was kept is named");
    let again = hall.checked(&TWO).await;
    assert_eq!((again.numbers.same, again.numbers.add), (1, 1), "what is gone can be imported again");
}

#[tokio::test]
async fn what_was_changed_or_cancelled_by_hand_is_left_alone() {
    let hall = Hall::open().await;
    hall.applied(&TWO).await;
    hall.touch(hall.booked().await[0].id).await;
    let mut tx = hall.test.tx("probe").await;
    sqlx::query(
        "UPDATE appointment SET status = 'cancelled', blocks = false, version = version + 1 WHERE counter_id = 2",
    )
    .execute(tx.conn())
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let batch = hall.checked(&[&TWO[0].replace("Foto", "Bild"), TWO[1]]).await;
    let said = hall.said(batch.id).await;
    assert_eq!(said[0], (State::Warning, "changed_here".to_owned()));
    assert_eq!(said[1], (State::Skipped, "gone_here".to_owned()));
    hall.apply(batch.id).await;
    assert_eq!(hall.booked().await.iter().filter(|it| it.status == "booked").count(), 1);
}

#[tokio::test]
async fn outside_hours_off_grid_and_over_capacity_are_imported_and_flagged() {
    let hall = Hall::open().await;
    let batch = hall
        .applied(&[
            "01.12.2026;19:00;Spät;;;Personalausweis;;",
            "01.12.2026;09:03;Krumm;;;Personalausweis;Schalter 1;",
            "01.12.2026;11:00;Erste;;;Personalausweis;Schalter 3;",
            "01.12.2026;11:05;Zweite;;;Personalausweis;Schalter 3;",
            "01.12.2026;08:00;Irgendwo;;;Personalausweis;Zimmer 99;",
        ])
        .await;
    let said: Vec<String> = hall.said(batch.id).await.into_iter().map(|it| it.1).collect();
    assert_eq!(said, ["outside_hours", "off_grid", "", "over_capacity", "unknown_place"]);
    let flags: Vec<(String, Option<String>, bool)> =
        hall.booked().await.into_iter().map(|it| (it.name, it.import_flag, it.blocks)).collect();
    let flag = |text: &str| Some(text.to_owned());
    assert_eq!(
        flags,
        [
            ("Irgendwo".to_owned(), flag("unknown_place"), true),
            ("Krumm".to_owned(), flag("off_grid"), true),
            ("Erste".to_owned(), None, true),
            ("Zweite".to_owned(), flag("over_capacity"), false),
            ("Spät".to_owned(), flag("outside_hours"), true),
        ]
    );
    assert_eq!(batch.numbers.flagged, 4);
}

#[tokio::test]
async fn past_and_repeated_rows_are_left_out_and_unknown_concerns_are_errors_unless_one_is_chosen() {
    let hall = Hall::open().await;
    let rows = [
        "30.11.2026;06:30;Gestern;;;Personalausweis;;",
        TWO[0],
        TWO[0],
        "01.12.2026;10:00;Wer;;;Zauberei;;",
        "30.02.2027;10:00;Nie;;;Personalausweis;;",
    ];
    let batch = hall.checked(&rows).await;
    let said = hall.said(batch.id).await;
    assert_eq!(said[0], (State::Skipped, "past".to_owned()));
    assert_eq!(said[1].0, State::Ready);
    assert_eq!(said[2], (State::Skipped, "duplicate".to_owned()));
    assert_eq!(said[3].0, State::Error);
    assert!(said[3].1.contains("unknown_concern"), "{said:?}");
    assert_eq!(said[4].0, State::Error);
    assert_eq!((batch.numbers.error, batch.numbers.skipped, batch.numbers.add), (2, 2, 1));
    let choices = Choices { unknown: Some("ummeldung".to_owned()), ..Choices::default() };
    let batch = hall.check(batch.id, &choices).await;
    assert_eq!((batch.numbers.error, batch.numbers.add), (1, 2));
}

#[tokio::test]
async fn all_day_rows_close_if_the_batch_says_so_and_open_again_when_it_is_undone() {
    let hall = Hall::open().await;
    let ics = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1@probe\r\nDTSTART;VALUE=DATE:20261202\r\nDTEND;VALUE=DATE:20261204\r\nSUMMARY:Urlaub\r\nLOCATION:Schalter 2\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let id = hall.upload("kalender.ics", ics.as_bytes()).await;
    let batch = hall.check(id, &Choices::default()).await;
    assert_eq!((batch.numbers.skipped, batch.numbers.close), (1, 0));
    let batch = hall.check(id, &Choices { all_day: AllDay::Close, ..Choices::default() }).await;
    assert_eq!((batch.numbers.skipped, batch.numbers.close), (0, 1), "{:?}", hall.said(id).await);
    hall.apply(id).await;
    let closed =
        "SELECT count(*) FROM closure WHERE counter_id = 2 AND first_day = '2026-12-02' AND last_day = '2026-12-03'";
    assert_eq!(hall.count(closed).await, 1);
    hall.undo(id).await;
    assert_eq!(hall.count(closed).await, 0);
}

#[tokio::test]
async fn what_is_gone_from_the_file_is_shown_and_cancelled_only_if_chosen() {
    let hall = Hall::open().await;
    hall.applied(&TWO).await;
    let batch = hall.checked(&TWO[..1]).await;
    assert_eq!(batch.numbers.gone, 1);
    let gone = batch::gone(&mut hall.test.tx("probe").await, batch.id, 0, 10).await.unwrap();
    assert_eq!(gone[0].name, "Ali Muster");
    hall.apply(batch.id).await;
    assert!(hall.booked().await.iter().all(|it| it.status == "booked"));
    let id = hall.upload("termine.csv", crate::hall::list(&TWO[..1]).as_bytes()).await;
    hall.check(id, &Choices { cancel_gone: true, ..Choices::default() }).await;
    hall.apply(id).await;
    let booked = hall.booked().await;
    assert_eq!((booked[0].status.as_str(), booked[1].status.as_str()), ("booked", "cancelled"));
}

#[tokio::test]
async fn who_has_an_address_gets_the_link_if_the_town_wants_it() {
    let hall = Hall::open().await;
    let batch = hall.checked(&TWO).await;
    let batch = hall.check(batch.id, &Choices { send_mails: true, ..Choices::default() }).await;
    assert!(batch.choices.send_mails);
    hall.apply(batch.id).await;
    assert_eq!(hall.count("SELECT count(*) FROM mail").await, 2, "the link, and a reminder the day before");
    assert_eq!(
        hall.count("SELECT count(*) FROM mail WHERE kind = 'now_online' AND recipient = 'lea@example.org'").await,
        1
    );
}

#[tokio::test]
async fn a_batch_is_applied_once_and_only_after_the_dry_run() {
    let hall = Hall::open().await;
    let id = hall.upload("termine.csv", crate::hall::list(&TWO).as_bytes()).await;
    let mut tx = hall.test.tx("probe").await;
    let early = batch::start_apply(&mut tx, id, &YILDIZ, now()).await;
    assert!(matches!(early, Err(StepError::WrongState)), "{early:?}");
    tx.rollback().await.unwrap();
    hall.check(id, &Choices::default()).await;
    hall.apply(id).await;
    let twice = batch::start_apply(&mut hall.test.tx("probe").await, id, &YILDIZ, now()).await;
    assert!(matches!(twice, Err(StepError::WrongState)), "{twice:?}");
}

#[tokio::test]
async fn what_one_town_has_uploaded_no_other_can_see() {
    let hall = Hall::open().await;
    let batch = hall.checked(&TWO).await;
    let mut other = hall.test.tx("other").await;
    assert!(batch::find(&mut other, batch.id).await.unwrap().is_none());
    assert!(batch::rows(&mut other, batch.id, None, 0, 10).await.unwrap().is_empty());
    assert!(matches!(batch::start_apply(&mut other, batch.id, &YILDIZ, now()).await, Err(StepError::NotFound)));
}
