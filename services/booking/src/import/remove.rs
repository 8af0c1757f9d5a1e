//! Taking imported appointments back: an import is undone, or they are gone from their file.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use tenancy::TenantTx;
use uuid::Uuid;

use super::Standing;
use super::reminders::withdraw_all;
use super::write::bump;
use crate::desk::promote;

/// Removes bookings as if they had never been imported. The caller has locked them with [`super::find_all`].
///
/// # Errors
/// The database's own.
pub async fn remove_all(tx: &mut TenantTx, all: &[Standing], now: Timestamp) -> sqlx::Result<()> {
    withdraw_all(tx, all).await?;
    sqlx::query("DELETE FROM booking WHERE id = ANY($1)")
        .bind(all.iter().map(|it| it.imported.booking_id).collect::<Vec<_>>())
        .execute(tx.conn())
        .await?;
    promote_all(tx, all, now).await?;
    bump(tx, &[], all).await
}

/// Cancels appointments that are gone from their file, without a mail: whoever took them out there has told the citizen.
/// Their versions are one higher then. The caller has locked them with [`super::find_all`].
///
/// # Errors
/// The database's own.
pub async fn cancel_all(tx: &mut TenantTx, all: &[Standing], now: Timestamp) -> sqlx::Result<()> {
    cancel(tx, all, now).await?;
    bump(tx, &[], all).await
}

/// The same without telling the days.
pub(super) async fn cancel(tx: &mut TenantTx, all: &[Standing], now: Timestamp) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = all.iter().map(|it| it.imported.appointment_id).collect();
    sqlx::query(
        "WITH cancelled AS (
           UPDATE appointment SET status = 'cancelled', blocks = false, ended_at = $2, sequence = sequence + 1,
                                  version = version + 1
            WHERE id = ANY($1) AND status = 'booked' RETURNING id, booking_id)
         INSERT INTO booking_event (booking_id, appointment_id, at, actor, kind, detail)
         SELECT booking_id, id, $2, 'system', 'cancelled', '{\"reason\": \"\"}' FROM cancelled",
    )
    .bind(&ids)
    .bind(now.to_sqlx())
    .execute(tx.conn())
    .await?;
    withdraw_all(tx, all).await?;
    promote_all(tx, all, now).await
}

/// Takes the rows away, so that their places are free within this transaction.
pub(super) async fn lift_all(tx: &mut TenantTx, appointments: &[Uuid]) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM appointment WHERE id = ANY($1)").bind(appointments).execute(tx.conn()).await?;
    Ok(())
}

/// Whoever stands on top of those who leave gets the place.
pub(super) async fn promote_all(tx: &mut TenantTx, left: &[Standing], now: Timestamp) -> sqlx::Result<()> {
    for it in left.iter().filter(|it| !it.imported.is_on_top) {
        let span = (it.imported.start.to_sqlx(), it.imported.end.to_sqlx());
        promote(tx, it.imported.counter, span, now).await?;
    }
    Ok(())
}
