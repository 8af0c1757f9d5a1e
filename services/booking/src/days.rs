//! The version of an office's day: whoever reads what is free fetches anew what has moved.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff_sqlx::ToSqlx as _;
use schedule::LocationId;
use sqlx::PgConnection;

/// Offices and days that a change has touched.
///
/// Each is one row that many want to write: they are written last in a transaction, and always in the same order.
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
    pub async fn bump(mut self, conn: &mut PgConnection) -> sqlx::Result<()> {
        self.days.sort_unstable();
        self.days.dedup();
        if self.days.is_empty() {
            return Ok(());
        }
        let locations: Vec<LocationId> = self.days.iter().map(|(location, _)| *location).collect();
        let days: Vec<jiff_sqlx::Date> = self.days.iter().map(|(_, day)| day.to_sqlx()).collect();
        sqlx::query(
            "INSERT INTO location_day AS known (location_id, day)
             SELECT location_id, day FROM unnest($1::int[], $2::date[]) AS touched (location_id, day)
             ON CONFLICT (location_id, day) DO UPDATE SET version = known.version + 1",
        )
        .bind(locations)
        .bind(days)
        .execute(conn)
        .await?;
        Ok(())
    }
}

/// The local day of `at`.
pub(crate) fn day_of(at: Timestamp, zone: &TimeZone) -> Date {
    at.to_zoned(zone.clone()).date()
}
