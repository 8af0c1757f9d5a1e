//! The mark of an imported appointment that somebody should look at: it is taken away by whoever has looked.

use jiff::Timestamp;
use serde_json::json;
use tenancy::TenantTx;
use uuid::Uuid;

use super::target::Target;
use super::{By, DeskError, Who, event};
use crate::Status;
use crate::days::{day_of, touch};

/// Takes the mark away. Where there is none any more, nothing changes.
///
/// # Errors
/// [`DeskError`].
pub async fn settle_import(
    tx: &mut TenantTx,
    id: Uuid,
    seen_version: i32,
    by: &By<'_>,
    now: Timestamp,
) -> Result<(), DeskError> {
    let target = Target::lock(tx, id, seen_version, &Status::ALL).await?;
    let settled = sqlx::query(
        "UPDATE appointment SET import_flag = NULL, version = version + 1 WHERE id = $1 AND import_flag IS NOT NULL",
    )
    .bind(id)
    .execute(tx.conn())
    .await?;
    if settled.rows_affected() == 0 {
        return Ok(());
    }
    event(tx, (target.booking_id, Some(id)), "looked_at", json!({}), &Who::Staff(by), now).await?;
    let day = day_of(target.starts_at.to_jiff(), &tx.tenant().zone);
    touch(tx, target.location_id, day).await?;
    Ok(())
}
