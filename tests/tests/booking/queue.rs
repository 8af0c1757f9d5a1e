//! The queue of an office: numbers, order, calls, and two clerks who press at once.

use std::collections::BTreeSet;

use booking::Status;
use booking::desk::{self, By, DeskError, Relocation, Step};
use booking::queue::{self, Change, Destination, NewTicket, QueueError, Ticket, TicketState};
use booking::retention;
use catalog::Choice;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::office::{Office, now, tuesday, wish};

const BY: By<'static> = By { staff_id: Uuid::from_u128(1), name: "Frau Yıldız" };
const OTHER: By<'static> = By { staff_id: Uuid::from_u128(2), name: "Herr Brandt" };

/// What counters 1 and 2 serve, and what counter 3 serves as well.
const ALL_BUT_VEHICLES: [i32; 4] = [1, 2, 3, 5];
const ALL: [i32; 5] = [1, 2, 3, 4, 5];

fn nine() -> Timestamp {
    tuesday("09:00")
}

fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}

async fn take(office: &Office, number: u128, concern: &str, at: Timestamp) -> Ticket {
    let choices = [Choice { concern: concern.to_owned(), quantity: 1 }];
    let day = at.to_zoned(office.test.tenant("probe").zone.clone()).date();
    let new = NewTicket {
        id: Uuid::from_u128(number),
        location: 1,
        items: queue::items(&office.catalog, &choices, day),
        name: "",
        priority_reason: "",
        by: BY.name,
    };
    let mut tx = office.tx().await;
    let ticket = queue::take(&mut tx, new, at).await.unwrap();
    tx.commit().await.unwrap();
    ticket
}

async fn next(office: &Office, counter: i32, at: Timestamp) -> Result<Option<Ticket>, QueueError> {
    let concerns: &[i32] = if counter == 3 { &ALL } else { &ALL_BUT_VEHICLES };
    let mut tx = office.tx().await;
    let called = queue::next(&mut tx, 1, counter, concerns, &BY, at).await;
    if called.is_ok() {
        tx.commit().await.unwrap();
    }
    called
}

fn seen(ticket: &Ticket) -> Change {
    Change { id: ticket.id, seen_version: ticket.version }
}

/// Runs one change in a transaction of its own.
macro_rules! change {
    ($office:expr, $verb:ident $(, $argument:expr)*) => {{
        let mut tx = $office.tx().await;
        let done = queue::$verb(&mut tx $(, $argument)*).await;
        if done.is_ok() {
            tx.commit().await.unwrap();
        }
        done
    }};
}

async fn status(office: &Office, attempt: u128) -> Status {
    office.view(attempt).await.appointments[0].status
}

async fn check_in(office: &Office, attempt: u128, location: i32, at: Timestamp) -> queue::Arrival {
    let mut tx = office.tx().await;
    let arrival = queue::check_in(&mut tx, office.id(attempt), location, at).await.unwrap();
    tx.commit().await.unwrap();
    arrival
}

async fn number_of(office: &Office, attempt: u128, at: Timestamp) -> Ticket {
    match check_in(office, attempt, 1, at).await {
        queue::Arrival::Here(ticket) => *ticket,
        other => panic!("not checked in: {other:?}"),
    }
}

#[tokio::test]
async fn numbers_begin_anew_each_day_and_a_form_sent_twice_takes_one() {
    let office = Office::open().await;
    let first = take(&office, 1, "personalausweis", nine()).await;
    assert_eq!((first.label(), first.minutes), ("B101".to_owned(), 15));
    assert_eq!(take(&office, 1, "personalausweis", nine()).await, first);
    assert_eq!(take(&office, 2, "reisepass", nine()).await.label(), "B102");
    assert_eq!(take(&office, 3, "reisepass", nine() + minutes(24 * 60)).await.label(), "B101");
}

