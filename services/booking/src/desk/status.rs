//! Writing an appointment's status with its history.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use sqlx::{Connection as _, FromRow};
use tenancy::TenantTx;
use uuid::Uuid;

use super::promote::promote;
use super::{Who, event};
use crate::days::{TouchedDays, day_of};
use crate::{Status, place};

#[derive(FromRow)]
struct Known {
    booking_id: Uuid,
    location_id: i32,
    counter_id: i32,
    starts_at: jiff_sqlx::Timestamp,
    ends_at: jiff_sqlx::Timestamp,
    blocks: bool,
    overbooked: bool,
}

/// Sets the status of an appointment whose booking the caller has locked, and writes the history. What was over and goes
/// on again stands on top of whoever has got its place meanwhile. The caller raises the versions of `days` at the end.
///
/// # Errors
/// The database's own; `RowNotFound` if there is no such appointment.
pub(crate) async fn set_status(
    tx: &mut TenantTx,
    appointment_id: Uuid,
    to: Status,
    who: &Who<'_>,
    now: Timestamp,
    days: &mut TouchedDays,
) -> sqlx::Result<()> {
    let known = lock(tx, appointment_id).await?;
    let is_active = matches!(to, Status::Booked | Status::Arrived | Status::Called | Status::InService);
    if is_active && !known.blocks && !known.overbooked {
        revive(tx, appointment_id, to, now).await?;
    }
    write(tx, appointment_id, to, is_active, now).await?;
    event(tx, (known.booking_id, Some(appointment_id)), to.as_str(), serde_json::json!({}), who, now).await?;
    // On top of nobody any more, or off a place that others wait for.
    if known.overbooked || (known.blocks && !is_active) {
        promote(tx, known.counter_id, (known.starts_at, known.ends_at), now).await?;
    }
    let start = known.starts_at.to_jiff();
    if known.overbooked || known.blocks != is_active {
        days.add(known.location_id, start);
    } else {
        days.add_seen(known.location_id, day_of(start, &tx.tenant().zone));
    }
    Ok(())
}

async fn lock(tx: &mut TenantTx, id: Uuid) -> sqlx::Result<Known> {
    sqlx::query_as(
        "SELECT booking_id, location_id, counter_id, lower(during) AS starts_at, upper(during) AS ends_at, blocks,
                overbooked
           FROM appointment WHERE id = $1 FOR NO KEY UPDATE",
    )
    .bind(id)
    .fetch_one(tx.conn())
    .await
}

/// Takes the place again for what goes on, or puts it on top of whoever is there now.
async fn revive(tx: &mut TenantTx, id: Uuid, to: Status, now: Timestamp) -> sqlx::Result<()> {
    place::lock_exchange(tx).await?;
    let mut attempt = tx.conn().begin().await?;
    let mut place = place::lift(&mut attempt, id).await?;
    to.as_str().clone_into(&mut place.status);
    place.hold_until = None;
    if !place::take(&mut attempt, &place, now).await? {
        place::put_on_top(&mut attempt, &place).await?;
    }
    attempt.commit().await
}

/// Enters no place: what is active blocks already, or stands on top.
async fn write(tx: &mut TenantTx, id: Uuid, to: Status, is_active: bool, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE appointment
            SET status = $2, version = version + 1, blocks = blocks AND $4,
                arrived_at = CASE WHEN $2 IN ('arrived', 'called', 'in_service') THEN coalesce(arrived_at, $3)
                                  WHEN $2 = 'booked' THEN NULL ELSE arrived_at END,
                called_at = CASE $2 WHEN 'called' THEN $3 WHEN 'booked' THEN NULL WHEN 'arrived' THEN NULL
                                    ELSE called_at END,
                served_at = CASE $2 WHEN 'in_service' THEN coalesce(served_at, $3) WHEN 'done' THEN served_at END,
                ended_at = CASE WHEN NOT $4 THEN $3 END
          WHERE id = $1",
    )
    .bind(id)
    .bind(to.as_str())
    .bind(now.to_sqlx())
    .bind(is_active)
    .execute(tx.conn())
    .await?;
    Ok(())
}
