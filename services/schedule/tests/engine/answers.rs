//! Why a day is empty, which times are suggested, which counter is taken, and what is said when nothing is free.

use std::slice;

use schedule::SuggestionKind::{AfterWorkOrSaturday, Afternoon, Earliest};
use schedule::{
    Busy, Channel, Closed, Closure, LocationId, Nothing, OpeningRule, Request, Start, SuggestionKind, WhyNothing,
};

use crate::town::{
    BRANCH, HALL, PASSPORT, PENSION, WEDDING, at, booked, clock, closure, day, hall, held, index, one_day, request,
    town,
};

const NOBODY: &[(LocationId, Busy)] = &[];
const NOW: &str = "2026-11-30T07:00";

#[test]
fn a_day_without_times_says_why() {
    let weekdays = OpeningRule { counters: vec![1, 2], ..hall(&[1, 2, 3, 4, 5], "08:00", "09:00") };
    let late = OpeningRule { released_days_before: Some(7), ..hall(&[6], "08:00", "12:00") };
    let mut town = town(&[weekdays, late]);
    town.closures.push(closure("2026-12-09", "2026-12-10"));
    let taken = [booked(1, "2026-12-01T08:00", 60), booked(2, "2026-12-01T08:00", 60)];
    let why = |on| one_day(&town, &request(NOW), on, &taken).why;
    assert_eq!(why("2026-11-30"), None);
    assert_eq!(why("2026-12-01"), Some(Closed::Full));
    assert_eq!(why("2026-12-06"), Some(Closed::NoOpening));
    assert_eq!(why("2026-12-12"), Some(Closed::NotYetReleased(at("2026-12-05T00:00"))));
    assert_eq!(
        why("2026-12-09").map(|it| matches!(it, Closed::Closure(reason) if reason.get("de") == "Fortbildung")),
        Some(true)
    );
    assert_eq!(
        why("2026-12-25").map(|it| matches!(it, Closed::Holiday(name) if name.get("en") == "Christmas Day")),
        Some(true)
    );
    let later = one_day(&town, &request("2026-11-30T08:31"), "2026-11-30", &taken);
    assert_eq!(later.why, Some(Closed::Past));
}

#[test]
fn a_closure_is_the_reason_only_where_it_takes_something_away() {
    let mut town = town(&[OpeningRule { counters: vec![2], ..hall(&[1], "08:00", "12:00") }]);
    let some_hours = Some((clock("07:00"), clock("11:45")));
    town.closures.push(Closure {
        location: Some(HALL),
        counter: Some(2),
        hours: some_hours,
        ..closure("2026-11-30", "2026-12-31")
    });
    let why = |on| one_day(&town, &request(NOW), on, NOBODY).why;
    assert!(matches!(why("2026-12-07"), Some(Closed::Closure(_))), "fifteen minutes are left, too few");
    assert_eq!(why("2026-12-08"), Some(Closed::NoOpening), "never open on a Tuesday");
}

#[test]
fn hours_too_short_for_the_appointment_are_no_opening() {
    let town = town(&[hall(&[2], "08:00", "09:00")]);
    let long = Request { duration_minutes: 65, ..request(NOW) };
    assert_eq!(one_day(&town, &long, "2026-12-01", NOBODY).why, Some(Closed::NoOpening));
    assert_eq!(
        index(&town, &long, NOBODY).nothing_free(&long),
        Nothing { why: WhyNothing::NoOpening, released_at: None }
    );
}

#[test]
fn what_is_kept_for_staff_is_not_yet_released() {
    let kept =
        OpeningRule { channel: Channel::Staff, falls_online_hours_before: Some(24), ..hall(&[4], "08:00", "09:00") };
    let falls = at("2026-12-02T08:00");
    assert_eq!(
        one_day(&town(slice::from_ref(&kept)), &request(NOW), "2026-12-03", NOBODY).why,
        Some(Closed::NotYetReleased(falls))
    );
    let found = index(&town(slice::from_ref(&kept)), &request(NOW), NOBODY).nothing_free(&request(NOW));
    assert_eq!(found, Nothing { why: WhyNothing::NotYetReleased, released_at: Some(falls) });
    let never = OpeningRule { falls_online_hours_before: None, ..kept };
    assert_eq!(one_day(&town(&[never]), &request(NOW), "2026-12-03", NOBODY).why, Some(Closed::NoOpening));
}

#[test]
fn nothing_free_tells_the_next_release_at_which_something_is_free() {
    let rule = OpeningRule {
        released_days_before: Some(7),
        released_at: Some(clock("06:00")),
        ..hall(&[2, 3], "08:00", "08:30")
    };
    let rule = OpeningRule { counters: vec![1], ..rule };
    let town = town(&[rule]);
    let full =
        [booked(1, "2026-12-01T08:00", 30), booked(1, "2026-12-02T08:00", 30), booked(1, "2026-12-08T08:00", 30)];
    let asked = request(NOW);
    let found = index(&town, &asked, &full).nothing_free(&asked);
    // The 8th, released on the 1st, is taken already (by staff); so it is the 9th, released on the 2nd.
    assert_eq!(found, Nothing { why: WhyNothing::Full, released_at: Some(at("2026-12-02T06:00")) });
}

