//! Reading the history of a booking.

use jiff::Timestamp;
use sqlx::FromRow;
use sqlx::types::Json;
use tenancy::TenantTx;
use uuid::Uuid;

/// Something that was done with a booking.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// `citizen`, `staff` or `system`.
    pub actor: String,
    /// The colleague; empty if it was none.
    pub staff_name: String,
    /// What was done, such as `arrived` or `moved`.
    pub kind: String,
    /// More about it; which fields there are depends on the kind.
    pub detail: serde_json::Value,
    /// With which of the booking's appointments; none: with the whole booking.
    pub appointment_id: Option<Uuid>,
}

#[derive(FromRow)]
struct Row {
    at: jiff_sqlx::Timestamp,
    actor: String,
    staff_name: String,
    kind: String,
    detail: Json<serde_json::Value>,
    appointment_id: Option<Uuid>,
}

/// What was done with a booking, the latest first. That it was made stands in the booking itself.
///
/// # Errors
/// The database's own.
pub async fn history(tx: &mut TenantTx, booking_id: Uuid) -> sqlx::Result<Vec<Event>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT at, actor, staff_name, kind, detail, appointment_id
           FROM booking_event WHERE booking_id = $1 ORDER BY id DESC",
    )
    .bind(booking_id)
    .fetch_all(tx.conn())
    .await?;
    let event = |row: Row| Event {
        at: row.at.to_jiff(),
        actor: row.actor,
        staff_name: row.staff_name,
        kind: row.kind,
        detail: row.detail.0,
        appointment_id: row.appointment_id,
    };
    Ok(rows.into_iter().map(event).collect())
}
