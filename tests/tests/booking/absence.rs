//! Someone is missing: whom it concerns, where they go, and taking it all back.

use booking::absence::{self, ApplyError, Closing, Decided, Decision, Missing, Outcome, Proposal, UndoError};
use booking::desk::{self, By, DayAppointment, NewItems, Relocation, Step};
use booking::{queue, retention};
use jiff::civil::date;
use jiff::{Timestamp, ToSpan as _};
use schedule::TownIndex;
use tenancy::town::Rules;
use uuid::Uuid;

use crate::office::{Office, now, now_plus, tuesday, wish};

const ABSENCE: Uuid = Uuid::from_u128(77);
const BY: By<'_> = By { staff_id: Uuid::from_u128(1), name: "Frau Yıldız" };

/// Counter 1 on Tuesday, all day.
fn missing() -> Missing {
    let day = date(2026, 12, 1);
    Missing { location: 1, counter: Some(1), first: day, last: day, hours: None }
}

/// Those concerned, each with what the page would propose.
async fn proposals(office: &Office) -> Vec<(absence::Affected, Proposal)> {
    proposals_of(office, &missing(), &office.rules).await
}

async fn proposals_of(office: &Office, missing: &Missing, rules: &Rules) -> Vec<(absence::Affected, Proposal)> {
    let mut tx = office.tx().await;
    office.index.refresh(&mut tx, now()).await.unwrap();
    let affected = absence::affected(&mut tx, missing, now()).await.unwrap();
    let zone = tx.tenant().zone.clone();
    let proposed = absence::propose(&office.index, missing, &affected, rules, &zone, now());
    affected.into_iter().zip(proposed).collect()
}

fn accept(all: &[(absence::Affected, Proposal)]) -> Vec<Decided> {
    all.iter()
        .map(|(it, proposal)| Decided {
            appointment_id: it.id,
            seen_version: it.version,
            decision: match proposal {
                Proposal::Absorb(spot) | Proposal::Move(spot) => Decision::Put(*spot),
                Proposal::Nothing => Decision::Keep,
            },
        })
        .collect()
}

async fn apply(office: &Office, decided: &[Decided]) -> Result<bool, ApplyError> {
    apply_at(office, decided, now()).await
}

async fn apply_at(office: &Office, decided: &[Decided], at: Timestamp) -> Result<bool, ApplyError> {
    let mut tx = office.tx().await;
    let closing = Closing { id: ABSENCE, missing: &missing(), reason: "krank", decided };
    let done = absence::apply(&mut tx, &closing, &BY, &office.rules, at).await;
    match &done {
        Ok(_) => tx.commit().await.unwrap(),
        Err(_) => tx.rollback().await.unwrap(),
    }
    done
}

async fn undo(office: &Office, minutes: i64) -> Result<absence::Undone, UndoError> {
    let mut tx = office.tx().await;
    let done = absence::undo(&mut tx, ABSENCE, &BY, &office.rules, now_plus(minutes)).await;
    tx.commit().await.unwrap();
    done
}

/// At 9:00 all three counters are taken, at 10:00 only the first.
async fn a_full_morning(office: &Office) -> [Uuid; 2] {
    for (attempt, counter) in [(2, 2), (3, 3)] {
        office.book(&wish(attempt, tuesday("09:00")).at(&[counter]), now()).await;
    }
    let crowded = office.book(&wish(1, tuesday("09:00")), now()).await;
    let easy = office.book(&wish(4, tuesday("10:00")), now()).await;
    [crowded, easy]
}

