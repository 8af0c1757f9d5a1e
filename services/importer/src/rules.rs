//! What becomes of a row, by the town's rules: decided once, in the dry run.
//!
//! Nothing is dropped silently: what the town would never have offered is imported all the same, blocks its place, and is
//! flagged for a clerk.

mod judge;
mod place;
mod taken;

use std::collections::HashMap;

use catalog::{Catalog, Concern};
use jiff::Timestamp;
use jiff::civil::Date;
use schedule::{CounterId, DayHours, LocationId, Town};
use serde::{Deserialize, Serialize};
use tenancy::TenantTx;
use tenancy::i18n::FIRST_LANGUAGE;

use crate::batch::Choices;
use crate::{Said, State};
use taken::Taken;

pub(crate) use judge::Verdict;

/// Every reason that the rules give, with its weight. `unknown_concern` is an error unless the batch names a concern.
pub const REASONS: &[(&str, State)] = &[
    ("past", State::Skipped),
    ("cancelled", State::Skipped),
    ("private", State::Skipped),
    ("all_day", State::Skipped),
    ("duplicate", State::Skipped),
    ("gone_here", State::Skipped),
    ("came_back", State::Ready),
    ("changed_here", State::Warning),
    ("closes_town", State::Warning),
    ("unknown_concern", State::Error),
    ("no_counters", State::Error),
    ("no_start", State::Error),
    ("strange_length", State::Error),
    ("too_many", State::Warning),
    ("no_counter", State::Warning),
    ("unknown_place", State::Warning),
    ("outside_hours", State::Warning),
    ("off_grid", State::Warning),
    ("over_capacity", State::Warning),
];

/// Where a row goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// An appointment.
    Appointment {
        /// At which counter.
        counter: CounterId,
        /// Where that is.
        location: LocationId,
        /// From then on.
        start: Timestamp,
        /// Until then.
        end: Timestamp,
        /// What for: keys and how many.
        concerns: Vec<(String, u8)>,
        /// On top of others.
        is_on_top: bool,
    },
    /// A closure.
    Closure {
        /// The counter; none: all of them.
        counter: Option<CounterId>,
        /// The office; none: the town.
        location: Option<LocationId>,
        /// First day.
        first: Date,
        /// Last day.
        last: Date,
    },
}

/// What decides about the rows of a batch: the town's facts, with what the rows before have taken.
pub(crate) struct Rules<'a> {
    catalog: &'a Catalog,
    choices: &'a Choices,
    town: Town,
    taken: Taken,
    hours: HashMap<(LocationId, Date), Option<DayHours>>,
    now: Timestamp,
}

impl<'a> Rules<'a> {
    /// Reads the town's facts.
    pub async fn load(
        tx: &mut TenantTx,
        catalog: &'a Catalog,
        choices: &'a Choices,
        now: Timestamp,
    ) -> anyhow::Result<Self> {
        let (town, taken) = (Town::load(tx).await?, Taken::load(tx, now).await?);
        Ok(Self { catalog, choices, town, taken, hours: HashMap::new(), now })
    }

    /// On the town's clocks.
    pub fn clock(&self, at: Timestamp) -> Said {
        Said::Moment(at.to_zoned(self.town.zone.clone()).datetime())
    }

    /// What the counter is called, else the office; empty: the whole town, or out of use by now.
    pub fn place_name(&self, location: Option<LocationId>, counter: Option<CounterId>) -> String {
        let offices = &self.town.offices;
        let counter = offices.counters.iter().find(|it| Some(it.id) == counter).map(|it| it.name.clone());
        let office = || offices.locations.iter().find(|it| Some(it.id) == location);
        counter.or_else(|| office().map(|it| it.name.get(FIRST_LANGUAGE).to_owned())).unwrap_or_default()
    }

    fn concern(&self, key: &str) -> Option<&'a Concern> {
        self.catalog.get(key)
    }
}
