//! Tells every index that a day of an office has changed.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use tenancy::TenantTx;

use crate::LocationId;

/// Raises the version of a day within the transaction that changes it. Put it last: the row stays locked until commit.
///
/// # Errors
/// The database's own.
pub async fn bump(tx: &mut TenantTx, location: LocationId, day: Date) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO location_day (location_id, day) VALUES ($1, $2)
         ON CONFLICT (location_id, day) DO UPDATE SET version = location_day.version + 1",
    )
    .bind(location)
    .bind(day.to_sqlx())
    .execute(tx.conn())
    .await?;
    Ok(())
}