#[tokio::test]
async fn two_clerks_who_press_at_once_get_two_people() {
    let office = Office::open_for(20).await;
    for round in 0..12_u128 {
        for number in 0..3 {
            take(&office, 100 * round + number + 1, "personalausweis", nine()).await;
        }
        let (one, other, third) =
            tokio::join!(next(&office, 1, nine()), next(&office, 2, nine()), next(&office, 3, nine()));
        let called: Vec<Ticket> = [one, other, third].into_iter().map(|it| it.unwrap().expect("somebody")).collect();
        let different: BTreeSet<Uuid> = called.iter().map(|it| it.id).collect();
        assert_eq!(different.len(), 3, "round {round}");
        for ticket in &called {
            change!(office, finish, seen(ticket), &BY, nine()).unwrap();
        }
    }
    assert_eq!(next(&office, 1, nine()).await.unwrap(), None);
}

#[tokio::test]
async fn a_key_pressed_twice_calls_one_person() {
    let office = Office::open_for(20).await;
    for number in 1..=4 {
        take(&office, number, "personalausweis", nine()).await;
    }
    let (one, other) = tokio::join!(next(&office, 1, nine()), next(&office, 1, nine()));
    let refused = [one, other].into_iter().filter(|it| matches!(it, Err(QueueError::Occupied(_)))).count();
    assert_eq!(refused, 1);
    assert_eq!(office.count("SELECT count(*) FROM ticket WHERE state = 'called'").await, 1);
}

#[tokio::test]
async fn appointments_at_their_time_then_in_the_order_of_coming_and_reasons_before_all() {
    let office = Office::open().await;
    office.book(&wish(1, nine()), now()).await;
    office.book(&wish(2, tuesday("09:30")), now()).await;
    let early = number_of(&office, 2, tuesday("09:15")).await;
    take(&office, 11, "personalausweis", tuesday("08:40")).await;
    take(&office, 12, "reisepass", tuesday("08:50")).await;
    let due = number_of(&office, 1, tuesday("09:08")).await;
    assert!(!due.late);
    let order = async |at| {
        let mut tx = office.tx().await;
        let day = nine().to_zoned(tx.tenant().zone.clone()).date();
        let all = queue::waiting(&mut tx, 1, day, at).await.unwrap();
        all.iter().map(Ticket::label).collect::<Vec<_>>()
    };
    assert_eq!(order(tuesday("09:16")).await, ["A102", "B101", "B102", "A101"]);
    assert_eq!(order(tuesday("09:26")).await, ["A102", "A101", "B101", "B102"], "their time has come");
    let walk_in = take(&office, 12, "reisepass", nine()).await;
    change!(office, prefer, seen(&walk_in), "Gehhilfe", &BY, nine()).unwrap();
    assert_eq!(order(tuesday("09:26")).await, ["B102", "A102", "A101", "B101"]);
    assert_eq!(early.label(), "A101");
}

#[tokio::test]
async fn a_counter_calls_only_whom_it_can_serve_and_whom_it_was_sent() {
    let office = Office::open().await;
    let vehicle = take(&office, 1, "kfz", nine()).await;
    assert_eq!(next(&office, 1, nine()).await.unwrap(), None);
    let sent = change!(office, send_to, seen(&vehicle), Destination::Counter(1), &BY, nine()).unwrap();
    assert_eq!(next(&office, 3, nine()).await.unwrap(), None, "it was sent to counter 1");
    assert_eq!(next(&office, 1, nine()).await.unwrap().map(|it| it.id), Some(sent.id));
}

