//! An appointment gets another time, or stays exactly as it is.

use booking::{HoldError, MoveError, Status};

use crate::office::{Office, counter, counters, now, now_plus, pair, tuesday, wish};

#[tokio::test]
async fn a_moved_appointment_keeps_its_id_and_gives_its_place_up() {
    let office = Office::open().await;
    let appointment = office.book(&wish(1, tuesday("09:00")), now()).await;
    let thursday = tuesday("09:00") + jiff::SignedDuration::from_hours(48);
    office.move_to(1, appointment, thursday, &[counter(2)], now()).await.unwrap();
    let view = office.view(1).await;
    let [moved] = &view.appointments[..] else { panic!("{view:?}") };
    assert_eq!((moved.id, moved.start, moved.counter, moved.sequence), (appointment, thursday, 2, 1));
    assert_eq!((moved.status, moved.fee_cents), (Status::Booked, 4600));
    let mails = office.mails(1).await;
    assert_eq!(mails, ["confirmation/waiting", "move/waiting", "reminder/dropped", "reminder/waiting"]);
    let evening_before = thursday - jiff::SignedDuration::from_hours(16);
    assert_eq!(office.jobs().await.into_iter().flatten().collect::<Vec<_>>(), [evening_before]);
    office.hold(&wish(2, tuesday("09:00")), now()).await.unwrap();
}

#[tokio::test]
async fn moved_twice_it_moves_once() {
    let office = Office::open().await;
    let appointment = office.book(&wish(1, tuesday("09:00")), now()).await;
    let both = counters(&[1, 2]);
    let (one, other) = tokio::join!(
        office.move_to(1, appointment, tuesday("11:00"), &both, now()),
        office.move_to(1, appointment, tuesday("11:00"), &both, now())
    );
    assert_ne!(one.unwrap().was_already, other.unwrap().was_already);
    // the second time the place is no longer free: it is ours
    assert!(office.move_to(1, appointment, tuesday("11:00"), &[], now()).await.unwrap().was_already);
    assert_eq!(office.view(1).await.appointments[0].sequence, 1);
    assert_eq!(office.mails(1).await.iter().filter(|it| it.starts_with("move/")).count(), 1);
}

#[tokio::test]
async fn the_new_place_may_overlap_with_the_old_one() {
    let office = Office::open().await;
    let appointment = office.book(&wish(1, tuesday("09:00")), now()).await;
    office.move_to(1, appointment, tuesday("09:10"), &[counter(1)], now()).await.unwrap();
    office.move_to(1, appointment, tuesday("09:05"), &[counter(1)], now()).await.unwrap();
    assert_eq!(office.view(1).await.appointments[0].start, tuesday("09:05"));
}

#[tokio::test]
async fn if_the_new_place_is_gone_nothing_has_changed() {
    let office = Office::open().await;
    let appointment = office.book(&wish(1, tuesday("09:00")), now()).await;
    office.book(&wish(2, tuesday("10:00")), now()).await;
    let (before, mails, jobs) = (office.view(1).await, office.mails(1).await, office.jobs().await);
    for candidates in [counters(&[1]), Vec::new()] {
        let refused = office.move_to(1, appointment, tuesday("10:05"), &candidates, now()).await;
        assert!(matches!(refused, Err(MoveError::JustTaken)), "{refused:?}");
    }
    assert_eq!((office.view(1).await, office.mails(1).await, office.jobs().await), (before, mails, jobs));
    assert!(matches!(office.hold(&wish(3, tuesday("09:00")), now()).await, Err(HoldError::JustTaken)));
}

#[tokio::test]
async fn a_move_takes_an_expired_hold_over() {
    let office = Office::open().await;
    let appointment = office.book(&wish(1, tuesday("09:00")), now()).await;
    office.hold(&wish(2, tuesday("10:00")), now()).await.unwrap();
    office.move_to(1, appointment, tuesday("10:00"), &[counter(1)], now_plus(15)).await.unwrap();
    assert_eq!(office.view(2).await.appointments[0].status, Status::Expired);
}

#[tokio::test]
async fn a_booking_is_not_moved_onto_itself_or_into_the_past() {
    let office = Office::open().await;
    office.hold(&pair(1, 1, tuesday("09:00")), now()).await.unwrap();
    let second = office.hold(&pair(1, 2, tuesday("10:00")), now()).await.unwrap().appointment_id;
    office.confirm(1, "lea@example.org", now()).await.unwrap();
    let onto = office.move_to(1, second, tuesday("09:10"), &[counter(2)], now()).await;
    assert!(matches!(onto, Err(MoveError::OverlapsOwn { position: 1 })), "{onto:?}");
    let past = office.move_to(1, second, now_plus(-60), &[counter(2)], now()).await;
    assert!(matches!(past, Err(MoveError::JustTaken)), "{past:?}");
}

#[tokio::test]
async fn nobody_moves_too_late_or_what_is_not_theirs() {
    let office = Office::open().await;
    let appointment = office.book(&wish(1, tuesday("09:00")), now()).await;
    office.book(&wish(2, tuesday("10:00")), now()).await;
    let foreign = office.move_to(2, appointment, tuesday("11:00"), &[counter(1)], now()).await;
    assert!(matches!(foreign, Err(MoveError::NotFound)), "{foreign:?}");
    let late = office.move_to(1, appointment, tuesday("11:00"), &[counter(1)], tuesday("09:00")).await;
    assert!(matches!(late, Err(MoveError::TooLate)), "{late:?}");
    office.cancel(1, appointment, now()).await.unwrap();
    let cancelled = office.move_to(1, appointment, tuesday("11:00"), &[counter(1)], now()).await;
    assert!(matches!(cancelled, Err(MoveError::NotFound)), "{cancelled:?}");
}
