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

/// How far each of `days` is, for screens that show it: a number that grows with every change, what only staff see
/// included, and with every change of the town's rules.
///
/// # Errors
/// The database's own.
pub async fn of_days(tx: &mut TenantTx, days: &[(LocationId, Date)]) -> sqlx::Result<Vec<((LocationId, Date), i64)>> {
    let (locations, days): (Vec<LocationId>, Vec<jiff_sqlx::Date>) =
        days.iter().map(|(location, day)| (*location, day.to_sqlx())).unzip();
    let rows: Vec<(LocationId, jiff_sqlx::Date, i64)> = sqlx::query_as(
        "SELECT asked.location_id, asked.day,
                (SELECT version FROM town) + coalesce(known.version + known.desk_version, 0)
           FROM unnest($1::int[], $2::date[]) AS asked (location_id, day)
           LEFT JOIN location_day known ON known.location_id = asked.location_id AND known.day = asked.day",
    )
    .bind(locations)
    .bind(days)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|(location, day, version)| ((location, day.to_jiff()), version)).collect())
}
