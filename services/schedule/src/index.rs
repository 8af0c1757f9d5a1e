//! What is free, in memory: a plan for every office and day that can be booked.
//!
//! Readers take a snapshot and wait for nobody. [`TownIndex::refresh`] compares the versions of all days with one
//! statement and reads anew only those that changed. A hold that expires changes no version: plans keep its end.

mod ask;
mod nothing;
mod suggest;

use std::collections::HashMap;
use std::sync::Arc;

use arc_swap::ArcSwap;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use tenancy::TenantTx;

use crate::{Busy, DayFrame, DayPlan, LocationId, Town, stored};

/// The days of a town that can be booked.
pub struct TownIndex {
    horizon_days: u16,
    snapshot: ArcSwap<Snapshot>,
}

/// All plans at one moment.
#[derive(Clone)]
struct Snapshot {
    town: Arc<Town>,
    first: Date,
    offices: Vec<Office>,
    versions: HashMap<(LocationId, Date), i64>,
    edition: u64,
}

/// The plans of an office, one a day from the first on.
#[derive(Clone)]
struct Office {
    location: LocationId,
    days: Vec<Arc<DayPlan>>,
}

impl TownIndex {
    /// Reads everything for today and the `horizon_days` after it: the furthest that anybody may look. Who may look less
    /// far says so in the [`Request`](crate::Request), and neither sees nor pays for the rest.
    ///
    /// # Errors
    /// The database's own; also a town that was never applied.
    pub async fn load(tx: &mut TenantTx, now: Timestamp, horizon_days: u16) -> anyhow::Result<Self> {
        let profile = tenancy::town::Town::load(tx).await?.profile;
        let town = stored::town(tx, profile.state).await?;
        let first = now.to_zoned(town.zone.clone()).date();
        let (_, versions) = stored::versions(tx, first).await?;
        let mut snapshot = Snapshot::empty(town, first);
        let wanted = snapshot.missing(horizon_days);
        let busy = stored::busy(tx, &wanted).await?;
        snapshot.put(&wanted, &busy);
        snapshot.versions = versions.into_iter().map(|(location, day, version)| ((location, day), version)).collect();
        Ok(Self { horizon_days, snapshot: ArcSwap::from_pointee(snapshot) })
    }

    /// An index of a town held in memory only, without a database: for tests and benchmarks.
    pub fn of(town: Town, first: Date, horizon_days: u16, busy: &[(LocationId, Busy)]) -> Self {
        let mut snapshot = Snapshot::empty(town, first);
        let wanted = snapshot.missing(horizon_days);
        snapshot.put(&wanted, busy);
        Self { horizon_days, snapshot: ArcSwap::from_pointee(snapshot) }
    }

    /// Takes over what has changed, and answers with the town's version: if that is another than the one the index was
    /// loaded with, rules or offices have changed, and the index must be loaded anew.
    ///
    /// # Errors
    /// The database's own; then the index stays as it was.
    pub async fn refresh(&self, tx: &mut TenantTx, now: Timestamp) -> anyhow::Result<i64> {
        let known = self.snapshot.load_full();
        let today = now.to_zoned(known.town.zone.clone()).date().max(known.first);
        let (town_version, versions) = stored::versions(tx, today).await?;
        let changed: Vec<(LocationId, Date)> = versions
            .iter()
            .filter(|(location, day, version)| known.versions.get(&(*location, *day)) != Some(version))
            .map(|(location, day, _)| (*location, *day))
            .collect();
        if changed.is_empty() && today == known.first {
            return Ok(town_version);
        }
        let mut next = known.since(today);
        let mut wanted = next.missing(self.horizon_days);
        wanted.extend(changed.into_iter().filter_map(|(location, day)| {
            next.plan(location, day)?;
            Some((location, DayFrame::new(day, &next.town.zone)?))
        }));
        let busy = stored::busy(tx, &wanted).await?;
        next.put(&wanted, &busy);
        next.versions = versions.into_iter().map(|(location, day, version)| ((location, day), version)).collect();
        next.edition += 1;
        self.snapshot.store(Arc::new(next));
        Ok(town_version)
    }

    /// What the index was made of.
    pub(crate) fn town(&self) -> Arc<Town> {
        Arc::clone(&self.snapshot.load().town)
    }

    /// Another one each time something has changed: what was made of one edition is good as long as it lasts and no time
    /// passes.
    pub fn edition(&self) -> u64 {
        self.snapshot.load().edition
    }
}

impl Snapshot {
    fn empty(town: Town, first: Date) -> Self {
        let office = |location: LocationId| Office { location, days: Vec::new() };
        let offices = town.offices.locations.iter().map(|it| office(it.id)).collect();
        Self { town: Arc::new(town), first, offices, versions: HashMap::new(), edition: 0 }
    }

    /// The same without the days before `today`.
    fn since(&self, today: Date) -> Self {
        let mut next = self.clone();
        let over = usize::try_from((today - self.first).get_days()).unwrap_or(0);
        for office in &mut next.offices {
            office.days.drain(..over.min(office.days.len()));
        }
        next.first = today;
        next
    }

    /// The days up to the horizon for which there is no plan.
    fn missing(&self, horizon_days: u16) -> Vec<(LocationId, DayFrame)> {
        let day = |offset: i64| self.first.checked_add(offset.days()).ok();
        let frame = |offset| DayFrame::new(day(offset)?, &self.town.zone);
        self.offices
            .iter()
            .flat_map(|office| {
                let known = i64::try_from(office.days.len()).unwrap_or(i64::MAX);
                (known..=i64::from(horizon_days)).filter_map(move |offset| Some((office.location, frame(offset)?)))
            })
            .collect()
    }

    /// Plans `days` anew with what is taken on them. A day of an office must follow those that are there.
    fn put(&mut self, days: &[(LocationId, DayFrame)], busy: &[(LocationId, Busy)]) {
        let mut taken: HashMap<LocationId, Vec<Busy>> = HashMap::new();
        for (location, busy) in busy {
            taken.entry(*location).or_default().push(*busy);
        }
        for list in taken.values_mut() {
            list.sort_by_key(|it| it.from);
        }
        for (location, frame) in days {
            let list = taken.get(location).map(Vec::as_slice).unwrap_or_default();
            let end = frame.instant(frame.cells);
            let today =
                &list[list.partition_point(|it| it.from < frame.begins)..list.partition_point(|it| it.from < end)];
            let Some(plan) = self.town.plan(*location, frame.date, today) else { continue };
            let Some(offset) = self.offset(frame.date) else { continue };
            let Some(office) = self.offices.iter_mut().find(|it| it.location == *location) else { continue };
            match office.days.get_mut(offset) {
                Some(day) => *day = plan,
                None => office.days.push(plan),
            }
        }
    }

    fn plan(&self, location: LocationId, day: Date) -> Option<&Arc<DayPlan>> {
        self.offices.iter().find(|it| it.location == location)?.days.get(self.offset(day)?)
    }

    /// Place of `day` in each office's row of plans.
    fn offset(&self, day: Date) -> Option<usize> {
        usize::try_from((day - self.first).get_days()).ok()
    }
}
