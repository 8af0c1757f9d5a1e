//! Booking for somebody who calls, and finding them again.

use booking::desk::{self, BookError, Booked, By, NewAppointment, StaffBooking};
use booking::{EmailAddress, Mode, PersonName, PhoneNumber, SelectionProblem};
use catalog::Choice;
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::office::{Office, counters, now, now_plus, tuesday, wish};

const BY: By<'static> = By { staff_id: Uuid::from_u128(1), name: "Frau Yıldız" };

struct Caller {
    attempt: u128,
    name: &'static str,
    email: Option<&'static str>,
    phone: Option<&'static str>,
    start: Timestamp,
    counters: &'static [i32],
    over: Vec<Uuid>,
    /// A passport, too, in an appointment of its own: when, and at which counters.
    passport: Option<(Timestamp, &'static [i32])>,
}

fn caller(attempt: u128, start: &str) -> Caller {
    let start = tuesday(start);
    let (counters, over) = (&[1], Vec::new());
    Caller { attempt, name: "Jürgen Müller", email: None, phone: None, start, counters, over, passport: None }
}

impl Caller {
    async fn book(&self, office: &Office) -> Result<Booked, BookError> {
        let mut selection = vec![Choice { concern: "personalausweis".to_owned(), quantity: 1 }];
        selection.extend(self.passport.map(|_| Choice { concern: "reisepass".to_owned(), quantity: 1 }));
        let mode = if self.passport.is_some() { Mode::Separate } else { Mode::Combined };
        let intake = desk::intake(&office.catalog, &office.rules, &selection, mode, date(2026, 12, 1)).unwrap();
        let places = [Some((self.start, self.counters)), self.passport].into_iter().flatten();
        let places: Vec<_> = places.map(|(start, list)| (start, counters(list))).collect();
        let appointments: Vec<_> = intake
            .planned
            .iter()
            .zip(&places)
            .map(|(planned, (start, candidates))| NewAppointment {
                planned,
                start: *start,
                candidates,
                over: &self.over,
            })
            .collect();
        let email = self.email.map(|it| EmailAddress::parse(it).unwrap());
        let phone = self.phone.map(|it| PhoneNumber::parse(it).unwrap());
        let wish = StaffBooking {
            key: &office.key(self.attempt),
            name: &PersonName::parse(self.name).unwrap(),
            email: email.as_ref(),
            phone: phone.as_ref(),
            language: "de",
            mode,
            selection: &selection,
            appointments: &appointments,
            note: "bringt Hund mit",
        };
        let mut tx = office.tx().await;
        let booked = desk::book(&mut tx, &wish, &BY, &office.rules, now()).await;
        match booked {
            Ok(_) => tx.commit().await.unwrap(),
            Err(_) => tx.rollback().await.unwrap(),
        }
        booked
    }
}

#[tokio::test]
async fn a_caller_gets_a_code_and_without_an_address_no_mail() {
    let office = Office::open().await;
    let booked = caller(1, "09:00").book(&office).await.unwrap();
    assert!(!booked.was_already);
    let view = office.view(1).await;
    assert_eq!(view.booking.code, Some(booked.code));
    assert_eq!(view.booking.email, None);
    assert!(office.mails(1).await.is_empty() && office.jobs().await.is_empty());
    let history = desk::history(&mut office.tx().await, booked.booking_id).await.unwrap();
    assert_eq!((history[0].kind.as_str(), history[0].staff_name.as_str()), ("made", "Frau Yıldız"));
    assert_eq!(office.count("SELECT version FROM location_day").await, 1, "what is free has changed");
}

#[tokio::test]
async fn with_an_address_mails_go_out_as_for_everybody() {
    let office = Office::open().await;
    Caller { email: Some("j@example.org"), ..caller(1, "09:00") }.book(&office).await.unwrap();
    assert_eq!(office.mails(1).await, ["confirmation/waiting", "reminder/waiting"]);
    let count = desk::upcoming(&mut office.tx().await, "J@Example.org", now()).await.unwrap();
    assert_eq!(count, 1);
}

#[tokio::test]
async fn the_same_form_sent_twice_at_once_books_once() {
    let office = Office::open().await;
    let wish = Caller { email: Some("j@example.org"), counters: &[1, 2, 3], ..caller(1, "09:00") };
    let (one, other) = tokio::join!(wish.book(&office), wish.book(&office));
    let (one, other) = (one.unwrap(), other.unwrap());
    assert_eq!(one.code, other.code);
    assert!(one.was_already != other.was_already);
    assert_eq!(office.count("SELECT count(*) FROM appointment").await, 1);
    assert_eq!(office.mails(1).await.len(), 2);
}

#[tokio::test]
async fn two_callers_for_the_last_place_one_gets_it() {
    let office = Office::open().await;
    let (first, second) = (caller(1, "09:00"), caller(2, "09:05"));
    let (one, other) = tokio::join!(first.book(&office), second.book(&office));
    assert_eq!(usize::from(one.is_ok()) + usize::from(other.is_ok()), 1);
    let refused = one.err().or(other.err()).unwrap();
    assert!(matches!(refused, BookError::JustTaken), "{refused}");
    assert_eq!(office.count("SELECT count(*) FROM booking").await, 1, "the refused one leaves nothing behind");
}

#[tokio::test]
async fn overbooking_names_the_conflict_and_then_stands_on_top() {
    let office = Office::open().await;
    caller(1, "09:00").book(&office).await.unwrap();
    let span = (tuesday("09:10"), tuesday("09:25"));
    let clashes = desk::clashes(&mut office.tx().await, &[1, 2], span, None, now()).await.unwrap();
    assert_eq!(clashes.len(), 1);
    assert_eq!((clashes[0].counter, clashes[0].name.as_deref()), (1, Some("Jürgen Müller")));
    let refused = caller(2, "09:10").book(&office).await;
    assert!(matches!(refused, Err(BookError::JustTaken)), "nobody was named");
    let over = vec![clashes[0].id];
    Caller { over: over.clone(), ..caller(2, "09:10") }.book(&office).await.unwrap();
    assert_eq!(office.count("SELECT count(*) FROM appointment WHERE overbooked AND NOT blocks").await, 1);
    // Where nothing stands in the way it is an ordinary one.
    Caller { over, ..caller(3, "18:00") }.book(&office).await.unwrap();
    assert_eq!(office.count("SELECT count(*) FROM appointment WHERE blocks").await, 2);
    let clashes = desk::clashes(&mut office.tx().await, &[1], span, None, now()).await.unwrap();
    assert_eq!(clashes.len(), 2, "the one on top is named too");
}

#[tokio::test]
async fn several_appointments_are_one_booking_with_one_code_and_one_confirmation() {
    let office = Office::open().await;
    let passport = Some((tuesday("09:15"), [2].as_slice()));
    let wish = Caller { email: Some("j@example.org"), passport, ..caller(1, "09:00") };
    let booked = wish.book(&office).await.unwrap();
    assert!(wish.book(&office).await.unwrap().was_already);
    let view = office.view(1).await;
    assert_eq!((view.booking.mode, view.appointments.len()), (Mode::Separate, 2));
    let places: Vec<_> = view.appointments.iter().map(|it| (it.position, it.start, it.minutes, it.counter)).collect();
    assert_eq!(places, [(1, tuesday("09:00"), 15, 1), (2, tuesday("09:15"), 20, 2)]);
    let mut mails = office.mails(1).await;
    mails.sort();
    assert_eq!(mails, ["confirmation/waiting", "reminder/waiting", "reminder/waiting"]);
    let history = desk::history(&mut office.tx().await, booked.booking_id).await.unwrap();
    assert_eq!(history.len(), 1, "the booking was made once");
    assert_eq!(office.count("SELECT count(*) FROM appointment WHERE note = 'bringt Hund mit'").await, 2);
}

#[tokio::test]
async fn of_several_appointments_all_are_booked_or_none() {
    let office = Office::open().await;
    caller(1, "10:00").book(&office).await.unwrap();
    let taken = Caller { passport: Some((tuesday("09:50"), &[1])), ..caller(2, "09:00") };
    assert!(matches!(taken.book(&office).await, Err(BookError::JustTaken)));
    let in_two_places = Caller { passport: Some((tuesday("09:10"), &[2])), ..caller(3, "09:00") };
    assert!(matches!(in_two_places.book(&office).await, Err(BookError::OverlapsOwn)));
    assert_eq!(office.count("SELECT count(*) FROM appointment").await, 1);
    assert_eq!(office.count("SELECT count(*) FROM booking").await, 1);
}

/// Each wants first what the other one wants then.
#[tokio::test]
async fn two_callers_who_cross_do_not_wait_for_each_other() {
    let office = Office::open().await;
    for round in 0..10 {
        let early = Caller { passport: Some((tuesday("11:00"), &[1])), ..caller(2 * round + 1, "09:00") };
        let late = Caller { passport: Some((tuesday("09:00"), &[1])), ..caller(2 * round + 2, "11:00") };
        let (one, other) = tokio::join!(early.book(&office), late.book(&office));
        assert_eq!(usize::from(one.is_ok()) + usize::from(other.is_ok()), 1, "{round}: {one:?} {other:?}");
        let refused = one.err().or(other.err()).unwrap();
        assert!(matches!(refused, BookError::JustTaken), "{refused}");
        let mut tx = office.tx().await;
        sqlx::raw_sql("DELETE FROM appointment; DELETE FROM booking_event; DELETE FROM booking")
            .execute(tx.conn())
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn an_expired_hold_stands_in_nobodys_way() {
    let office = Office::open().await;
    office.hold(&wish(9, tuesday("09:00")), now_plus(-60)).await.unwrap();
    let span = (tuesday("09:00"), tuesday("09:15"));
    assert!(desk::clashes(&mut office.tx().await, &[1], span, None, now()).await.unwrap().is_empty());
    office.hold(&wish(8, tuesday("10:00")), now()).await.unwrap();
    let span = (tuesday("10:00"), tuesday("10:15"));
    let held = desk::clashes(&mut office.tx().await, &[1], span, None, now()).await.unwrap();
    assert_eq!((held.len(), held[0].name.as_deref()), (1, None));
    caller(1, "09:00").book(&office).await.unwrap();
}

#[tokio::test]
async fn what_citizens_may_not_choose_is_noted_and_goes() {
    let office = Office::open().await;
    let in_mode = |choices: &[(&str, u8)], mode: Mode| {
        let choice = |(key, quantity): &(&str, u8)| Choice { concern: (*key).to_owned(), quantity: *quantity };
        let selection: Vec<Choice> = choices.iter().map(choice).collect();
        desk::intake(&office.catalog, &office.rules, &selection, mode, date(2026, 12, 1))
    };
    let intake = |choices: &[(&str, u8)]| in_mode(choices, Mode::Combined);
    let usual = intake(&[("personalausweis", 2)]).unwrap();
    assert_eq!((usual.minutes(), usual.exceeds.len()), (30, 0));
    let internal = intake(&[("einbuergerung", 1)]).unwrap();
    assert!(matches!(internal.exceeds[0], SelectionProblem::PhoneOnly { .. }));
    let much = intake(&[("personalausweis", 9), ("kirchenaustritt", 1)]).unwrap();
    assert_eq!(much.exceeds.len(), 3, "quantity, alone, duration: {:?}", much.exceeds);
    assert_eq!((intake(&[]), intake(&[("gibt-es-nicht", 1)])), (None, None));
    let apart = in_mode(&[("personalausweis", 1), ("kirchenaustritt", 1)], Mode::Separate).unwrap();
    assert_eq!(
        (apart.planned.len(), apart.minutes(), apart.exceeds.len()),
        (2, 45, 0),
        "each alone, as it wants to be"
    );
    let all =
        ["personalausweis", "reisepass", "ummeldung", "kfz", "kirchenaustritt", "einbuergerung"].map(|it| (it, 1));
    let many = in_mode(&all, Mode::Separate).unwrap();
    assert!(matches!(many.exceeds[..], [SelectionProblem::PhoneOnly { .. }, SelectionProblem::TooMany { .. }]));
}

#[tokio::test]
async fn people_are_found_by_whatever_they_tell() {
    let office = Office::open().await;
    let contact = (Some("j.mueller@example.org"), Some("02389 / 71-0"));
    let booked = Caller { email: contact.0, phone: contact.1, ..caller(1, "09:00") }.book(&office).await.unwrap();
    Caller { name: "Anna Schmidt", counters: &[2], ..caller(2, "08:30") }.book(&office).await.unwrap();
    Caller { name: "Änne Müller", counters: &[2], ..caller(3, "08:00") }.book(&office).await.unwrap();
    let search = async |typed: &str, at: Timestamp| {
        let found = desk::search(&mut office.tx().await, typed, 50, at).await.unwrap();
        found.into_iter().map(|it| it.name).collect::<Vec<_>>()
    };
    assert_eq!(search("mueler", now()).await, ["Änne Müller", "Jürgen Müller"]);
    let code = booked.code.to_string();
    for typed in [&code, &code[2..7], "+49 2389 710", "J.Mueller@example.org", "juergen"] {
        assert_eq!(search(typed, now()).await, ["Jürgen Müller"], "{typed}");
    }
    for typed in ["Meier", "", "m", "%", "_", "0231 555"] {
        assert!(search(typed, now()).await.is_empty(), "{typed}");
    }
    // What is to come first, then what has been.
    let between = tuesday("08:30") + SignedDuration::from_mins(1);
    assert_eq!(search("müller", between).await, ["Jürgen Müller", "Änne Müller"]);
}
