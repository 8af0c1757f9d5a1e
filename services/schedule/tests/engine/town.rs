//! Small towns for tests, and the questions asked of them in few words.

use std::sync::Arc;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};
use schedule::{
    Busy, Channel, Closure, ConcernId, Counter, CounterId, DayFree, Location, LocationId, Offices, OpeningRule,
    Request, Start, Town, TownIndex,
};
use tenancy::i18n::I18n;

/// The town hall, with the counters 1 and 2.
pub const HALL: LocationId = 1;
/// The branch office, with the counter 3.
pub const BRANCH: LocationId = 2;
/// What every counter serves.
pub const PASSPORT: ConcernId = 1;
/// What counter 2 alone serves.
pub const PENSION: ConcernId = 2;
/// What no counter serves together with a passport: only counter 4, of no office in use.
pub const WEDDING: ConcernId = 3;

/// A town in North Rhine-Westphalia with the given hours.
pub fn town(rules: &[OpeningRule]) -> Town {
    let counters =
        vec![counter(1, HALL, &[PASSPORT]), counter(2, HALL, &[PASSPORT, PENSION]), counter(3, BRANCH, &[PASSPORT])];
    let offices = Offices { locations: vec![location(HALL), location(BRANCH)], counters };
    Town { zone: zone(), state: "NW".into(), offices, rules: rules.to_vec(), closures: vec![] }
}

/// Opens the town hall on these weekdays (1 = Monday) from the hour to the hour, every half hour.
pub fn hall(weekdays: &[i8], from: &str, until: &str) -> OpeningRule {
    OpeningRule {
        location: HALL,
        counters: vec![],
        weekdays: weekdays.to_vec(),
        nth_of_month: vec![],
        every_weeks: 1,
        dates: vec![],
        opens: clock(from),
        closes: clock(until),
        valid_from: None,
        valid_until: None,
        step_minutes: 30,
        channel: Channel::Online,
        released_days_before: None,
        released_at: None,
        closes_minutes_before: 0,
        falls_online_hours_before: None,
    }
}

/// Closes the whole town on these days.
pub fn closure(first: &str, last: &str) -> Closure {
    let reason = Arc::new(I18n::german("Fortbildung"));
    Closure { location: None, counter: None, first: day(first), last: day(last), hours: None, reason }
}

/// A citizen's question about a passport, 30 minutes, with every day of the next 60 in reach.
pub fn request(now: &str) -> Request<'static> {
    Request {
        location: None,
        concerns: &[PASSPORT],
        duration_minutes: 30,
        channel: Channel::Online,
        now: at(now),
        lead_minutes: 0,
        horizon_days: 60,
        own: None,
    }
}

/// The same from behind the desk.
pub fn staff(now: &str) -> Request<'static> {
    Request { channel: Channel::Staff, ..request(now) }
}

/// A firm appointment.
pub fn booked(counter: CounterId, from: &str, minutes: i64) -> (LocationId, Busy) {
    let location = if counter == 3 { BRANCH } else { HALL };
    (location, Busy { counter, from: at(from), until: at(from) + minutes.minutes(), lapses: None })
}

/// A place that is free again from a moment on.
pub fn held(counter: CounterId, from: &str, minutes: i64, lapses: &str) -> (LocationId, Busy) {
    let (location, busy) = booked(counter, from, minutes);
    (location, Busy { lapses: Some(at(lapses)), ..busy })
}

/// The index as it would be loaded at the moment of the question.
pub fn index(town: &Town, request: &Request, busy: &[(LocationId, Busy)]) -> TownIndex {
    let today = request.now.to_zoned(town.zone.clone()).date();
    TownIndex::of(town.clone(), today, request.horizon_days, busy)
}

/// The starts of a day, as `08:30 10:00`.
pub fn times(town: &Town, request: &Request, on: &str, busy: &[(LocationId, Busy)]) -> String {
    let starts = index(town, request, busy).day_times(request, day(on));
    starts.iter().map(clock_of).collect::<Vec<_>>().join(" ")
}

/// What the calendar says about a day.
pub fn one_day(town: &Town, request: &Request, on: &str, busy: &[(LocationId, Busy)]) -> DayFree {
    let days = index(town, request, busy).free_days(request, day(on), day(on));
    days.into_iter().next().expect("the day can be booked")
}

/// `08:30`.
pub fn clock_of(start: &Start) -> String {
    start.local.strftime("%H:%M").to_string()
}

/// A wall-clock time in Berlin, `2026-12-01T08:00`.
pub fn at(text: &str) -> Timestamp {
    format!("{text}[Europe/Berlin]").parse::<Zoned>().expect("a time in Berlin").timestamp()
}

pub fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

pub fn clock(text: &str) -> Time {
    text.parse().expect("a time")
}

pub fn zone() -> TimeZone {
    TimeZone::get("Europe/Berlin").expect("the zone is built in")
}

pub fn counter(id: CounterId, location: LocationId, concerns: &[ConcernId]) -> Counter {
    Counter { id, key: format!("c{id}"), location, name: format!("Schalter {id}"), concerns: concerns.to_vec() }
}

pub fn location(id: LocationId) -> Location {
    Location {
        id,
        key: format!("l{id}"),
        name: I18n::german("Amt"),
        street: String::new(),
        zip: String::new(),
        city: String::new(),
        how_to_find: None,
        access: None,
        phone: None,
        email: None,
    }
}
