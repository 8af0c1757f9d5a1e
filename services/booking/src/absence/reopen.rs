//! The colleague is back sooner: open again from now on, without moving anybody a second time.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use tenancy::TenantTx;
use uuid::Uuid;

use crate::days::day_of;
use crate::desk::By;

/// Opens from now on what an absence has closed. Whoever was moved or told stays where they are. `None`: there is no such
/// absence; `false`: it was taken back, is over, or is open again already.
///
/// # Errors
/// The database's own.
pub async fn open_again(tx: &mut TenantTx, id: Uuid, by: &By<'_>, now: Timestamp) -> sqlx::Result<Option<bool>> {
    let today = day_of(now, &tx.tenant().zone);
    let known: Option<(Option<i32>, bool)> = sqlx::query_as(
        "SELECT closure_id, state = 'done' AND reopened_at IS NULL AND last_day >= $2 FROM absence WHERE id = $1 FOR UPDATE",
    )
    .bind(id)
    .bind(today.to_sqlx())
    .fetch_optional(tx.conn())
    .await?;
    let Some((closure, is_closed)) = known else { return Ok(None) };
    if !is_closed {
        return Ok(Some(false));
    }
    sqlx::query("UPDATE absence SET reopened_at = $2, reopened_by = $3 WHERE id = $1")
        .bind(id)
        .bind(now.to_sqlx())
        .bind(by.name)
        .execute(tx.conn())
        .await?;
    // The days that are over stay as they were; what is left of today opens.
    sqlx::query(
        "WITH shorter AS (UPDATE closure SET last_day = $2::date - 1 WHERE id = $1 AND first_day < $2),
         gone AS (DELETE FROM closure WHERE id = $1 AND first_day >= $2)
         UPDATE town SET version = version + 1",
    )
    .bind(closure)
    .bind(today.to_sqlx())
    .execute(tx.conn())
    .await?;
    Ok(Some(true))
}
