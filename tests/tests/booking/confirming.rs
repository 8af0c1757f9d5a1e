//! A draft becomes a booking, once.

use booking::{ConfirmError, State, Status, Typed};

use crate::office::{NOW, Office, now, now_plus, pair, person, tuesday, wish};

#[tokio::test]
async fn a_confirmed_draft_has_a_code_mails_and_jobs() {
    let office = Office::open().await;
    office.hold(&pair(1, 1, tuesday("09:00")), now()).await.unwrap();
    office.hold(&pair(1, 2, tuesday("10:00")), now()).await.unwrap();
    let confirmed = office.confirm(1, "lea@example.org", now_plus(5)).await.unwrap();
    let view = office.view(1).await;
    assert_eq!((view.booking.state, view.booking.code.as_ref()), (State::Booked, Some(&confirmed.code)));
    assert_eq!(view.booking.name.as_deref(), Some("Lea Beispiel"));
    assert_eq!(view.booking.booked_at, Some(now_plus(5)));
    assert!(view.appointments.iter().all(|it| it.status == Status::Booked && it.hold_until.is_none()));
    assert_eq!(office.mails(1).await, ["confirmation/waiting", "reminder/waiting", "reminder/waiting"]);
    // the day before at 17:00 of the town
    let evening = NOW.replace("06:00", "16:00").parse().unwrap();
    assert_eq!(office.jobs().await.into_iter().flatten().collect::<Vec<_>>(), [evening; 2]);
    assert_eq!(office.jobs().await.len(), 3);
}

#[tokio::test]
async fn confirmed_twice_it_is_booked_once() {
    let office = Office::open().await;
    office.hold(&wish(1, tuesday("09:00")), now()).await.unwrap();
    let (one, other) =
        tokio::join!(office.confirm(1, "lea@example.org", now()), office.confirm(1, "max@example.org", now()));
    let (one, other) = (one.unwrap(), other.unwrap());
    assert_eq!(one.code, other.code);
    assert_ne!(one.was_already, other.was_already);
    assert!(office.confirm(1, "lea@example.org", now_plus(500)).await.unwrap().was_already);
    assert_eq!(office.mails(1).await, ["confirmation/waiting", "reminder/waiting"]);
    assert_eq!(office.jobs().await.len(), 2);
}

#[tokio::test]
async fn what_is_not_committed_leaves_no_job() {
    let office = Office::open().await;
    office.hold(&wish(1, tuesday("09:00")), now()).await.unwrap();
    let mut tx = office.tx().await;
    booking::confirm(&mut tx, &office.key(1).token, &person("lea@example.org"), &office.rules, now()).await.unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(office.view(1).await.booking.state, State::Draft);
    assert!(office.jobs().await.is_empty());
    assert!(office.mails(1).await.is_empty());
}

#[tokio::test]
async fn every_appointment_needs_its_time() {
    let office = Office::open().await;
    assert!(matches!(office.confirm(1, "lea@example.org", now()).await, Err(ConfirmError::Gone)));
    office.hold(&pair(1, 1, tuesday("09:00")), now()).await.unwrap();
    let early = office.confirm(1, "lea@example.org", now()).await;
    assert!(matches!(early, Err(ConfirmError::Incomplete { position: 2 })), "{early:?}");
}

#[tokio::test]
async fn an_expired_place_is_booked_if_it_is_still_free() {
    let office = Office::open().await;
    for attempt in [1, 2] {
        office.hold(&wish(attempt, tuesday("09:00")).at(&[attempt as i32]), now()).await.unwrap();
    }
    assert!(!office.confirm(1, "lea@example.org", now_plus(90)).await.unwrap().was_already);
    // put in order by the clock, or taken and given back by somebody else: free all the same
    let mut tx = office.tx().await;
    assert_eq!(booking::retention::release_expired(&mut tx, now_plus(90)).await.unwrap(), 1);
    tx.commit().await.unwrap();
    let id = office.view(2).await.appointments[0].id;
    office.confirm(2, "max@example.org", now_plus(90)).await.unwrap();
    let view = office.view(2).await;
    assert_eq!((view.appointments[0].id, view.appointments[0].status), (id, Status::Booked));
}

