//! Sessions in the town's own schema: a store for tower-sessions, and the owner's list of them.
//!
//! The id in the cookie is kept as its hash. Saving never brings back what was ended in the meantime.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx as _;
use sqlx::types::Json;
use tenancy::{Db, Tenant, TenantTx};
use tower_sessions_core::SessionStore;
use tower_sessions_core::session::{Id, Record};
use tower_sessions_core::session_store::{Error, Result};
use uuid::Uuid;

use crate::account::{Account, Row as AccountRow, select_accounts};
use crate::vault::hash;

/// A session ends after so long, whatever is done in it: a long working day.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(12);
/// It ends after so long without anybody doing something in it.
pub const IDLE: SignedDuration = SignedDuration::from_mins(60);
/// Under this name a session's data holds the id of who is signed in.
pub const STAFF: &str = "staff";
/// Under this name it holds, as `staff`, whose password was right, and whose code is still to come.
pub const WAITING: &str = "waiting";

/// Under this name it says that the town's identity provider has checked a second factor.
pub const VOUCHED: &str = "vouched";

/// The sessions of one town, at one moment.
#[derive(Clone, Debug)]
pub struct TownSessions {
    /// The databases.
    pub db: Db,
    /// The town.
    pub tenant: Arc<Tenant>,
    /// When the request came in.
    pub now: Timestamp,
    /// Browser and system in words, for the owner's list.
    pub client: String,
}

/// A session, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionInfo {
    /// Names it in a form; it is no way in.
    pub handle: String,
    /// Browser and system in words.
    pub client: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub seen_at: Timestamp,
}

/// Ends a session early if it was not used for so long.
fn idle_since(now: Timestamp) -> jiff_sqlx::Timestamp {
    now.saturating_sub(IDLE).unwrap_or(now).to_sqlx()
}

fn backend(error: impl std::fmt::Display) -> Error {
    Error::Backend(error.to_string())
}

fn hash_of(id: &Id) -> Vec<u8> {
    hash(&id.to_string()).to_vec()
}

fn staff_of(record: &Record) -> Option<Uuid> {
    record.data.get(STAFF).and_then(|it| it.as_str()).and_then(|it| it.parse().ok())
}

#[async_trait]
impl SessionStore for TownSessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        let mut tx = self.db.tenant_tx(&self.tenant).await.map_err(backend)?;
        loop {
            let made = sqlx::query(
                "INSERT INTO staff_session (id_hash, staff_id, data, client, created_at, seen_at, expires_at)
                 VALUES ($1, $2, $3, $4, $5, $5, $6) ON CONFLICT DO NOTHING",
            )
            .bind(hash_of(&record.id))
            .bind(staff_of(record))
            .bind(Json(&record.data))
            .bind(&self.client)
            .bind(self.now.to_sqlx())
            .bind(self.now.saturating_add(LONGEST).unwrap_or(self.now).to_sqlx())
            .execute(tx.conn())
            .await
            .map_err(backend)?;
            if made.rows_affected() == 1 {
                return tx.commit().await.map_err(backend);
            }
            record.id = Id::default();
        }
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let mut tx = self.db.tenant_tx(&self.tenant).await.map_err(backend)?;
        sqlx::query("UPDATE staff_session SET data = $2, staff_id = $3, seen_at = $4 WHERE id_hash = $1")
            .bind(hash_of(&record.id))
            .bind(Json(&record.data))
            .bind(staff_of(record))
            .bind(self.now.to_sqlx())
            .execute(tx.conn())
            .await
            .map_err(backend)?;
        tx.commit().await.map_err(backend)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let mut tx = self.db.tenant_tx(&self.tenant).await.map_err(backend)?;
        let found: Option<(Json<_>, jiff_sqlx::Timestamp)> = sqlx::query_as(
            "SELECT data, expires_at FROM staff_session WHERE id_hash = $1 AND expires_at > $2 AND seen_at > $3",
        )
        .bind(hash_of(id))
        .bind(self.now.to_sqlx())
        .bind(idle_since(self.now))
        .fetch_optional(tx.conn())
        .await
        .map_err(backend)?;
        tx.rollback().await.map_err(backend)?;
        let Some((Json(data), expires)) = found else { return Ok(None) };
        let expiry_date = time::OffsetDateTime::from_unix_timestamp(expires.to_jiff().as_second()).map_err(backend)?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        let mut tx = self.db.tenant_tx(&self.tenant).await.map_err(backend)?;
        sqlx::query("DELETE FROM staff_session WHERE id_hash = $1")
            .bind(hash_of(id))
            .execute(tx.conn())
            .await
            .map_err(backend)?;
        tx.commit().await.map_err(backend)
    }
}

/// Who is signed in with this cookie, as their account is now. Whether that counts as [`used`] is another question.
///
/// # Errors
/// The database's own.
pub async fn who(tx: &mut TenantTx, cookie: &str, now: Timestamp) -> sqlx::Result<Option<Account>> {
    let row: Option<AccountRow> = sqlx::query_as(select_accounts!(
        "FROM staff_session n JOIN staff s ON s.id = n.staff_id
          WHERE n.id_hash = $1 AND n.expires_at > $2 AND n.seen_at > $3 AND s.state = 'active'"
    ))
    .bind(hash(cookie).as_slice())
    .bind(now.to_sqlx())
    .bind(idle_since(now))
    .fetch_optional(tx.conn())
    .await?;
    row.map(AccountRow::into_account).transpose()
}

