//! One day of one office as bitmaps: what is offered, what is taken, what is left.
//!
//! A start is free if some counter that serves the concerns is open from it for as long as the appointment takes, with
//! nothing else there, and if the rule that offers the start is released for whoever asks. Open times of all such rules
//! join. Most counters of an office open alike: what is offered is kept once for all of them.

use std::sync::Arc;

use jiff::Timestamp;
use tenancy::i18n::I18n;

use crate::bits::{Bits, DayBits};
use crate::offer::{Offer, Offered, hours};
use crate::request::Asked;
use crate::{Closed, Closure, Counter, CounterId, DayFrame, OpeningRule};

/// A time range that is taken at a counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Busy {
    /// The counter.
    pub counter: CounterId,
    /// From then on.
    pub from: Timestamp,
    /// Until then.
    pub until: Timestamp,
    /// A hold, or a cancelled place that is not yet given away: free again from then on.
    pub lapses: Option<Timestamp>,
}

/// A day at an office.
#[derive(Clone, Debug)]
pub struct DayPlan {
    pub(crate) frame: DayFrame,
    pub(crate) counters: Vec<CounterDay>,
    patterns: Vec<Vec<Offer>>,
    holiday: Option<Arc<I18n>>,
}

/// A counter on that day.
#[derive(Clone, Debug)]
pub(crate) struct CounterDay {
    pub(crate) counter: CounterId,
    /// Which of the day's patterns it opens by.
    pattern: u32,
    busy: DayBits,
    lapsing: Vec<(DayBits, Timestamp)>,
    /// Why it is not open when it otherwise would be.
    closed: Option<Arc<I18n>>,
}

/// How well an appointment fits between what is there: the smaller, the better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Fit {
    /// Cells in pieces that are left and too short for an appointment of 15 minutes.
    unusable: usize,
    /// Cells left in the row altogether.
    left: usize,
}

/// Pieces shorter than this are hard to give away: 15 minutes, the usual length of an appointment.
const USABLE_CELLS: usize = 3;

impl DayPlan {
    /// Lays the office's rules, closures and what is taken over a day. A `holiday` closes everything.
    pub fn new(
        frame: &DayFrame,
        counters: &[&Counter],
        rules: &[&OpeningRule],
        closures: &[Closure],
        holiday: Option<I18n>,
        busy: &[Busy],
    ) -> Self {
        let is_open = |it: &&OpeningRule| holiday.is_none() && it.holds_on(frame.date);
        let rules: Vec<&OpeningRule> = rules.iter().copied().filter(is_open).collect();
        let from = rules.iter().map(|it| hours(frame, it).start).min().unwrap_or(0);
        let until = rules.iter().map(|it| hours(frame, it).end).max().unwrap_or(0);
        let frame = frame.part(from, until);
        let mut plan = Self { frame, counters: Vec::new(), patterns: Vec::new(), holiday: holiday.map(Arc::new) };
        plan.counters.reserve_exact(counters.len());
        for counter in counters {
            plan.add(counter, &rules, closures, busy);
        }
        plan
    }

    /// Starts at which some counter in `serving` (positions) is free.
    pub(crate) fn free(&self, serving: &[usize], asked: &Asked) -> DayBits {
        // Two words hold the hours of most offices (10 h 40), and cost half of what a whole day does.
        match self.frame.cells {
            0..=128 => self.free_within::<2>(serving, asked).resized(),
            129..=192 => self.free_within::<3>(serving, asked).resized(),
            _ => self.free_within(serving, asked),
        }
    }

    /// Counters free at the cell `start`, each with how well the appointment fits there.
    pub(crate) fn fitting(&self, serving: &[usize], asked: &Asked, start: usize) -> Vec<(CounterId, Fit)> {
        let fits = |position: &usize| {
            let counter = &self.counters[*position];
            let offered = self.offered(counter.pattern, asked);
            let left = self.left(counter, offered.open, asked);
            let is_free = offered.starts.contains(start) && left.runs(asked.length).contains(start);
            is_free.then(|| (counter.counter, Fit::new(left, start, start + asked.length)))
        };
        serving.iter().filter_map(fits).collect()
    }

    /// Why nothing is free at the counters in `serving`.
    pub(crate) fn why(&self, serving: &[usize], asked: &Asked) -> Closed {
        if let Some(name) = &self.holiday {
            return Closed::Holiday(Arc::clone(name));
        }
        if !self.is_long_enough(serving, asked, |pattern| self.ever_offered(pattern, asked)) {
            let reason = serving.iter().find_map(|it| self.counters[*it].closed.clone());
            return reason.map_or(Closed::NoOpening, Closed::Closure);
        }
        if self.is_long_enough(serving, asked, |pattern| self.offered(pattern, asked)) {
            return Closed::Full;
        }
        self.opens_next(serving, asked).map_or(Closed::Past, Closed::NotYetReleased)
    }

    /// When more will be offered at the counters in `serving` than now.
    pub(crate) fn opens_next(&self, serving: &[usize], asked: &Asked) -> Option<Timestamp> {
        let offers = self.patterns_of(serving).flat_map(|pattern| &self.patterns[pattern as usize]);
        let next = offers.filter_map(|it| it.opens_next(&self.frame, asked.channel, asked.second)).min()?;
        Timestamp::from_second(next).ok()
    }

