//! Which days are being watched, and one look at the database for all who watch.
//!
//! While somebody of a town listens, one task of ours asks for the versions of all watched days with one statement, and
//! tells those whose day has changed. Nobody listens: nothing is asked.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::civil::Date;
use schedule::LocationId;
use tenancy::{Db, Tenant, TenantSlug};
use tokio::sync::watch;
use uuid::Uuid;

/// How often is looked. A clerk's screen shall know within a second.
const EVERY: Duration = Duration::from_millis(300);

/// Streams of all staff at once; each is an open connection.
const MOST_STREAMS: usize = 1000;

/// Streams of one account: a few windows on a few screens.
const MOST_OF_ONE: usize = 12;

/// A day at an office.
type Watched = (LocationId, Date);

/// The days that are watched in this process. Cheap to clone.
#[derive(Clone)]
pub(crate) struct LiveDays {
    db: Db,
    inner: Arc<Mutex<Inner>>,
}

#[derive(Default)]
struct Inner {
    /// A town is here as long as its task runs.
    towns: HashMap<TenantSlug, HashMap<Watched, watch::Sender<i64>>>,
    streams: HashMap<Uuid, usize>,
}

/// The right to one stream; gives its place up when dropped.
pub(super) struct Admission {
    live: LiveDays,
    staff: Uuid,
}

impl LiveDays {
    /// Nobody listens yet.
    pub(crate) fn new(db: Db) -> Self {
        Self { db, inner: Arc::default() }
    }

    /// One more stream for this account; none if there are too many.
    pub(super) fn admit(&self, staff: Uuid) -> Option<Admission> {
        let mut inner = self.lock();
        let all: usize = inner.streams.values().sum();
        let own = inner.streams.entry(staff).or_default();
        if all >= MOST_STREAMS || *own >= MOST_OF_ONE {
            return None;
        }
        *own += 1;
        drop(inner);
        Some(Admission { live: self.clone(), staff })
    }

    /// The version of a day, and each later one. It is 0 until the first look.
    pub(super) fn follow(&self, tenant: &Arc<Tenant>, day: Watched) -> watch::Receiver<i64> {
        let mut inner = self.lock();
        let is_watched = inner.towns.contains_key(&tenant.slug);
        let days = inner.towns.entry(tenant.slug.clone()).or_default();
        let receiver = days.entry(day).or_insert_with(|| watch::Sender::new(0)).subscribe();
        drop(inner);
        if !is_watched {
            tokio::spawn(self.clone().look(Arc::clone(tenant)));
        }
        receiver
    }

    /// Looks for changes in one town until nobody listens any more.
    async fn look(self, tenant: Arc<Tenant>) {
        while let Some(days) = self.watched(&tenant.slug) {
            match self.versions(&tenant, &days).await {
                Ok(versions) => self.tell(&tenant.slug, &versions),
                // The screens keep what they show; the next look may succeed.
                Err(error) => tracing::warn!(town = %tenant.slug, error = format!("{error:#}"), "no look at the day"),
            }
            tokio::time::sleep(EVERY).await;
        }
    }

    /// The days somebody listens to; none: the town is forgotten.
    fn watched(&self, slug: &TenantSlug) -> Option<Vec<Watched>> {
        let mut inner = self.lock();
        let days = inner.towns.get_mut(slug)?;
        days.retain(|_, sender| sender.receiver_count() > 0);
        if days.is_empty() {
            inner.towns.remove(slug);
            return None;
        }
        Some(days.keys().copied().collect())
    }

    async fn versions(&self, tenant: &Arc<Tenant>, days: &[Watched]) -> anyhow::Result<Vec<(Watched, i64)>> {
        let mut tx = self.db.tenant_tx(tenant).await?;
        let versions = schedule::version::of_days(&mut tx, days).await?;
        tx.rollback().await?;
        Ok(versions)
    }

    fn tell(&self, slug: &TenantSlug, versions: &[(Watched, i64)]) {
        let inner = self.lock();
        let Some(days) = inner.towns.get(slug) else { return };
        for (day, version) in versions {
            if let Some(sender) = days.get(day) {
                sender.send_if_modified(|known| std::mem::replace(known, *version) != *version);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Admission {
    fn drop(&mut self) {
        let mut inner = self.live.lock();
        if let Some(count) = inner.streams.get_mut(&self.staff) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                inner.streams.remove(&self.staff);
            }
        }
    }
}
