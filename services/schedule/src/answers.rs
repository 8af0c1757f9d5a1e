//! What the index answers.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time, Weekday};
use tenancy::i18n::I18n;

use crate::{CounterId, LocationId};

/// A day, and how much is free on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayFree {
    /// The day.
    pub day: Date,
    /// Number of distinct start times.
    pub free: u16,
    /// Why there are none; `None` if there are some.
    pub why: Option<Closed>,
}

/// Why nothing is free on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Closed {
    /// A public holiday, with its name.
    Holiday(Arc<I18n>),
    /// A closure, with the town's reason.
    Closure(Arc<I18n>),
    /// No counter that serves the concerns is open on this day, or not for so long an appointment.
    NoOpening,
    /// There would be times, but all are taken.
    Full,
    /// No times of this day can be booked yet; the first can from then on.
    NotYetReleased(Timestamp),
    /// The day is over, or what is left of it is too soon.
    Past,
}

/// A free start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Start {
    /// The moment.
    pub start: Timestamp,
    /// The same on the town's wall clock.
    pub local: DateTime,
    /// The office.
    pub location: LocationId,
}

/// A counter that is free for a start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Candidate {
    /// The counter.
    pub counter: CounterId,
    /// Its office.
    pub location: LocationId,
}

/// Which start a citizen may like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SuggestionKind {
    /// The very first.
    Earliest,
    /// The first from 12:00 on.
    Afternoon,
    /// The first from 16:00 on, or on a Saturday.
    AfterWorkOrSaturday,
}

impl SuggestionKind {
    /// Whether a start at this local time is of this kind.
    pub fn suits(self, local: DateTime) -> bool {
        match self {
            Self::Earliest => true,
            Self::Afternoon => local.time() >= NOON,
            Self::AfterWorkOrSaturday => local.weekday() == Weekday::Saturday || local.time() >= AFTER_WORK,
        }
    }
}

/// The afternoon begins.
pub(crate) const NOON: Time = Time::constant(12, 0, 0, 0);
/// Most people's work is over.
pub(crate) const AFTER_WORK: Time = Time::constant(16, 0, 0, 0);

/// Why there is nothing at all, and when there will be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nothing {
    /// Why.
    pub why: WhyNothing,
    /// When the next times can be booked, if that is known.
    pub released_at: Option<Timestamp>,
}

/// Why nothing is free on any day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyNothing {
    /// No counter serves all these concerns together.
    NotServed,
    /// Those that do are never open in this time, or not for so long an appointment.
    NoOpening,
    /// Nothing has been released yet.
    NotYetReleased,
    /// Everything is taken.
    Full,
}
