//! A town as the engine sees it, and its days.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use tenancy::i18n::I18n;

use crate::{Busy, Closure, Counter, DayFrame, DayPlan, LocationId, Offices, OpeningRule, holidays};

/// Everything that decides what a town offers, without what is taken.
#[derive(Clone, Debug)]
pub struct Town {
    /// Its zone.
    pub zone: TimeZone,
    /// Its Land, for public holidays, such as `NW`.
    pub state: String,
    /// Its offices and counters.
    pub offices: Offices,
    /// Its opening rules.
    pub rules: Vec<OpeningRule>,
    /// Its closures.
    pub closures: Vec<Closure>,
}

impl Town {
    /// A day at an office. `None` only outside the years that can be computed with.
    pub fn plan(&self, location: LocationId, day: Date, busy: &[Busy]) -> Option<Arc<DayPlan>> {
        let frame = DayFrame::new(day, &self.zone)?;
        let counters: Vec<&Counter> = self.counters(location).collect();
        let holiday = self.holidays(day.year()).remove(&day);
        Some(Arc::new(DayPlan::new(frame, &counters, &self.rules, &self.closures, holiday.as_ref(), busy)))
    }

    /// The counters of an office, in the order in which a plan has them.
    pub fn counters(&self, location: LocationId) -> impl Iterator<Item = &Counter> {
        self.offices.counters.iter().filter(move |it| it.location == location)
    }

    fn holidays(&self, year: i16) -> BTreeMap<Date, I18n> {
        holidays(year, &self.state)
    }
}