    fn add(&mut self, counter: &Counter, rules: &[&OpeningRule], closures: &[Closure], busy: &[Busy]) {
        let frame = &self.frame;
        let here = |it: &&&OpeningRule| it.counters.is_empty() || it.counters.contains(&counter.id);
        let rules: Vec<&OpeningRule> = rules.iter().filter(here).copied().collect();
        let closures = closures.iter().filter(|it| it.concerns(counter.location, counter.id, frame.date));
        let closures: Vec<_> = closures.map(|it| (closed_cells(frame, it), &it.reason)).collect();
        let closed = closures.iter().fold(DayBits::EMPTY, |all, (cells, _)| all.or(*cells));
        let offers: Vec<Offer> = rules.iter().map(|it| Offer::new(frame, it, closed)).collect();
        let open = |cells: DayBits| {
            rules.iter().map(|it| hours(frame, it)).any(|it| !DayBits::range(it.start, it.end).and(cells).is_empty())
        };
        let reason = closures.iter().find(|(cells, _)| open(*cells)).map(|(_, reason)| Arc::clone(reason));
        let (holds, firm): (Vec<&Busy>, _) =
            busy.iter().filter(|it| it.counter == counter.id).partition(|it| it.lapses.is_some());
        let cells = |it: &&Busy| frame.touched(it.from, it.until);
        let day = CounterDay {
            counter: counter.id,
            busy: firm.iter().fold(DayBits::EMPTY, |all, it| all.or(cells(it))),
            lapsing: holds.iter().filter_map(|it| Some((cells(it), it.lapses?))).collect(),
            closed: reason,
            pattern: self.pattern(offers),
        };
        self.counters.push(day);
    }

    /// The place of a pattern among those of the day.
    fn pattern(&mut self, offers: Vec<Offer>) -> u32 {
        let known = self.patterns.iter().position(|it| *it == offers);
        let place = known.unwrap_or_else(|| {
            self.patterns.push(offers);
            self.patterns.len() - 1
        });
        u32::try_from(place).unwrap_or(u32::MAX)
    }

    #[inline]
    fn free_within<const WORDS: usize>(&self, serving: &[usize], asked: &Asked) -> Bits<WORDS> {
        let mut found = Bits::EMPTY;
        let (mut pattern, mut offered) = (u32::MAX, Offered::NOTHING);
        for position in serving {
            let counter = &self.counters[*position];
            if counter.pattern != pattern {
                (pattern, offered) = (counter.pattern, self.offered(counter.pattern, asked));
            }
            let starts: Bits<WORDS> = offered.starts.resized();
            if !starts.is_empty() {
                found = found.or(self.left(counter, offered.open.resized(), asked).runs(asked.length).and(starts));
            }
        }
        found
    }

    /// Open cells of a counter that nobody else has taken.
    #[inline]
    fn left<const WORDS: usize>(&self, counter: &CounterDay, open: Bits<WORDS>, asked: &Asked) -> Bits<WORDS> {
        let left = open.and_not(counter.busy.resized());
        let held = counter.lapsing.iter().filter(|(_, until)| *until > asked.now);
        let left = held.fold(left, |left, (cells, _)| left.and_not(cells.resized()));
        match asked.own {
            Some(own) if own.counter == counter.counter => {
                left.or(self.frame.touched(own.from, own.until).resized().and(open))
            }
            _ => left,
        }
    }

    /// What is offered by a pattern at this moment.
    #[inline]
    fn offered(&self, pattern: u32, asked: &Asked) -> Offered {
        let now = self.patterns[pattern as usize].iter().map(|it| it.now(&self.frame, asked));
        now.fold(Offered::NOTHING, Offered::joined)
    }

    /// What is offered by a pattern to this channel at any moment.
    fn ever_offered(&self, pattern: u32, asked: &Asked) -> Offered {
        let ever = self.patterns[pattern as usize].iter().filter(|it| it.is_for(asked.channel)).map(|it| it.whole);
        ever.fold(Offered::NOTHING, Offered::joined)
    }

    /// Whether the appointment would find a place if nothing were taken.
    fn is_long_enough(&self, serving: &[usize], asked: &Asked, offered: impl Fn(u32) -> Offered) -> bool {
        self.patterns_of(serving).map(offered).any(|it| !it.open.runs(asked.length).and(it.starts).is_empty())
    }

    /// The patterns of these counters, those of neighbours that are alike once.
    fn patterns_of(&self, serving: &[usize]) -> impl Iterator<Item = u32> {
        let mut last = None;
        let patterns = serving.iter().map(|it| self.counters[*it].pattern);
        patterns.filter(move |it| last.replace(*it) != Some(*it))
    }
}

impl Fit {
    fn new(left: DayBits, from: usize, until: usize) -> Self {
        let pieces = [from - left.row_start(from), left.row_end(until) - until];
        Self { unusable: pieces.iter().filter(|it| **it < USABLE_CELLS).sum(), left: pieces.iter().sum() }
    }
}

fn closed_cells(frame: &DayFrame, closure: &Closure) -> DayBits {
    match closure.hours {
        None => DayBits::before(DayBits::CELLS),
        Some((from, until)) => frame.touched(frame.moment(from), frame.moment(until)),
    }
}