/// Somebody has used the session of this cookie, so that it goes on. Written once a minute.
///
/// # Errors
/// The database's own.
pub async fn used(tx: &mut TenantTx, cookie: &str, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query("UPDATE staff_session SET seen_at = $2 WHERE id_hash = $1 AND seen_at < $3")
        .bind(hash(cookie).as_slice())
        .bind(now.to_sqlx())
        .bind(now.saturating_sub(SignedDuration::from_mins(1)).unwrap_or(now).to_sqlx())
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Whether the session of this cookie goes on. It does not count as used: what asks is an open screen, not a person.
///
/// # Errors
/// The database's own.
pub async fn is_open(tx: &mut TenantTx, cookie: &str, now: Timestamp) -> sqlx::Result<bool> {
    let (is_open,): (bool,) = sqlx::query_as(
        "SELECT EXISTS (SELECT FROM staff_session n JOIN staff s ON s.id = n.staff_id
                         WHERE n.id_hash = $1 AND n.expires_at > $2 AND n.seen_at > $3 AND s.state = 'active')",
    )
    .bind(hash(cookie).as_slice())
    .bind(now.to_sqlx())
    .bind(idle_since(now))
    .fetch_one(tx.conn())
    .await?;
    Ok(is_open)
}

/// Whether the town's identity provider has checked a second factor when the session of this cookie began.
///
/// # Errors
/// The database's own.
pub async fn is_vouched(tx: &mut TenantTx, cookie: &str) -> sqlx::Result<bool> {
    let row: Option<(bool,)> =
        sqlx::query_as("SELECT COALESCE((data ->> $2)::boolean, false) FROM staff_session WHERE id_hash = $1")
            .bind(hash(cookie).as_slice())
            .bind(VOUCHED)
            .fetch_optional(tx.conn())
            .await?;
    Ok(row.is_some_and(|(is_vouched,)| is_vouched))
}

/// Somebody's sessions that could be used now, the last used one first.
///
/// # Errors
/// The database's own.
pub async fn list(tx: &mut TenantTx, staff: Uuid, now: Timestamp) -> sqlx::Result<Vec<SessionInfo>> {
    let rows: Vec<(String, String, jiff_sqlx::Timestamp, jiff_sqlx::Timestamp)> = sqlx::query_as(
        "SELECT encode(sha256(id_hash), 'hex'), client, created_at, seen_at FROM staff_session
          WHERE staff_id = $1 AND expires_at > $2 AND seen_at > $3 ORDER BY seen_at DESC, created_at DESC",
    )
    .bind(staff)
    .bind(now.to_sqlx())
    .bind(idle_since(now))
    .fetch_all(tx.conn())
    .await?;
    let info = |(handle, client, created, seen): (_, _, jiff_sqlx::Timestamp, jiff_sqlx::Timestamp)| SessionInfo {
        handle,
        client,
        created_at: created.to_jiff(),
        seen_at: seen.to_jiff(),
    };
    Ok(rows.into_iter().map(info).collect())
}

/// The handle under which [`list`] shows the session of this cookie.
pub fn handle(cookie: &str) -> String {
    use sha2::Digest as _;
    let twice = sha2::Sha256::digest(hash(cookie));
    twice.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Ends one of somebody's own sessions. `false`: it had ended before.
///
/// # Errors
/// The database's own.
pub async fn revoke(tx: &mut TenantTx, staff: Uuid, handle: &str) -> sqlx::Result<bool> {
    let ended = sqlx::query("DELETE FROM staff_session WHERE staff_id = $1 AND encode(sha256(id_hash), 'hex') = $2")
        .bind(staff)
        .bind(handle)
        .execute(tx.conn())
        .await?;
    Ok(ended.rows_affected() == 1)
}

/// Ends all of somebody's sessions but the one of this cookie, if there is one: after a new password, for instance. Those
/// on the way to a code end too, since the password that began them may be gone.
///
/// # Errors
/// The database's own.
pub async fn revoke_others(tx: &mut TenantTx, staff: Uuid, cookie: Option<&str>) -> sqlx::Result<()> {
    sqlx::query(
        "DELETE FROM staff_session WHERE (staff_id = $1 OR data -> $3 ->> 'staff' = $1::text)
            AND ($2::bytea IS NULL OR id_hash <> $2)",
    )
    .bind(staff)
    .bind(cookie.map(|it| hash(it).to_vec()))
    .bind(WAITING)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Removes sessions that have ended; how many.
///
/// # Errors
/// The database's own.
pub(crate) async fn remove_ended(tx: &mut TenantTx, now: Timestamp) -> sqlx::Result<u64> {
    let ended = sqlx::query("DELETE FROM staff_session WHERE expires_at <= $1 OR seen_at <= $2")
        .bind(now.to_sqlx())
        .bind(idle_since(now))
        .execute(tx.conn())
        .await?;
    Ok(ended.rows_affected())
}
