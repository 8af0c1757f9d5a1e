//! The engine held against a slow and obvious implementation of the same rules, on random towns, switch days included.

mod reference {
    //! Minute by minute and without bits: reads like the rules, and is used for nothing else.

    use jiff::{SignedDuration, Timestamp};
    use schedule::{Busy, Channel, Closure, Counter, DayFrame, OpeningRule, Request, Town};

    const CELL: SignedDuration = SignedDuration::from_mins(5);

    /// Starts on `frame`'s day at which a counter of the office that serves the concerns is free.
    pub fn free_starts(town: &Town, frame: &DayFrame, busy: &[Busy], request: &Request) -> Vec<Timestamp> {
        let starts = moments(frame).filter(|start| {
            let counters = town.offices.counters.iter().filter(|it| it.serves(request.concerns));
            counters.into_iter().any(|counter| is_free(town, frame, busy, request, counter, *start))
        });
        starts.collect()
    }

    /// Whether an appointment can start at this counter.
    pub fn is_free(
        town: &Town,
        frame: &DayFrame,
        busy: &[Busy],
        request: &Request,
        counter: &Counter,
        start: Timestamp,
    ) -> bool {
        if schedule::holidays(frame.date.year(), &town.state).contains_key(&frame.date) {
            return false;
        }
        let rules: Vec<&OpeningRule> = town
            .rules
            .iter()
            .filter(|it| it.location == counter.location && it.holds_on(frame.date))
            .filter(|it| it.counters.is_empty() || it.counters.contains(&counter.id))
            .filter(|it| is_released(it, frame, request))
            .collect();
        let length = SignedDuration::from_mins(i64::from(request.duration_minutes.div_ceil(5).max(1)) * 5);
        let cells: Vec<Timestamp> = moments(frame).filter(|it| *it >= start && *it < start + length).collect();
        let is_whole = cells.len() as i64 * CELL.as_secs() == length.as_secs();
        is_whole
            && rules.iter().any(|rule| may_start(rule, frame, request, start))
            && cells.iter().all(|cell| rules.iter().any(|rule| is_within(rule, frame, *cell)))
            && cells.iter().all(|cell| !town.closures.iter().any(|it| is_closed(it, counter, frame, *cell)))
            && !busy.iter().any(|it| {
                let is_taken = it.lapses.is_none_or(|until| until > request.now);
                it.counter == counter.id && is_taken && it.from < start + length && start < it.until
            })
    }

    fn moments(frame: &DayFrame) -> impl Iterator<Item = Timestamp> + '_ {
        (0..frame.cells).map(|cell| frame.instant(cell))
    }

    fn is_released(rule: &OpeningRule, frame: &DayFrame, request: &Request) -> bool {
        let online_from = rule
            .falls_online_hours_before
            .map(|hours| frame.moment(rule.opens) - SignedDuration::from_hours(i64::from(hours)));
        let to_channel = match (request.channel, rule.channel) {
            (Channel::Staff, _) | (Channel::Online, Channel::Online) => true,
            (Channel::Online, Channel::Staff) => online_from.is_some_and(|it| it <= request.now),
        };
        to_channel && rule.released(frame.date, frame.zone()).is_none_or(|it| it <= request.now)
    }

    fn may_start(rule: &OpeningRule, frame: &DayFrame, request: &Request, start: Timestamp) -> bool {
        let opens = frame.moment(rule.opens);
        let on_step = is_within(rule, frame, start)
            && (start.as_second() - opens.as_second()) % (i64::from(rule.step_minutes) * 60) == 0;
        let minutes = |minutes: u32| SignedDuration::from_mins(i64::from(minutes));
        let in_time = match request.channel {
            Channel::Staff => start >= request.now,
            Channel::Online => {
                start >= request.now + minutes(request.lead_minutes)
                    && start >= request.now + minutes(rule.closes_minutes_before)
            }
        };
        let fallen = match (request.channel, rule.channel, rule.falls_online_hours_before) {
            (Channel::Online, Channel::Staff, Some(hours)) => {
                start <= request.now + SignedDuration::from_hours(i64::from(hours))
            }
            _ => true,
        };
        on_step && in_time && fallen
    }

    fn is_within(rule: &OpeningRule, frame: &DayFrame, cell: Timestamp) -> bool {
        frame.moment(rule.opens) <= cell && cell + CELL <= frame.moment(rule.closes)
    }

    fn is_closed(closure: &Closure, counter: &Counter, frame: &DayFrame, cell: Timestamp) -> bool {
        closure.concerns(counter.location, counter.id, frame.date)
            && closure.hours.is_none_or(|(from, until)| cell + CELL > frame.moment(from) && cell < frame.moment(until))
    }
}

