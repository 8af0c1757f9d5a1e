//! A note for colleagues. Citizens never see it.

use jiff::Timestamp;
use serde_json::json;
use tenancy::TenantTx;
use uuid::Uuid;

use super::target::Target;
use super::{By, DeskError, Who, event};
use crate::Status;
use crate::days::{day_of, touch};

/// Writes `text` (at most 2,000 characters) in the place of what was noted before; empty: nothing is noted any more.
///
/// # Errors
/// [`DeskError`].
pub async fn note(
    tx: &mut TenantTx,
    id: Uuid,
    text: &str,
    seen_version: i32,
    by: &By<'_>,
    now: Timestamp,
) -> Result<(), DeskError> {
    let target = Target::lock(tx, id, seen_version, &Status::ALL).await?;
    sqlx::query("UPDATE appointment SET note = $2, version = version + 1 WHERE id = $1")
        .bind(id)
        .bind(text)
        .execute(tx.conn())
        .await?;
    event(tx, (target.booking_id, Some(id)), "note", json!({}), &Who::Staff(by), now).await?;
    let day = day_of(target.starts_at.to_jiff(), &tx.tenant().zone);
    touch(tx, target.location_id, day).await?;
    Ok(())
}
