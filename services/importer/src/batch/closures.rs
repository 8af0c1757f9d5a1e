//! Closures that rows became which take whole days. What citizens are told is only that it is closed.

use std::collections::HashMap;

use jiff::civil::Date;
use jiff_sqlx::ToSqlx as _;
use schedule::{CounterId, LocationId};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use tenancy::TenantTx;
use tenancy::town::Town;

use super::sources::Source;

/// Days on which it is closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Closed {
    /// The office; none: the town.
    pub location: Option<LocationId>,
    /// The counter; none: all of them.
    pub counter: Option<CounterId>,
    /// First day.
    pub first: Date,
    /// Last day.
    pub last: Date,
}

type Row = (i32, Option<LocationId>, Option<CounterId>, jiff_sqlx::Date, jiff_sqlx::Date);

/// Tells the readers of free times that closures come and go, before any appointment is locked: absences of colleagues take
/// the town's row first, too.
pub(super) async fn announce(tx: &mut TenantTx) -> anyhow::Result<()> {
    Ok(Town::bump_version(tx).await?)
}

/// The closures of these that are still there; if there are any, they are announced.
pub(super) async fn of(
    tx: &mut TenantTx,
    sources: impl Iterator<Item = &Source>,
) -> anyhow::Result<HashMap<i32, Closed>> {
    let ids: Vec<i32> = sources.filter_map(|it| it.closure_id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    announce(tx).await?;
    Ok(find(tx, &ids).await?)
}

async fn find(tx: &mut TenantTx, ids: &[i32]) -> sqlx::Result<HashMap<i32, Closed>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, location_id, counter_id, first_day, last_day FROM closure WHERE id = ANY($1) FOR NO KEY UPDATE",
    )
    .bind(ids)
    .fetch_all(tx.conn())
    .await?;
    let closed = |(id, location, counter, first, last): Row| {
        (id, Closed { location, counter, first: first.to_jiff(), last: last.to_jiff() })
    };
    Ok(rows.into_iter().map(closed).collect())
}

/// Closes; the new closure's id. The caller has announced it.
pub(super) async fn put(tx: &mut TenantTx, closed: &Closed) -> sqlx::Result<i32> {
    sqlx::query_scalar(
        "INSERT INTO closure (location_id, counter_id, first_day, last_day, reason, by_staff)
         VALUES ($1, $2, $3, $4, $5, true) RETURNING id",
    )
    .bind(closed.location)
    .bind(closed.counter)
    .bind(closed.first.to_sqlx())
    .bind(closed.last.to_sqlx())
    .bind(Json(serde_json::json!({ "de": "geschlossen", "en": "closed" })))
    .fetch_one(tx.conn())
    .await
}

/// Opens again. The caller has announced it.
pub(super) async fn remove(tx: &mut TenantTx, ids: &[i32]) -> sqlx::Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    sqlx::query("DELETE FROM closure WHERE id = ANY($1)").bind(ids).execute(tx.conn()).await?;
    Ok(())
}
