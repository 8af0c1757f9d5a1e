//! Colleagues: who has an account, and what is done with it. Every change leaves a line in `staff_event`.

use jiff::Timestamp;
use schedule::CounterId;
use tenancy::TenantTx;
use uuid::Uuid;

use crate::account::{Account, Row, State, select_accounts};
pub use crate::event::{By, Change, Line, history};
use crate::event::{last_change, remember};
use crate::{Role, second_factor, sessions};

/// Why an account is not changed.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    /// There is no such account.
    #[error("there is no such account")]
    NotFound,
    /// Nobody would be left who may change accounts.
    #[error("the town would be left without an admin")]
    LastAdmin,
    /// Somebody has changed it since it was shown.
    #[error("the account was changed in the meantime")]
    Changed(Option<Change>),
    /// Their own: done at the own account, with the password.
    #[error("this is done at the own account")]
    Own,
    /// The database's own.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// All accounts, by name.
///
/// # Errors
/// The database's own.
pub async fn list(tx: &mut TenantTx) -> sqlx::Result<Vec<Account>> {
    let rows: Vec<Row> =
        sqlx::query_as(select_accounts!("FROM staff s ORDER BY s.state = 'disabled', lower(s.name), s.id"))
            .fetch_all(tx.conn())
            .await?;
    rows.into_iter().map(Row::into_account).collect()
}

/// Makes sure that the account is as it was when somebody saw it, and stays so until the transaction ends. Asked before a
/// change that comes from a page.
///
/// # Errors
/// [`PeopleError::Changed`], with the last change; [`PeopleError::NotFound`].
pub async fn expect_unchanged(tx: &mut TenantTx, id: Uuid, seen_version: i32) -> Result<(), PeopleError> {
    // In the same order as those that follow.
    lock_admins(tx).await?;
    if lock(tx, id).await?.version == seen_version {
        return Ok(());
    }
    Err(PeopleError::Changed(last_change(tx, id).await?))
}

/// Gives an account another role. The same role again changes nothing.
///
/// # Errors
/// [`PeopleError`].
pub async fn change_role(tx: &mut TenantTx, id: Uuid, role: Role, by: &By, now: Timestamp) -> Result<(), PeopleError> {
    lock_admins(tx).await?;
    let account = lock(tx, id).await?;
    if account.staff.role == role {
        return Ok(());
    }
    keep_an_admin(tx, &account).await?;
    sqlx::query("UPDATE staff SET role = $2, version = version + 1 WHERE id = $1")
        .bind(id)
        .bind(role.as_str())
        .execute(tx.conn())
        .await?;
    let detail = serde_json::json!({ "from": account.staff.role.as_str(), "to": role.as_str() });
    Ok(remember(tx, id, "role", detail, by, now).await?)
}

/// Switches an account off: its sessions end at once.
///
/// # Errors
/// [`PeopleError`].
pub async fn disable(tx: &mut TenantTx, id: Uuid, by: &By, now: Timestamp) -> Result<(), PeopleError> {
    lock_admins(tx).await?;
    let account = lock(tx, id).await?;
    if account.state == State::Disabled {
        return Ok(());
    }
    keep_an_admin(tx, &account).await?;
    set_state(tx, id, State::Disabled).await?;
    sqlx::query("DELETE FROM staff_link WHERE staff_id = $1 AND used_at IS NULL").bind(id).execute(tx.conn()).await?;
    sessions::revoke_others(tx, id, None).await?;
    Ok(remember(tx, id, "disabled", serde_json::json!({}), by, now).await?)
}

/// Switches an account on again; who never had a password has to be invited once more.
///
/// # Errors
/// [`PeopleError`].
pub async fn enable(tx: &mut TenantTx, id: Uuid, by: &By, now: Timestamp) -> Result<(), PeopleError> {
    let account = lock(tx, id).await?;
    if account.state != State::Disabled {
        return Ok(());
    }
    let (can_sign_in,): (bool,) =
        sqlx::query_as("SELECT password_hash IS NOT NULL OR oidc_subject IS NOT NULL FROM staff WHERE id = $1")
            .bind(id)
            .fetch_one(tx.conn())
            .await?;
    set_state(tx, id, if can_sign_in { State::Active } else { State::Invited }).await?;
    Ok(remember(tx, id, "enabled", serde_json::json!({}), by, now).await?)
}

