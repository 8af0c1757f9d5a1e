//! What is kept, and for how long.

use booking::retention::{self, Report};
use jiff::Timestamp;

use crate::office::{Office, now, now_plus, pair, tuesday, wish};

const DAY: i64 = 24 * 60;

async fn run(office: &Office, at: Timestamp) -> Report {
    let mut tx = office.tx().await;
    let report = retention::run(&mut tx, &office.rules, at).await.unwrap();
    tx.commit().await.unwrap();
    report
}

/// When a mail was written down is the database's own time, which is another one than the test's.
async fn send_all_mails(office: &Office) {
    let mut tx = office.tx().await;
    sqlx::query("UPDATE mail SET state = 'sent', created_at = due_at WHERE state = 'waiting'")
        .execute(tx.conn())
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_forgotten_draft_goes_after_a_day_with_what_was_typed() {
    let office = Office::open().await;
    office.hold(&wish(1, tuesday("09:00")), now()).await.unwrap();
    assert_eq!(run(&office, now_plus(DAY + 15)).await, Report::default());
    assert_eq!(run(&office, now_plus(DAY + 16)).await, Report { drafts: 1, ..Report::default() });
    assert_eq!(office.count("SELECT count(*) FROM booking").await, 0);
    assert_eq!(office.count("SELECT count(*) FROM appointment").await, 0);
}

#[tokio::test]
async fn a_cancelled_appointment_goes_after_a_day_and_its_booking_with_the_last_one() {
    let office = Office::open().await;
    let first = office.hold(&pair(1, 1, tuesday("09:00")), now()).await.unwrap().appointment_id;
    let second = office.hold(&pair(1, 2, tuesday("10:00")), now()).await.unwrap().appointment_id;
    office.confirm(1, "lea@example.org", now()).await.unwrap();
    office.cancel(1, first, now()).await.unwrap();
    send_all_mails(&office).await;
    assert_eq!(run(&office, now_plus(DAY - 1)).await, Report::default());
    assert_eq!(run(&office, now_plus(DAY + 1)).await, Report { appointments: 1, ..Report::default() });
    assert_eq!(office.view(1).await.appointments.len(), 1);
    office.cancel(1, second, now_plus(DAY)).await.unwrap();
    send_all_mails(&office).await;
    let report = run(&office, now_plus(2 * DAY + 1)).await;
    assert_eq!((report.appointments, report.bookings), (1, 1));
    assert_eq!(office.find(1).await, None);
    let kept = office.count("SELECT count(*) FROM mail WHERE booking_id IS NULL").await;
    assert!(kept > 0, "the mail log outlives the booking");
}

#[tokio::test]
async fn a_mail_on_its_way_is_waited_for() {
    let office = Office::open().await;
    let appointment = office.book(&wish(1, tuesday("09:00")), now()).await;
    office.cancel(1, appointment, now()).await.unwrap();
    assert_eq!(run(&office, now_plus(2 * DAY)).await.appointments, 0);
    send_all_mails(&office).await;
    assert_eq!(run(&office, now_plus(2 * DAY)).await.appointments, 1);
}

#[tokio::test]
async fn what_is_over_is_reduced_to_counts_after_two_weeks() {
    let office = Office::open().await;
    let both =
        crate::office::Wish { choices: vec![("personalausweis", 2), ("ummeldung", 1)], ..wish(1, tuesday("09:00")) };
    office.book(&both, now()).await;
    office.book(&wish(2, tuesday("10:00")), now()).await;
    send_all_mails(&office).await;
    assert_eq!(run(&office, tuesday("09:00") + jiff::SignedDuration::from_hours(14 * 24)).await.appointments, 0);
    let report = run(&office, tuesday("12:00") + jiff::SignedDuration::from_hours(14 * 24)).await;
    assert_eq!((report.appointments, report.bookings), (2, 2));
    let counts: Vec<(String, String, i32, i32, i32)> = sqlx::query_as(
        "SELECT concern, outcome, appointments, quantity, minutes FROM appointment_count
          WHERE day = '2026-12-01' AND counter_id = 1 AND channel = 'online' ORDER BY concern",
    )
    .fetch_all(office.tx().await.conn())
    .await
    .unwrap();
    let line = |concern: &str, appointments, quantity, minutes| {
        (concern.to_owned(), "unmarked".to_owned(), appointments, quantity, minutes)
    };
    let expected = [line("", 2, 2, 55), line("personalausweis", 2, 3, 45), line("ummeldung", 1, 1, 10)];
    assert_eq!(counts, expected);
    assert_eq!(run(&office, tuesday("12:00") + jiff::SignedDuration::from_hours(31 * 24)).await.mails, 4);
    assert_eq!(office.count("SELECT count(*) FROM mail").await, 0);
}
