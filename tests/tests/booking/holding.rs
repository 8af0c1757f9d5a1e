//! Places are held while somebody types.

use booking::{ExtendError, HoldError, Mode, Status};

use crate::office::{Office, Wish, counters, now, now_plus, pair, tuesday, wish};

#[tokio::test]
async fn a_new_draft_holds_its_place_for_fifteen_minutes() {
    let office = Office::open().await;
    let held = office.hold(&wish(1, tuesday("09:00")), now()).await.unwrap();
    assert_eq!((held.counter, held.location, held.hold_until), (1, 1, now_plus(15)));
    let view = office.view(1).await;
    assert_eq!(view.booking.state, booking::State::Draft);
    assert_eq!((view.hold_until(), view.next_position()), (Some(now_plus(15)), None));
    let [appointment] = &view.appointments[..] else { panic!("{view:?}") };
    assert_eq!((appointment.id, appointment.status), (held.appointment_id, Status::Held));
    assert_eq!((appointment.start, appointment.end), (tuesday("09:00"), tuesday("09:15")));
    assert_eq!(appointment.items[0].documents[0].name.get("en"), "previous ID card");
    assert_eq!((appointment.minutes, appointment.fee_cents), (15, 4600));
}

#[tokio::test]
async fn what_is_free_is_told_anew_after_every_change() {
    let office = Office::open().await;
    let here = Wish { candidates: Vec::new(), ..wish(1, tuesday("09:00")) };
    assert_eq!(office.candidates(&here, now()).await.len(), 4);
    office.hold(&here.clone().at(&[1]), now()).await.unwrap();
    assert_eq!(office.candidates(&here, now()).await.len(), 3);
    assert_eq!(office.candidates(&here, now_plus(15)).await.len(), 4, "an expired hold is free without any clean-up");
    office.extend(1, now_plus(10)).await.unwrap();
    assert_eq!(office.candidates(&here, now_plus(15)).await.len(), 3);
    office.confirm(1, "lea@example.org", now_plus(12)).await.unwrap();
    assert_eq!(office.candidates(&here, now_plus(30)).await.len(), 3, "a booked place does not lapse");
}

#[tokio::test]
async fn the_same_form_sent_twice_holds_one_place() {
    let office = Office::open().await;
    let first = wish(1, tuesday("09:00")).at(&[1, 2]);
    office.hold(&first, now()).await.unwrap();
    // the page still believes that counter 1 is free
    let again = office.hold(&first, now_plus(1)).await.unwrap();
    assert_eq!((again.counter, again.hold_until), (1, now_plus(15)), "only an extension gives more time");
    assert_eq!(office.count("SELECT count(*) FROM appointment").await, 1);
    assert_eq!(office.count("SELECT count(*) FROM booking").await, 1);
}

#[tokio::test]
async fn the_same_form_sent_twice_at_the_same_moment_holds_one_place() {
    let office = Office::open().await;
    for attempt in 0..20 {
        let [nine, ten] = ["09:00", "10:00"].map(|time| wish(attempt, tuesday(time)).at(&[1, 2, 3]));
        // also when the two differ in time
        let second = if attempt % 2 == 0 { &nine } else { &ten };
        let (one, other) = tokio::join!(office.hold(&nine, now()), office.hold(second, now()));
        assert!(one.is_ok() && other.is_ok(), "{one:?} {other:?}");
        assert_eq!(office.view(attempt).await.appointments.len(), 1);
        office.hold(&wish(attempt, tuesday("15:00")).at(&[1, 2, 3]), now()).await.unwrap();
        office.release(attempt).await;
    }
}

#[tokio::test]
async fn another_time_gives_the_former_place_up() {
    let office = Office::open().await;
    office.hold(&wish(1, tuesday("09:00")), now()).await.unwrap();
    // it overlaps with the former place
    office.hold(&wish(1, tuesday("09:10")), now()).await.unwrap();
    let view = office.view(1).await;
    assert_eq!(view.appointments.iter().map(|it| it.start).collect::<Vec<_>>(), [tuesday("09:10")]);
    assert!(matches!(office.hold(&wish(2, tuesday("09:00")), now()).await, Err(HoldError::JustTaken)));
    office.hold(&wish(1, tuesday("11:00")), now()).await.unwrap();
    office.hold(&wish(2, tuesday("09:00")), now()).await.unwrap();
}

