//! What is removed when its time is over: sessions, links, failures, the history of accounts.

use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx as _;
use tenancy::TenantTx;

use crate::sessions;

/// Failed sign-ins no longer slow anybody down after so many hours.
const FAILURE_HOURS: i64 = 24;
/// As long as the mails that carried them (DESIGN 9).
const LINK_HOURS: i64 = 30 * 24;
/// Audit: 12 months (DESIGN 9).
const EVENT_HOURS: i64 = 365 * 24;
/// Long enough to notice that somebody else has signed in, too short to tell how somebody works.
const SIGN_IN_HOURS: i64 = 30 * 24;

/// How many rows went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Sessions that had ended.
    pub sessions: u64,
    /// Links that are used or too old.
    pub links: u64,
    /// Counted failures.
    pub failures: u64,
    /// Lines in the history of accounts.
    pub events: u64,
}

/// Removes what is over in one town.
///
/// # Errors
/// The database's own.
pub async fn run(tx: &mut TenantTx, now: Timestamp) -> sqlx::Result<Report> {
    let ago = |hours| now.saturating_sub(SignedDuration::from_hours(hours)).unwrap_or(now).to_sqlx();
    let links = sqlx::query("DELETE FROM staff_link WHERE expires_at < $1").bind(ago(LINK_HOURS));
    let links = links.execute(tx.conn()).await?.rows_affected();
    let failures = sqlx::query("DELETE FROM sign_in_failure WHERE last_at < $1").bind(ago(FAILURE_HOURS));
    let failures = failures.execute(tx.conn()).await?.rows_affected();
    let events = sqlx::query("DELETE FROM staff_event WHERE at < $1 OR kind = 'signed_in' AND at < $2");
    let events = events.bind(ago(EVENT_HOURS)).bind(ago(SIGN_IN_HOURS));
    let events = events.execute(tx.conn()).await?.rows_affected();
    Ok(Report { sessions: sessions::remove_ended(tx, now).await?, links, failures, events })
}
