//! When nothing is offered.

use std::sync::Arc;

use jiff::civil::{Date, Time};
use tenancy::i18n::I18n;

use crate::{CounterId, LocationId};

/// Days, or hours of days, on which a town, an office or a counter is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closure {
    /// The office; none: the whole town.
    pub location: Option<LocationId>,
    /// The counter; none: the whole office.
    pub counter: Option<CounterId>,
    /// First day.
    pub first: Date,
    /// Last day.
    pub last: Date,
    /// From when until when on each of these days; none: all day.
    pub hours: Option<(Time, Time)>,
    /// Shown to citizens.
    pub reason: Arc<I18n>,
}

impl Closure {
    /// Whether it holds for a counter of an office on `day`.
    pub fn concerns(&self, location: LocationId, counter: CounterId, day: Date) -> bool {
        (self.first..=self.last).contains(&day)
            && self.location.is_none_or(|it| it == location)
            && self.counter.is_none_or(|it| it == counter)
    }
}