#[tokio::test]
async fn of_an_expired_pair_what_is_left_is_held_anew() {
    let office = Office::open().await;
    office.hold(&pair(1, 1, tuesday("09:00")), now()).await.unwrap();
    office.hold(&pair(1, 2, tuesday("10:00")), now()).await.unwrap();
    office.hold(&wish(2, tuesday("10:05")), now_plus(60)).await.unwrap();
    let refused = office.confirm(1, "lea@example.org", now_plus(60)).await;
    let Err(ConfirmError::ExpiredAndTaken(lost)) = refused else { panic!("{refused:?}") };
    assert_eq!(lost.iter().map(|it| (it.position, it.start)).collect::<Vec<_>>(), [(2, tuesday("10:00"))]);
    let view = office.view(1).await;
    assert_eq!((view.booking.state, view.booking.email.as_deref()), (State::Draft, Some("lea@example.org")));
    assert_eq!(view.appointments[0].hold_until, Some(now_plus(75)));
    assert_eq!(view.next_position(), Some(2));
    assert!(office.jobs().await.is_empty());
    // another time, and it goes through
    office.hold(&pair(1, 2, tuesday("11:00")), now_plus(61)).await.unwrap();
    office.confirm(1, "lea@example.org", now_plus(62)).await.unwrap();
}

#[tokio::test]
async fn nobody_confirms_what_has_begun() {
    let office = Office::open().await;
    office.hold(&wish(1, tuesday("09:00")), now()).await.unwrap();
    let late = office.confirm(1, "lea@example.org", tuesday("09:00")).await;
    assert!(matches!(late, Err(ConfirmError::ExpiredAndTaken(_))), "{late:?}");
    assert_eq!(office.view(1).await.next_position(), Some(1));
}

#[tokio::test]
async fn one_address_has_five_upcoming_appointments() {
    let office = Office::open().await;
    for (attempt, time) in ["08:00", "09:00", "10:00", "11:00"].into_iter().enumerate() {
        office.hold(&wish(attempt as u128, tuesday(time)), now()).await.unwrap();
        office.confirm(attempt as u128, "lea@example.org", now()).await.unwrap();
    }
    // two at the same moment, of which one is too many
    office.hold(&wish(10, tuesday("12:00")), now()).await.unwrap();
    office.hold(&wish(11, tuesday("13:00")), now()).await.unwrap();
    let (one, other) =
        tokio::join!(office.confirm(10, "LEA@example.org", now()), office.confirm(11, "lea@example.ORG", now()));
    let refused: Vec<_> = [one, other].into_iter().filter_map(Result::err).collect();
    assert!(matches!(refused[..], [ConfirmError::TooManyBookings { max: 5 }]), "{refused:?}");
    // past and cancelled ones do not count
    let first = office.view(0).await.appointments[0].id;
    office.cancel(0, first, now()).await.unwrap();
    let left = if office.view(10).await.booking.state == State::Draft { 10 } else { 11 };
    office.confirm(left, "lea@example.org", now()).await.unwrap();
}

#[tokio::test]
async fn what_was_booked_does_not_change_with_the_catalogue() {
    let office = Office::open().await;
    office.book(&wish(1, tuesday("09:00")), now()).await;
    let before = office.view(1).await.appointments;
    let mut owner = office.test.admin_connection().await;
    sqlx::raw_sql(
        "UPDATE t_probe.concern SET name = '{\"de\": \"Anders\"}', duration_minutes = 60;
         UPDATE t_probe.fee SET amount_cents = 1; DELETE FROM t_probe.concern_document",
    )
    .execute(&mut owner)
    .await
    .unwrap();
    assert_eq!(office.view(1).await.appointments, before);
}

#[tokio::test]
async fn no_reminder_for_tomorrow_when_the_evening_is_past_or_nobody_wants_one() {
    let office = Office::open().await;
    office.hold(&wish(1, tuesday("09:00")), now_plus(60 * 11)).await.unwrap();
    office.confirm(1, "lea@example.org", now_plus(60 * 11)).await.unwrap();
    assert_eq!(office.mails(1).await, ["confirmation/waiting"]);
    office.hold(&wish(2, tuesday("10:00")), now()).await.unwrap();
    let silent = booking::Person { wants_reminder: false, ..person("max@example.org") };
    let mut tx = office.tx().await;
    booking::confirm(&mut tx, &office.key(2).token, &silent, &office.rules, now()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(office.mails(2).await, ["confirmation/waiting"]);
}

#[tokio::test]
async fn what_was_typed_is_kept_with_the_draft_whatever_it_is() {
    let office = Office::open().await;
    office.hold(&wish(1, tuesday("09:00")), now()).await.unwrap();
    let typed = Typed {
        name: "x".repeat(1_000_000),
        email: "lea@\0example".to_owned(),
        phone: " ".to_owned(),
        wants_reminder: false,
    };
    let mut tx = office.tx().await;
    booking::save_typed(&mut tx, office.id(1), &typed).await.unwrap();
    tx.commit().await.unwrap();
    let booking = office.view(1).await.booking;
    assert_eq!(booking.name.map(|it| it.len()), Some(200));
    assert_eq!((booking.email.as_deref(), booking.phone, booking.wants_reminder), (Some("lea@example"), None, false));
}
