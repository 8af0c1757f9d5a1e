//! Each rule of what is offered, on a day that shows it. 1 December 2026 is a Tuesday.

use schedule::{Busy, Channel, Closed, Closure, LocationId, OpeningRule, Request};

use crate::town::{
    BRANCH, HALL, PASSPORT, PENSION, at, booked, clock, closure, day, hall, held, index, one_day, request, staff,
    times, town,
};

const NOBODY: &[(LocationId, Busy)] = &[];
const TUESDAY: &str = "2026-12-01";
const BEFORE: &str = "2026-11-20T09:00";

/// Porta Westfalica opens on the first Saturday of the month; in October 2025 that was moved to the second.
#[test]
fn the_first_saturday_and_its_exception() {
    let first = OpeningRule { nth_of_month: vec![1], ..hall(&[6], "08:30", "12:30") };
    let moved = OpeningRule { dates: vec![day("2025-10-11")], ..hall(&[], "08:30", "12:30") };
    let mut town = town(&[first, moved]);
    town.closures.push(closure("2025-10-04", "2025-10-04"));
    let asked = request("2025-09-01T08:00");
    let (why, free) = (|on| one_day(&town, &asked, on, NOBODY).why, |on| one_day(&town, &asked, on, NOBODY).free);
    assert_eq!(free("2025-09-06"), 8);
    assert!(matches!(why("2025-10-04"), Some(Closed::Closure(_))), "the exception");
    assert_eq!(free("2025-10-11"), 8, "in its place");
    assert_eq!(why("2025-10-18"), Some(Closed::NoOpening));
    assert_eq!(times(&town, &asked, "2025-10-11", NOBODY), "08:30 09:00 09:30 10:00 10:30 11:00 11:30 12:00");
    let all_saints = request("2025-10-01T08:00");
    assert!(matches!(one_day(&town, &all_saints, "2025-11-01", NOBODY).why, Some(Closed::Holiday(_))));
}

#[test]
fn hours_that_touch_join_and_each_rule_keeps_its_own_step() {
    let afternoon = OpeningRule { step_minutes: 20, ..hall(&[2], "09:00", "10:00") };
    let long = Request { duration_minutes: 45, ..request(BEFORE) };
    let joined = town(&[hall(&[2], "08:00", "09:00"), afternoon.clone()]);
    assert_eq!(times(&joined, &long, TUESDAY, NOBODY), "08:00 08:30 09:00");
    let apart = town(&[hall(&[2], "08:00", "08:55"), afternoon]);
    assert_eq!(times(&apart, &long, TUESDAY, NOBODY), "08:00 09:00", "five minutes between them part them");
}

#[test]
fn an_appointment_is_rounded_up_to_five_minutes() {
    let town = town(&[OpeningRule { step_minutes: 5, ..hall(&[2], "08:00", "08:20") }]);
    let minutes = |duration_minutes| times(&town, &Request { duration_minutes, ..request(BEFORE) }, TUESDAY, NOBODY);
    assert_eq!((minutes(11), minutes(15), minutes(16)), ("08:00 08:05".into(), "08:00 08:05".into(), "08:00".into()));
}

#[test]
fn a_staff_rule_is_for_staff_and_their_hours_join() {
    let kept = OpeningRule { channel: Channel::Staff, ..hall(&[2], "09:00", "10:00") };
    let town = town(&[hall(&[2], "08:00", "09:00"), kept]);
    let long = |asked| Request { duration_minutes: 60, ..asked };
    assert_eq!(times(&town, &long(request(BEFORE)), TUESDAY, NOBODY), "08:00");
    assert_eq!(times(&town, &long(staff(BEFORE)), TUESDAY, NOBODY), "08:00 08:30 09:00");
}

#[test]
fn times_are_released_days_before_at_their_hour() {
    let released = Some(clock("07:00"));
    let rule = OpeningRule { released_days_before: Some(14), released_at: released, ..hall(&[2], "08:00", "09:00") };
    let town = town(&[rule]);
    assert_eq!(times(&town, &request("2026-11-17T06:59:59"), TUESDAY, NOBODY), "");
    assert_eq!(times(&town, &request("2026-11-17T07:00"), TUESDAY, NOBODY), "08:00 08:30");
}