#[tokio::test]
async fn if_the_other_time_is_gone_the_former_place_stays() {
    let office = Office::open().await;
    let held = office.hold(&wish(1, tuesday("09:00")), now()).await.unwrap();
    office.hold(&wish(2, tuesday("10:00")), now()).await.unwrap();
    assert!(matches!(office.hold(&wish(1, tuesday("10:00")), now()).await, Err(HoldError::JustTaken)));
    let view = office.view(1).await;
    assert_eq!((view.appointments[0].id, view.appointments[0].start), (held.appointment_id, tuesday("09:00")));
}

#[tokio::test]
async fn candidates_are_tried_in_their_order() {
    let office = Office::open().await;
    for (attempt, expected) in [(1, 2), (2, 3), (3, 1)] {
        let held = office.hold(&wish(attempt, tuesday("09:00")).at(&[2, 3, 1]), now()).await.unwrap();
        assert_eq!(held.counter, expected);
    }
    let full = office.hold(&wish(4, tuesday("09:00")).at(&[2, 3, 1]), now()).await;
    assert!(matches!(full, Err(HoldError::JustTaken)));
    assert_eq!(office.count("SELECT count(*) FROM appointment").await, 3);
}

#[tokio::test]
async fn an_expired_hold_is_taken_over_at_once() {
    let office = Office::open().await;
    office.hold(&wish(1, tuesday("09:00")), now()).await.unwrap();
    office.hold(&wish(2, tuesday("09:15")), now()).await.unwrap();
    let late = wish(3, tuesday("09:10"));
    let just_before = now_plus(15) - jiff::SignedDuration::from_secs(1);
    assert!(matches!(office.hold(&late, just_before).await, Err(HoldError::JustTaken)));
    office.hold(&late, now_plus(15)).await.unwrap();
    assert_eq!(office.view(1).await.appointments[0].status, Status::Expired);
    assert_eq!(office.view(2).await.appointments[0].status, Status::Expired);
    assert_eq!(office.view(1).await.next_position(), Some(1));
}

#[tokio::test]
async fn what_is_not_offered_is_not_held() {
    let office = Office::open().await;
    let off_grid = tuesday("09:00") + jiff::SignedDuration::from_secs(60);
    let sunday = "2026-12-06T09:00:00+01:00".parse().unwrap();
    for start in [now_plus(-60), now_plus(30), off_grid, tuesday("19:00"), sunday, now_plus(60 * 24 * 100)] {
        let wish = wish(1, start);
        let candidates = office.candidates(&wish, now()).await;
        assert!(candidates.is_empty(), "{start} is offered");
        assert!(matches!(office.hold(&Wish { candidates, ..wish }, now()).await, Err(HoldError::JustTaken)));
    }
    // even if somebody believed it were free
    assert!(matches!(office.hold(&wish(1, now_plus(-60)), now()).await, Err(HoldError::JustTaken)));
    assert!(matches!(office.hold(&wish(1, jiff::Timestamp::MAX), now()).await, Err(HoldError::JustTaken)));
    assert_eq!(office.count("SELECT count(*) FROM booking").await, 0);
}

#[tokio::test]
async fn two_appointments_of_a_booking_are_never_at_the_same_time() {
    let office = Office::open().await;
    office.hold(&pair(1, 1, tuesday("09:00")), now()).await.unwrap();
    assert_eq!(office.view(1).await.next_position(), Some(2));
    assert_eq!(office.view(1).await.hold_until(), None, "one place is still missing");
    for time in ["08:55", "09:00", "09:10"] {
        let refused = office.hold(&pair(1, 2, tuesday(time)).at(&[2]), now()).await;
        assert!(matches!(refused, Err(HoldError::OverlapsOwn { position: 1 })), "{time}: {refused:?}");
    }
    office.hold(&pair(1, 2, tuesday("09:15")).at(&[2]), now_plus(5)).await.unwrap();
    assert_eq!(office.view(1).await.hold_until(), Some(now_plus(20)), "both places are held as long");
}

