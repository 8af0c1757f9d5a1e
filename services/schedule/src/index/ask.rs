//! The questions pages ask of the index. Each takes the present snapshot and allocates only its answer.

use jiff::civil::{Date, Weekday};
use jiff::{Timestamp, ToSpan};

use super::{Office, Snapshot, TownIndex};
use crate::bits::DayBits;
use crate::{Candidate, Channel, Closed, DayFree, Nothing, OpeningRule, Request, Start, SuggestionKind, WhyNothing};

/// How many alternatives to a time that is gone.
const ALTERNATIVES: usize = 3;
/// How far ahead the next release is looked for, in days beyond the horizon.
const RELEASE_SEARCH_DAYS: i64 = 62;

/// An office in question, with the positions of its counters that serve the concerns.
struct Serving<'a> {
    office: &'a Office,
    counters: Vec<usize>,
}

impl TownIndex {
    /// Each day from `from` to `to` that can be booked, with the number of its free starts or why there are none.
    pub fn free_days(&self, request: &Request, from: Date, to: Date) -> Vec<DayFree> {
        let snapshot = self.snapshot.load();
        let serving = snapshot.serving(request);
        snapshot.span(request, from, to).map(|(offset, day)| day_free(&serving, request, offset, day)).collect()
    }

    /// The days from `from` to `to` on which anything is free: stops at the first free counter of each day.
    pub fn days_with_free(&self, request: &Request, from: Date, to: Date) -> Vec<Date> {
        let snapshot = self.snapshot.load();
        let serving = snapshot.serving(request);
        let has_free = |offset: usize| {
            let plan = |it: &Serving| it.office.days.get(offset).is_some_and(|day| day.has_free(&it.counters, request));
            serving.iter().any(plan)
        };
        snapshot.span(request, from, to).filter(|(offset, _)| has_free(*offset)).map(|(_, day)| day).collect()
    }

    /// The free starts of a day, earliest first.
    pub fn day_times(&self, request: &Request, day: Date) -> Vec<Start> {
        let snapshot = self.snapshot.load();
        snapshot.day_times(&snapshot.serving(request), request, day)
    }

    /// The counters that are free at `start`, best fit first. Empty if the start is not offered, for whatever reason.
    pub fn candidates(&self, request: &Request, start: Timestamp) -> Vec<Candidate> {
        let snapshot = self.snapshot.load();
        let day = start.to_zoned(snapshot.town.zone.clone()).date();
        let Some((offset, _)) = snapshot.span(request, day, day).next() else { return Vec::new() };
        let mut fitting = Vec::new();
        for Serving { office, counters } in snapshot.serving(request) {
            let Some(plan) = office.days.get(offset) else { continue };
            let Some(cell) = plan.frame.cell_at(start) else { continue };
            for (position, fit) in plan.fitting(&counters, request, cell) {
                let counter = plan.counters[position].counter;
                let skills = snapshot.town.offices.counters.iter().find(|it| it.id == counter);
                // Between equals, the counter with fewer skills: the others stay for what only they can do.
                let skills = skills.map_or(0, |it| it.concerns.len());
                fitting.push((fit, skills, Candidate { counter, location: office.location }));
            }
        }
        fitting.sort_by_key(|(fit, skills, candidate)| (*fit, *skills, candidate.counter));
        fitting.into_iter().map(|(_, _, candidate)| candidate).collect()
    }

    /// The first start of a kind.
    pub fn suggestions(&self, request: &Request, kind: SuggestionKind) -> Option<Start> {
        let snapshot = self.snapshot.load();
        let serving = snapshot.serving(request);
        let last = snapshot.last(request)?;
        snapshot.span(request, snapshot.first, last).find_map(|(_, day)| {
            snapshot.day_times(&serving, request, day).into_iter().find(|start| is_of_kind(start, kind))
        })
    }

    /// Free starts close to `start`, the closest first, three at most.
    pub fn nearest(&self, request: &Request, start: Timestamp) -> Vec<Start> {
        let snapshot = self.snapshot.load();
        let serving = snapshot.serving(request);
        let Some(last) = snapshot.last(request) else { return Vec::new() };
        let day = start.to_zoned(snapshot.town.zone.clone()).date().clamp(snapshot.first, last);
        let mut found = Vec::new();
        for distance in 0..=i64::from(request.horizon_days) {
            let days = [day.saturating_sub(distance.days()), day.saturating_add(distance.days())];
            let days = if distance == 0 { &days[..1] } else { &days[..] };
            for day in days {
                found.extend(snapshot.day_times(&serving, request, *day));
            }
            // A day further away can be closer by the clock than the far end of this one, but not two days further.
            if found.len() >= ALTERNATIVES && distance > 0 {
                break;
            }
        }
        found.sort_by_key(|it| ((it.start.as_second() - start.as_second()).abs(), it.start));
        found.truncate(ALTERNATIVES);
        found
    }

    /// Why nothing is free in all the days that can be booked, and when that changes.
    pub fn nothing_free(&self, request: &Request) -> Nothing {
        let snapshot = self.snapshot.load();
        let serving = snapshot.serving(request);
        let released_at = snapshot.next_release(&serving, request);
        if serving.is_empty() {
            return Nothing { why: WhyNothing::NotServed, released_at: None };
        }
        let Some(last) = snapshot.last(request) else { return Nothing { why: WhyNothing::NoOpening, released_at } };
        let days = snapshot.span(request, snapshot.first, last);
        let reasons: Vec<_> = days.filter_map(|(offset, day)| day_free(&serving, request, offset, day).why).collect();
        let why = if reasons.contains(&Closed::Full) {
            WhyNothing::Full
        } else if reasons.iter().any(|it| matches!(it, Closed::NotYetReleased(_))) {
            WhyNothing::NotYetReleased
        } else {
            WhyNothing::NoOpening
        };
        Nothing { why, released_at }
    }
}

