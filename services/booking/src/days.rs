//! The version of an office's day: whoever reads what is free fetches anew what has moved.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use schedule::LocationId;
use tenancy::TenantTx;

/// Offices and days that a change has touched.
#[derive(Debug)]
pub(crate) struct TouchedDays {
    zone: TimeZone,
    days: Vec<(LocationId, Date)>,
}

impl TouchedDays {
    pub fn new(zone: &TimeZone) -> Self {
        Self { zone: zone.clone(), days: Vec::new() }
    }

    /// The local day on which something at `location` begins.
    pub fn add(&mut self, location: LocationId, start: Timestamp) {
        self.days.push((location, day_of(start, &self.zone)));
    }

    /// Raises their versions.
    ///
    /// # Errors
    /// The database's own.
    pub async fn bump(self, tx: &mut TenantTx) -> sqlx::Result<()> {
        schedule::version::bump(tx, &self.days).await
    }
}

/// The local day of `at`.
pub(crate) fn day_of(at: Timestamp, zone: &TimeZone) -> Date {
    at.to_zoned(zone.clone()).date()
}
