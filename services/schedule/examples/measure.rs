//! How fast the in-memory index answers: 10 counters, 180 days, 60 % booked, a combination of 50 minutes.

use std::hint::black_box;
use std::time::{Duration, Instant};

use jiff::civil::{Date, Time, date};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan};
use schedule::{Busy, Channel, Counter, DayFrame, Location, Offices, OpeningRule, Request, Town, TownIndex};
use tenancy::i18n::I18n;

const DAYS: u16 = 180;
const COUNTERS: i32 = 10;
const OFFICE: i32 = 1;
/// A Monday.
const FIRST: Date = date(2027, 1, 4);

fn main() {
    let (town, busy) = (town(), booked());
    let share = share_booked(&town, &busy);
    let index = TownIndex::of(town, FIRST, DAYS, &busy);
    let now = DayFrame::new(FIRST, &zone()).expect("a day").begins;
    let request = Request {
        location: None,
        concerns: &[1, 2],
        duration_minutes: 50,
        channel: Channel::Online,
        now,
        lead_minutes: 60,
        horizon_days: DAYS,
    };
    let last = FIRST.saturating_add(i64::from(DAYS - 1).days());
    let day = FIRST.saturating_add(21.days());

    let free = index.days_with_free(&request, FIRST, last).len();
    println!("{:.0} % booked, {free} of {DAYS} days free", share * 100.0);
    let days = microseconds(|| index.days_with_free(black_box(&request), FIRST, last).len());
    let counted = microseconds(|| index.free_days(black_box(&request), FIRST, last).len());
    let times = microseconds(|| index.day_times(black_box(&request), day).len());
    let naive = microseconds(|| naive_day(&busy, day));

    println!("days {days} counted {counted} times {times} naive {naive}");
}

/// Median time of one call, over batches of at least two milliseconds.
fn microseconds<T>(mut call: impl FnMut() -> T) -> f64 {
    let mut calls = 1u32;
    while elapsed(calls, &mut call) < Duration::from_millis(2) {
        calls *= 2;
    }
    median((0..101).map(|_| elapsed(calls, &mut call).as_secs_f64() * 1e6 / f64::from(calls)).collect())
}

fn elapsed<T>(calls: u32, call: &mut impl FnMut() -> T) -> Duration {
    let begin = Instant::now();
    for _ in 0..calls {
        black_box(call());
    }
    begin.elapsed()
}

fn zone() -> TimeZone {
    TimeZone::get("Europe/Berlin").expect("the zone is built in")
}

fn town() -> Town {
    let counter =
        |id| Counter { id, key: format!("c{id}"), location: OFFICE, name: String::new(), concerns: vec![1, 2, 3] };
    let location = Location {
        id: OFFICE,
        key: "office".into(),
        name: I18n::german("Amt"),
        street: String::new(),
        zip: String::new(),
        city: String::new(),
        how_to_find: None,
        access: None,
        phone: None,
        email: None,
    };
    let rule = OpeningRule {
        location: OFFICE,
        counters: vec![],
        weekdays: (1..=7).collect(),
        nth_of_month: vec![],
        every_weeks: 1,
        dates: vec![],
        opens: Time::constant(8, 0, 0, 0),
        closes: Time::constant(18, 0, 0, 0),
        valid_from: None,
        valid_until: None,
        step_minutes: 10,
        channel: Channel::Online,
        released_days_before: None,
        released_at: None,
        closes_minutes_before: 0,
        falls_online_hours_before: None,
    };
    let offices = Offices { locations: vec![location], counters: (1..=COUNTERS).map(counter).collect() };
    Town { zone: zone(), state: "NW".into(), offices, rules: vec![rule], closures: vec![] }
}

/// Appointments of 20 minutes on 60 % of the places, the same at every run.
fn booked() -> Vec<(i32, Busy)> {
    let mut seed = 7u64;
    let mut dice = move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % 100
    };
    let mut busy = Vec::new();
    for offset in 0..i64::from(DAYS) {
        let frame = DayFrame::new(FIRST.saturating_add(offset.days()), &zone()).expect("a day");
        let opens = frame.moment(Time::constant(8, 0, 0, 0));
        for counter in 1..=COUNTERS {
            for place in (0..30).filter(|_| dice() < 60).collect::<Vec<i64>>() {
                let from = opens + SignedDuration::from_mins(place * 20);
                busy.push((OFFICE, Busy { counter, from, until: from + SignedDuration::from_mins(20), lapses: None }));
            }
        }
    }
    busy
}

fn share_booked(town: &Town, busy: &[(i32, Busy)]) -> f64 {
    let places = f64::from(DAYS) * 30.0 * town.offices.counters.len() as f64;
    busy.len() as f64 / places
}

/// What a straightforward program does: every start, every counter, every appointment of the day.
fn naive_day(busy: &[(i32, Busy)], day: Date) -> usize {
    let frame = DayFrame::new(day, &zone()).expect("a day");
    let opens = frame.moment(Time::constant(8, 0, 0, 0));
    let (begins, ends) = (frame.begins, frame.instant(frame.cells));
    let first = busy.partition_point(|(_, it)| it.from < begins);
    let today: Vec<&Busy> = busy[first..].iter().map(|(_, it)| it).take_while(|it| it.from < ends).collect();
    let starts = (0..56).map(|step| opens + SignedDuration::from_mins(step * 10));
    let is_free = |start| {
        let end = start + SignedDuration::from_mins(50);
        (1..=COUNTERS).any(|counter| !today.iter().any(|it| it.counter == counter && it.from < end && start < it.until))
    };
    starts.filter(|start| is_free(*start)).count()
}
fn median(mut samples: Vec<f64>) -> f64 { samples.sort_by(f64::total_cmp); samples[samples.len()/2] }