impl Snapshot {
    /// Offices asked for that have a counter for all the concerns.
    fn serving(&self, request: &Request) -> Vec<Serving<'_>> {
        let offices = self.offices.iter().filter(|it| request.location.is_none_or(|asked| asked == it.location));
        let serving = offices.map(|office| {
            let counters = self.town.counters(office.location).enumerate();
            let able = counters.filter(|(_, it)| it.serves(request.concerns)).map(|(position, _)| position);
            Serving { office, counters: able.collect() }
        });
        serving.filter(|it| !it.counters.is_empty()).collect()
    }

    /// The last day that can be booked.
    fn last(&self, request: &Request) -> Option<Date> {
        let today = request.now.to_zoned(self.town.zone.clone()).date();
        let horizon = today.saturating_add(i64::from(request.horizon_days).days());
        let known = self.offices.iter().map(|it| it.days.len()).max().filter(|it| *it > 0)?;
        let known = self.first.saturating_add(i64::try_from(known - 1).unwrap_or(0).days());
        Some(horizon.min(known))
    }

    /// The days between that can be booked, each with its place among the plans.
    fn span(&self, request: &Request, from: Date, to: Date) -> impl Iterator<Item = (usize, Date)> {
        let last = self.last(request).map_or(from.saturating_sub(1.day()), |it| it.min(to));
        let first = from.max(self.first);
        let offset = self.offset(first).unwrap_or(0);
        let days = usize::try_from((last - first).get_days() + 1).unwrap_or(0);
        (0..days).scan(first, move |day, index| {
            let today = *day;
            *day = day.tomorrow().unwrap_or(Date::MAX);
            Some((offset + index, today))
        })
    }

    fn day_times(&self, serving: &[Serving], request: &Request, day: Date) -> Vec<Start> {
        let Some((offset, _)) = self.span(request, day, day).next() else { return Vec::new() };
        let mut starts = Vec::new();
        for Serving { office, counters } in serving {
            let Some(plan) = office.days.get(offset) else { continue };
            let free = plan.free(counters, request);
            starts.extend(free.iter().map(|cell| Start {
                start: plan.frame.instant(cell),
                local: plan.frame.wall_clock(cell),
                location: office.location,
            }));
        }
        if serving.len() > 1 {
            starts.sort();
        }
        starts
    }

    /// When more can be booked than now: the earliest release ahead, of a rule or by the day that joins the horizon.
    fn next_release(&self, serving: &[Serving], request: &Request) -> Option<Timestamp> {
        let today = request.now.to_zoned(self.town.zone.clone()).date();
        let horizon = i64::from(request.horizon_days);
        let able = |rule: &&OpeningRule| {
            (request.channel == Channel::Staff || rule.channel == Channel::Online)
                && serving.iter().any(|it| it.office.location == rule.location && self.is_manned(rule, it))
        };
        let rules: Vec<&OpeningRule> = self.town.rules.iter().filter(able).collect();
        (0..=horizon + RELEASE_SEARCH_DAYS)
            .filter_map(|ahead| today.checked_add(ahead.days()).ok().map(|day| (ahead, day)))
            .flat_map(|(ahead, day)| {
                let joins = day.saturating_sub(horizon.days()).to_zoned(self.town.zone.clone()).ok();
                let joins = joins.filter(|_| ahead > horizon).map(|it| it.timestamp());
                let released = move |rule: &&OpeningRule| rule.released(day, &self.town.zone).max(joins);
                rules.iter().filter(move |it| it.holds_on(day)).filter_map(released)
            })
            .filter(|release| *release > request.now)
            .min()
    }

    /// Whether the rule opens any of the counters in question.
    fn is_manned(&self, rule: &OpeningRule, serving: &Serving) -> bool {
        let counters = self.town.counters(serving.office.location).enumerate();
        counters
            .filter(|(position, _)| serving.counters.contains(position))
            .any(|(_, it)| rule.counters.is_empty() || rule.counters.contains(&it.id))
    }
}

fn day_free(serving: &[Serving], request: &Request, offset: usize, day: Date) -> DayFree {
    let plan = |it: &Serving| it.office.days.get(offset).cloned();
    let free = match serving {
        [one] => one.office.days.get(offset).map_or(0, |it| it.free(&one.counters, request).count()),
        _ => {
            let each = serving.iter().filter_map(|it| Some(plan(it)?.free(&it.counters, request)));
            each.fold(DayBits::EMPTY, DayBits::or).count()
        }
    };
    let why = (free == 0).then(|| {
        let each = serving.iter().filter_map(|it| Some(plan(it)?.why(&it.counters, request)));
        each.min_by_key(hope).unwrap_or(Closed::NoOpening)
    });
    DayFree { day, free, why }
}

/// Of several offices' reasons the one that leaves most hope is told.
fn hope(why: &Closed) -> u8 {
    match why {
        Closed::Full => 0,
        Closed::NotYetReleased(_) => 1,
        Closed::Past => 2,
        Closed::Closure(_) => 3,
        Closed::Holiday(_) => 4,
        Closed::NoOpening => 5,
    }
}

fn is_of_kind(start: &Start, kind: SuggestionKind) -> bool {
    match kind {
        SuggestionKind::Earliest => true,
        SuggestionKind::Afternoon => start.local.hour() >= 12,
        SuggestionKind::AfterWorkOrSaturday => {
            start.local.hour() >= 16 || start.local.date().weekday() == Weekday::Saturday
        }
    }
}
