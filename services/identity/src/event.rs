//! The history of accounts: lines of `staff_event`, which every change and every sign-in leaves.

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

/// The same for somebody who reads the whole history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number: a later line has a greater one.
    pub number: i64,
    /// What was done.
    pub change: Change,
    /// Whose account it was done to, and their name as it is now.
    pub whose: (Uuid, String),
    /// More of it, such as the roles before and after.
    pub detail: serde_json::Value,
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

/// The lines before `before`, the newest first, `most` at most: all, or what `person` did and what was done to their
/// account.
///
/// # Errors
/// The database's own.
pub async fn history(
    tx: &mut TenantTx,
    person: Option<Uuid>,
    before: Option<i64>,
    most: i64,
) -> sqlx::Result<Vec<Line>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT e.id, e.at, e.actor_id, e.actor_name, e.kind, e.staff_id, coalesce(s.name, '') AS name,
                e.detail
           FROM staff_event e LEFT JOIN staff s ON s.id = e.staff_id
          WHERE ($1::uuid IS NULL OR e.staff_id = $1 OR e.actor_id = $1) AND ($2::bigint IS NULL OR e.id < $2)
          ORDER BY e.id DESC LIMIT $3",
    )
    .bind(person)
    .bind(before)
    .bind(most)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(Row::into_line).collect())
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    at: jiff_sqlx::Timestamp,
    actor_id: Option<Uuid>,
    actor_name: String,
    kind: String,
    staff_id: Uuid,
    name: String,
    detail: Json<serde_json::Value>,
}

impl Row {
    fn into_line(self) -> Line {
        let by = By { id: self.actor_id, name: self.actor_name };
        let change = Change { at: self.at.to_jiff(), by, kind: self.kind };
        Line { number: self.id, change, whose: (self.staff_id, self.name), detail: self.detail.0 }
    }
}

/// The newest line about an account that tells of a change: signing in changes nothing.
pub(crate) async fn last_change(tx: &mut TenantTx, id: Uuid) -> sqlx::Result<Option<Change>> {
    let row: Option<(jiff_sqlx::Timestamp, Option<Uuid>, String, String)> = sqlx::query_as(
        "SELECT at, actor_id, actor_name, kind FROM staff_event WHERE staff_id = $1 AND kind <> 'signed_in'
          ORDER BY id DESC LIMIT 1",
    )
    .bind(id)
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|(at, id, name, kind)| Change { at: at.to_jiff(), by: By { id, name }, kind }))
}
