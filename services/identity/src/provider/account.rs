//! Which account somebody from the identity provider has.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use tenancy::TenantTx;
use uuid::Uuid;

use super::Visitor;
use crate::account::{Account, Row, State, select_accounts};
use crate::event::{By, remember};
use crate::people::{PeopleError, keep_an_admin, lock, lock_admins};
use crate::sessions;
use crate::sign_in::note_sign_in;

/// Why somebody whom the provider knows does not come in.
#[derive(Debug, thiserror::Error)]
pub enum EnterError {
    /// Nobody has invited them, or their account is switched off.
    #[error("there is no account in use for this person")]
    NoAccount,
    /// The provider does not vouch for an address, so that no account can be found by it.
    #[error("the identity provider names no confirmed address")]
    NoAddress,
    /// The account with their address belongs to somebody else at the provider.
    #[error("the account is bound to somebody else at the identity provider")]
    SomebodyElse,
    /// The database's own.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// The account of somebody who has come back from the provider. At the first time it is found by the address they were
/// invited under, and bound to them; from then on the address does not matter any more. Who was invited needs no password.
///
/// # Errors
/// [`EnterError`].
pub async fn enter(tx: &mut TenantTx, visitor: &Visitor, now: Timestamp) -> Result<Account, EnterError> {
    if let Some(account) = find_bound(tx, &visitor.subject).await? {
        let account = Some(account).filter(|it| it.state == State::Active).ok_or(EnterError::NoAccount)?;
        note_sign_in(tx, account.staff.id, now).await?;
        return Ok(account);
    }
    let email = visitor.email.as_deref().ok_or(EnterError::NoAddress)?;
    let row: Option<Row> = sqlx::query_as(select_accounts!("FROM staff s WHERE lower(s.email) = lower($1) FOR UPDATE"))
        .bind(email)
        .fetch_optional(tx.conn())
        .await?;
    let account = row.map(Row::into_account).transpose()?.filter(|it| it.state != State::Disabled);
    let account = account.ok_or(EnterError::NoAccount)?;
    let (bound,): (Option<String>,) = sqlx::query_as("SELECT oidc_subject FROM staff WHERE id = $1")
        .bind(account.staff.id)
        .fetch_one(tx.conn())
        .await?;
    match bound {
        // They have come back twice at the same moment.
        Some(bound) if bound == visitor.subject => return Ok(account),
        Some(bound) if issuer_of(&bound) == issuer_of(&visitor.subject) => return Err(EnterError::SomebodyElse),
        // The town has another provider now: who they were at the former one says nothing any more.
        Some(_) => sessions::revoke_others(tx, account.staff.id, None).await?,
        None => {}
    }
    Ok(bind(tx, account.staff.id, &visitor.subject, now).await?)
}

/// Somebody's account is no longer bound to a person at the provider: the next one with its address gets it. For who has
/// been entered anew there. Who has no password has to come by the provider again.
///
/// # Errors
/// [`PeopleError`].
pub async fn forget(tx: &mut TenantTx, id: Uuid, by: &By, now: Timestamp) -> Result<(), PeopleError> {
    lock_admins(tx).await?;
    let account = lock(tx, id).await?;
    if by.id == Some(id) {
        return Err(PeopleError::Own);
    }
    // The operator's command line is the way back in for a town whose only admin stands outside.
    if by.id.is_some() {
        keep_an_admin(tx, &account).await?;
    }
    sqlx::query(
        "UPDATE staff SET oidc_subject = NULL, version = version + 1,
                state = CASE WHEN password_hash IS NULL AND state = 'active' THEN 'invited' ELSE state END
          WHERE id = $1 AND oidc_subject IS NOT NULL",
    )
    .bind(id)
    .execute(tx.conn())
    .await?;
    sessions::revoke_others(tx, id, None).await?;
    Ok(remember(tx, id, "provider_forgotten", serde_json::json!({}), by, now).await?)
}

/// A subject is kept behind its issuer; addresses have no spaces.
fn issuer_of(subject: &str) -> &str {
    subject.split(' ').next().unwrap_or_default()
}

async fn find_bound(tx: &mut TenantTx, subject: &str) -> sqlx::Result<Option<Account>> {
    let row: Option<Row> = sqlx::query_as(select_accounts!("FROM staff s WHERE s.oidc_subject = $1"))
        .bind(subject)
        .fetch_optional(tx.conn())
        .await?;
    row.map(Row::into_account).transpose()
}

async fn bind(tx: &mut TenantTx, id: Uuid, subject: &str, now: Timestamp) -> sqlx::Result<Account> {
    sqlx::query(
        "WITH used AS (UPDATE staff_link SET used_at = $3 WHERE staff_id = $1 AND used_at IS NULL)
         UPDATE staff SET oidc_subject = $2, state = 'active', version = version + 1 WHERE id = $1",
    )
    .bind(id)
    .bind(subject)
    .bind(now.to_sqlx())
    .execute(tx.conn())
    .await?;
    note_sign_in(tx, id, now).await?;
    let account = crate::find(tx, id).await?.ok_or(sqlx::Error::RowNotFound)?;
    remember(tx, id, "provider", serde_json::json!({}), &By::from(&account.staff), now).await?;
    Ok(account)
}
