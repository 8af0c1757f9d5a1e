//! Carrying it out: the closure, everybody's new place, their mails, in one transaction.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use sqlx::types::Json;
use tenancy::TenantTx;
use tenancy::town::Rules;
use uuid::Uuid;

use super::change::{Transfer, transfer};
use super::decision::{Closing, Decided, Decision};
use super::step::Step;
use super::{Affected, Missing, TIME_TO_UNDO, affected};
use crate::days::{TouchedDays, day_of};
use crate::desk::{By, promote};

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

/// Closes, puts everybody where it was decided, writes the mails for a little later than [`TIME_TO_UNDO`]. `false`: it was done before.
///
/// # Errors
/// [`ApplyError`]; roll back then.
pub async fn apply(
    tx: &mut TenantTx,
    closing: &Closing<'_>,
    by: &By<'_>,
    rules: &Rules,
    now: Timestamp,
) -> Result<bool, ApplyError> {
    let Closing { id, missing, reason, decided } = *closing;
    let send_at = now.saturating_add(TIME_TO_UNDO).unwrap_or(now);
    if !write_absence(tx, id, missing, reason, by, (now, send_at)).await? {
        return Ok(false);
    }
    close(tx, id, missing).await?;
    lock_bookings(tx, missing).await?;
    // Before the exchange lock: somebody who has it waits for no draft.
    drop_drafts(tx, missing).await?;
    let concerned = concerned(tx, missing, decided, now).await?;
    let puts: Vec<Transfer> = concerned.iter().filter_map(|(it, decision)| put(it, *decision)).collect();
    let mut days = TouchedDays::new(&tx.tenant().zone);
    release_tickets(tx, missing, by, now, &mut days).await?;
    transfer(tx, &puts, now).await?.map_err(ApplyError::Taken)?;
    for (it, decision) in &concerned {
        let step = Step { absence: id, it, decision: *decision, by, send_at };
        step.carry_out(tx, rules, now).await?;
        days.add(it.spot.location, it.spot.start);
        if let Decision::Put(to) = decision {
            days.add(to.location, to.start);
        }
    }
    for (it, _) in concerned.iter().filter(|(_, decision)| *decision != Decision::Keep) {
        // Somebody in the hall may stand on top of those who leave.
        promote(tx, it.spot.counter, (it.spot.start.to_sqlx(), it.spot.end.to_sqlx()), now).await?;
    }
    days.bump(tx).await?;
    Ok(true)
}

fn put(it: &Affected, decision: Decision) -> Option<Transfer> {
    let Decision::Put(to) = decision else { return None };
    let is_news = to.start != it.spot.start || to.location != it.spot.location;
    Some(Transfer { appointment_id: it.id, to, is_news, revives: false, may_stand_on_top: false })
}

/// Locks the bookings of everybody who has, or is about to have, an appointment there: nobody confirms one unseen.
async fn lock_bookings(tx: &mut TenantTx, missing: &Missing) -> sqlx::Result<()> {
    let (begins, ends) = spans(tx, missing);
    sqlx::query(
        "SELECT id FROM booking
          WHERE id IN (SELECT a.booking_id
                         FROM unnest($3::timestamptz[], $4::timestamptz[]) AS span (begins, ends)
                         JOIN appointment a ON a.during && tstzrange(span.begins, span.ends)
                        WHERE a.location_id = $1 AND ($2::int IS NULL OR a.counter_id = $2)
                          AND a.status IN ('held', 'booked'))
          ORDER BY id FOR NO KEY UPDATE",
    )
    .bind(missing.location)
    .bind(missing.counter)
    .bind(begins)
    .bind(ends)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The appointments concerned, whose bookings the caller has locked, each with its decision. They must be exactly those
/// decided on, and nobody may be put where it is closed.
async fn concerned(
    tx: &mut TenantTx,
    missing: &Missing,
    decided: &[Decided],
    now: Timestamp,
) -> Result<Vec<(Affected, Decision)>, ApplyError> {
    let zone = tx.tenant().zone.clone();
    let found = affected(tx, missing, now).await?;
    let mut wanted: BTreeMap<Uuid, Decided> = decided.iter().map(|it| (it.appointment_id, *it)).collect();
    let mut outdated = Vec::new();
    let mut concerned = Vec::with_capacity(found.len());
    let is_good = |it: &Affected, decided: &Decided| {
        let is_open = !matches!(decided.decision, Decision::Put(to) if missing.covers(&to, &zone));
        decided.seen_version == it.version && is_open
    };
    for it in found {
        match wanted.remove(&it.id) {
            Some(decided) if is_good(&it, &decided) => concerned.push((it, decided.decision)),
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
    by: &By<'_>,
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
    let (begins, ends) = spans(tx, missing);
    sqlx::query(
        "DELETE FROM appointment a USING unnest($3::timestamptz[], $4::timestamptz[]) AS span (begins, ends)
          WHERE a.location_id = $1 AND ($2::int IS NULL OR a.counter_id = $2) AND a.status = 'held'
            AND a.during && tstzrange(span.begins, span.ends)",
    )
    .bind(missing.location)
    .bind(missing.counter)
    .bind(begins)
    .bind(ends)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Who was sent to the counter that closes now waits for any other one that can serve them.
async fn release_tickets(
    tx: &mut TenantTx,
    missing: &Missing,
    by: &By<'_>,
    now: Timestamp,
    days: &mut TouchedDays,
) -> sqlx::Result<()> {
    let zone = tx.tenant().zone.clone();
    let is_now = missing.spans(&zone).any(|(from, until)| from <= now && now < until);
    let Some(counter) = missing.counter.filter(|_| is_now) else { return Ok(()) };
    let released = sqlx::query(
        "UPDATE ticket SET for_counter_id = NULL, changed_by = $3, changed_at = $4, version = version + 1
          WHERE for_counter_id = $1 AND day = $2 AND state IN ('waiting', 'parked')",
    )
    .bind(counter)
    .bind(day_of(now, &zone).to_sqlx())
    .bind(by.name)
    .bind(now.to_sqlx())
    .execute(tx.conn())
    .await?;
    if released.rows_affected() > 0 {
        days.add_seen(missing.location, day_of(now, &zone));
    }
    Ok(())
}

fn spans(tx: &TenantTx, missing: &Missing) -> (Vec<jiff_sqlx::Timestamp>, Vec<jiff_sqlx::Timestamp>) {
    missing.spans(&tx.tenant().zone).map(|(from, until)| (from.to_sqlx(), until.to_sqlx())).unzip()
}
