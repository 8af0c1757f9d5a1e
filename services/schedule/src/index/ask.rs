//! What pages ask of the index. Each answer comes from one snapshot, and only the answer itself is allocated.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use super::{Office, Snapshot, TownIndex};
use crate::bits::DayBits;
use crate::request::Asked;
use crate::{Candidate, Closed, DayFree, DayPlan, Request, Start};

/// An office in question, with the positions of its counters that serve the concerns.
pub(super) struct Serving<'a> {
    pub office: &'a Office,
    pub counters: Vec<usize>,
}

impl TownIndex {
    /// Each day from `from` to `to` that can be booked, with the number of its free starts or why there are none.
    pub fn free_days(&self, request: &Request, from: Date, to: Date) -> Vec<DayFree> {
        let (snapshot, asked) = (self.snapshot.load(), Asked::new(request));
        let serving = snapshot.serving(request);
        snapshot.span(request, from, to).map(|(offset, day)| day_free(&serving, &asked, offset, day)).collect()
    }

    /// The free starts of a day, earliest first.
    pub fn day_times(&self, request: &Request, day: Date) -> Vec<Start> {
        let (snapshot, asked) = (self.snapshot.load(), Asked::new(request));
        let Some((offset, _)) = snapshot.span(request, day, day).next() else { return Vec::new() };
        starts_of_day(&snapshot.serving(request), &asked, offset)
    }

    /// The counters that are free at `start`, best fit first. Empty if the start is not offered, for whatever reason.
    pub fn candidates(&self, request: &Request, start: Timestamp) -> Vec<Candidate> {
        let (snapshot, asked) = (self.snapshot.load(), Asked::new(request));
        let day = start.to_zoned(snapshot.town.zone.clone()).date();
        let Some((offset, _)) = snapshot.span(request, day, day).next() else { return Vec::new() };
        let mut fitting = Vec::new();
        for it in snapshot.serving(request) {
            let Some(plan) = it.plan(offset) else { continue };
            let Some(cell) = plan.frame.cell_at(start) else { continue };
            for (counter, fit) in plan.fitting(&it.counters, &asked, cell) {
                let skills = snapshot.town.offices.counters.iter().find(|it| it.id == counter);
                // Between equals, the counter with fewer skills: the others stay for what only they can do.
                let skills = skills.map_or(0, |it| it.concerns.len());
                fitting.push((fit, skills, Candidate { counter, location: it.office.location }));
            }
        }
        fitting.sort_by_key(|(fit, skills, candidate)| (*fit, *skills, candidate.counter));
        fitting.into_iter().map(|(_, _, candidate)| candidate).collect()
    }
}

impl Snapshot {
    /// Offices asked for that have a counter for all the concerns.
    pub(super) fn serving(&self, request: &Request) -> Vec<Serving<'_>> {
        let offices = self.offices.iter().filter(|it| request.location.is_none_or(|asked| asked == it.location));
        let serving = offices.map(|office| {
            let counters = self.town.counters(office.location).enumerate();
            let able = counters.filter(|(_, it)| it.serves(request.concerns)).map(|(position, _)| position);
            Serving { office, counters: able.collect() }
        });
        serving.filter(|it| !it.counters.is_empty()).collect()
    }

    /// The last day that can be booked.
    pub(super) fn last(&self, request: &Request) -> Option<Date> {
        let today = request.now.to_zoned(self.town.zone.clone()).date();
        let horizon = today.saturating_add(i64::from(request.horizon_days).days());
        let known = self.offices.iter().map(|it| it.days.len()).max().filter(|it| *it > 0)?;
        let known = self.first.saturating_add(i64::try_from(known - 1).unwrap_or(0).days());
        Some(horizon.min(known))
    }

    /// The days between that can be booked, each with its place among the plans.
    pub(super) fn span(&self, request: &Request, from: Date, to: Date) -> impl Iterator<Item = (usize, Date)> {
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
}

impl<'a> Serving<'a> {
    /// The office's plan of a day, by its place among the plans.
    pub fn plan(&self, offset: usize) -> Option<&'a DayPlan> {
        self.office.days.get(offset).map(|it| &**it)
    }
}

/// How much is free on a day, or why nothing is.
pub(super) fn day_free(serving: &[Serving], asked: &Asked, offset: usize, day: Date) -> DayFree {
    // A start that several offices have is one start: their plans may begin at different cells.
    let free = match serving {
        [one] => one.plan(offset).map_or(0, |plan| plan.free(&one.counters, asked).count()),
        _ => {
            let each = serving.iter().filter_map(|it| {
                let plan = it.plan(offset)?;
                Some(plan.frame.in_whole_day(plan.free(&it.counters, asked)))
            });
            each.fold(DayBits::EMPTY, DayBits::or).count()
        }
    };
    let why = (free == 0).then(|| {
        let each = serving.iter().filter_map(|it| Some(it.plan(offset)?.why(&it.counters, asked)));
        each.min_by_key(hope).unwrap_or(Closed::NoOpening)
    });
    DayFree { day, free, why }
}

/// All free starts of a day, those of several offices side by side.
pub(super) fn starts_of_day(serving: &[Serving], asked: &Asked, offset: usize) -> Vec<Start> {
    let mut starts = Vec::new();
    for it in serving {
        let Some(plan) = it.plan(offset) else { continue };
        let free = plan.free(&it.counters, asked);
        starts.reserve(usize::from(free.count()));
        starts.extend(free.iter().map(|cell| start_at(plan, cell, it.office)));
    }
    if serving.len() > 1 {
        starts.sort();
    }
    starts
}

pub(super) fn start_at(plan: &DayPlan, cell: usize, office: &Office) -> Start {
    Start { start: plan.frame.instant(cell), local: plan.frame.wall_clock(cell), location: office.location }
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
