//! Finds a booking: by its link, by its code and address, by its id.

use tenancy::TenantTx;
use uuid::Uuid;

use crate::row::{self, Row};
use crate::view::BookingView;
use crate::{BookingCode, EmailAddress, links};

/// The booking behind a token from an address.
///
/// # Errors
/// The database's own.
pub async fn find_by_token(tx: &mut TenantTx, token: &str) -> sqlx::Result<Option<BookingView>> {
    let Some(hash) = links::hash(token) else { return Ok(None) };
    let row: Option<Row> =
        sqlx::query_as(row::WHERE_TOKEN_HASH).bind(hash.as_slice()).fetch_optional(tx.conn()).await?;
    row.map(Row::into_view).transpose()
}

/// The id of the booking behind a token, for those who will lock it anyway.
///
/// # Errors
/// The database's own.
pub async fn id_of_token(tx: &mut TenantTx, token: &str) -> sqlx::Result<Option<Uuid>> {
    let Some(hash) = links::hash(token) else { return Ok(None) };
    let found: Option<(Uuid,)> = sqlx::query_as("SELECT id FROM booking WHERE token_hash = $1")
        .bind(hash.as_slice())
        .fetch_optional(tx.conn())
        .await?;
    Ok(found.map(|(id,)| id))
}

/// The booking with this id, for jobs, which know ids only.
///
/// # Errors
/// The database's own.
pub async fn find(tx: &mut TenantTx, id: Uuid) -> sqlx::Result<Option<BookingView>> {
    let row: Option<Row> = sqlx::query_as(row::WHERE_ID).bind(id).fetch_optional(tx.conn()).await?;
    row.map(Row::into_view).transpose()
}

/// The confirmed booking with this code, if it was made under this address. Small and capital letters are alike.
///
/// # Errors
/// The database's own.
pub async fn find_by_code_and_email(
    tx: &mut TenantTx,
    code: &BookingCode,
    email: &EmailAddress,
) -> sqlx::Result<Option<BookingView>> {
    let row: Option<Row> = sqlx::query_as(row::WHERE_CODE_AND_EMAIL)
        .bind(code.as_str())
        .bind(email.as_str())
        .fetch_optional(tx.conn())
        .await?;
    row.map(Row::into_view).transpose()
}