use jiff::civil::{Date, Time, date};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use schedule::{
    Busy, Candidate, Channel, Closure, Counter, DayFrame, Location, Offices, OpeningRule, Request, Town, TownIndex,
};
use tenancy::i18n::I18n;

const OFFICE: i32 = 1;

/// Days of which each is interesting: both switch days, holidays, month ends, and ordinary ones.
fn some_day() -> impl Strategy<Value = Date> {
    prop_oneof![
        Just(date(2026, 10, 25)),
        Just(date(2027, 3, 28)),
        Just(date(2026, 12, 25)),
        Just(date(2026, 12, 31)),
        (0..400i64).prop_map(|offset| date(2026, 9, 1).saturating_add(offset.days())),
    ]
}

fn time_of_day() -> impl Strategy<Value = Time> {
    // Nights too: that is where the switch hours are.
    (0..24i8, 0..12i8).prop_map(|(hour, five)| Time::constant(hour, five * 5, 0, 0))
}

fn hours() -> impl Strategy<Value = (Time, Time)> {
    (time_of_day(), time_of_day()).prop_filter_map("opens before it closes", |(one, other)| {
        (one != other).then(|| (one.min(other), one.max(other)))
    })
}

fn rule(day: Date) -> impl Strategy<Value = OpeningRule> {
    let when = (hours(), vec(1..=3i32, 0..3), any::<bool>(), prop::sample::select(vec![5u16, 10, 15, 20, 30, 60]));
    let to_whom = (any::<bool>(), option::of(0..3u16), option::of(time_of_day()), option::of(0..30u32), 0..4u32);
    (when, to_whom).prop_map(move |((hours, counters, by_date, step), (staff, days, at, falls, closes))| OpeningRule {
        location: OFFICE,
        counters,
        weekdays: if by_date { vec![] } else { (1..=7).collect() },
        nth_of_month: vec![],
        every_weeks: 1,
        dates: vec![day],
        opens: hours.0,
        closes: hours.1,
        valid_from: None,
        valid_until: None,
        step_minutes: step,
        channel: if staff { Channel::Staff } else { Channel::Online },
        released_days_before: days,
        released_at: at.filter(|_| days.is_some()),
        closes_minutes_before: closes * 25,
        falls_online_hours_before: falls.filter(|_| staff),
    })
}

fn closure(day: Date) -> impl Strategy<Value = Closure> {
    (option::of(hours()), option::of(1..=3i32), 0..2i64).prop_map(move |(hours, counter, before)| Closure {
        location: Some(OFFICE),
        counter,
        first: day.saturating_sub(before.days()),
        last: day,
        hours,
        reason: I18n::german("geschlossen"),
    })
}

/// Taken ranges by counter, minute of the day, length and, for holds, the minutes until they lapse.
fn taken() -> impl Strategy<Value = Vec<(i32, i64, i64, Option<i64>)>> {
    vec((1..=3i32, 0..1500i64, 1..90i64, option::of(-20..20i64)), 0..12)
}

#[derive(Clone, Debug)]
struct Case {
    day: Date,
    town: Town,
    busy: Vec<Busy>,
    now: Timestamp,
    concerns: Vec<i32>,
    minutes: u16,
    staff: bool,
    lead: u32,
}

