//! The history of a booking: who did what.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use sqlx::types::Json;
use tenancy::TenantTx;
use uuid::Uuid;

use super::Who;

/// Writes down what was done with a booking, or with one of its appointments.
///
/// # Errors
/// The database's own.
pub(crate) async fn event(
    tx: &mut TenantTx,
    (booking_id, appointment_id): (Uuid, Option<Uuid>),
    kind: &str,
    detail: serde_json::Value,
    who: &Who<'_>,
    now: Timestamp,
) -> sqlx::Result<()> {
    let (actor, staff_id, name) = match who {
        Who::Staff(by) => ("staff", Some(by.staff_id), by.name),
        Who::Citizen => ("citizen", None, ""),
        Who::System => ("system", None, ""),
    };
    sqlx::query(
        "INSERT INTO booking_event (booking_id, appointment_id, at, actor, staff_id, staff_name, kind, detail)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(booking_id)
    .bind(appointment_id)
    .bind(now.to_sqlx())
    .bind(actor)
    .bind(staff_id)
    .bind(name)
    .bind(kind)
    .bind(Json(detail))
    .execute(tx.conn())
    .await?;
    Ok(())
}
