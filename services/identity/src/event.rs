//! The history of accounts: lines of `staff_event`, which every change leaves.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use sqlx::types::Json;
use tenancy::TenantTx;
use uuid::Uuid;

/// Who changes an account: a colleague, or the operator's command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct By {
    /// The colleague's account; none: the command line.
    pub id: Option<Uuid>,
    /// As the history names them.
    pub name: String,
}

/// What was done to an account, by whom: a line of `staff_event`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: By,
    /// What, in one word, such as `role`.
    pub kind: String,
}

impl By {
    /// The operator's command line.
    pub fn operator() -> Self {
        Self { id: None, name: "stadttermin".to_owned() }
    }
}

impl From<&crate::Staff> for By {
    fn from(staff: &crate::Staff) -> Self {
        Self { id: Some(staff.id), name: staff.name.clone() }
    }
}

/// A line in the history of accounts.
pub(crate) async fn remember(
    tx: &mut TenantTx,
    id: Uuid,
    kind: &str,
    detail: serde_json::Value,
    by: &By,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO staff_event (at, staff_id, actor_id, actor_name, kind, detail) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(now.to_sqlx())
    .bind(id)
    .bind(by.id)
    .bind(&by.name)
    .bind(kind)
    .bind(Json(detail))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The newest line about an account.
pub(crate) async fn last_change(tx: &mut TenantTx, id: Uuid) -> sqlx::Result<Option<Change>> {
    let row: Option<(jiff_sqlx::Timestamp, Option<Uuid>, String, String)> = sqlx::query_as(
        "SELECT at, actor_id, actor_name, kind FROM staff_event WHERE staff_id = $1 ORDER BY id DESC LIMIT 1",
    )
    .bind(id)
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|(at, id, name, kind)| Change { at: at.to_jiff(), by: By { id, name }, kind }))
}