#[tokio::test]
async fn who_can_be_absorbed_stays_at_their_time_and_the_others_get_the_nearest_one() {
    let office = Office::open().await;
    let [crowded, easy] = a_full_morning(&office).await;
    let all = proposals(&office).await;
    assert_eq!(all.iter().map(|(it, _)| it.id).collect::<Vec<_>>(), [crowded, easy], "only counter 1");
    let Proposal::Move(moved) = all[0].1 else { panic!("{:?}", all[0].1) };
    assert!(moved.start == tuesday("08:45") || moved.start == tuesday("09:15"), "{moved:?}");
    assert_ne!(moved.counter, 1);
    let Proposal::Absorb(absorbed) = all[1].1 else { panic!("{:?}", all[1].1) };
    assert_eq!(absorbed.start, tuesday("10:00"));
    assert_ne!(absorbed.counter, 1);

    assert!(apply(&office, &accept(&all)).await.unwrap());
    assert!(!apply(&office, &accept(&all)).await.unwrap(), "the same form once more");
    let (first, fourth) = (office.view(1).await, office.view(4).await);
    assert_eq!(first.appointments[0].start, moved.start);
    assert_eq!(first.appointments[0].sequence, 1, "the calendar is told");
    assert_eq!(fourth.appointments[0].start, tuesday("10:00"));
    assert_eq!(fourth.appointments[0].sequence, 0, "nothing new for the citizen");
    assert_eq!(office.count("SELECT count(*) FROM mail WHERE kind = 'moved_by_town' AND state = 'waiting'").await, 1);
    assert_eq!(office.count("SELECT count(*) FROM mail WHERE kind = 'reminder' AND state = 'waiting'").await, 4);
    assert_eq!(office.count("SELECT count(*) FROM booking_event WHERE staff_name = 'Frau Yıldız'").await, 2);
    assert_eq!(office.count("SELECT count(*) FROM closure WHERE by_staff AND counter_id = 1").await, 1);

    let mut tx = office.tx().await;
    let known = absence::find(&mut tx, ABSENCE).await.unwrap().unwrap();
    assert_eq!(known.changes.iter().map(|it| it.outcome).collect::<Vec<_>>(), [Outcome::Moved, Outcome::Absorbed]);
    assert!(known.can_undo(now_plus(9)) && !known.can_undo(now_plus(10)));
    assert_eq!(absence::open(&mut tx, 1, date(2026, 12, 1)).await.unwrap().len(), 1);
    assert!(absence::open(&mut tx, 1, date(2026, 12, 2)).await.unwrap().is_empty());
}

/// Three weeks at the town hall; the branch office is open on Tuesdays.
#[tokio::test]
async fn nobody_waits_for_weeks_that_only_staff_can_see_while_another_office_has_room() {
    let office = Office::open().await;
    office.book(&wish(1, tuesday("09:00")), now()).await;
    let closed = Missing { counter: None, last: date(2026, 12, 21), ..missing() };
    let spot = async |horizon_days| {
        let rules = Rules { horizon_days, ..office.rules.clone() };
        let all = proposals_of(&office, &closed, &rules).await;
        let Proposal::Move(spot) = all[0].1 else { panic!("{:?}", all[0].1) };
        (spot.location, spot.start)
    };
    assert_eq!(spot(14).await, (2, tuesday("09:00")));
    let (location, start) = spot(42).await;
    assert!(location == 1 && start > tuesday("09:00") + 480.hours(), "so far citizens book, too: {start}");
    let tuesday_is_over = "DELETE FROM opening_rule WHERE location_id = 2; UPDATE town SET version = version + 1";
    let mut tx = office.tx().await;
    sqlx::raw_sql(tuesday_is_over).execute(tx.conn()).await.unwrap();
    let index = TownIndex::load(&mut tx, now(), office.rules.staff_horizon()).await.unwrap();
    tx.commit().await.unwrap();
    let office = Office { index, ..office };
    let all = proposals_of(&office, &closed, &Rules { horizon_days: 14, ..office.rules.clone() }).await;
    assert!(matches!(all[0].1, Proposal::Move(spot) if spot.location == 1), "else as far as staff look");
}

