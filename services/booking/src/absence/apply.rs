//! Carrying it out: the closure, everybody's new place, their mails, in one transaction.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use mail::outbox::MailKind;
use sqlx::types::Json;
use tenancy::TenantTx;
use tenancy::town::Rules;
use uuid::Uuid;

use super::change::{Transfer, transfer};
use super::list::Outcome;
use super::{Actor, Affected, Missing, Spot, TIME_TO_UNDO, affected};
use crate::days::TouchedDays;
use crate::notices::{Notices, Reader, withdraw_reminder};

/// A closure with what shall become of everybody.
#[derive(Clone, Copy, Debug)]
pub struct Closing<'a> {
    /// From the form: sent twice, it is done once.
    pub id: Uuid,
    /// Who is missing.
    pub missing: &'a Missing,
    /// For colleagues.
    pub reason: &'a str,
    /// One decision for each appointment concerned.
    pub decided: &'a [Decided],
}

/// What shall become of an appointment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Elsewhere, at the same time or at another.
    Put(Spot),
    /// It does not take place.
    Cancel,
    /// Nothing yet: somebody calls.
    Keep,
}

/// The decision for one appointment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The appointment.
    pub appointment_id: Uuid,
    /// As it was shown.
    pub seen_version: i32,
    /// What shall become of it.
    pub decision: Decision,
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The appointments concerned are no longer those that were shown: booked, cancelled or changed since.
    #[error("{} appointments have changed since", .0.len())]
    Outdated(Vec<Uuid>),
    /// Somebody else got these places meanwhile.
    #[error("{} places are taken", .0.len())]
    Taken(Vec<Uuid>),
    /// The database's own.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Closes, puts everybody where it was decided, writes the mails for [`TIME_TO_UNDO`] later. `false`: it was done before.
///
/// # Errors
/// [`ApplyError`]; roll back then.
pub async fn apply(
    tx: &mut TenantTx,
    closing: &Closing<'_>,
    by: &Actor<'_>,
    rules: &Rules,
    now: Timestamp,
) -> Result<bool, ApplyError> {
    let Closing { id, missing, reason, decided } = *closing;
    let send_at = now.saturating_add(TIME_TO_UNDO).unwrap_or(now);
    if !write_absence(tx, id, missing, reason, by, (now, send_at)).await? {
        return Ok(false);
    }
    close(tx, id, missing).await?;
    let concerned = concerned(tx, missing, decided, now).await?;
    let puts = concerned.iter().filter_map(|(it, decision)| match decision {
        Decision::Put(to) => {
            let is_news = to.start != it.spot.start || to.location != it.spot.location;
            Some(Transfer { appointment_id: it.id, to: *to, is_news, revives: false })
        }
        _ => None,
    });
    transfer(tx, &puts.collect::<Vec<_>>(), now).await?.map_err(ApplyError::Taken)?;
    drop_drafts(tx, missing).await?;
    let mut days = TouchedDays::new(&tx.tenant().zone);
    for (it, decision) in &concerned {
        let step = Step { absence: id, it, decision: *decision, by, send_at };
        step.carry_out(tx, rules, now).await?;
        days.add(it.spot.location, it.spot.start);
        if let Decision::Put(to) = decision {
            days.add(to.location, to.start);
        }
    }
    days.bump(tx).await?;
    Ok(true)
}

/// The appointments concerned, locked, each with its decision; they must be exactly those decided on.
async fn concerned(
    tx: &mut TenantTx,
    missing: &Missing,
    decided: &[Decided],
    now: Timestamp,
) -> Result<Vec<(Affected, Decision)>, ApplyError> {
    let ids: Vec<Uuid> = affected(tx, missing, now).await?.into_iter().map(|it| it.booking_id).collect();
    sqlx::query("SELECT id FROM booking WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE")
        .bind(ids)
        .execute(tx.conn())
        .await?;
    let found = affected(tx, missing, now).await?;
    let mut wanted: BTreeMap<Uuid, Decided> = decided.iter().map(|it| (it.appointment_id, *it)).collect();
    let mut outdated = Vec::new();
    let mut concerned = Vec::with_capacity(found.len());
    for it in found {
        match wanted.remove(&it.id) {
            Some(decided) if decided.seen_version == it.version => concerned.push((it, decided.decision)),
            _ => outdated.push(it.id),
        }
    }
    outdated.extend(wanted.into_keys());
    if outdated.is_empty() { Ok(concerned) } else { Err(ApplyError::Outdated(outdated)) }
}