#[tokio::test]
async fn ticket_and_appointment_go_together() {
    let office = Office::open().await;
    office.book(&wish(1, nine()), now()).await;
    let ticket = number_of(&office, 1, tuesday("08:50")).await;
    assert_eq!((ticket.label(), ticket.name.as_str()), ("A101".to_owned(), "Lea Beispiel"));
    assert_eq!(status(&office, 1).await, Status::Arrived);
    let called = change!(office, call, seen(&ticket), 2, &BY, nine()).unwrap();
    assert_eq!((called.counter, called.calls, status(&office, 1).await), (Some(2), 1, Status::Called));
    let again = change!(office, recall, seen(&called), &BY, nine() + minutes(1)).unwrap();
    assert_eq!((again.calls, again.counter), (2, Some(2)));
    let aside = change!(office, park, seen(&again), &BY, nine()).unwrap();
    assert_eq!((aside.state, status(&office, 1).await), (TicketState::Parked, Status::Arrived));
    assert_eq!(next(&office, 1, nine()).await.unwrap(), None, "who is aside is not called");
    let back = change!(office, back, seen(&aside), &BY, nine()).unwrap();
    let called = change!(office, call, seen(&back), 1, &BY, nine()).unwrap();
    let served = change!(office, serve, seen(&called), &BY, nine()).unwrap();
    assert_eq!((served.state, status(&office, 1).await), (TicketState::InService, Status::InService));
    let error = change!(office, back, seen(&served), &BY, nine() + minutes(1)).unwrap();
    assert_eq!((error.state, error.calls, error.called_at), (TicketState::Called, called.calls, called.called_at));
    let served = change!(office, serve, seen(&error), &BY, nine() + minutes(1)).unwrap();
    let done = change!(office, finish, seen(&served), &BY, nine()).unwrap();
    assert_eq!((done.state, status(&office, 1).await), (TicketState::Done, Status::Done));
    let undone = change!(office, back, seen(&done), &BY, nine()).unwrap();
    assert_eq!((undone.state, status(&office, 1).await), (TicketState::InService, Status::InService));
}

#[tokio::test]
async fn the_second_of_two_clerks_is_told_and_changes_nothing() {
    let office = Office::open().await;
    let ticket = take(&office, 1, "personalausweis", nine()).await;
    change!(office, call, seen(&ticket), 1, &OTHER, nine()).unwrap();
    match change!(office, park, seen(&ticket), &BY, nine()) {
        Err(QueueError::Changed(now)) => {
            assert_eq!((now.state, now.changed_by.as_str()), (TicketState::Called, "Herr Brandt"));
        }
        other => panic!("expected to be told: {other:?}"),
    }
    let stands = queue::find(&mut office.tx().await, ticket.id).await.unwrap().unwrap();
    assert_eq!(stands.state, TicketState::Called);
    assert!(matches!(
        change!(office, serve, Change { id: Uuid::nil(), seen_version: 0 }, &BY, nine()),
        Err(QueueError::NotFound)
    ));
}

#[tokio::test]
async fn another_office_keeps_the_number_unless_it_is_taken_there() {
    let office = Office::open().await;
    let first = take(&office, 1, "reisepass", nine()).await;
    let second = take(&office, 2, "reisepass", nine()).await;
    let moved = change!(office, send_to, seen(&first), Destination::Location(2), &BY, nine()).unwrap();
    assert_eq!((moved.label(), moved.location, moved.due_at), ("B101".to_owned(), 2, first.due_at));
    let third = take(&office, 3, "reisepass", nine()).await;
    assert_eq!(third.label(), "B103");
    change!(office, send_to, seen(&second), Destination::Location(2), &BY, nine()).unwrap();
    let back = change!(office, send_to, seen(&moved), Destination::Location(1), &BY, nine()).unwrap();
    assert_eq!(back.label(), "B101");
    assert!(matches!(
        change!(office, send_to, seen(&back), Destination::Counter(99), &BY, nine()),
        Err(QueueError::NotFound)
    ));
}

