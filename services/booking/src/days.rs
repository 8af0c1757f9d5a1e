//! The version of an office's day: whoever reads what is free fetches anew what has moved.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use schedule::LocationId;
use schedule::version::Touch;
use tenancy::TenantTx;

/// Offices and days that a change has touched. They are told of it by the last statement of a transaction: who holds one
/// of these rows waits for nothing else.
#[derive(Debug)]
pub(crate) struct TouchedDays {
    zone: TimeZone,
    days: BTreeMap<(LocationId, Date), Touch>,
}

impl TouchedDays {
    pub fn new(zone: &TimeZone) -> Self {
        Self { zone: zone.clone(), days: BTreeMap::new() }
    }

    /// What is free has changed on the local day on which something at `location` begins.
    pub fn add(&mut self, location: LocationId, start: Timestamp) {
        self.note((location, day_of(start, &self.zone)), Touch::Free);
    }

    /// Only what staff see of the day has changed.
    pub fn add_seen(&mut self, location: LocationId, day: Date) {
        self.note((location, day), Touch::Seen);
    }

    fn note(&mut self, day: (LocationId, Date), touch: Touch) {
        let known = self.days.entry(day).or_insert(touch);
        *known = touch.max(*known);
    }

    /// Raises their versions.
    ///
    /// # Errors
    /// The database's own.
    pub async fn bump(self, tx: &mut TenantTx) -> sqlx::Result<()> {
        schedule::version::bump(tx, &self.days).await
    }
}

/// Tells those who watch this day that something has changed which leaves the free times alone. The last statement, too.
///
/// # Errors
/// The database's own.
pub(crate) async fn touch(tx: &mut TenantTx, location: LocationId, day: Date) -> sqlx::Result<()> {
    let mut days = TouchedDays::new(&tx.tenant().zone);
    days.add_seen(location, day);
    days.bump(tx).await
}

/// The local day of `at`.
pub(crate) fn day_of(at: Timestamp, zone: &TimeZone) -> Date {
    at.to_zoned(zone.clone()).date()
}
