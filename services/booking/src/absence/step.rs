//! What an absence does with one appointment: the cancellation, the mail for later, the line of the phone list.

use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx as _;
use mail::outbox::MailKind;
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use tenancy::TenantTx;
use tenancy::town::Rules;
use uuid::Uuid;

use super::decision::Decision;
use super::list::Outcome;
use super::{Affected, Spot};
use crate::desk::{By, Who, event};
use crate::notices::{Notices, Reader, withdraw_reminder};

/// So long after the last chance to undo the mails go out: an undo in the last moment is not overtaken by its own mail.
const SPARE: SignedDuration = SignedDuration::from_secs(30);

/// Whose appointment begins sooner reads no mail any more.
const ON_THEIR_WAY: SignedDuration = SignedDuration::from_hours(3);

/// Where an appointment was, as it has to be put back. Read as a [`Spot`] by those who only show it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Before {
    #[serde(flatten)]
    pub spot: Spot,
    /// It stood on top of another one.
    #[serde(default)]
    pub overbooked: bool,
}

/// One appointment on its way.
pub(super) struct Step<'a> {
    pub absence: Uuid,
    pub it: &'a Affected,
    pub decision: Decision,
    pub by: &'a By<'a>,
    /// Until then it can be undone.
    pub send_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Letter {
    email: Option<String>,
    language: String,
    wants_reminder: bool,
    sequence: i32,
}

impl Step<'_> {
    /// Cancels, tells, and writes down what became of it. Whoever is put elsewhere is there already.
    ///
    /// # Errors
    /// The database's own.
    pub async fn carry_out(&self, tx: &mut TenantTx, rules: &Rules, now: Timestamp) -> sqlx::Result<()> {
        let outcome = self.outcome();
        if outcome == Outcome::Cancelled {
            self.cancel(tx, now).await?;
        }
        let mail = match outcome {
            Outcome::Moved | Outcome::Cancelled => self.tell(tx, outcome, rules, now).await?,
            Outcome::Absorbed | Outcome::Kept => None,
        };
        self.write(tx, outcome, mail, self.must_be_called(outcome, mail, now)).await?;
        self.remember(tx, outcome, now).await
    }

    /// Whoever no mail reaches, or not before they are on their way.
    fn must_be_called(&self, outcome: Outcome, mail: Option<Uuid>, now: Timestamp) -> bool {
        let is_soon = self.it.spot.start.duration_since(now) < ON_THEIR_WAY && self.it.phone.is_some();
        match outcome {
            Outcome::Absorbed => false,
            Outcome::Kept => true,
            Outcome::Moved | Outcome::Cancelled => mail.is_none() || is_soon,
        }
    }

    fn outcome(&self) -> Outcome {
        match self.decision {
            Decision::Put(to) if to.start == self.it.spot.start && to.location == self.it.spot.location => {
                Outcome::Absorbed
            }
            Decision::Put(_) => Outcome::Moved,
            Decision::Cancel => Outcome::Cancelled,
            Decision::Keep => Outcome::Kept,
        }
    }

    fn leaves_at(&self) -> Timestamp {
        self.send_at.saturating_add(SPARE).unwrap_or(self.send_at)
    }

    fn after(&self) -> Spot {
        if let Decision::Put(to) = self.decision { to } else { self.it.spot }
    }

    async fn cancel(&self, tx: &mut TenantTx, now: Timestamp) -> sqlx::Result<()> {
        sqlx::query(
            "UPDATE appointment SET status = 'cancelled', blocks = false, hold_until = NULL, ended_at = $2,
                                    sequence = sequence + 1, version = version + 1
              WHERE id = $1",
        )
        .bind(self.it.id)
        .bind(now.to_sqlx())
        .execute(tx.conn())
        .await?;
        Ok(())
    }

    /// The mail for later, and the reminder of the new time instead of the old one's.
    async fn tell(
        &self,
        tx: &mut TenantTx,
        outcome: Outcome,
        rules: &Rules,
        now: Timestamp,
    ) -> sqlx::Result<Option<Uuid>> {
        let letter: Letter = sqlx::query_as(
            "SELECT b.email, b.language, b.wants_reminder, a.sequence
               FROM appointment a JOIN booking b ON b.id = a.booking_id WHERE a.id = $1",
        )
        .bind(self.it.id)
        .fetch_one(tx.conn())
        .await?;
        withdraw_reminder(tx, self.it.id, letter.sequence - 1).await?;
        let Some(address) = letter.email.as_deref() else { return Ok(None) };
        let reader = Reader { booking_id: self.it.booking_id, address, language: &letter.language };
        let mut notices = Notices::new(reader, now);
        let about = (self.it.id, letter.sequence);
        let kind = if outcome == Outcome::Moved { MailKind::MovedByTown } else { MailKind::CancelledByTown };
        let mail = notices.add_later(kind, about, self.leaves_at(), mail_key(self.absence, self.it.id));
        if outcome == Outcome::Moved && letter.wants_reminder {
            notices.remind(about, self.after().start, rules.reminder_at, &tx.tenant().zone.clone());
        }
        notices.write(tx).await?;
        Ok(Some(mail))
    }

    async fn write(
        &self,
        tx: &mut TenantTx,
        outcome: Outcome,
        mail: Option<Uuid>,
        phone_first: bool,
    ) -> sqlx::Result<()> {
        sqlx::query(
            "INSERT INTO absence_change (absence_id, appointment_id, outcome, before, after, mail_id, phone_first)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(self.absence)
        .bind(self.it.id)
        .bind(outcome.as_str())
        .bind(Json(Before { spot: self.it.spot, overbooked: self.it.overbooked }))
        .bind(Json(self.after()))
        .bind(mail)
        .bind(phone_first)
        .execute(tx.conn())
        .await?;
        Ok(())
    }

    async fn remember(&self, tx: &mut TenantTx, outcome: Outcome, now: Timestamp) -> sqlx::Result<()> {
        let detail = serde_json::json!({ "absence": self.absence, "from": self.it.spot, "to": self.after() });
        event(tx, (self.it.booking_id, Some(self.it.id)), outcome.as_str(), detail, &Who::Staff(self.by), now).await
    }
}

/// By which the job of a mail is found again.
pub(super) fn mail_key(absence: Uuid, appointment: Uuid) -> String {
    format!("absence:{absence}:{appointment}")
}