#[tokio::test]
async fn checking_in_is_possible_from_15_minutes_before_until_10_after() {
    let office = Office::open().await;
    office.book(&wish(1, nine()), now()).await;
    let from = tuesday("08:45");
    assert_eq!(check_in(&office, 1, 1, tuesday("08:44")).await, queue::Arrival::TooEarly { from });
    assert_eq!(check_in(&office, 1, 1, tuesday("09:11")).await, queue::Arrival::TooLate);
    assert_eq!(check_in(&office, 1, 2, nine()).await, queue::Arrival::OtherOffice { location: 1 });
    assert_eq!(check_in(&office, 1, 1, now()).await, queue::Arrival::OtherDay);
    assert_eq!(status(&office, 1).await, Status::Booked);
    let ticket = number_of(&office, 1, from).await;
    assert_eq!(number_of(&office, 1, tuesday("09:30")).await.id, ticket.id, "twice is the same number");
    assert_eq!(status(&office, 1).await, Status::Arrived);
}

#[tokio::test]
async fn what_is_cancelled_cannot_check_in() {
    let office = Office::open().await;
    let id = office.book(&wish(1, nine()), now()).await;
    office.cancel(1, id, now()).await.unwrap();
    assert_eq!(check_in(&office, 1, 1, nine()).await, queue::Arrival::Over);
    assert_eq!(check_in(&office, 2, 1, nine()).await, queue::Arrival::Over, "no such booking");
}

#[tokio::test]
async fn the_display_shows_numbers_and_counters_the_newest_first() {
    let office = Office::open().await;
    for number in 1..=2 {
        take(&office, number, "personalausweis", nine()).await;
    }
    next(&office, 1, nine()).await.unwrap();
    let second = next(&office, 2, nine() + minutes(1)).await.unwrap().unwrap();
    let shown = async |at: Timestamp| {
        let mut tx = office.tx().await;
        let day = nine().to_zoned(tx.tenant().zone.clone()).date();
        let calls = queue::recent_calls(&mut tx, 1, day, 6, at).await.unwrap();
        calls.into_iter().map(|it| (it.label, it.counter)).collect::<Vec<_>>()
    };
    assert_eq!(shown(nine() + minutes(1)).await, [("B102".to_owned(), 2), ("B101".to_owned(), 1)]);
    change!(office, serve, seen(&second), &BY, nine() + minutes(2)).unwrap();
    assert_eq!(shown(nine() + minutes(2)).await.len(), 2, "for a moment it stays, for whoever looks up late");
    assert_eq!(shown(nine() + minutes(5)).await, [("B101".to_owned(), 1)]);
}

#[tokio::test]
async fn numbers_are_forgotten_and_walk_ins_become_counts() {
    let office = Office::open().await;
    office.book(&wish(1, nine()), now()).await;
    number_of(&office, 1, nine()).await;
    take(&office, 11, "reisepass", nine()).await;
    let called = next(&office, 2, nine()).await.unwrap().expect("the appointment");
    change!(office, finish, seen(&called), &BY, nine()).unwrap();
    let called = next(&office, 2, nine()).await.unwrap().expect("the walk-in");
    change!(office, finish, seen(&called), &BY, nine()).unwrap();
    let run = async |days: i64| {
        let mut tx = office.tx().await;
        let report = retention::run(&mut tx, &office.rules, nine() + minutes(days * 24 * 60)).await.unwrap();
        tx.commit().await.unwrap();
        report.tickets
    };
    assert_eq!((run(14).await, run(15).await), (0, 2));
    let counts =
        "SELECT count(*) FROM appointment_count WHERE channel = 'walk_in' AND outcome = 'done' AND counter_id = 2";
    assert_eq!(office.count(counts).await, 2, "one line for the visit, one for the concern");
    assert_eq!(office.count("SELECT count(*) FROM ticket").await, 0);
}

