//! The two nights in which the clock is changed: 28 March 2027 lacks an hour, 25 October 2026 has one twice.

use jiff::Timestamp;
use schedule::{OpeningRule, Request};

use crate::town::{at, day, hall, index, request, times, town};

/// A town that works through the night.
fn nights() -> schedule::Town {
    town(&[hall(&[7], "01:00", "04:00")])
}

#[test]
fn the_night_that_lacks_an_hour_has_two_for_three() {
    let asked = request("2027-03-01T08:00");
    assert_eq!(times(&nights(), &asked, "2027-03-21", &[]), "01:00 01:30 02:00 02:30 03:00 03:30");
    assert_eq!(times(&nights(), &asked, "2027-03-28", &[]), "01:00 01:30 03:00 03:30");
    let long = Request { duration_minutes: 120, ..asked };
    assert_eq!(times(&nights(), &long, "2027-03-28", &[]), "01:00", "from one to four by the clock are two hours");
}

#[test]
fn the_hour_that_comes_twice_is_offered_twice() {
    let asked = request("2026-10-01T08:00");
    assert_eq!(times(&nights(), &asked, "2026-10-25", &[]), "01:00 01:30 02:00 02:30 02:00 02:30 03:00 03:30");
    let starts: Vec<Timestamp> =
        index(&nights(), &asked, &[]).day_times(&asked, day("2026-10-25")).iter().map(|it| it.start).collect();
    assert!(starts.windows(2).all(|pair| pair[1].as_second() - pair[0].as_second() == 1800), "half an hour apart");
}

#[test]
fn office_hours_are_office_hours_on_both_days() {
    let town = town(&[hall(&[7], "10:00", "11:00")]);
    for (now, on) in [("2027-03-20T08:00", "2027-03-28"), ("2026-10-20T08:00", "2026-10-25")] {
        assert_eq!(times(&town, &request(now), on, &[]), "10:00 10:30");
        let start = index(&town, &request(now), &[]).day_times(&request(now), day(on))[0].start;
        assert_eq!(start, at(&format!("{on}T10:00")));
    }
}

#[test]
fn a_day_is_released_on_the_towns_clock_across_the_switch() {
    let rule = OpeningRule { released_days_before: Some(7), ..hall(&[2], "08:00", "08:30") };
    let released = |now| times(&town(std::slice::from_ref(&rule)), &request(now), "2027-03-30", &[]);
    assert_eq!((released("2027-03-22T23:59"), released("2027-03-23T00:00")), (String::new(), "08:00".into()));
}
