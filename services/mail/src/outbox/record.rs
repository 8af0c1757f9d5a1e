//! What became of a mail.

use anyhow::Context as _;
use jiff::{Timestamp, ToSpan as _};
use jiff_sqlx::ToSqlx as _;
use sqlx::FromRow;
use tenancy::TenantTx;
use uuid::Uuid;

use super::MailKind;

/// A mail with its fate so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// Its id.
    pub id: Uuid,
    /// What it is about.
    pub kind: MailKind,
    /// The booking.
    pub booking_id: Option<Uuid>,
    /// One appointment of it; none: the whole booking.
    pub appointment_id: Option<Uuid>,
    /// The link of a colleague that the mail brings.
    pub staff_link_id: Option<Uuid>,
    /// The appointment's sequence when the mail was asked for.
    pub sequence: i32,
    /// Whom it goes to.
    pub recipient: String,
    /// Their language.
    pub language: String,
    /// What became of it.
    pub state: MailState,
    /// How often it was tried without success.
    pub attempts: i32,
    /// What went wrong the last time, in the mail server's words.
    pub last_error: Option<String>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When the server took it.
    pub sent_at: Option<Timestamp>,
}

/// What became of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailState {
    /// Not yet out.
    Waiting,
    /// The mail server has it.
    Sent,
    /// Given up; somebody has to look.
    Failed,
    /// No longer wanted, such as the reminder of a cancelled appointment.
    Dropped,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    kind: String,
    booking_id: Option<Uuid>,
    appointment_id: Option<Uuid>,
    staff_link_id: Option<Uuid>,
    sequence: i32,
    recipient: String,
    language: String,
    state: String,
    attempts: i32,
    last_error: Option<String>,
    created_at: jiff_sqlx::Timestamp,
    sent_at: Option<jiff_sqlx::Timestamp>,
}

/// The mail with this id.
///
/// # Errors
/// The database's own.
pub async fn find(tx: &mut TenantTx, id: Uuid) -> anyhow::Result<Option<Mail>> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT id, kind, booking_id, appointment_id, staff_link_id, sequence, recipient, language, state, attempts,
                last_error, created_at, sent_at
           FROM mail WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(tx.conn())
    .await?;
    row.map(Mail::try_from).transpose()
}

/// Mails that were given up, the newest first.
///
/// # Errors
/// The database's own.
pub async fn list_failed(tx: &mut TenantTx) -> anyhow::Result<Vec<Mail>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, kind, booking_id, appointment_id, staff_link_id, sequence, recipient, language, state, attempts,
                last_error, created_at, sent_at
           FROM mail WHERE state = 'failed' ORDER BY created_at DESC",
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter().map(Mail::try_from).collect()
}

/// The mail server has taken it.
///
/// # Errors
/// The database's own.
pub async fn mark_sent(tx: &mut TenantTx, id: Uuid, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query("UPDATE mail SET state = 'sent', sent_at = $2, last_error = NULL WHERE id = $1")
        .bind(id)
        .bind(now.to_sqlx())
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Nobody wants it any more, for this reason.
///
/// # Errors
/// The database's own.
pub async fn mark_dropped(tx: &mut TenantTx, id: Uuid, why: &str) -> sqlx::Result<()> {
    sqlx::query("UPDATE mail SET state = 'dropped', last_error = $2 WHERE id = $1 AND state = 'waiting'")
        .bind(id)
        .bind(why)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// An appointment is again where news that still waits says it is: its sequence `from` has become `to` meanwhile, without
/// anybody having been told of what was in between.
///
/// # Errors
/// The database's own.
pub async fn carry_over(tx: &mut TenantTx, appointment: Uuid, from: i32, to: i32) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE mail SET sequence = $3
          WHERE appointment_id = $1 AND sequence = $2 AND state = 'waiting' AND kind IN ('move', 'moved_by_town')",
    )
    .bind(appointment)
    .bind(from)
    .bind(to)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// It did not go out. `is_final`: nobody will try again by himself.
///
/// # Errors
/// The database's own.
pub async fn mark_tried(tx: &mut TenantTx, id: Uuid, error: &str, is_final: bool) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE mail SET attempts = attempts + 1, last_error = left($2, 1000),
                         state = CASE WHEN $3 THEN 'failed' ELSE state END
          WHERE id = $1 AND state = 'waiting'",
    )
    .bind(id)
    .bind(error)
    .bind(is_final)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Makes a failed mail wait again; the caller enqueues a job for it. `false`: there is no such failed mail.
///
/// # Errors
/// The database's own.
pub async fn resend(tx: &mut TenantTx, id: Uuid, now: Timestamp) -> sqlx::Result<bool> {
    let changed = sqlx::query(
        "UPDATE mail SET state = 'waiting', attempts = 0, due_at = $2 WHERE id = $1 AND state = 'failed'
            AND booking_id IS NOT NULL",
    )
    .bind(id)
    .bind(now.to_sqlx())
    .execute(tx.conn())
    .await?;
    Ok(changed.rows_affected() == 1)
}

/// Deletes what was due or sent more than `days` ago and is no longer waiting. Says how many went.
///
/// # Errors
/// The database's own.
pub async fn forget(tx: &mut TenantTx, days: u16, now: Timestamp) -> anyhow::Result<u64> {
    let before = now.checked_sub(i64::from(days).saturating_mul(24).hours()).context("a time before all time")?;
    let gone = sqlx::query("DELETE FROM mail WHERE greatest(created_at, due_at, sent_at) < $1 AND state <> 'waiting'")
        .bind(before.to_sqlx())
        .execute(tx.conn())
        .await?;
    Ok(gone.rows_affected())
}

impl TryFrom<Row> for Mail {
    type Error = anyhow::Error;

    fn try_from(row: Row) -> anyhow::Result<Self> {
        Ok(Self {
            id: row.id,
            kind: MailKind::parse(&row.kind).with_context(|| format!("mail.kind is “{}”", row.kind))?,
            booking_id: row.booking_id,
            appointment_id: row.appointment_id,
            staff_link_id: row.staff_link_id,
            sequence: row.sequence,
            recipient: row.recipient,
            language: row.language,
            state: MailState::parse(&row.state).with_context(|| format!("mail.state is “{}”", row.state))?,
            attempts: row.attempts,
            last_error: row.last_error,
            created_at: row.created_at.to_jiff(),
            sent_at: row.sent_at.map(jiff_sqlx::Timestamp::to_jiff),
        })
    }
}

impl MailState {
    fn parse(word: &str) -> Option<Self> {
        match word {
            "waiting" => Some(Self::Waiting),
            "sent" => Some(Self::Sent),
            "failed" => Some(Self::Failed),
            "dropped" => Some(Self::Dropped),
            _ => None,
        }
    }
}
