//! A town as the engine sees it, and its days.

use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use tenancy::TenantTx;

use crate::holidays::holiday;
use crate::{Busy, Closure, Counter, DayFrame, DayPlan, LocationId, Offices, OpeningRule, stored};

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
    /// Reads it, for whoever looks further ahead than the index does.
    ///
    /// # Errors
    /// The database's own; also a town that was never applied.
    pub async fn load(tx: &mut TenantTx) -> anyhow::Result<Self> {
        let profile = tenancy::town::Town::load(tx).await?.profile;
        stored::town(tx, profile.state).await
    }

    /// A day at an office. `None` only outside the years that can be computed with.
    pub fn plan(&self, location: LocationId, day: Date, busy: &[Busy]) -> Option<Arc<DayPlan>> {
        let frame = DayFrame::new(day, &self.zone)?;
        let counters: Vec<&Counter> = self.counters(location).collect();
        let rules: Vec<&OpeningRule> = self.rules.iter().filter(|it| it.location == location).collect();
        let holiday = holiday(day, &self.state);
        Some(Arc::new(DayPlan::new(&frame, &counters, &rules, &self.closures, holiday, busy)))
    }

    /// The counters of an office, in the order in which a plan has them.
    pub fn counters(&self, location: LocationId) -> impl Iterator<Item = &Counter> {
        self.offices.counters.iter().filter(move |it| it.location == location)
    }
}
