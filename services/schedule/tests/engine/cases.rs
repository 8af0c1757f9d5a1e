//! Random towns, what is taken in them and what is asked, with the days and moments at which rules have their edges.

use std::sync::Arc;

use jiff::civil::{Date, Time, date};
use jiff::{SignedDuration, Timestamp, ToSpan};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use schedule::{Busy, Channel, Closure, LocationId, Offices, OpeningRule, Request, Town, TownIndex};
use tenancy::i18n::I18n;

use crate::town::{BRANCH, HALL, counter, location, zone};

/// A town, a day in it, and a question.
#[derive(Clone, Debug)]
pub struct Case {
    pub day: Date,
    pub town: Town,
    pub busy: Vec<(LocationId, Busy)>,
    pub now: Timestamp,
    location: Option<LocationId>,
    concerns: Vec<i32>,
    minutes: u16,
    is_staff: bool,
    lead: u32,
}

impl Case {
    pub fn request(&self) -> Request<'_> {
        Request {
            location: self.location,
            concerns: &self.concerns,
            duration_minutes: self.minutes,
            channel: if self.is_staff { Channel::Staff } else { Channel::Online },
            now: self.now,
            lead_minutes: self.lead,
            horizon_days: 5,
            own: None,
        }
    }

    /// The index as it would be loaded at `now`.
    pub fn index(&self, now: Timestamp) -> TownIndex {
        self.index_of(now, 5)
    }

    /// The same with so many days, which others may look at.
    pub fn index_of(&self, now: Timestamp, days: u16) -> TownIndex {
        TownIndex::of(self.town.clone(), now.to_zoned(self.town.zone.clone()).date(), days, &self.busy)
    }
}

pub fn case() -> impl Strategy<Value = Case> {
    some_day().prop_flat_map(|day| {
        let town = (vec(rule(day), 1..5), vec(closure(day), 0..2));
        // Now: from four days before to the end of the day, right on a cell or to the second.
        let now = prop_oneof![-4 * 86_400..90_000i64, (-4 * 288..300i64).prop_map(|cell| cell * 300)];
        let asked = (now, option::weighted(0.3, HALL..=BRANCH), concerns(), minutes(), any::<bool>(), 0..180u32);
        (Just(day), town, taken(), asked).prop_map(|(day, (rules, closures), taken, asked)| {
            let (seconds, location, concerns, minutes, is_staff, lead) = asked;
            let town = Town { zone: zone(), state: "NW".into(), offices: offices(), rules, closures };
            let begins = day.to_zoned(zone()).expect("within the calendar").timestamp();
            let now = begins + SignedDuration::from_secs(seconds);
            let busy = taken.iter().map(|it| place(it, begins, now)).collect();
            Case { day, town, busy, now, location, concerns, minutes, is_staff, lead }
        })
    })
}

/// Both switch days, holidays, ends of months and years, and ordinary days.
fn some_day() -> impl Strategy<Value = Date> {
    prop_oneof![
        2 => Just(date(2026, 10, 25)),
        2 => Just(date(2027, 3, 28)),
        1 => Just(date(2026, 12, 24)),
        1 => Just(date(2026, 12, 31)),
        4 => (0..400i64).prop_map(|offset| date(2026, 9, 1).saturating_add(offset.days())),
    ]
}

/// Three counters with different skills at one office, one at another.
fn offices() -> Offices {
    let counters = [(1, HALL, &[1, 2, 3][..]), (2, HALL, &[1, 2]), (3, HALL, &[3]), (4, BRANCH, &[1, 3])];
    let counters = counters.iter().map(|(id, location, concerns)| counter(*id, *location, concerns)).collect();
    Offices { locations: vec![location(HALL), location(BRANCH)], counters }
}

fn concerns() -> impl Strategy<Value = Vec<i32>> {
    select(vec![vec![1], vec![3], vec![1, 3], vec![1, 2], vec![2, 3]])
}

fn minutes() -> impl Strategy<Value = u16> {
    prop_oneof![2 => 1..35u16, 1 => 35..150u16]
}

