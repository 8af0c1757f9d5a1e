//! Taking it back, as long as no mail has gone out.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use mail::outbox::{self, QUEUE};
use sqlx::types::Json;
use tenancy::TenantTx;
use tenancy::town::Rules;
use uuid::Uuid;

use super::Spot;
use super::change::{Transfer, transfer};
use super::list::Outcome;
use super::step::{Before, mail_key};
use crate::days::TouchedDays;
use crate::desk::{By, Who, event, promote};
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
    before: Json<Before>,
    after: Json<Spot>,
    mail_id: Option<Uuid>,
    /// The mail has left, or has been given up.
    is_told: bool,
    counter_id: i32,
    starts_at: jiff_sqlx::Timestamp,
    ends_at: jiff_sqlx::Timestamp,
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
    by: &By<'_>,
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
        days.add(row.before.spot.location, row.before.spot.start);
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

/// Bookings first, then their appointments: the order in which everybody locks. Who stood on top of others comes last.
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
        "SELECT c.appointment_id, a.booking_id, c.outcome, c.before, c.after, c.mail_id,
                EXISTS (SELECT FROM mail m WHERE m.id = c.mail_id AND m.state <> 'waiting') AS is_told, a.counter_id,
                lower(a.during) AS starts_at, upper(a.during) AS ends_at, a.status, a.sequence, b.email, b.language, b.wants_reminder
           FROM absence_change c JOIN appointment a ON a.id = c.appointment_id JOIN booking b ON b.id = a.booking_id
          WHERE c.absence_id = $1 ORDER BY coalesce((c.before->>'overbooked')::bool, false), a.counter_id, lower(a.during)",
    )
    .bind(id)
    .fetch_all(tx.conn())
    .await
}

impl Row {
    /// Puts one appointment back. `false`: somebody has changed it since, its citizen has been told, or its former place is
    /// taken.
    async fn restore(
        &self,
        tx: &mut TenantTx,
        absence: Uuid,
        by: &By<'_>,
        rules: &Rules,
        now: Timestamp,
    ) -> sqlx::Result<bool> {
        let was_cancelled = self.outcome == Outcome::Cancelled.as_str();
        let is_as_we_left_it = if was_cancelled {
            self.status == "cancelled"
        } else {
            self.status == "booked"
                && self.counter_id == self.after.counter
                && (self.starts_at.to_jiff(), self.ends_at.to_jiff()) == (self.after.start, self.after.end)
        };
        let is_news = self.outcome != Outcome::Absorbed.as_str();
        let Before { spot, overbooked } = self.before.0;
        let back = Transfer {
            appointment_id: self.appointment_id,
            to: spot,
            is_news,
            revives: was_cancelled,
            may_stand_on_top: overbooked,
        };
        if !is_as_we_left_it || self.is_told || transfer(tx, &[back], now).await?.is_err() {
            return Ok(false);
        }
        promote(tx, self.after.counter, (self.after.start.to_sqlx(), self.after.end.to_sqlx()), now).await?;
        if let Some(mail) = self.mail_id {
            jobs::withdraw(tx, QUEUE, &mail_key(absence, self.appointment_id)).await?;
            outbox::mark_dropped(tx, mail, "the absence was taken back").await?;
        }
        if is_news {
            // An earlier absence may not have told them yet that it has put them here.
            outbox::carry_over(tx, self.appointment_id, self.sequence - 1, self.sequence + 1).await?;
            self.remind_again(tx, rules, now).await?;
        }
        let ids = (self.booking_id, Some(self.appointment_id));
        let detail = serde_json::json!({ "absence": absence, "from": self.after.0, "to": spot });
        event(tx, ids, "moved_back", detail, &Who::Staff(by), now).await?;
        Ok(true)
    }

    async fn remind_again(&self, tx: &mut TenantTx, rules: &Rules, now: Timestamp) -> sqlx::Result<()> {
        withdraw_reminder(tx, self.appointment_id, self.sequence).await?;
        let Some(address) = self.email.as_deref().filter(|_| self.wants_reminder) else { return Ok(()) };
        let reader = Reader { booking_id: self.booking_id, address, language: &self.language };
        let mut notices = Notices::new(reader, now);
        let zone = tx.tenant().zone.clone();
        notices.remind((self.appointment_id, self.sequence + 1), self.before.spot.start, rules.reminder_at, &zone);
        notices.write(tx).await
    }
}
