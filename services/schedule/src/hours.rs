//! The hours of a day, for people who look at it: when each counter is open, and why it is not.
//!
//! Nothing is decided here; what is free, the plan says. Hours are told for every day, past ones and those behind the
//! horizon too.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use tenancy::i18n::I18n;

use crate::holidays::holiday;
use crate::{Counter, CounterId, DayFrame, LocationId, Town, TownIndex};

/// A day at an office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayHours {
    /// The public holiday that closes everything.
    pub holiday: Option<I18n>,
    /// The office's counters, in the town's order.
    pub counters: Vec<CounterHours>,
}

/// A day at a counter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CounterHours {
    /// Which one.
    pub counter: CounterId,
    /// From when until when some opening rule holds, to whichever channel, in the order of the rules. They may overlap.
    pub open: Vec<(Timestamp, Timestamp)>,
    /// What is closed nevertheless.
    pub closed: Vec<ClosedHours>,
}

/// A closure on that day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosedHours {
    /// From then on; the beginning of the day at the earliest.
    pub from: Timestamp,
    /// Until then; the end of the day at the latest.
    pub until: Timestamp,
    /// Why, as citizens read it.
    pub reason: Arc<I18n>,
}

impl CounterHours {
    /// Whether it is open all the time from `from` until `until`. Openings that touch join.
    pub fn is_open(&self, from: Timestamp, until: Timestamp) -> bool {
        let mut reached = from;
        // Each turn goes through one opening at least.
        for _ in &self.open {
            let next = self.open.iter().filter(|it| it.0 <= reached).map(|it| it.1).max();
            reached = next.unwrap_or(reached).max(reached);
        }
        until <= reached && self.closed.iter().all(|it| until <= it.from || it.until <= from)
    }
}

impl TownIndex {
    /// The hours of `day` at an office. `None` only outside the years that can be computed with.
    pub fn hours(&self, location: LocationId, day: Date) -> Option<DayHours> {
        self.town().hours(location, day)
    }
}

impl Town {
    /// The hours of `day` at an office. `None` only outside the years that can be computed with.
    pub fn hours(&self, location: LocationId, day: Date) -> Option<DayHours> {
        let frame = DayFrame::new(day, &self.zone)?;
        let holiday = holiday(day, &self.state);
        let is_open = holiday.is_none();
        let counters = self.counters(location).map(|it| self.counter_hours(it, &frame, is_open)).collect();
        Some(DayHours { holiday, counters })
    }

    fn counter_hours(&self, counter: &Counter, frame: &DayFrame, is_open: bool) -> CounterHours {
        let rules = self.rules.iter().filter(|it| is_open && it.location == counter.location);
        let here = rules.filter(|it| it.counters.is_empty() || it.counters.contains(&counter.id));
        let open =
            here.filter(|it| it.holds_on(frame.date)).map(|it| (frame.moment(it.opens), frame.moment(it.closes)));
        let closures = self.closures.iter().filter(|it| it.concerns(counter.location, counter.id, frame.date));
        let closed = closures.map(|it| {
            let whole = (frame.begins, frame.instant(frame.cells));
            let (from, until) = it.hours.map_or(whole, |(from, until)| (frame.moment(from), frame.moment(until)));
            ClosedHours { from, until, reason: Arc::clone(&it.reason) }
        });
        CounterHours { counter: counter.id, open: open.collect(), closed: closed.collect() }
    }
}
