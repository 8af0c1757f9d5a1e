//! Places to book: each is given out once, so that nobody has to fail.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Context;
use catalog::Catalog;
use jiff::{SignedDuration, Timestamp, ToSpan};
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use schedule::{Channel, Offices, Request, TownIndex};
use tenancy::town::Town;

use crate::deployment::Deployment;

/// What everybody comes for.
pub const CONCERN: &str = "personalausweis";

/// Free places in the form that the page's form sends them.
#[derive(Clone)]
pub struct Slots {
    places: Arc<[String]>,
    given: Arc<AtomicUsize>,
}

impl Slots {
    /// One that was not given out yet.
    pub fn next(&self) -> Option<String> {
        let number = self.given.fetch_add(1, Ordering::Relaxed);
        self.places.get(number).cloned()
    }

    /// All are free again.
    pub fn start_over(&self) {
        self.given.store(0, Ordering::Relaxed);
    }

    pub fn len(&self) -> usize {
        self.places.len()
    }
}

/// Every free place of the town Werne that overlaps with no other one of them, in no order.
pub async fn find(deployment: &Deployment) -> anyhow::Result<Slots> {
    let now = deployment.now();
    let mut tx = deployment.db().tenant_tx(&deployment.tenant("werne")).await?;
    let town = Town::load(&mut tx).await?;
    let (catalog, offices) = (Catalog::load(&mut tx).await?, Offices::load(&mut tx).await?);
    let index = TownIndex::load(&mut tx, now, town.rules.horizon_days).await?;
    tx.rollback().await?;
    let concern = catalog.get(CONCERN).context("the concern everybody comes for")?;
    let mut places = Vec::new();
    for location in &offices.locations {
        let request = Request {
            location: Some(location.id),
            concerns: &[concern.id],
            duration_minutes: concern.duration_minutes,
            channel: Channel::Online,
            now,
            lead_minutes: town.rules.lead_minutes,
            horizon_days: town.rules.horizon_days,
            own: None,
        };
        let today = now.to_zoned(deployment.tenant("werne").zone.clone()).date();
        let mut free_from = Timestamp::MIN;
        for day in today.series(1.day()).take(usize::from(town.rules.horizon_days)).skip(1) {
            for start in index.day_times(&request, day) {
                if start.start < free_from {
                    continue;
                }
                free_from = start.start + SignedDuration::from_mins(i64::from(concern.duration_minutes));
                let counters = index.candidates(&request, start.start).len();
                let place = format!("{}%40{}", start.start.to_string().replace(':', "%3A"), location.key);
                places.extend(std::iter::repeat_n(place, counters));
            }
        }
    }
    places.shuffle(&mut StdRng::seed_from_u64(1));
    Ok(Slots { places: places.into(), given: Arc::default() })
}
