//! Tells every index that days of offices have changed.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use tenancy::TenantTx;

use crate::LocationId;

/// Raises the versions of `days` within the transaction that changes them. Put it last: the rows stay locked until
/// commit. Each is a row that many want to write, so they are always written in the same order.
///
/// # Errors
/// The database's own.
pub async fn bump(tx: &mut TenantTx, days: &[(LocationId, Date)]) -> sqlx::Result<()> {
    let mut days = days.to_vec();
    days.sort_unstable();
    days.dedup();
    if days.is_empty() {
        return Ok(());
    }
    let (locations, days): (Vec<LocationId>, Vec<jiff_sqlx::Date>) =
        days.into_iter().map(|(location, day)| (location, day.to_sqlx())).unzip();
    sqlx::query(
        "INSERT INTO location_day AS known (location_id, day)
         SELECT location_id, day FROM unnest($1::int[], $2::date[]) AS touched (location_id, day)
         ON CONFLICT (location_id, day) DO UPDATE SET version = known.version + 1",
    )
    .bind(locations)
    .bind(days)
    .execute(tx.conn())
    .await?;
    Ok(())
}