#[tokio::test]
async fn it_is_taken_back_as_long_as_no_mail_is_out() {
    let office = Office::open().await;
    let [crowded, easy] = a_full_morning(&office).await;
    let mut decided = accept(&proposals(&office).await);
    decided[0].decision = Decision::Cancel;
    apply(&office, &decided).await.unwrap();
    assert_eq!(office.view(1).await.appointments[0].status, booking::Status::Cancelled);

    let undone = undo(&office, 9).await.unwrap();
    assert!(undone.left.is_empty() && !undone.was_already);
    for (attempt, id, start) in [(1, crowded, "09:00"), (4, easy, "10:00")] {
        let back = &office.view(attempt).await.appointments[0];
        assert_eq!((back.id, back.start, back.counter), (id, tuesday(start), 1));
        assert_eq!(back.status, booking::Status::Booked);
    }
    assert_eq!(
        office.count("SELECT count(*) FROM mail WHERE kind = 'cancelled_by_town' AND state <> 'dropped'").await,
        0
    );
    assert_eq!(office.count("SELECT count(*) FROM mail WHERE kind = 'reminder' AND state = 'waiting'").await, 4);
    assert_eq!(office.count("SELECT count(*) FROM closure WHERE by_staff").await, 0);
    assert!(undo(&office, 9).await.unwrap().was_already);
}

#[tokio::test]
async fn when_the_mails_are_out_it_stays() {
    let office = Office::open().await;
    a_full_morning(&office).await;
    apply(&office, &accept(&proposals(&office).await)).await.unwrap();
    assert!(matches!(undo(&office, 10).await, Err(UndoError::TooLate)));
    assert_eq!(office.count("SELECT count(*) FROM closure WHERE by_staff").await, 1);
}

#[tokio::test]
async fn what_somebody_has_changed_since_is_not_put_back() {
    let office = Office::open().await;
    let [crowded, _] = a_full_morning(&office).await;
    apply(&office, &accept(&proposals(&office).await)).await.unwrap();
    office.cancel(1, crowded, now_plus(1)).await.unwrap();
    assert_eq!(undo(&office, 5).await.unwrap().left, [crowded]);
    assert_eq!(office.view(1).await.appointments[0].status, booking::Status::Cancelled);
    assert_eq!(office.view(4).await.appointments[0].counter, 1);
}

#[tokio::test]
async fn nothing_is_done_by_half() {
    let office = Office::open().await;
    let [crowded, _] = a_full_morning(&office).await;
    let all = proposals(&office).await;
    let decided = accept(&all);
    let Proposal::Move(spot) = all[0].1 else { panic!("{:?}", all[0].1) };

    // Somebody takes the very place meanwhile.
    office.book(&wish(5, spot.start).at(&[spot.counter]), now()).await;
    let Err(ApplyError::Taken(taken)) = apply(&office, &decided).await else { panic!("it was free") };
    assert_eq!(taken, [crowded]);
    assert_eq!(office.count("SELECT count(*) FROM absence").await, 0);
    assert_eq!(office.count("SELECT count(*) FROM closure WHERE by_staff").await, 0);

    // Somebody books at the counter that is to be closed.
    let late = office.book(&wish(6, tuesday("11:00")), now()).await;
    let Err(ApplyError::Outdated(outdated)) = apply(&office, &decided).await else { panic!("one is missing") };
    assert_eq!(outdated, [late]);

    let fresh = proposals(&office).await;
    assert!(apply(&office, &accept(&fresh)).await.unwrap());
    assert_eq!(office.count("SELECT count(*) FROM appointment WHERE counter_id = 1 AND blocks").await, 0);
}

#[tokio::test]
async fn who_is_typing_chooses_another_time() {
    let office = Office::open().await;
    office.hold(&wish(1, tuesday("09:00")), now()).await.unwrap();
    assert!(apply(&office, &[]).await.unwrap());
    let refused = office.confirm(1, "lea@example.org", now()).await;
    assert!(matches!(refused, Err(booking::ConfirmError::Incomplete { position: 1 })), "{refused:?}");
}

async fn seen(office: &Office, appointment: Uuid) -> DayAppointment {
    desk::appointment(&mut office.tx().await, appointment).await.unwrap().unwrap()
}

