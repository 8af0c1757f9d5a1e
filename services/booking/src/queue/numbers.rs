//! The numbers on the tickets of an office and a day.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx as _;
use schedule::LocationId;
use tenancy::TenantTx;

use super::TicketKind;

/// The first number of a day: three digits from the start, so that all are read alike.
const FIRST: i32 = 101;

/// Tells our advisory locks from those of other kinds.
const NUMBERS_LOCK: i64 = 0x6e75_6d62_6572;

/// The next free number. Until the transaction ends, nobody else gets one of this office and day.
///
/// # Errors
/// The database's own.
pub(super) async fn next_number(
    tx: &mut TenantTx,
    location: LocationId,
    day: Date,
    kind: TicketKind,
) -> sqlx::Result<i32> {
    lock(tx, location, day).await?;
    let (number,): (i32,) = sqlx::query_as(
        "SELECT coalesce(max(number) + 1, $4) FROM ticket WHERE location_id = $1 AND day = $2 AND kind = $3",
    )
    .bind(location)
    .bind(day.to_sqlx())
    .bind(kind.as_str())
    .bind(FIRST)
    .fetch_one(tx.conn())
    .await?;
    Ok(number)
}

/// `number` if nobody at that office has it on that day, else the next free one.
///
/// # Errors
/// The database's own.
pub(super) async fn keep_or_next(
    tx: &mut TenantTx,
    location: LocationId,
    day: Date,
    kind: TicketKind,
    number: i32,
) -> sqlx::Result<i32> {
    lock(tx, location, day).await?;
    let (is_taken,): (bool,) = sqlx::query_as(
        "SELECT EXISTS (SELECT FROM ticket WHERE location_id = $1 AND day = $2 AND kind = $3 AND number = $4)",
    )
    .bind(location)
    .bind(day.to_sqlx())
    .bind(kind.as_str())
    .bind(number)
    .fetch_one(tx.conn())
    .await?;
    if is_taken { next_number(tx, location, day, kind).await } else { Ok(number) }
}

async fn lock(tx: &mut TenantTx, location: LocationId, day: Date) -> sqlx::Result<()> {
    let what = format!("{}:{location}:{day}", tx.tenant().slug);
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended($1, $2))")
        .bind(what)
        .bind(NUMBERS_LOCK)
        .execute(tx.conn())
        .await?;
    Ok(())
}
