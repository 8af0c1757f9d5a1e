//! One appointment is called off; its place is free again.

use booking::{CancelError, HoldError, Status};
use uuid::Uuid;

use crate::office::{Office, now, now_plus, pair, tuesday, wish};

#[tokio::test]
async fn one_of_two_is_cancelled_once_and_free_at_once() {
    let office = Office::open().await;
    office.hold(&pair(1, 1, tuesday("09:00")), now()).await.unwrap();
    let second = office.hold(&pair(1, 2, tuesday("10:00")), now()).await.unwrap().appointment_id;
    office.confirm(1, "lea@example.org", now()).await.unwrap();
    assert!(!office.cancel(1, second, now()).await.unwrap().was_already);
    assert!(office.cancel(1, second, now()).await.unwrap().was_already);
    let statuses: Vec<_> = office.view(1).await.appointments.iter().map(|it| (it.status, it.sequence)).collect();
    assert_eq!(statuses, [(Status::Booked, 0), (Status::Cancelled, 1)]);
    let mails = office.mails(1).await;
    assert_eq!(mails, ["cancellation/waiting", "confirmation/waiting", "reminder/dropped", "reminder/waiting"]);
    assert_eq!(office.jobs().await.len(), 3, "the reminder's job is gone");
    office.hold(&wish(2, tuesday("10:00")), now()).await.unwrap();
}

#[tokio::test]
async fn cancelled_twice_at_the_same_moment_it_sends_one_mail() {
    let office = Office::open().await;
    let appointment = office.book(&wish(1, tuesday("09:00")), now()).await;
    let (one, other) = tokio::join!(office.cancel(1, appointment, now()), office.cancel(1, appointment, now()));
    assert_ne!(one.unwrap().was_already, other.unwrap().was_already);
    assert_eq!(office.mails(1).await, ["cancellation/waiting", "confirmation/waiting", "reminder/dropped"]);
}

#[tokio::test]
async fn a_town_may_keep_a_cancelled_place_closed_for_a_while() {
    let mut office = Office::open().await;
    office.rules.release_delay_minutes = 30;
    let appointment = office.book(&wish(1, tuesday("09:00")), now()).await;
    office.cancel(1, appointment, now()).await.unwrap();
    let wish = wish(2, tuesday("09:00"));
    assert_eq!(office.candidates(&wish, now_plus(29)).await.len(), 3);
    assert!(matches!(office.hold(&wish, now_plus(29)).await, Err(HoldError::JustTaken)));
    assert_eq!(office.candidates(&wish, now_plus(30)).await.len(), 4);
    office.hold(&wish, now_plus(30)).await.unwrap();
    assert_eq!(office.view(1).await.appointments[0].status, Status::Cancelled);
}

#[tokio::test]
async fn nobody_cancels_too_late_or_what_is_not_theirs() {
    let mut office = Office::open().await;
    let appointment = office.book(&wish(1, tuesday("09:00")), now()).await;
    office.book(&wish(2, tuesday("10:00")), now()).await;
    assert!(matches!(office.cancel(2, appointment, now()).await, Err(CancelError::NotFound)));
    assert!(matches!(office.cancel(1, Uuid::nil(), now()).await, Err(CancelError::NotFound)));
    assert!(matches!(office.cancel(9, appointment, now()).await, Err(CancelError::NotFound)));
    assert!(matches!(office.cancel(1, appointment, tuesday("09:00")).await, Err(CancelError::TooLate)));
    office.rules.cancel_until_minutes = 60;
    assert!(matches!(office.cancel(1, appointment, tuesday("08:00")).await, Err(CancelError::TooLate)));
    assert!(office.cancel(1, appointment, tuesday("07:59")).await.is_ok());
}

#[tokio::test]
async fn a_draft_has_nothing_to_cancel() {
    let office = Office::open().await;
    let held = office.hold(&wish(1, tuesday("09:00")), now()).await.unwrap();
    assert!(matches!(office.cancel(1, held.appointment_id, now()).await, Err(CancelError::NotFound)));
}