#[test]
fn a_rule_that_is_not_released_lends_its_hours_to_nobody() {
    let rule = OpeningRule { released_days_before: Some(1), ..hall(&[2], "09:00", "10:00") };
    let town = town(&[hall(&[2], "08:00", "09:00"), rule]);
    let long = |now| Request { duration_minutes: 60, ..request(now) };
    assert_eq!(times(&town, &long("2026-11-29T23:59"), TUESDAY, NOBODY), "08:00");
    assert_eq!(times(&town, &long("2026-11-30T00:00"), TUESDAY, NOBODY), "08:00 08:30 09:00");
}

#[test]
fn online_a_rule_closes_minutes_before_each_start() {
    let town = town(&[OpeningRule { closes_minutes_before: 60, ..hall(&[2], "08:00", "10:00") }]);
    assert_eq!(times(&town, &request("2026-12-01T08:00"), TUESDAY, NOBODY), "09:00 09:30");
    assert_eq!(times(&town, &request("2026-12-01T08:00:00.000001"), TUESDAY, NOBODY), "09:30");
    assert_eq!(times(&town, &staff("2026-12-01T08:00"), TUESDAY, NOBODY), "08:00 08:30 09:00 09:30");
}

#[test]
fn the_lead_time_holds_online_and_the_longer_of_both_counts() {
    let town = town(&[OpeningRule { closes_minutes_before: 60, ..hall(&[2], "08:00", "10:00") }]);
    let lead = |lead_minutes| times(&town, &Request { lead_minutes, ..request("2026-12-01T07:30") }, TUESDAY, NOBODY);
    assert_eq!((lead(30), lead(90)), ("08:30 09:00 09:30".into(), "09:00 09:30".into()));
    let overnight = Request { lead_minutes: 24 * 60, ..request("2026-11-30T09:00") };
    assert_eq!(times(&town, &overnight, TUESDAY, NOBODY), "09:00 09:30");
}

#[test]
fn what_staff_do_not_need_falls_online_start_by_start() {
    let kept =
        OpeningRule { channel: Channel::Staff, falls_online_hours_before: Some(24), ..hall(&[2], "08:00", "10:00") };
    let town = town(&[kept]);
    assert_eq!(times(&town, &request("2026-11-30T07:59"), TUESDAY, NOBODY), "");
    assert_eq!(times(&town, &request("2026-11-30T08:00"), TUESDAY, NOBODY), "08:00");
    assert_eq!(times(&town, &request("2026-11-30T09:29:59"), TUESDAY, NOBODY), "08:00 08:30 09:00");
    assert_eq!(times(&town, &request("2026-11-30T09:30"), TUESDAY, NOBODY), "08:00 08:30 09:00 09:30");
    assert_eq!(times(&town, &staff(BEFORE), TUESDAY, NOBODY), "08:00 08:30 09:00 09:30");
}

#[test]
fn a_rule_that_opens_at_midnight_falls_online_on_the_second() {
    let kept =
        OpeningRule { channel: Channel::Staff, falls_online_hours_before: Some(2), ..hall(&[2], "00:00", "01:00") };
    let town = town(&[kept]);
    assert_eq!(times(&town, &request("2026-11-30T21:59:59"), TUESDAY, NOBODY), "");
    assert_eq!(times(&town, &request("2026-11-30T22:00"), TUESDAY, NOBODY), "00:00");
}

#[test]
fn closures_close_the_town_an_office_or_a_counter() {
    let rules = [hall(&[2], "08:00", "09:00"), OpeningRule { location: BRANCH, ..hall(&[2], "08:00", "09:00") }];
    let closed = |closure: Closure| {
        let mut town = town(&rules);
        town.closures.push(closure);
        let starts = index(&town, &request(BEFORE), NOBODY).day_times(&request(BEFORE), day(TUESDAY));
        let candidates = index(&town, &request(BEFORE), NOBODY).candidates(&request(BEFORE), at("2026-12-01T08:00"));
        (starts.len(), candidates.iter().map(|it| it.counter).collect::<Vec<_>>())
    };
    let whole = closure("2026-11-30", TUESDAY);
    assert_eq!(closed(closure("2026-12-02", "2026-12-31")), (4, vec![1, 3, 2]));
    assert_eq!(closed(whole.clone()), (0, vec![]));
    assert_eq!(closed(Closure { location: Some(HALL), ..whole.clone() }), (2, vec![3]));
    assert_eq!(closed(Closure { location: Some(HALL), counter: Some(1), ..whole }), (4, vec![3, 2]));
}

