//! Other people's appointments: about 60 % of what can be booked, fuller soon than late.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use booking::{Links, Mode};
use catalog::{Catalog, Choice, Concern};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan, Unit};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use schedule::{CounterId, TownIndex};
use tenancy::TenantTx;
use tenancy::town::Town;

use super::calendar::{Calendar, CounterDay};
use super::people::MAIL_HOST;
use super::rows::{Place, Rows};

/// How much of a counter's time is taken, first tomorrow, then at the end of what can be booked.
const FULL: (f64, f64) = (0.7, 0.3);

/// Books for other people on every day that has none of their appointments yet, and commits.
///
/// # Errors
/// The database's own.
pub async fn fill(mut tx: TenantTx, links: &Links, now: Timestamp) -> anyhow::Result<()> {
    let town = Town::load(&mut tx).await?;
    let horizon_days = town.rules.horizon_days;
    let today = now.to_zoned(tx.tenant().zone.clone()).date();
    let first = match last_filled(&mut tx).await? {
        Some(last) => last.saturating_add(1.day()).max(today),
        None => today,
    };
    let catalog = Catalog::load(&mut tx).await?;
    let index = TownIndex::load(&mut tx, now, horizon_days).await?;
    let skills = skills(&mut tx, &catalog).await?;
    let mut rows = Rows::default();
    for day in first.series(1.day()).take_while(|day| days_between(today, *day) <= i32::from(horizon_days)) {
        let progress = f64::from(days_between(today, day)) / f64::from(horizon_days.max(1));
        let mut crowd = Crowd {
            catalog: &catalog,
            town: &town,
            calendar: Calendar { index: &index, now, horizon_days },
            links,
            day,
            full: FULL.0 + (FULL.1 - FULL.0) * progress,
            rng: chance(tx.tenant().slug.as_str(), day),
        };
        for counter in crowd.calendar.counters(day) {
            let concerns = skills.get(&counter.counter).map_or(&[][..], Vec::as_slice);
            crowd.visit(&counter, concerns, &mut rows)?;
        }
    }
    rows.insert(&mut tx).await?;
    tx.commit().await?;
    Ok(())
}

/// The people who want something on one day.
struct Crowd<'a> {
    catalog: &'a Catalog,
    town: &'a Town,
    calendar: Calendar<'a>,
    links: &'a Links,
    day: Date,
    full: f64,
    rng: StdRng,
}

impl Crowd<'_> {
    /// Goes through a counter's day and takes what comes, leaving gaps.
    fn visit(&mut self, counter: &CounterDay, concerns: &[&Concern], rows: &mut Rows) -> anyhow::Result<()> {
        let total: f64 = concerns.iter().map(|concern| f64::from(concern.duration_minutes)).sum();
        let usual_minutes = total / concerns.len().max(1) as f64;
        let mut busy_until = Timestamp::MIN;
        for (at, &start) in counter.starts.iter().enumerate().filter(|_| !concerns.is_empty()) {
            if start < busy_until {
                continue;
            }
            let next = counter.starts.get(at + 1).copied().unwrap_or(start + 5.minutes());
            let step_minutes = (next - start).total(Unit::Minute)?.min(30.0);
            // In the long run, somebody's `usual_minutes` and nobody's `step_minutes` then make up the wanted share.
            let taken = self.full * step_minutes;
            if !self.rng.random_bool(taken / (taken + (1.0 - self.full) * usual_minutes)) {
                continue;
            }
            let Some(concern) = concerns.choose(&mut self.rng) else { continue };
            busy_until = start + i64::from(self.book(counter, concern, start, rows)?).minutes();
        }
        Ok(())
    }

    /// Books one concern, mostly once, if it fits. Returns how many minutes it takes.
    fn book(
        &mut self,
        counter: &CounterDay,
        concern: &Concern,
        start: Timestamp,
        rows: &mut Rows,
    ) -> anyhow::Result<u16> {
        let quantity = if concern.max_quantity > 1 && self.rng.random_bool(0.15) { 2 } else { 1 };
        let choice = [Choice { concern: concern.key.clone(), quantity }];
        let Ok(planned) = booking::plan(self.catalog, &self.town.rules, &choice, Mode::Combined, self.day) else {
            return Ok(0);
        };
        let Some(planned) = planned.first() else { return Ok(0) };
        if !self.calendar.fits(counter.counter, concern.id, planned.minutes, start) {
            return Ok(0);
        }
        let place = Place { location: counter.location, counter: counter.counter, start };
        rows.add(&place, planned, self.calendar.now, self.links, &mut self.rng)?;
        Ok(planned.minutes)
    }
}

/// What each counter serves and citizens can book, the often chosen ones several times.
async fn skills<'c>(tx: &mut TenantTx, catalog: &'c Catalog) -> anyhow::Result<BTreeMap<CounterId, Vec<&'c Concern>>> {
    let pairs: Vec<(CounterId, i32)> =
        sqlx::query_as("SELECT counter_id, concern_id FROM counter_concern ORDER BY 1, 2").fetch_all(tx.conn()).await?;
    let mut skills: BTreeMap<CounterId, Vec<&Concern>> = BTreeMap::new();
    for (counter, concern) in pairs {
        let Some(concern) = catalog.by_id(concern).filter(|it| it.booking == catalog::Booking::Online) else {
            continue;
        };
        let weight = if concern.popular.is_some() { 5 } else { 1 };
        skills.entry(counter).or_default().extend(std::iter::repeat_n(concern, weight));
    }
    Ok(skills)
}

async fn last_filled(tx: &mut TenantTx) -> anyhow::Result<Option<Date>> {
    let zone = tx.tenant().zone.iana_name().unwrap_or("UTC").to_owned();
    let last: Option<jiff_sqlx::Date> = sqlx::query_scalar(
        "SELECT max((lower(during) AT TIME ZONE $2)::date) FROM appointment JOIN booking ON booking.id = booking_id
          WHERE email LIKE '%@' || $1",
    )
    .bind(MAIL_HOST)
    .bind(zone)
    .fetch_one(tx.conn())
    .await?;
    Ok(last.map(jiff_sqlx::Date::to_jiff))
}

fn days_between(first: Date, last: Date) -> i32 {
    (last - first).get_days()
}

/// The same people come on the same day of the same town, whenever the demo starts afresh.
fn chance(town: &str, day: Date) -> StdRng {
    let mut hasher = DefaultHasher::new();
    (town, day).hash(&mut hasher);
    StdRng::seed_from_u64(hasher.finish())
}