#[test]
fn nothing_free_waits_for_the_day_that_joins_the_horizon() {
    let town = town(&[OpeningRule { counters: vec![1], ..hall(&[2], "08:00", "08:30") }]);
    let asked = Request { horizon_days: 7, ..request(NOW) };
    let found = index(&town, &asked, &[booked(1, "2026-12-01T08:00", 30)]).nothing_free(&asked);
    assert_eq!(found, Nothing { why: WhyNothing::Full, released_at: Some(at("2026-12-01T00:00")) });
}

#[test]
fn nothing_free_says_when_nobody_serves_this() {
    let town = town(&[hall(&[2], "08:00", "09:00")]);
    let asked = Request { concerns: &[PASSPORT, WEDDING], ..request(NOW) };
    assert_eq!(
        index(&town, &asked, NOBODY).nothing_free(&asked),
        Nothing { why: WhyNothing::NotServed, released_at: None }
    );
    let elsewhere = Request { concerns: &[PENSION], location: Some(BRANCH), ..request(NOW) };
    assert_eq!(index(&town, &elsewhere, NOBODY).nothing_free(&elsewhere).why, WhyNothing::NotServed);
}

#[test]
fn suggestions_are_the_first_of_their_kind() {
    let rules = [hall(&[3], "08:00", "14:00"), hall(&[4], "15:00", "17:00"), hall(&[6], "09:00", "10:00")];
    let town = town(&rules);
    let asked = request("2026-12-01T09:00");
    let suggest = |kind: SuggestionKind| index(&town, &asked, NOBODY).suggestions(&asked, kind).map(|it| it.start);
    assert_eq!(suggest(Earliest), Some(at("2026-12-02T08:00")));
    assert_eq!(suggest(Afternoon), Some(at("2026-12-02T12:00")));
    assert_eq!(suggest(AfterWorkOrSaturday), Some(at("2026-12-03T16:00")));
    let later = request("2026-12-03T16:31");
    let saturday = index(&town, &later, NOBODY).suggestions(&later, AfterWorkOrSaturday);
    assert_eq!(saturday.map(|it| it.start), Some(at("2026-12-05T09:00")));
    let never = Request { location: Some(BRANCH), ..asked };
    assert_eq!(index(&town, &never, NOBODY).suggestions(&never, Earliest), None);
}

#[test]
fn the_nearest_times_come_first_from_both_sides() {
    let town = town(&[hall(&[2, 3, 4], "08:00", "10:00")]);
    let taken = [booked(1, "2026-12-02T08:30", 30), booked(2, "2026-12-02T08:30", 30)];
    let nearest = index(&town, &request(NOW), &taken).nearest(&request(NOW), at("2026-12-02T08:30"));
    let told = |it: &Start| it.local.strftime("%-d. %H:%M").to_string();
    let first: Vec<String> = nearest.iter().take(5).map(told).collect();
    assert_eq!(first, ["2. 08:00", "2. 09:00", "2. 09:30", "1. 09:30", "1. 09:00"]);
    let far = index(&town, &request(NOW), NOBODY).nearest(&request(NOW), at("2030-01-01T08:00"));
    assert_eq!(far.first().map(told).as_deref(), Some("28. 09:30"), "the last that can be booked");
}

#[test]
fn the_counter_is_taken_where_the_least_is_spoilt() {
    let town = town(&[OpeningRule { step_minutes: 5, ..hall(&[2], "08:00", "10:00") }]);
    let candidates = |start, taken: &[(LocationId, Busy)]| -> Vec<i32> {
        index(&town, &request(NOW), taken).candidates(&request(NOW), at(start)).iter().map(|it| it.counter).collect()
    };
    assert_eq!(candidates("2026-12-01T08:00", NOBODY), [1, 2], "between equals the one with fewer skills");
    let gap = [booked(2, "2026-12-01T09:00", 60), booked(1, "2026-12-01T09:10", 30)];
    assert_eq!(candidates("2026-12-01T08:30", &gap), [2, 1], "an exact fit rather than ten minutes left over");
    assert_eq!(candidates("2026-12-01T08:30", &[held(1, "2026-12-01T08:30", 5, "2026-11-30T07:05")]), [2]);
    assert_eq!(candidates("2026-12-01T08:32", NOBODY), [0; 0], "off the grid");
    assert_eq!(candidates("2026-11-30T06:30", NOBODY), [0; 0], "in the past");
    assert_eq!(candidates("2026-12-01T09:35", NOBODY), [0; 0], "too late for half an hour");
    assert_eq!(candidates("2027-06-01T08:00", NOBODY), [0; 0], "behind the horizon");
}

#[test]
fn the_calendar_tells_every_day_in_reach() {
    let town = town(&[hall(&[2], "08:00", "09:00")]);
    let days = index(&town, &request(NOW), NOBODY).free_days(&request(NOW), day("2026-12-01"), day("2026-12-08"));
    assert_eq!(days.iter().map(|it| it.free).collect::<Vec<_>>(), [2, 0, 0, 0, 0, 0, 0, 2]);
    assert!(days.iter().all(|it| it.why.is_none() == (it.free > 0)));
}
