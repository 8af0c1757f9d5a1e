//! A row of `staff`, as sign-in and colleagues see it.

use jiff::Timestamp;
use sqlx::FromRow;
use tenancy::TenantTx;
use uuid::Uuid;

use crate::{Role, Staff};

/// Whether an account can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// The invitation has not been accepted yet.
    Invited,
    /// In use.
    Active,
    /// Switched off.
    Disabled,
}

/// An account as a whole, but for its secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Who.
    pub staff: Staff,
    /// Whether it can be used.
    pub state: State,
    /// Whether a second factor is set up.
    pub has_second_factor: bool,
    /// Signs in with the town's own identity provider.
    pub is_from_provider: bool,
    /// When it was last used to sign in.
    pub signed_in_at: Option<Timestamp>,
    /// +1 with every change.
    pub version: i32,
}

impl State {
    /// As written in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }
}

/// What a `SELECT` of [`COLUMNS`] gives.
#[derive(FromRow)]
pub(crate) struct Row {
    id: Uuid,
    email: String,
    name: String,
    role: String,
    state: String,
    language: String,
    counter_id: Option<i32>,
    has_second_factor: bool,
    is_from_provider: bool,
    signed_in_at: Option<jiff_sqlx::Timestamp>,
    version: i32,
}

/// A statement over the columns of [`Row`] of the table `staff`, named `s`.
macro_rules! select_accounts {
    ($rest:literal) => {
        concat!(
            "SELECT s.id, s.email, s.name, s.role, s.state, s.language, s.counter_id,
                    s.totp_since IS NOT NULL AS has_second_factor, s.oidc_subject IS NOT NULL AS is_from_provider,
                    s.signed_in_at, s.version ",
            $rest
        )
    };
}
pub(crate) use select_accounts;

impl Row {
    /// # Errors
    /// A role that this build does not know.
    pub fn into_account(self) -> sqlx::Result<Account> {
        let role = Role::parse(&self.role).ok_or_else(|| sqlx::Error::Decode(format!("role {}", self.role).into()))?;
        let state = match self.state.as_str() {
            "active" => State::Active,
            "invited" => State::Invited,
            _ => State::Disabled,
        };
        Ok(Account {
            staff: Staff {
                id: self.id,
                name: self.name,
                email: self.email,
                role,
                language: self.language,
                counter: self.counter_id,
            },
            state,
            has_second_factor: self.has_second_factor,
            is_from_provider: self.is_from_provider,
            signed_in_at: self.signed_in_at.map(jiff_sqlx::Timestamp::to_jiff),
            version: self.version,
        })
    }
}

/// One account.
///
/// # Errors
/// The database's own.
pub async fn find(tx: &mut TenantTx, id: Uuid) -> sqlx::Result<Option<Account>> {
    let row: Option<Row> =
        sqlx::query_as(select_accounts!("FROM staff s WHERE s.id = $1")).bind(id).fetch_optional(tx.conn()).await?;
    row.map(Row::into_account).transpose()
}

/// The account that signs in with this address, in capitals or not.
///
/// # Errors
/// The database's own.
pub async fn find_by_email(tx: &mut TenantTx, email: &str) -> sqlx::Result<Option<Account>> {
    let row: Option<Row> = sqlx::query_as(select_accounts!("FROM staff s WHERE lower(s.email) = lower($1)"))
        .bind(email)
        .fetch_optional(tx.conn())
        .await?;
    row.map(Row::into_account).transpose()
}