/// Somebody at counter 1 at 9, and somebody else on top of them.
async fn two_in_one_place(office: &Office) -> [Uuid; 2] {
    let below = office.book(&wish(1, tuesday("09:00")), now()).await;
    let on_top = office.book(&wish(2, tuesday("11:00")).at(&[2]), now()).await;
    let wish =
        Relocation { id: on_top, counter: 1, location: 1, start: tuesday("09:00"), over: &[below], seen_version: 0 };
    let mut tx = office.tx().await;
    desk::move_to(&mut tx, &wish, &BY, &office.rules, now()).await.unwrap();
    tx.commit().await.unwrap();
    [below, on_top]
}

#[tokio::test]
async fn who_stood_on_top_of_others_returns_there() {
    let office = Office::open().await;
    let [below, on_top] = two_in_one_place(&office).await;
    apply(&office, &accept(&proposals(&office).await)).await.unwrap();
    assert!(!seen(&office, on_top).await.overbooked, "there is room at the other counters");
    assert!(undo(&office, 5).await.unwrap().left.is_empty());
    for (id, overbooked) in [(below, false), (on_top, true)] {
        let it = seen(&office, id).await;
        assert_eq!((it.counter, it.start, it.overbooked), (1, tuesday("09:00"), overbooked));
    }
}

#[tokio::test]
async fn who_is_in_the_hall_already_gets_the_place_of_whoever_leaves() {
    for decision in [None, Some(Decision::Cancel)] {
        let office = Office::open().await;
        let [below, on_top] = two_in_one_place(&office).await;
        let mut tx = office.tx().await;
        desk::step(&mut tx, on_top, Step::Arrive, 1, &BY, now()).await.unwrap();
        tx.commit().await.unwrap();
        let mut decided = accept(&proposals(&office).await);
        assert_eq!(decided.iter().map(|it| it.appointment_id).collect::<Vec<_>>(), [below]);
        decided[0].decision = decision.unwrap_or(decided[0].decision);
        apply(&office, &decided).await.unwrap();
        assert!(!seen(&office, on_top).await.overbooked, "{decision:?}");
    }
}

#[tokio::test]
async fn what_takes_longer_by_now_is_not_put_back() {
    let office = Office::open().await;
    let id = office.book(&wish(1, tuesday("09:00")), now()).await;
    apply(&office, &accept(&proposals(&office).await)).await.unwrap();
    let it = seen(&office, id).await;
    let mut tx = office.tx().await;
    desk::change_items(
        &mut tx,
        id,
        &NewItems { items: &it.items, minutes: 40, over: &[], seen_version: it.version },
        &BY,
        now(),
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(undo(&office, 5).await.unwrap().left, [id]);
    let it = seen(&office, id).await;
    assert_eq!((it.minutes, it.end.duration_since(it.start).as_mins()), (40, 40));
}

#[tokio::test]
async fn an_undo_in_the_last_second_is_not_overtaken_by_the_mail() {
    let office = Office::open().await;
    let [crowded, _] = a_full_morning(&office).await;
    apply(&office, &accept(&proposals(&office).await)).await.unwrap();
    let late = "SELECT count(*) FROM mail, absence WHERE kind = 'moved_by_town' AND due_at > send_at";
    assert_eq!(office.count(late).await, 1);
    // Whoever has been told nevertheless keeps what they were told.
    let mut tx = office.tx().await;
    sqlx::query("UPDATE mail SET state = 'sent' WHERE kind = 'moved_by_town'").execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(undo(&office, 9).await.unwrap().left, [crowded]);
}

#[tokio::test]
async fn who_confirms_in_the_moment_of_closing_is_not_forgotten() {
    let office = Office::open().await;
    let held = office.hold(&wish(1, tuesday("09:00")), now()).await.unwrap();
    let mut tx = office.tx().await;
    let person = crate::office::person("lea@example.org");
    booking::confirm(&mut tx, &office.key(1).token, &person, &office.rules, now()).await.unwrap();
    let confirming = async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        tx.commit().await.unwrap();
    };
    let (closed, ()) = tokio::join!(apply(&office, &[]), confirming);
    let Err(ApplyError::Outdated(outdated)) = closed else { panic!("{closed:?}") };
    assert_eq!(outdated, [held.appointment_id]);
}

