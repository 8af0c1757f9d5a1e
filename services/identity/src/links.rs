//! Links that let somebody choose a password: the invitation of a new colleague, and the way back for who forgot theirs.
//! Each is good once, for a time, and only its hash is stored.

use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx as _;
use jobs::Job;
use mail::outbox::{self, MailKind, NewMail, QUEUE};
use tenancy::TenantTx;
use uuid::Uuid;

use crate::account::{Account, Row, State, select_accounts};
use crate::event::{By, remember};
use crate::people::{self, PeopleError};
use crate::sign_in::account_key;
use crate::{Role, Vault, sessions, throttle, vault};

/// How many links to a new password can be on their way to one mailbox. Who asks in somebody else's name shall neither
/// flood it, nor take away the link its owner has just got.
const MOST_RESETS: i64 = 3;

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// A new colleague chooses their first password.
    Invitation,
    /// Somebody has forgotten theirs.
    PasswordReset,
}

/// A colleague who has no account yet.
#[derive(Clone, Debug)]
pub struct NewColleague {
    /// Their account's, chosen with the form: sent twice, it invites once.
    pub id: Uuid,
    /// What they will sign in with.
    pub email: String,
    /// Their name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Language of their pages and mails.
    pub language: String,
}

/// Why nobody was invited.
#[derive(Debug, thiserror::Error)]
pub enum InviteError {
    /// The address has an account already.
    #[error("this address has an account already")]
    AlreadyThere,
    /// The account is in use or switched off: there is nothing to invite to.
    #[error("the account is not waiting for an invitation")]
    NotInvited,
    /// The database's own.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Why a link cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// It is unknown, used, or too old.
    #[error("the link is no longer good")]
    NotGood,
    /// The database's own.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl From<PeopleError> for LinkError {
    fn from(error: PeopleError) -> Self {
        match error {
            PeopleError::Database(error) => Self::Database(error),
            _ => Self::NotGood,
        }
    }
}

impl Purpose {
    /// As written in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::PasswordReset => "password_reset",
        }
    }

    /// How long a link is good.
    pub fn good_for(self) -> SignedDuration {
        match self {
            Self::Invitation => SignedDuration::from_hours(7 * 24),
            Self::PasswordReset => SignedDuration::from_hours(1),
        }
    }

    fn mail(self) -> MailKind {
        match self {
            Self::Invitation => MailKind::Invitation,
            Self::PasswordReset => MailKind::PasswordReset,
        }
    }
}

/// Makes an account and sends its owner the invitation. The same colleague again changes nothing.
///
/// # Errors
/// [`InviteError::AlreadyThere`].
pub async fn invite(
    tx: &mut TenantTx,
    vault: &Vault,
    colleague: &NewColleague,
    by: &By,
    now: Timestamp,
) -> Result<(), InviteError> {
    let id = colleague.id;
    let made = sqlx::query(
        "INSERT INTO staff (id, email, name, role, language, created_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT DO NOTHING",
    )
    .bind(id)
    .bind(&colleague.email)
    .bind(&colleague.name)
    .bind(colleague.role.as_str())
    .bind(&colleague.language)
    .bind(now.to_sqlx())
    .execute(tx.conn())
    .await?;
    if made.rows_affected() == 0 {
        let known = crate::account::find_by_email(tx, &colleague.email).await?;
        return if known.is_some_and(|it| it.staff.id == id) { Ok(()) } else { Err(InviteError::AlreadyThere) };
    }
    let to = (id, colleague.email.as_str(), colleague.language.as_str());
    send(tx, vault, to, Purpose::Invitation, now).await?;
    Ok(remember(tx, id, "invited", serde_json::json!({ "role": colleague.role.as_str() }), by, now).await?)
}

/// Sends the invitation once more; the former link is no longer good.
///
/// # Errors
/// [`InviteError::NotInvited`].
pub async fn invite_again(
    tx: &mut TenantTx,
    vault: &Vault,
    id: Uuid,
    by: &By,
    now: Timestamp,
) -> Result<(), InviteError> {
    let account = crate::account::find(tx, id).await?.filter(|it| it.state == State::Invited);
    let account = account.ok_or(InviteError::NotInvited)?;
    let to = (id, account.staff.email.as_str(), account.staff.language.as_str());
    send(tx, vault, to, Purpose::Invitation, now).await?;
    sqlx::query("UPDATE staff SET version = version + 1 WHERE id = $1").bind(id).execute(tx.conn()).await?;
    Ok(remember(tx, id, "invited", serde_json::json!({}), by, now).await?)
}

/// Sends a link to whoever has an account in use, with a password, under this address. Whether there is one, nobody learns. Nothing is sent
/// while [`MOST_RESETS`] are good; the first one that is used takes the others along.
///
/// # Errors
/// The database's own.
pub async fn request_reset(tx: &mut TenantTx, vault: &Vault, email: &str, now: Timestamp) -> sqlx::Result<()> {
    let row: Option<Row> = sqlx::query_as(select_accounts!(
        "FROM staff s WHERE lower(s.email) = lower($1) AND s.state = 'active' AND s.password_hash IS NOT NULL"
    ))
    .bind(email.trim())
    .fetch_optional(tx.conn())
    .await?;
    let Some(account) = row.map(Row::into_account).transpose()? else { return Ok(()) };
    let open: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM staff_link WHERE staff_id = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3",
    )
    .bind(account.staff.id)
    .bind(Purpose::PasswordReset.as_str())
    .bind(now.to_sqlx())
    .fetch_one(tx.conn())
    .await?;
    if open >= MOST_RESETS {
        return Ok(());
    }
    let to = (account.staff.id, account.staff.email.as_str(), account.staff.language.as_str());
    send(tx, vault, to, Purpose::PasswordReset, now).await
}