#[tokio::test]
async fn another_choice_gives_all_places_of_the_draft_up() {
    let office = Office::open().await;
    office.hold(&pair(1, 1, tuesday("09:00")), now()).await.unwrap();
    office.hold(&pair(1, 2, tuesday("10:00")), now()).await.unwrap();
    office.hold(&wish(1, tuesday("11:00")), now()).await.unwrap();
    let view = office.view(1).await;
    assert_eq!(view.appointments.iter().map(|it| it.start).collect::<Vec<_>>(), [tuesday("11:00")]);
    assert_eq!(view.booking.mode, Mode::Combined);
    office.hold(&wish(2, tuesday("10:00")), now()).await.unwrap();
}

#[tokio::test]
async fn a_draft_must_be_there_for_a_second_place_and_not_be_confirmed() {
    let office = Office::open().await;
    let second = pair(1, 2, tuesday("09:00"));
    assert!(matches!(office.hold(&second, now()).await, Err(HoldError::Gone)));
    office.book(&wish(2, tuesday("09:00")), now()).await;
    let again = office.hold(&wish(2, tuesday("10:00")), now()).await;
    assert!(matches!(again, Err(HoldError::AlreadyBooked)), "{again:?}");
    assert_eq!(office.view(2).await.appointments.len(), 1);
}

#[tokio::test]
async fn a_draft_is_extended_ten_times() {
    let office = Office::open().await;
    office.hold(&wish(1, tuesday("09:00")), now()).await.unwrap();
    for time in 1..=10 {
        assert_eq!(office.extend(1, now_plus(time * 10)).await.unwrap(), now_plus(time * 10 + 15));
    }
    assert_eq!(office.view(1).await.hold_until(), Some(now_plus(115)));
    assert!(matches!(office.extend(1, now_plus(110)).await, Err(ExtendError::TooOften(10))));
    assert!(matches!(office.extend(99, now()).await, Err(ExtendError::Gone)));
}

#[tokio::test]
async fn an_expired_draft_is_extended_if_its_place_is_still_free() {
    let office = Office::open().await;
    for attempt in [1, 2] {
        office.hold(&wish(attempt, tuesday("09:00")).at(&[attempt as i32]), now()).await.unwrap();
    }
    assert_eq!(office.extend(1, now_plus(60)).await.unwrap(), now_plus(75));
    office.hold(&wish(3, tuesday("09:00")).at(&[2]), now_plus(60)).await.unwrap();
    let Err(ExtendError::ExpiredAndTaken(lost)) = office.extend(2, now_plus(60)).await else { panic!("extended") };
    assert_eq!((lost[0].position, lost[0].start), (1, tuesday("09:00")));
}

#[tokio::test]
async fn exchanging_one_place_for_ever_does_not_keep_the_others() {
    let office = Office::open().await;
    office.hold(&pair(1, 1, tuesday("09:00")), now()).await.unwrap();
    for round in 0..30 {
        let time = if round % 2 == 0 { "10:00" } else { "11:00" };
        office.hold(&pair(1, 2, tuesday(time)).at(&[2]), now_plus(round * 10)).await.unwrap();
    }
    let first = &office.view(1).await.appointments[0];
    assert!(first.hold_until < Some(now_plus(200)), "{:?}", first.hold_until);
}

#[tokio::test]
async fn a_draft_that_is_given_up_frees_its_places() {
    let office = Office::open().await;
    office.hold(&pair(1, 1, tuesday("09:00")), now()).await.unwrap();
    office.hold(&pair(1, 2, tuesday("10:00")), now()).await.unwrap();
    office.release(1).await;
    assert_eq!(office.find(1).await, None);
    let free = Wish { candidates: counters(&[1]), ..wish(2, tuesday("09:00")) };
    assert_eq!(office.candidates(&free, now()).await.len(), 4);
}