#[tokio::test]
async fn the_desk_and_the_queue_tell_the_same_story() {
    let office = Office::open().await;
    let id = office.book(&wish(1, nine()), now()).await;
    let step = async |what: Step, version: i32| {
        let mut tx = office.tx().await;
        let done = desk::step(&mut tx, id, what, version, &BY, nine()).await;
        tx.commit().await.unwrap();
        let ticket = queue::of_appointment(&mut office.tx().await, id).await.unwrap();
        (done.ok(), ticket.map(|it| it.state))
    };
    use TicketState::{Called, Done, InService, NoShow, Waiting, Withdrawn};
    assert_eq!(step(Step::Arrive, 0).await, (Some(Status::Arrived), Some(Waiting)));
    assert_eq!(step(Step::Undo, 1).await, (Some(Status::Booked), Some(Withdrawn)));
    assert_eq!(step(Step::Arrive, 1).await, (None, Some(Withdrawn)), "an old version changes nothing");
    assert_eq!(step(Step::Call, 2).await, (Some(Status::Called), Some(Called)));
    assert_eq!(step(Step::Serve, 3).await, (Some(Status::InService), Some(InService)));
    assert_eq!(step(Step::Finish, 4).await, (Some(Status::Done), Some(Done)));
    assert_eq!(step(Step::NoShow, 5).await, (None, Some(Done)), "who was served has come");
    assert_eq!(step(Step::Undo, 5).await, (Some(Status::InService), Some(InService)));
    assert_eq!(step(Step::Undo, 6).await, (Some(Status::Called), Some(Called)));
    assert_eq!(step(Step::NoShow, 7).await, (Some(Status::NoShow), Some(NoShow)));
    let mut tx = office.tx().await;
    let shown = queue::recent_calls(&mut tx, 1, jiff::civil::date(2026, 12, 1), 6, nine()).await.unwrap();
    assert_eq!(shown, [], "nobody is called any more");
}

#[tokio::test]
async fn who_is_put_back_keeps_their_turn_and_another_day_counts_anew() {
    let office = Office::open().await;
    let id = office.book(&wish(1, nine()), now()).await;
    take(&office, 11, "reisepass", nine()).await;
    let first = number_of(&office, 1, tuesday("08:50")).await;
    let step = async |what: Step, version: i32, at: Timestamp| {
        let mut tx = office.tx().await;
        desk::step(&mut tx, id, what, version, &BY, at).await.unwrap();
        let ticket = queue::of_appointment(&mut tx, id).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        ticket
    };
    step(Step::Call, 1, nine()).await;
    let again = step(Step::Undo, 2, tuesday("09:20")).await;
    assert_eq!((again.label(), again.late, again.due_at), (first.label(), false, first.due_at));
    step(Step::Undo, 3, tuesday("09:20")).await;
    let tomorrow = nine() + minutes(24 * 60);
    let anew = step(Step::Arrive, 4, tomorrow).await;
    assert_eq!((anew.label(), anew.late, anew.due_at), ("A101".to_owned(), true, tomorrow));
    assert_ne!(anew.day, first.day);
}

#[tokio::test]
async fn who_is_moved_to_another_office_before_they_come_waits_there() {
    let office = Office::open().await;
    let id = office.book(&wish(1, nine()), now()).await;
    number_of(&office, 1, tuesday("08:50")).await;
    let step = async |what: Step, version: i32| {
        let mut tx = office.tx().await;
        desk::step(&mut tx, id, what, version, &BY, tuesday("08:51")).await.unwrap();
        tx.commit().await.unwrap();
        queue::of_appointment(&mut office.tx().await, id).await.unwrap().unwrap()
    };
    assert_eq!(step(Step::Undo, 1).await.state, TicketState::Withdrawn);
    let mut tx = office.tx().await;
    let there = Relocation { id, counter: 4, location: 2, start: tuesday("10:00"), over: &[], seen_version: 2 };
    desk::move_to(&mut tx, &there, &BY, &office.rules, now()).await.unwrap();
    tx.commit().await.unwrap();
    let here = step(Step::Arrive, 3).await;
    assert_eq!((here.location, here.state, here.due_at), (2, TicketState::Waiting, tuesday("10:00")));
    let mut tx = office.tx().await;
    let hall = queue::waiting(&mut tx, 2, here.day, nine()).await.unwrap();
    assert_eq!(hall.into_iter().map(|it| it.id).collect::<Vec<_>>(), [here.id]);
}

