//! Signing in with address and password. Whatever is wrong, the answer is the same, and takes as long.

use std::sync::Arc;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use tenancy::{Db, Tenant, TenantTx};
use uuid::Uuid;

use crate::account::{Account, State, find};
use crate::throttle::{self, Counted, Try};
use crate::{Staff, Vault, password};

/// Somebody at the door.
#[derive(Clone, Copy)]
pub struct Attempt<'a> {
    /// As typed.
    pub email: &'a str,
    /// As typed.
    pub password: &'a str,
    /// From where, such as an address on the network. It is not stored.
    pub client: &'a str,
}

/// How far somebody has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// In.
    In(Staff),
    /// The second factor is still to come.
    NeedsCode(Uuid),
    /// In, but before anything else a second factor has to be set up.
    MustSetUpCode(Staff),
}

/// Why somebody does not come in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Address, password or code are wrong, or the account is switched off; which of them is not said.
    #[error("that does not fit")]
    Wrong,
    /// Too many failures lately.
    #[error("wait {seconds} s")]
    Wait {
        /// So long.
        seconds: u64,
    },
    /// The database's own, or a machine without memory.
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

impl From<sqlx::Error> for SignInError {
    fn from(error: sqlx::Error) -> Self {
        Self::Other(error.into())
    }
}

impl From<tenancy::DbError> for SignInError {
    fn from(error: tenancy::DbError) -> Self {
        Self::Other(error.into())
    }
}

/// Checks address and password.
///
/// # Errors
/// [`SignInError`]; failures are counted.
pub async fn sign_in(
    db: &Db,
    tenant: &Arc<Tenant>,
    vault: &Vault,
    attempt: Attempt<'_>,
    now: Timestamp,
) -> Result<Entry, SignInError> {
    let (mut tx, account, attempted) = prove(db, tenant, vault, attempt, now).await?;
    if account.has_second_factor {
        // Earlier failures are forgotten only when the code is right too.
        attempted.take_back(&mut tx).await?;
    } else {
        attempted.succeeded(&mut tx).await?;
        note_sign_in(&mut tx, account.staff.id, now).await?;
    }
    tx.commit().await?;
    Ok(entry(account))
}

/// Whether `typed` is the password of this account, for changes that ask for it again.
///
/// # Errors
/// [`SignInError`]; failures are counted as at the sign-in.
pub async fn confirm_password(
    db: &Db,
    tenant: &Arc<Tenant>,
    vault: &Vault,
    staff: &Staff,
    (typed, client): (&str, &str),
    now: Timestamp,
) -> Result<(), SignInError> {
    let attempt = Attempt { email: &staff.email, password: typed, client };
    let (mut tx, _, attempted) = prove(db, tenant, vault, attempt, now).await?;
    attempted.take_back(&mut tx).await?;
    tx.commit().await?;
    Ok(())
}

/// Whose address and password these are. No connection is kept while the password is being checked.
async fn prove(
    db: &Db,
    tenant: &Arc<Tenant>,
    vault: &Vault,
    attempt: Attempt<'_>,
    now: Timestamp,
) -> Result<(TenantTx, Account, Try), SignInError> {
    let email = attempt.email.trim().to_lowercase();
    let whose = counted(vault, tenant, attempt.email, attempt.client);
    let mut tx = db.tenant_tx(tenant).await?;
    let attempted = throttle::begin(&mut tx, whose, now).await?.map_err(|seconds| SignInError::Wait { seconds })?;
    let found: Option<(Uuid, Option<String>)> =
        sqlx::query_as("SELECT id, password_hash FROM staff WHERE lower(email) = $1 AND state = 'active'")
            .bind(&email)
            .fetch_optional(tx.conn())
            .await?;
    tx.commit().await?;
    let (id, kept) = found.map_or((None, None), |(id, kept)| (Some(id), kept));
    let fits = password::verify(kept, attempt.password).await?;

    let mut tx = db.tenant_tx(tenant).await?;
    let account = match id.filter(|_| fits) {
        Some(id) => find(&mut tx, id).await?.filter(|it| it.state == State::Active),
        None => None,
    };
    Ok((tx, account.ok_or(SignInError::Wrong)?, attempted))
}

fn entry(account: Account) -> Entry {
    if account.has_second_factor {
        Entry::NeedsCode(account.staff.id)
    } else if account.staff.role.needs_second_factor() {
        Entry::MustSetUpCode(account.staff)
    } else {
        Entry::In(account.staff)
    }
}

/// Under which keys failures of this account and client are counted.
pub(crate) fn counted(vault: &Vault, tenant: &Tenant, account: &str, client: &str) -> Counted {
    Counted { account: account_key(vault, tenant, account), client: vault.counting_key(&tenant.slug, "client", client) }
}

/// Under which key failures of the account with this address are counted.
pub(crate) fn account_key(vault: &Vault, tenant: &Tenant, email: &str) -> [u8; 32] {
    vault.counting_key(&tenant.slug, "account", &email.trim().to_lowercase())
}

/// Remembers when an account was last used to sign in, and leaves a line in its history.
pub(crate) async fn note_sign_in(tx: &mut TenantTx, id: Uuid, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query(
        "WITH known AS (UPDATE staff SET signed_in_at = $2 WHERE id = $1 RETURNING id, name)
         INSERT INTO staff_event (at, staff_id, actor_id, actor_name, kind)
         SELECT $2, id, id, name, 'signed_in' FROM known",
    )
    .bind(id)
    .bind(now.to_sqlx())
    .execute(tx.conn())
    .await?;
    Ok(())
}