#[tokio::test]
async fn nobody_is_put_where_it_is_closed() {
    let office = Office::open().await;
    let id = office.book(&wish(1, tuesday("09:00")), now()).await;
    let mut decided = accept(&proposals(&office).await);
    let Decision::Put(spot) = decided[0].decision else { panic!("{decided:?}") };
    decided[0].decision = Decision::Put(absence::Spot { counter: 1, ..spot });
    let refused = apply(&office, &decided).await;
    assert!(matches!(&refused, Err(ApplyError::Outdated(ids)) if *ids == [id]), "{refused:?}");
}

#[tokio::test]
async fn who_has_to_be_called_is_known_until_they_are_called() {
    let office = Office::open().await;
    let id = office.book(&wish(1, tuesday("09:00")), now()).await;
    let mut tx = office.tx().await;
    sqlx::query("UPDATE booking SET email = NULL, phone = '02389 710'").execute(tx.conn()).await.unwrap();
    sqlx::query("DELETE FROM mail").execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
    let mut decided = accept(&proposals(&office).await);
    decided[0].decision = Decision::Cancel;
    apply(&office, &decided).await.unwrap();
    let run = async |minutes: i64| {
        let mut tx = office.tx().await;
        let report = retention::run(&mut tx, &office.rules, now_plus(minutes)).await.unwrap();
        let known = absence::find(&mut tx, ABSENCE).await.unwrap().unwrap().changes.remove(0);
        tx.commit().await.unwrap();
        (report.bookings, known.phone)
    };
    let next_day = 25 * 60;
    assert_eq!(run(next_day).await, (0, Some("02389 710".to_owned())), "cancelled ones go after a day");
    let mut tx = office.tx().await;
    assert!(absence::phoned(&mut tx, ABSENCE, id, now_plus(next_day)).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(run(next_day).await, (1, None));
    // The closure goes with what was written about the absence.
    let mut tx = office.tx().await;
    retention::run(&mut tx, &office.rules, now_plus(40 * 24 * 60)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(office.count("SELECT count(*) FROM closure WHERE by_staff").await, 0);
}

#[tokio::test]
async fn whoever_is_on_their_way_is_called_as_well() {
    let office = Office::open().await;
    let [crowded, _] = a_full_morning(&office).await;
    let mut tx = office.tx().await;
    sqlx::query("UPDATE booking SET phone = '02389 710'").execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
    let decided = accept(&proposals(&office).await);
    apply_at(&office, &decided, tuesday("06:30")).await.unwrap();
    let known = absence::find(&mut office.tx().await, ABSENCE).await.unwrap().unwrap();
    let to_call: Vec<Uuid> = known.changes.iter().filter(|it| it.phone_first).map(|it| it.appointment_id).collect();
    assert_eq!(to_call, [crowded], "the other one stays at its time");
    assert_eq!(office.count("SELECT count(*) FROM mail WHERE kind = 'moved_by_town'").await, 1);
}

#[tokio::test]
async fn who_was_sent_to_the_colleague_waits_for_anybody_now() {
    let office = Office::open().await;
    let at = tuesday("08:30");
    let mut tx = office.tx().await;
    let new = queue::NewTicket {
        id: Uuid::from_u128(5),
        location: 1,
        items: Vec::new(),
        name: "",
        priority_reason: "",
        by: BY.name,
    };
    let ticket = queue::take(&mut tx, new, at).await.unwrap();
    let change = queue::Change { id: ticket.id, seen_version: ticket.version };
    queue::send_to(&mut tx, change, queue::Destination::Counter(1), &BY, at).await.unwrap();
    tx.commit().await.unwrap();
    apply_at(&office, &[], at).await.unwrap();
    let mut tx = office.tx().await;
    let called = queue::next(&mut tx, 1, 2, &[1, 2, 3, 5], &BY, at).await.unwrap();
    assert_eq!(called.map(|it| it.id), Some(ticket.id));
}

#[tokio::test]
async fn what_was_closed_in_error_does_not_swallow_the_news_of_the_absence_before() {
    let office = Office::open().await;
    let [crowded, _] = a_full_morning(&office).await;
    apply(&office, &accept(&proposals(&office).await)).await.unwrap();
    let first = seen(&office, crowded).await;
    // The wrong counter, and back again: nobody has been told of that.
    let error = Uuid::from_u128(78);
    let missing = Missing { counter: Some(first.counter), ..missing() };
    let mut tx = office.tx().await;
    let affected = absence::affected(&mut tx, &missing, now()).await.unwrap();
    let elsewhere =
        absence::Spot { location: 1, counter: 5 - first.counter, start: tuesday("14:00"), end: tuesday("14:15") };
    let decided: Vec<Decided> = affected
        .iter()
        .map(|it| Decided {
            appointment_id: it.id,
            seen_version: it.version,
            decision: if it.id == crowded { Decision::Put(elsewhere) } else { Decision::Keep },
        })
        .collect();
    let closing = Closing { id: error, missing: &missing, reason: "", decided: &decided };
    absence::apply(&mut tx, &closing, &BY, &office.rules, now()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(seen(&office, crowded).await.start, tuesday("14:00"));
    let mut tx = office.tx().await;
    assert!(absence::undo(&mut tx, error, &BY, &office.rules, now_plus(1)).await.unwrap().left.is_empty());
    tx.commit().await.unwrap();
    assert_eq!(seen(&office, crowded).await.start, first.start);
    // The worker drops news of another sequence.
    let good = "SELECT count(*) FROM mail m JOIN appointment a ON a.id = m.appointment_id AND a.sequence = m.sequence
                 WHERE m.kind = 'moved_by_town' AND m.state = 'waiting'";
    assert_eq!(office.count(good).await, 1);
}

#[tokio::test]
async fn who_is_back_sooner_opens_again_and_nobody_is_moved_twice() {
    let office = Office::open().await;
    let [crowded, _] = a_full_morning(&office).await;
    apply(&office, &accept(&proposals(&office).await)).await.unwrap();
    let moved = seen(&office, crowded).await;
    let open_again = async |id: Uuid, at: Timestamp| {
        let mut tx = office.tx().await;
        let done = absence::open_again(&mut tx, id, &BY, at).await.unwrap();
        tx.commit().await.unwrap();
        done
    };
    assert_eq!(open_again(Uuid::nil(), now()).await, None);
    assert_eq!(open_again(ABSENCE, tuesday("07:30")).await, Some(true));
    assert_eq!(open_again(ABSENCE, tuesday("07:30")).await, Some(false), "the same form once more");
    assert_eq!(seen(&office, crowded).await, moved);
    let free = office.candidates(&wish(9, tuesday("09:00")), tuesday("07:30")).await;
    assert!(free.iter().any(|it| it.counter == 1), "{free:?}");
    let mut tx = office.tx().await;
    let known = absence::find(&mut tx, ABSENCE).await.unwrap().unwrap();
    let zone = tx.tenant().zone.clone();
    assert!(!known.can_open_again(tuesday("07:30"), &zone) && !known.can_undo(now()));
    assert_eq!((known.reopened_at, known.reopened_by.as_str()), (Some(tuesday("07:30")), BY.name));
    assert!(absence::open(&mut tx, 1, date(2026, 12, 1)).await.unwrap().is_empty());
    drop(tx);
    assert!(matches!(undo(&office, 5).await, Err(UndoError::TooLate)));
}

#[tokio::test]
async fn days_that_are_over_stay_closed_when_it_opens_again() {
    let office = Office::open().await;
    let missing = Missing { first: date(2026, 11, 30), last: date(2026, 12, 4), ..missing() };
    let mut tx = office.tx().await;
    let closing = Closing { id: ABSENCE, missing: &missing, reason: "", decided: &[] };
    absence::apply(&mut tx, &closing, &BY, &office.rules, now()).await.unwrap();
    assert_eq!(absence::open_again(&mut tx, ABSENCE, &BY, tuesday("10:00")).await.unwrap(), Some(true));
    tx.commit().await.unwrap();
    let left = "SELECT count(*) FROM closure WHERE by_staff AND first_day = '2026-11-30' AND last_day = '2026-11-30'";
    assert_eq!(office.count(left).await, 1);
}