#[tokio::test]
async fn who_is_called_after_an_arrival_was_taken_back_is_called_today() {
    let office = Office::open().await;
    let id = office.book(&wish(1, nine()), now()).await;
    let step = async |what: Step, version: i32, at: Timestamp| {
        let mut tx = office.tx().await;
        desk::step(&mut tx, id, what, version, &BY, at).await.unwrap();
        tx.commit().await.unwrap();
    };
    step(Step::Arrive, 0, now()).await;
    step(Step::Undo, 1, now()).await;
    step(Step::Call, 2, nine()).await;
    let mut tx = office.tx().await;
    let shown = queue::recent_calls(&mut tx, 1, jiff::civil::date(2026, 12, 1), 6, nine()).await.unwrap();
    assert_eq!(shown.len(), 1, "the number of the day before would be on no display");
}

/// A clerk at the counter, a machine in the hall and a colleague who sends people on write the same day and the same
/// numbers: whoever takes the locks in another order is sent away by the database.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn arrivals_and_walk_ins_in_the_same_moment_do_not_deadlock() {
    let office = Office::open_for(16).await;
    let times = ["09:00", "09:15", "09:30", "09:45", "10:00", "10:15", "10:30", "10:45"];
    for (attempt, time) in (0..).zip(times) {
        for counter in 1..=3 {
            office
                .book(&wish(attempt * 3 + u128::try_from(counter).unwrap(), tuesday(time)).at(&[counter]), now())
                .await;
        }
    }
    let at = nine();
    let arriving = async |first: u128| {
        for attempt in (1..=24).skip(usize::try_from(first).unwrap()).step_by(3) {
            let id = office.view(attempt).await.appointments[0].id;
            let mut tx = office.tx().await;
            desk::step(&mut tx, id, Step::Arrive, 0, &BY, at).await.unwrap();
            tx.commit().await.unwrap();
        }
    };
    let machine = async |first: u128| {
        for number in 0..16 {
            let ticket = take(&office, 1000 * (first + 1) + number, "personalausweis", at).await;
            let location = if number % 2 == 0 { 2 } else { 1 };
            change!(office, send_to, seen(&ticket), Destination::Location(location), &OTHER, at).unwrap();
        }
    };
    tokio::join!(arriving(0), arriving(1), arriving(2), machine(0), machine(1), machine(2));
    assert_eq!(office.count("SELECT count(*) FROM ticket").await, 24 + 48);
}

#[tokio::test]
async fn from_the_day_one_counter_calls_one_person_as_well() {
    let office = Office::open().await;
    let first = office.book(&wish(1, nine()), now()).await;
    let second = office.book(&wish(2, tuesday("09:15")), now()).await;
    let step = async |id: Uuid, what: Step, version: i32| {
        let mut tx = office.tx().await;
        let done = desk::step(&mut tx, id, what, version, &BY, nine()).await;
        if done.is_ok() {
            tx.commit().await.unwrap();
        }
        done
    };
    step(first, Step::Call, 0).await.unwrap();
    let refused = step(second, Step::Call, 0).await;
    assert!(matches!(&refused, Err(DeskError::Occupied(it)) if it.appointment_id == Some(first)), "{refused:?}");
    let again = step(first, Step::Call, 1).await;
    assert!(matches!(again, Err(DeskError::NotPossible(Status::Called))), "it is not in its own way: {again:?}");
    step(second, Step::CallTo(2), 0).await.unwrap();
    let third = office.book(&wish(3, tuesday("09:30")).at(&[3]), now()).await;
    step(third, Step::CallTo(4), 0).await.unwrap();
    let there = queue::of_appointment(&mut office.tx().await, third).await.unwrap().unwrap();
    assert_eq!(there.counter, Some(3), "nobody is called to another office");
    let called = queue::of_appointment(&mut office.tx().await, second).await.unwrap().unwrap();
    assert_eq!(called.counter, Some(2), "where the colleague sits, not where it was planned");
    assert!(matches!(next(&office, 2, nine()).await, Err(QueueError::Occupied(_))));
}