#[test]
fn no_appointment_reaches_into_a_closure_of_some_hours() {
    let mut town = town(&[hall(&[2], "08:00", "12:00")]);
    town.closures.push(Closure { hours: Some((clock("09:00"), clock("10:30"))), ..closure(TUESDAY, TUESDAY) });
    let long = Request { duration_minutes: 60, ..request(BEFORE) };
    assert_eq!(times(&town, &long, TUESDAY, NOBODY), "08:00 10:30 11:00");
}

#[test]
fn a_public_holiday_closes_whatever_the_rules_say() {
    let christmas = OpeningRule { dates: vec![day("2026-12-25")], ..hall(&[5], "08:00", "12:00") };
    assert_eq!(times(&town(&[christmas]), &request(BEFORE), "2026-12-25", NOBODY), "");
}

#[test]
fn what_is_taken_is_not_offered_and_what_touches_it_is() {
    let town = town(&[OpeningRule { counters: vec![1], ..hall(&[2], "08:00", "10:00") }]);
    assert_eq!(times(&town, &request(BEFORE), TUESDAY, &[booked(1, "2026-12-01T08:30", 30)]), "08:00 09:00 09:30");
    assert_eq!(times(&town, &request(BEFORE), TUESDAY, &[booked(1, "2026-12-01T08:31", 2)]), "08:00 09:00 09:30");
    assert_eq!(
        times(&town, &request(BEFORE), TUESDAY, &[booked(2, "2026-12-01T08:30", 30)]),
        "08:00 08:30 09:00 09:30"
    );
}

#[test]
fn a_held_place_is_free_again_the_moment_its_time_is_over() {
    let town = town(&[OpeningRule { counters: vec![1], ..hall(&[2], "08:00", "09:00") }]);
    let held = [held(1, "2026-12-01T08:00", 30, "2026-11-20T09:15")];
    let index = index(&town, &request(BEFORE), &held);
    let free = |now| index.day_times(&request(now), day(TUESDAY)).len();
    assert_eq!((free("2026-11-20T09:14:59.999"), free("2026-11-20T09:15")), (1, 2), "without any event");
}

#[test]
fn one_counter_must_serve_everything() {
    let town = town(&[hall(&[2], "08:00", "09:00")]);
    let both = Request { concerns: &[PASSPORT, PENSION], ..request(BEFORE) };
    assert_eq!(times(&town, &both, TUESDAY, &[booked(1, "2026-12-01T08:00", 60)]), "08:00 08:30");
    assert_eq!(times(&town, &both, TUESDAY, &[booked(2, "2026-12-01T08:00", 60)]), "");
}

#[test]
fn the_last_day_is_that_of_the_horizon() {
    let town = town(&[hall(&[1, 2, 3, 4, 5], "08:00", "09:00")]);
    let asked = Request { horizon_days: 11, ..request(BEFORE) };
    assert_eq!(times(&town, &asked, TUESDAY, NOBODY), "08:00 08:30");
    assert_eq!(times(&town, &asked, "2026-12-02", NOBODY), "");
    let days = index(&town, &asked, NOBODY).free_days(&asked, day("2026-11-01"), day("2026-12-31"));
    assert_eq!((days.first().unwrap().day, days.last().unwrap().day), (day("2026-11-20"), day(TUESDAY)));
}

#[test]
fn a_start_at_several_counters_and_offices_counts_once() {
    let branch = OpeningRule { location: BRANCH, step_minutes: 20, ..hall(&[2], "08:40", "09:40") };
    let town = town(&[hall(&[2], "08:00", "09:30"), branch]);
    assert_eq!(one_day(&town, &request(BEFORE), TUESDAY, NOBODY).free, 4);
    assert_eq!(times(&town, &request(BEFORE), TUESDAY, NOBODY), "08:00 08:30 08:40 09:00 09:00");
    let here = Request { location: Some(BRANCH), ..request(BEFORE) };
    assert_eq!(times(&town, &here, TUESDAY, NOBODY), "08:40 09:00");
}
