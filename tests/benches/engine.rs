//! How fast the in-memory index answers: 10 counters, 180 days, 60 % booked, a combination of 50 minutes.

use std::hint::black_box;
use std::time::{Duration, Instant};

use e2e::bench::{Report, median};
use jiff::civil::{Date, Time, date};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan};
use schedule::{
    Busy, Channel, Counter, DayFrame, Location, Offices, OpeningRule, Request, Start, SuggestionKind, Town, TownIndex,
};
use tenancy::i18n::I18n;

const DAYS: u16 = 180;
const COUNTERS: i32 = 10;
const OFFICE: i32 = 1;
/// A Monday.
const FIRST: Date = date(2027, 1, 4);

fn main() {
    let busy = booked();
    let index = TownIndex::of(town(vec![all_day()]), FIRST, DAYS, &busy);
    let last = FIRST.saturating_add(i64::from(DAYS - 1).days());
    let day = FIRST.saturating_add(21.days());
    let asked = request();
    let free = index.free_days(&asked, FIRST, last).iter().filter(|it| it.free > 0).count();
    println!("{:.0} % booked, {free} of {DAYS} days free", share_booked(&busy) * 100.0);

    let mut report = Report::new("engine");
    let days = microseconds(|| index.free_days(black_box(&asked), FIRST, last));
    let times = microseconds(|| index.day_times(black_box(&asked), day));
    report.row("free_days_180_us", days, "µs", "< 20, every start counted");
    report.row("day_times_us", times, "µs", "< 2");
    report.row("suggestions_us", microseconds(|| suggestions(&index, black_box(&asked))), "µs", "all three");

    let rich = TownIndex::of(town(rich_rules()), FIRST, DAYS, &busy);
    let days_by_rules = microseconds(|| rich.free_days(black_box(&asked), FIRST, last));
    report.row("free_days_180_four_rules_us", days_by_rules, "µs", "released, kept for staff, closing early");

    let naive_times = microseconds(|| naive_day(&busy, day));
    let naive_days =
        microseconds(|| (0..i64::from(DAYS)).map(|it| naive_day(&busy, FIRST.saturating_add(it.days()))).max());
    report.row("day_times_share_of_naive", times / naive_times, "ratio", "a loop over appointments, in the same run");
    report.row("free_days_share_of_naive", days / naive_days, "ratio", "a loop over appointments, in the same run");

    let town = town(vec![all_day()]);
    let today = busy_on(&busy, day);
    report.row(
        "plan_day_us",
        microseconds(|| town.plan(OFFICE, day, &today)),
        "µs",
        "a day that has changed, planned anew",
    );
    report.row(
        "index_kb",
        kilobytes(|| TownIndex::of(town.clone(), FIRST, DAYS, &busy)),
        "kB",
        "memory of one such town",
    );
    report.finish();
}

fn request() -> Request<'static> {
    Request {
        location: None,
        concerns: &[1, 2],
        duration_minutes: 50,
        channel: Channel::Online,
        now: DayFrame::new(FIRST, &zone()).expect("a day").begins,
        lead_minutes: 60,
        horizon_days: DAYS,
        own: None,
    }
}

fn suggestions(index: &TownIndex, asked: &Request) -> [Option<Start>; 3] {
    use SuggestionKind::{AfterWorkOrSaturday, Afternoon, Earliest};
    [Earliest, Afternoon, AfterWorkOrSaturday].map(|kind| index.suggestions(asked, kind))
}

/// What one value takes, from the growth of this process by forty of them.
fn kilobytes<T>(make: impl Fn() -> T) -> f64 {
    let before = resident_kilobytes();
    let made: Vec<T> = (0..40).map(|_| make()).collect();
    (resident_kilobytes() - before) / made.len() as f64
}

fn resident_kilobytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|it| it.strip_prefix("VmRSS:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse().unwrap_or(f64::NAN)
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

fn town(rules: Vec<OpeningRule>) -> Town {
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
    let offices = Offices { locations: vec![location], counters: (1..=COUNTERS).map(counter).collect() };
    Town { zone: zone(), state: "NW".into(), offices, rules, closures: vec![] }
}

fn all_day() -> OpeningRule {
    OpeningRule {
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
    }
}

/// The same hours in four rules, each with a condition of its own.
fn rich_rules() -> Vec<OpeningRule> {
    let hours = |opens, closes| (Time::constant(opens, 0, 0, 0), Time::constant(closes, 0, 0, 0));
    let rule = |(opens, closes)| OpeningRule { opens, closes, ..all_day() };
    vec![
        OpeningRule { released_days_before: Some(400), closes_minutes_before: 30, ..rule(hours(8, 11)) },
        OpeningRule { released_days_before: Some(100), ..rule(hours(11, 13)) },
        OpeningRule { channel: Channel::Staff, falls_online_hours_before: Some(48), ..rule(hours(13, 14)) },
        OpeningRule { counters: (1..=5).collect(), ..rule(hours(14, 18)) },
    ]
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

fn share_booked(busy: &[(i32, Busy)]) -> f64 {
    busy.len() as f64 / (f64::from(DAYS) * 30.0 * f64::from(COUNTERS))
}

/// What is taken on a day. `busy` is in the order of days.
fn busy_on(busy: &[(i32, Busy)], day: Date) -> Vec<Busy> {
    let frame = DayFrame::new(day, &zone()).expect("a day");
    let (begins, ends) = (frame.begins, frame.instant(frame.cells));
    let first = busy.partition_point(|(_, it)| it.from < begins);
    busy[first..].iter().map(|(_, it)| *it).take_while(|it| it.from < ends).collect()
}

/// What a straightforward program does: every start, every counter, every appointment of the day.
fn naive_day(busy: &[(i32, Busy)], day: Date) -> usize {
    let opens = DayFrame::new(day, &zone()).expect("a day").moment(Time::constant(8, 0, 0, 0));
    let today = busy_on(busy, day);
    let starts = (0..56).map(|step| opens + SignedDuration::from_mins(step * 10));
    let is_free = |start| {
        let end = start + SignedDuration::from_mins(50);
        (1..=COUNTERS).any(|counter| !today.iter().any(|it| it.counter == counter && it.from < end && start < it.until))
    };
    starts.filter(|start| is_free(*start)).count()
}
