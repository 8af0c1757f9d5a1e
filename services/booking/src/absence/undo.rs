//! Taking it back, as long as no mail has gone out.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use mail::outbox::{self, QUEUE};
use sqlx::types::Json;
use tenancy::TenantTx;
use tenancy::town::Rules;
use uuid::Uuid;

use super::apply::{mail_key, remember};
use super::change::{Transfer, transfer};
use super::list::Outcome;
use super::{Actor, Spot};
use crate::days::TouchedDays;
use crate::notices::{Notices, Reader, withdraw_reminder};

/// What could be taken back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Undone {
    /// It had been taken back before; nothing was done.
    pub was_already: bool,
    /// Appointments that somebody has changed since, or whose former place is taken: they stay as they are.
    pub left: Vec<Uuid>,
}

/// Why it cannot be taken back.
#[derive(Debug, thiserror::Error)]
pub enum UndoError {
    /// There is no such absence.
    #[error("there is no such absence")]
    NotFound,
    /// The mails are on their way.
    #[error("the mails are on their way")]
    TooLate,
    /// The database's own.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

#[derive(sqlx::FromRow)]
struct Row {
    appointment_id: Uuid,
    booking_id: Uuid,
    outcome: String,
    before: Json<Spot>,
    after: Json<Spot>,
    mail_id: Option<Uuid>,
    counter_id: i32,
    starts_at: jiff_sqlx::Timestamp,
    status: String,
    sequence: i32,
    email: Option<String>,
    language: String,
    wants_reminder: bool,
}

/// Opens again and puts everybody back whom nobody has moved since; their mails are not sent.
///
/// # Errors
/// [`UndoError`].
pub async fn undo(
    tx: &mut TenantTx,
    id: Uuid,
    by: &Actor<'_>,
    rules: &Rules,
    now: Timestamp,
) -> Result<Undone, UndoError> {
    let found: Option<(String, jiff_sqlx::Timestamp)> =
        sqlx::query_as("SELECT state, send_at FROM absence WHERE id = $1 FOR UPDATE")
            .bind(id)
            .fetch_optional(tx.conn())
            .await?;
    let (state, send_at) = found.ok_or(UndoError::NotFound)?;
    if state == "undone" {
        return Ok(Undone { was_already: true, left: Vec::new() });
    }
    if send_at.to_jiff() <= now {
        return Err(UndoError::TooLate);
    }
    reopen(tx, id, now).await?;
    let mut left = Vec::new();
    let mut days = TouchedDays::new(&tx.tenant().zone);
    for row in rows(tx, id).await? {
        if row.outcome == Outcome::Kept.as_str() {
            continue;
        }
        days.add(row.before.location, row.before.start);
        days.add(row.after.location, row.after.start);
        if !row.restore(tx, id, by, rules, now).await? {
            left.push(row.appointment_id);
        }
    }
    days.bump(tx).await?;
    Ok(Undone { was_already: false, left })
}

async fn reopen(tx: &mut TenantTx, id: Uuid, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query(
        "WITH undone AS (UPDATE absence SET state = 'undone', undone_at = $2 WHERE id = $1 RETURNING closure_id),
         opened AS (DELETE FROM closure WHERE id IN (SELECT closure_id FROM undone))
         UPDATE town SET version = version + 1",
    )
    .bind(id)
    .bind(now.to_sqlx())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Bookings first, then their appointments: the order in which everybody locks.
async fn rows(tx: &mut TenantTx, id: Uuid) -> sqlx::Result<Vec<Row>> {
    sqlx::query(
        "SELECT b.id FROM booking b
          WHERE b.id IN (SELECT a.booking_id FROM appointment a JOIN absence_change c ON c.appointment_id = a.id
                          WHERE c.absence_id = $1)
          ORDER BY b.id FOR NO KEY UPDATE",
    )
    .bind(id)
    .execute(tx.conn())
    .await?;
    sqlx::query_as(
        "SELECT c.appointment_id, a.booking_id, c.outcome, c.before, c.after, c.mail_id, a.counter_id,
                lower(a.during) AS starts_at, a.status, a.sequence, b.email, b.language, b.wants_reminder
           FROM absence_change c JOIN appointment a ON a.id = c.appointment_id JOIN booking b ON b.id = a.booking_id
          WHERE c.absence_id = $1 ORDER BY a.counter_id, lower(a.during)",
    )
    .bind(id)
    .fetch_all(tx.conn())
    .await
}

impl Row {
    /// Puts one appointment back. `false`: somebody has changed it since, or its former place is taken.
    async fn restore(
        &self,
        tx: &mut TenantTx,
        absence: Uuid,
        by: &Actor<'_>,
        rules: &Rules,
        now: Timestamp,
    ) -> sqlx::Result<bool> {
        let was_cancelled = self.outcome == Outcome::Cancelled.as_str();
        let is_as_we_left_it = if was_cancelled {
            self.status == "cancelled"
        } else {
            self.status == "booked"
                && self.counter_id == self.after.counter
                && self.starts_at.to_jiff() == self.after.start
        };
        let is_news = self.outcome != Outcome::Absorbed.as_str();
        let back = Transfer { appointment_id: self.appointment_id, to: self.before.0, is_news, revives: was_cancelled };
        if !is_as_we_left_it || transfer(tx, &[back], now).await?.is_err() {
            return Ok(false);
        }
        if let Some(mail) = self.mail_id {
            jobs::withdraw(tx, QUEUE, &mail_key(absence, self.appointment_id)).await?;
            outbox::mark_dropped(tx, mail, "the absence was taken back").await?;
        }
        if is_news {
            self.remind_again(tx, rules, now).await?;
        }
        let ids = (self.booking_id, self.appointment_id);
        let detail = serde_json::json!({ "absence": absence, "from": self.after.0, "to": self.before.0 });
        remember(tx, ids, "moved_back", detail, by, now).await?;
        Ok(true)
    }

    async fn remind_again(&self, tx: &mut TenantTx, rules: &Rules, now: Timestamp) -> sqlx::Result<()> {
        withdraw_reminder(tx, self.appointment_id, self.sequence).await?;
        let Some(address) = self.email.as_deref().filter(|_| self.wants_reminder) else { return Ok(()) };
        let reader = Reader { booking_id: self.booking_id, address, language: &self.language };
        let mut notices = Notices::new(reader, now);
        let zone = tx.tenant().zone.clone();
        notices.remind((self.appointment_id, self.sequence + 1), self.before.start, rules.reminder_at, &zone);
        notices.write(tx).await
    }
}