async fn write_absence(
    tx: &mut TenantTx,
    id: Uuid,
    missing: &Missing,
    reason: &str,
    by: &Actor<'_>,
    (now, send_at): (Timestamp, Timestamp),
) -> sqlx::Result<bool> {
    let written = sqlx::query(
        "INSERT INTO absence (id, location_id, counter_id, first_day, last_day, from_time, until_time, reason, state,
                              staff_id, staff_name, created_at, send_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'done', $9, $10, $11, $12) ON CONFLICT DO NOTHING",
    )
    .bind(id)
    .bind(missing.location)
    .bind(missing.counter)
    .bind(missing.first.to_sqlx())
    .bind(missing.last.to_sqlx())
    .bind(missing.hours.map(|(from, _)| from.to_sqlx()))
    .bind(missing.hours.map(|(_, until)| until.to_sqlx()))
    .bind(reason)
    .bind(by.staff_id)
    .bind(by.name)
    .bind(now.to_sqlx())
    .bind(send_at.to_sqlx())
    .execute(tx.conn())
    .await?;
    Ok(written.rows_affected() == 1)
}

/// What citizens are told is only that it is closed: why a colleague is missing is nobody's business.
async fn close(tx: &mut TenantTx, id: Uuid, missing: &Missing) -> sqlx::Result<()> {
    sqlx::query(
        "WITH closed AS (
           INSERT INTO closure (location_id, counter_id, first_day, last_day, from_time, until_time, reason, by_staff)
           VALUES ($2, $3, $4, $5, $6, $7, $8, true) RETURNING id),
         known AS (UPDATE absence SET closure_id = (SELECT id FROM closed) WHERE id = $1)
         UPDATE town SET version = version + 1",
    )
    .bind(id)
    .bind(missing.location)
    .bind(missing.counter)
    .bind(missing.first.to_sqlx())
    .bind(missing.last.to_sqlx())
    .bind(missing.hours.map(|(from, _)| from.to_sqlx()))
    .bind(missing.hours.map(|(_, until)| until.to_sqlx()))
    .bind(Json(serde_json::json!({ "de": "geschlossen", "en": "closed" })))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Places that are held there by people who are typing: they choose another time.
async fn drop_drafts(tx: &mut TenantTx, missing: &Missing) -> sqlx::Result<()> {
    let zone = tx.tenant().zone.clone();
    for (from, until) in missing.spans(&zone).collect::<Vec<_>>() {
        sqlx::query(
            "DELETE FROM appointment
              WHERE location_id = $1 AND ($2::int IS NULL OR counter_id = $2) AND status = 'held'
                AND during && tstzrange($3, $4)",
        )
        .bind(missing.location)
        .bind(missing.counter)
        .bind(from.to_sqlx())
        .bind(until.to_sqlx())
        .execute(tx.conn())
        .await?;
    }
    Ok(())
}

/// One appointment on its way.
struct Step<'a> {
    absence: Uuid,
    it: &'a Affected,
    decision: Decision,
    by: &'a Actor<'a>,
    send_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Letter {
    email: Option<String>,
    language: String,
    wants_reminder: bool,
    sequence: i32,
}

impl Step<'_> {
    async fn carry_out(&self, tx: &mut TenantTx, rules: &Rules, now: Timestamp) -> sqlx::Result<()> {
        let outcome = self.outcome();
        if outcome == Outcome::Cancelled {
            self.cancel(tx, now).await?;
        }
        let mail = match outcome {
            Outcome::Moved | Outcome::Cancelled => self.tell(tx, outcome, rules, now).await?,
            Outcome::Absorbed | Outcome::Kept => None,
        };
        let is_told = mail.is_some() || outcome == Outcome::Absorbed;
        self.write(tx, outcome, mail, !is_told).await?;
        if outcome != Outcome::Kept {
            self.remember(tx, outcome, now).await?;
        }
        Ok(())
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
        let mail = notices.add_later(kind, about, self.send_at, mail_key(self.absence, self.it.id));
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
        .bind(Json(self.it.spot))
        .bind(Json(self.after()))
        .bind(mail)
        .bind(phone_first)
        .execute(tx.conn())
        .await?;
        Ok(())
    }

    async fn remember(&self, tx: &mut TenantTx, outcome: Outcome, now: Timestamp) -> sqlx::Result<()> {
        let kind = match outcome {
            Outcome::Cancelled => "cancelled",
            _ => "moved",
        };
        let detail = serde_json::json!({ "absence": self.absence, "from": self.it.spot, "to": self.after() });
        remember(tx, (self.it.booking_id, self.it.id), kind, detail, self.by, now).await
    }
}

/// By which the job of a mail is found again.
pub(super) fn mail_key(absence: Uuid, appointment: Uuid) -> String {
    format!("absence:{absence}:{appointment}")
}

/// A line in the booking's history.
pub(super) async fn remember(
    tx: &mut TenantTx,
    (booking_id, appointment_id): (Uuid, Uuid),
    kind: &str,
    detail: serde_json::Value,
    by: &Actor<'_>,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO booking_event (booking_id, appointment_id, at, actor, staff_id, staff_name, kind, detail)
         VALUES ($1, $2, $3, 'staff', $4, $5, $6, $7)",
    )
    .bind(booking_id)
    .bind(appointment_id)
    .bind(now.to_sqlx())
    .bind(by.staff_id)
    .bind(by.name)
    .bind(kind)
    .bind(Json(detail))
    .execute(tx.conn())
    .await?;
    Ok(())
}