/// Whose link this is, while it is good.
///
/// # Errors
/// [`LinkError`].
pub async fn find(tx: &mut TenantTx, token: &str, purpose: Purpose, now: Timestamp) -> Result<Account, LinkError> {
    let row: Option<Row> = sqlx::query_as(select_accounts!(
        "FROM staff_link k JOIN staff s ON s.id = k.staff_id
          WHERE k.token_hash = $1 AND k.purpose = $2 AND k.used_at IS NULL AND k.expires_at > $3 AND s.state <> 'disabled'"
    ))
    .bind(vault::hash(token).as_slice())
    .bind(purpose.as_str())
    .bind(now.to_sqlx())
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.ok_or(LinkError::NotGood)?.into_account()?)
}

/// Uses the link: its owner's account gets this password and can be used, all its sessions end, and nobody's failures
/// keep them waiting.
///
/// # Errors
/// [`LinkError::NotGood`] also if it was used, or the account switched off, in the meantime.
pub async fn accept(
    tx: &mut TenantTx,
    vault: &Vault,
    token: &str,
    purpose: Purpose,
    password_hash: &str,
    now: Timestamp,
) -> Result<Account, LinkError> {
    let id = find(tx, token, purpose, now).await?.staff.id;
    // The account first, then its links: as when it is switched off at the same moment.
    let account = people::lock(tx, id).await?;
    if account.state == State::Disabled {
        return Err(LinkError::NotGood);
    }
    let used = sqlx::query("UPDATE staff_link SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL")
        .bind(vault::hash(token).as_slice())
        .bind(now.to_sqlx())
        .execute(tx.conn())
        .await?;
    if used.rows_affected() == 0 {
        return Err(LinkError::NotGood);
    }
    sqlx::query(
        "WITH older AS (UPDATE staff_link SET used_at = $3 WHERE staff_id = $1 AND used_at IS NULL)
         UPDATE staff SET password_hash = $2, state = 'active', version = version + 1 WHERE id = $1",
    )
    .bind(id)
    .bind(password_hash)
    .bind(now.to_sqlx())
    .execute(tx.conn())
    .await?;
    sessions::revoke_others(tx, id, None).await?;
    let tenant = std::sync::Arc::clone(tx.tenant());
    throttle::forget(tx, account_key(vault, &tenant, &account.staff.email)).await?;
    let by = By::from(&account.staff);
    remember(tx, id, "password", serde_json::json!({ "by": purpose.as_str() }), &by, now).await?;
    Ok(account)
}

/// The mail's link as it is when the mail goes out: what it is for, and whose. None: it is used or too old.
///
/// # Errors
/// The database's own.
pub async fn of_mail(tx: &mut TenantTx, link: Uuid, now: Timestamp) -> sqlx::Result<Option<(Purpose, Account)>> {
    let purpose: Option<(String,)> =
        sqlx::query_as("SELECT purpose FROM staff_link WHERE id = $1 AND used_at IS NULL AND expires_at > $2")
            .bind(link)
            .bind(now.to_sqlx())
            .fetch_optional(tx.conn())
            .await?;
    let Some((purpose,)) = purpose else { return Ok(None) };
    let row: Option<Row> =
        sqlx::query_as(select_accounts!("FROM staff_link k JOIN staff s ON s.id = k.staff_id WHERE k.id = $1"))
            .bind(link)
            .fetch_optional(tx.conn())
            .await?;
    let purpose = if purpose == "invitation" { Purpose::Invitation } else { Purpose::PasswordReset };
    Ok(row.map(Row::into_account).transpose()?.map(|account| (purpose, account)))
}

/// A new link by mail; an older invitation is no longer good.
async fn send(
    tx: &mut TenantTx,
    vault: &Vault,
    (staff, email, language): (Uuid, &str, &str),
    purpose: Purpose,
    now: Timestamp,
) -> sqlx::Result<()> {
    let (link, mail) = (Uuid::new_v4(), Uuid::new_v4());
    sqlx::query(
        "WITH older AS (UPDATE staff_link SET used_at = $5
                         WHERE staff_id = $3 AND purpose = $4 AND purpose = 'invitation' AND used_at IS NULL)
         INSERT INTO staff_link (id, token_hash, staff_id, purpose, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(link)
    .bind(vault::hash(&vault.token(link)).as_slice())
    .bind(staff)
    .bind(purpose.as_str())
    .bind(now.to_sqlx())
    .bind(now.saturating_add(purpose.good_for()).unwrap_or(now).to_sqlx())
    .execute(tx.conn())
    .await?;
    let new = NewMail {
        id: mail,
        kind: purpose.mail(),
        booking_id: None,
        appointment_id: None,
        staff_link_id: Some(link),
        sequence: 0,
        recipient: email.to_owned(),
        language: language.to_owned(),
        due_at: now,
    };
    outbox::insert(tx, &[new]).await?;
    jobs::enqueue_all(tx, &[Job::new(QUEUE, outbox::payload(mail))]).await?;
    Ok(())
}