fn rule(day: Date) -> impl Strategy<Value = OpeningRule> {
    let place = prop_oneof![3 => (Just(HALL), vec(1..=3i32, 0..3)), 1 => (Just(BRANCH), Just(vec![]))];
    let shape = (place, hours(), days(day), select(vec![5u16, 10, 15, 20, 30, 60]));
    let to_whom =
        (any::<bool>(), option::weighted(0.3, 0..4u16), option::of(time_of_day()), option::of(0..30u32), 0..4u32);
    (shape, to_whom).prop_map(|(((location, counters), hours, days, step), (is_staff, before, at, falls, closes))| {
        OpeningRule {
            location,
            counters,
            opens: hours.0,
            closes: hours.1,
            step_minutes: step,
            channel: if is_staff { Channel::Staff } else { Channel::Online },
            released_days_before: before,
            released_at: at.filter(|_| before.is_some()),
            closes_minutes_before: closes * 25,
            falls_online_hours_before: falls.filter(|_| is_staff),
            ..days
        }
    })
}

/// A rule that says only on which days it holds; mostly on `day` too.
fn days(day: Date) -> impl Strategy<Value = OpeningRule> {
    let range = (option::of(-1..40i64), option::of(-1..40i64));
    let weekdays = prop_oneof![1 => Just(vec![]), 4 => Just((1..=7).collect()), 2 => vec(1..=7i8, 1..4)];
    let nth = prop_oneof![5 => Just(vec![]), 1 => vec(select(vec![-1i8, 1, 2, 3, 4, 5]), 1..4)];
    (weekdays, nth, select(vec![1i16, 1, 1, 2, 3]), vec(-2..3i64, 0..3), range).prop_map(
        move |(weekdays, nth, every_weeks, dates, (from, until))| OpeningRule {
            location: HALL,
            counters: vec![],
            weekdays,
            nth_of_month: nth,
            every_weeks: if from.is_some() { every_weeks } else { 1 },
            dates: dates.into_iter().map(|offset| day.saturating_add(offset.days())).collect(),
            opens: Time::MIN,
            closes: Time::MIN,
            valid_from: from.map(|days| day.saturating_sub(days.days())),
            valid_until: until.map(|days| day.saturating_add(days.days())),
            step_minutes: 5,
            channel: Channel::Online,
            released_days_before: None,
            released_at: None,
            closes_minutes_before: 0,
            falls_online_hours_before: None,
        },
    )
}

fn closure(day: Date) -> impl Strategy<Value = Closure> {
    let place =
        prop_oneof![Just((None, None)), Just((Some(BRANCH), None)), (1..=3i32).prop_map(|it| (Some(HALL), Some(it)))];
    (place, option::weighted(0.8, hours()), 0..2i64).prop_map(move |((location, counter), hours, before)| Closure {
        location,
        counter,
        first: day.saturating_sub(before.days()),
        last: day,
        hours,
        reason: Arc::new(I18n::german("geschlossen")),
    })
}

fn hours() -> impl Strategy<Value = (Time, Time)> {
    (time_of_day(), time_of_day()).prop_filter_map("opens before it closes", |(one, other)| {
        (one != other).then(|| (one.min(other), one.max(other)))
    })
}

/// Nights too: that is where the switch hours are.
fn time_of_day() -> impl Strategy<Value = Time> {
    (0..24i8, 0..12i8).prop_map(|(hour, five)| Time::constant(hour, five * 5, 0, 0))
}

/// Counter, minute of the day, length and, for holds, the minutes until they lapse.
type Taken = (i32, i64, i64, Option<i64>);

fn taken() -> impl Strategy<Value = Vec<Taken>> {
    vec((1..=4i32, 0..1380i64, 1..90i64, option::of(-20..20i64)), 0..12)
}

fn place((counter, from, length, lapses): &Taken, begins: Timestamp, now: Timestamp) -> (LocationId, Busy) {
    let from = begins + SignedDuration::from_mins(*from);
    let lapses = lapses.map(|it| now + SignedDuration::from_mins(it));
    let until = from + SignedDuration::from_mins(*length);
    (if *counter == 4 { BRANCH } else { HALL }, Busy { counter: *counter, from, until, lapses })
}