/// Takes the second factor of somebody away who has lost phone and recovery codes, and ends their sessions. An admin sets
/// up a new one at the next sign-in.
///
/// # Errors
/// [`PeopleError::NotFound`], [`PeopleError::Own`].
pub async fn forget_second_factor(tx: &mut TenantTx, id: Uuid, by: &By, now: Timestamp) -> Result<(), PeopleError> {
    lock(tx, id).await?;
    if by.id == Some(id) {
        return Err(PeopleError::Own);
    }
    second_factor::clear(tx, id).await?;
    sessions::revoke_others(tx, id, None).await?;
    Ok(remember(tx, id, "second_factor_forgotten", serde_json::json!({}), by, now).await?)
}

/// Remembers at which counter somebody sits.
///
/// # Errors
/// The database's own.
pub async fn sit_at(tx: &mut TenantTx, id: Uuid, counter: Option<CounterId>) -> sqlx::Result<()> {
    sqlx::query("UPDATE staff SET counter_id = $2 WHERE id = $1").bind(id).bind(counter).execute(tx.conn()).await?;
    Ok(())
}

/// Another language for somebody's pages and mails.
///
/// # Errors
/// The database's own.
pub async fn set_language(tx: &mut TenantTx, id: Uuid, language: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE staff SET language = $2 WHERE id = $1").bind(id).bind(language).execute(tx.conn()).await?;
    Ok(())
}

/// Gives an account another password, and ends its other sessions.
///
/// # Errors
/// The database's own.
pub async fn set_password(
    tx: &mut TenantTx,
    id: Uuid,
    password_hash: &str,
    cookie: Option<&str>,
    by: &By,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE staff SET password_hash = $2, version = version + 1 WHERE id = $1")
        .bind(id)
        .bind(password_hash)
        .execute(tx.conn())
        .await?;
    sessions::revoke_others(tx, id, cookie).await?;
    remember(tx, id, "password", serde_json::json!({}), by, now).await
}

/// Nobody else changes the account until the transaction ends.
pub(crate) async fn lock(tx: &mut TenantTx, id: Uuid) -> Result<Account, PeopleError> {
    let row: Option<Row> = sqlx::query_as(select_accounts!("FROM staff s WHERE s.id = $1 FOR UPDATE"))
        .bind(id)
        .fetch_optional(tx.conn())
        .await?;
    Ok(row.ok_or(PeopleError::NotFound)?.into_account()?)
}

/// Two admins cannot switch each other off at the same moment: the second waits here, and then sees what is left.
pub(crate) async fn lock_admins(tx: &mut TenantTx) -> sqlx::Result<()> {
    sqlx::query("SELECT id FROM staff WHERE role = 'admin' ORDER BY id FOR UPDATE").execute(tx.conn()).await?;
    Ok(())
}

/// Refuses to take the last one away who may change accounts.
pub(crate) async fn keep_an_admin(tx: &mut TenantTx, going: &Account) -> Result<(), PeopleError> {
    if going.staff.role != Role::Admin || going.state != State::Active {
        return Ok(());
    }
    let is_another: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT FROM staff WHERE role = 'admin' AND state = 'active' AND id <> $1)")
            .bind(going.staff.id)
            .fetch_one(tx.conn())
            .await?;
    if is_another { Ok(()) } else { Err(PeopleError::LastAdmin) }
}

async fn set_state(tx: &mut TenantTx, id: Uuid, state: State) -> sqlx::Result<()> {
    sqlx::query("UPDATE staff SET state = $2, version = version + 1 WHERE id = $1")
        .bind(id)
        .bind(state.as_str())
        .execute(tx.conn())
        .await?;
    Ok(())
}