fn case() -> impl Strategy<Value = Case> {
    some_day().prop_flat_map(|day| {
        let town = (vec(rule(day), 0..5), vec(closure(day), 0..2));
        // Now: from three days before to the end of the day, to the second or right on a cell.
        let now = prop_oneof![-3 * 86_400..90_000i64, (-3 * 288..300i64).prop_map(|cell| cell * 300)];
        let asked = (now, vec(1..=3i32, 1..3), 1..130u16, any::<bool>(), 0..180u32);
        (Just(day), town, taken(), asked).prop_map(|(day, (rules, closures), taken, asked)| {
            let zone = TimeZone::get("Europe/Berlin").unwrap();
            let begins = DayFrame::new(day, &zone).unwrap().begins;
            let now = begins + SignedDuration::from_secs(asked.0);
            let busy = taken.iter().map(|(counter, from, length, lapses)| Busy {
                counter: *counter,
                from: begins + SignedDuration::from_mins(*from),
                until: begins + SignedDuration::from_mins(from + length),
                lapses: lapses.map(|it| now + SignedDuration::from_mins(it)),
            });
            let busy = busy.collect();
            let town = Town { zone, state: "NW".into(), offices: offices(), rules, closures };
            let (concerns, minutes, staff, lead) = (asked.1, asked.2, asked.3, asked.4);
            Case { day, town, busy, now, concerns, minutes, staff, lead }
        })
    })
}

/// Three counters with different skills at one office.
fn offices() -> Offices {
    let counter = |id: i32, concerns: &[i32]| Counter {
        id,
        key: format!("c{id}"),
        location: OFFICE,
        name: format!("Schalter {id}"),
        concerns: concerns.to_vec(),
    };
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
    Offices { locations: vec![location], counters: vec![counter(1, &[1, 2, 3]), counter(2, &[1, 2]), counter(3, &[3])] }
}

impl Case {
    fn request(&self) -> Request<'_> {
        Request {
            location: None,
            concerns: &self.concerns,
            duration_minutes: self.minutes,
            channel: if self.staff { Channel::Staff } else { Channel::Online },
            now: self.now,
            lead_minutes: self.lead,
            horizon_days: 10,
        }
    }

    fn index(&self) -> TownIndex {
        let today = self.now.to_zoned(self.town.zone.clone()).date();
        let busy: Vec<_> = self.busy.iter().map(|it| (OFFICE, *it)).collect();
        TownIndex::of(self.town.clone(), today, 10, &busy)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn the_index_offers_what_the_rules_say(case in case()) {
        let (request, index) = (case.request(), case.index());
        let frame = DayFrame::new(case.day, &case.town.zone).unwrap();
        let busy: Vec<Busy> = case.busy.iter().copied().filter(|it| it.from >= frame.begins && it.from < frame.instant(frame.cells)).collect();
        let expected = reference::free_starts(&case.town, &frame, &busy, &request);
        let offered: Vec<Timestamp> = index.day_times(&request, case.day).iter().map(|it| it.start).collect();
        let today = case.now.to_zoned(case.town.zone.clone()).date();
        if case.day < today {
            prop_assert!(offered.is_empty());
            return Ok(());
        }
        prop_assert_eq!(&offered, &expected);

        let days = index.free_days(&request, case.day, case.day);
        prop_assert_eq!(usize::from(days[0].free), expected.len());
        prop_assert_eq!(days[0].why.is_none(), days[0].free > 0);
        prop_assert_eq!(index.days_with_free(&request, case.day, case.day).is_empty(), expected.is_empty());
    }

    #[test]
    fn every_candidate_is_free_and_every_free_counter_a_candidate(case in case(), pick in any::<prop::sample::Index>()) {
        let (request, index) = (case.request(), case.index());
        let frame = DayFrame::new(case.day, &case.town.zone).unwrap();
        let busy: Vec<Busy> = case.busy.iter().copied().filter(|it| it.from >= frame.begins && it.from < frame.instant(frame.cells)).collect();
        let today = case.now.to_zoned(case.town.zone.clone()).date();
        prop_assume!(case.day >= today);
        let start = frame.instant(pick.index(frame.cells));
        let mut expected: Vec<Candidate> = case.town.offices.counters.iter()
            .filter(|it| it.serves(request.concerns))
            .filter(|it| reference::is_free(&case.town, &frame, &busy, &request, it, start))
            .map(|it| Candidate { counter: it.id, location: OFFICE })
            .collect();
        let mut found = index.candidates(&request, start);
        expected.sort_by_key(|it| it.counter);
        found.sort_by_key(|it| it.counter);
        prop_assert_eq!(found, expected);
        prop_assert!(index.candidates(&request, start + SignedDuration::from_secs(1)).is_empty(), "off the grid");
    }
}
