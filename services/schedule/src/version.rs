//! Tells every index that days of offices have changed.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use tenancy::TenantTx;

use crate::LocationId;

/// What has changed on a day of an office.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Touch {
    /// Only what staff see of it: the index of free times stays good.
    Seen,
    /// What is free.
    Free,
}

/// Raises the versions of `days` within the transaction that changes them. Put it last, and once: the rows stay locked
/// until commit. Each is a row that many want to write, so they are always written in the same order.
///
/// # Errors
/// The database's own.
pub async fn bump(tx: &mut TenantTx, days: &BTreeMap<(LocationId, Date), Touch>) -> sqlx::Result<()> {
    if days.is_empty() {
        return Ok(());
    }
    let locations: Vec<LocationId> = days.keys().map(|it| it.0).collect();
    let dates: Vec<jiff_sqlx::Date> = days.keys().map(|it| it.1.to_sqlx()).collect();
    let free: Vec<bool> = days.values().map(|it| *it == Touch::Free).collect();
    sqlx::query(
        "INSERT INTO location_day AS known (location_id, day, version, desk_version)
         SELECT location_id, day, free::int, (NOT free)::int
           FROM unnest($1::int[], $2::date[], $3::bool[]) AS touched (location_id, day, free)
         ON CONFLICT (location_id, day) DO UPDATE
           SET version = known.version + excluded.version, desk_version = known.desk_version + excluded.desk_version",
    )
    .bind(locations)
    .bind(dates)
    .bind(free)
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
