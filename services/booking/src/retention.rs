//! What is kept, and for how long: functions that the worker runs by the clock, one town at a time.
//!
//! Expired places need none of them to be free; here they are only put in order, so that the next citizen's statement
//! has less to do.

use jiff::{Timestamp, ToSpan as _};
use jiff_sqlx::ToSqlx as _;
use serde::{Deserialize, Serialize};
use tenancy::TenantTx;
use tenancy::town::Rules;

/// For how long what was typed into a draft is kept after its places have expired, in hours.
pub const DRAFT_HOURS: i64 = 24;
/// For how long a cancelled appointment is kept, in hours.
pub const CANCELLED_HOURS: i64 = 24;
/// For how long it is known which mails went out, in days.
pub const MAIL_DAYS: u16 = 30;

/// What a run has removed. Kept as the proof that it ran; it names nobody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Drafts that nobody came back to.
    pub drafts: u64,
    /// Appointments reduced to counts.
    pub appointments: u64,
    /// Bookings without any appointment left.
    pub bookings: u64,
    /// Lines of the mail log.
    pub mails: u64,
    /// Numbers of people in the hall; those without an appointment became counts.
    #[serde(default)]
    pub tickets: u64,
    /// Absences of colleagues, with what was written about them.
    #[serde(default)]
    pub absences: u64,
}

/// Frees the rows of expired holds and of cancelled places whose delay is over. Whoever was put on
/// top of them gets the place; nobody else's view of what is free changes. Returns how many there were.
///
/// # Errors
/// The database's own.
pub async fn release_expired(tx: &mut TenantTx, now: Timestamp) -> sqlx::Result<u64> {
    let released = sqlx::query(
        "UPDATE appointment SET blocks = false, ended_at = coalesce(ended_at, $1),
                                status = CASE status WHEN 'held' THEN 'expired' ELSE status END
          WHERE id IN (SELECT id FROM appointment
                        WHERE blocks AND status IN ('held', 'cancelled') AND hold_until <= $1 FOR UPDATE SKIP LOCKED)",
    )
    .bind(now.to_sqlx())
    .execute(tx.conn())
    .await?;
    crate::desk::promote_ahead(tx, now).await?;
    Ok(released.rows_affected())
}

/// Removes everything whose time is over, and counts what came of it.
///
/// # Errors
/// The database's own.
pub async fn run(tx: &mut TenantTx, rules: &Rules, now: Timestamp) -> anyhow::Result<Report> {
    let drafts = forget_drafts(tx, now).await?;
    let appointments = reduce_appointments(tx, rules, now).await?;
    let bookings = forget_bookings(tx).await?;
    let mails = mail::outbox::forget(tx, MAIL_DAYS, now).await?;
    let over_before = now.checked_sub((i64::from(rules.retention_days) * 24).hours())?;
    let tickets = crate::queue::forget(tx, over_before).await?;
    let absences = forget_absences(tx, over_before).await?;
    Ok(Report { drafts, appointments, bookings, mails, tickets, absences })
}

/// Why a colleague was missing is nobody's business once the appointments of those days are gone. The closures go, too.
async fn forget_absences(tx: &mut TenantTx, before: Timestamp) -> sqlx::Result<u64> {
    let day = crate::days::day_of(before, &tx.tenant().zone);
    let gone = sqlx::query("DELETE FROM absence WHERE last_day < $1").bind(day.to_sqlx()).execute(tx.conn()).await?;
    sqlx::query("DELETE FROM closure WHERE by_staff AND last_day < $1").bind(day.to_sqlx()).execute(tx.conn()).await?;
    Ok(gone.rows_affected())
}

/// Drafts go [`DRAFT_HOURS`] after their places have expired.
async fn forget_drafts(tx: &mut TenantTx, now: Timestamp) -> anyhow::Result<u64> {
    let before = now.checked_sub(DRAFT_HOURS.hours())?;
    let gone = sqlx::query(
        "DELETE FROM booking WHERE id IN (
           SELECT id FROM booking WHERE state = 'draft' AND coalesce(hold_until, created_at) < $1
              FOR UPDATE SKIP LOCKED)",
    )
    .bind(before.to_sqlx())
    .execute(tx.conn())
    .await?;
    Ok(gone.rows_affected())
}

/// Appointments become counts by day, counter and concern: cancelled ones after [`CANCELLED_HOURS`], all others
/// `rules.retention_days` after their end. One whose mail is still on its way waits for it, and one whom somebody has to
/// call about an absence until the call, or until its day.
async fn reduce_appointments(tx: &mut TenantTx, rules: &Rules, now: Timestamp) -> anyhow::Result<u64> {
    let cancelled_before = now.checked_sub(CANCELLED_HOURS.hours())?;
    let over_before = now.checked_sub((i64::from(rules.retention_days) * 24).hours())?;
    let zone = tx.tenant().zone.iana_name().unwrap_or("UTC").to_owned();
    let (gone,): (i64,) = sqlx::query_as(
        "WITH gone AS (
           DELETE FROM appointment a USING booking b
            WHERE b.id = a.booking_id AND b.state = 'booked'
              AND CASE a.status WHEN 'cancelled' THEN a.ended_at < $1 AND (NOT a.blocks OR a.hold_until <= $3)
                                ELSE upper(a.during) < $2 END
              AND NOT EXISTS (SELECT FROM mail m WHERE m.booking_id = b.id AND m.state = 'waiting' AND m.due_at <= $3)
              AND NOT EXISTS (SELECT FROM absence_change c JOIN absence ON absence.id = c.absence_id
                               WHERE c.appointment_id = a.id AND c.phone_first AND c.phoned_at IS NULL
                                 AND absence.state = 'done' AND upper(a.during) > $3)
           RETURNING a.id, (lower(a.during) AT TIME ZONE $4)::date AS day, a.location_id, a.counter_id, b.channel,
                     a.duration_minutes, a.items,
                     CASE WHEN a.status IN ('done', 'no_show', 'cancelled') THEN a.status ELSE 'unmarked' END AS outcome),
         lines AS (
           SELECT day, location_id, counter_id, '' AS concern, channel, outcome, 1 AS quantity,
                  duration_minutes::int AS minutes FROM gone
           UNION ALL
           SELECT day, location_id, counter_id, item->>'concern', channel, outcome, (item->>'quantity')::int,
                  (item->>'minutes')::int
             FROM gone, jsonb_array_elements(items) AS item),
         counted AS (
           INSERT INTO appointment_count AS known (day, location_id, counter_id, concern, channel, outcome,
                                                   appointments, quantity, minutes)
           SELECT day, location_id, counter_id, concern, channel, outcome, count(*), sum(quantity), sum(minutes)
             FROM lines GROUP BY day, location_id, counter_id, concern, channel, outcome
           ON CONFLICT (day, counter_id, concern, channel, outcome) DO UPDATE
             SET appointments = known.appointments + excluded.appointments,
                 quantity = known.quantity + excluded.quantity, minutes = known.minutes + excluded.minutes)
         SELECT count(*) FROM gone",
    )
    .bind(cancelled_before.to_sqlx())
    .bind(over_before.to_sqlx())
    .bind(now.to_sqlx())
    .bind(zone)
    .fetch_one(tx.conn())
    .await?;
    Ok(gone.unsigned_abs())
}

/// Person and contact go with the last appointment, the address also from the log of mails that are done.
async fn forget_bookings(tx: &mut TenantTx) -> sqlx::Result<u64> {
    let gone = sqlx::query(
        "WITH empty AS (
           SELECT b.id FROM booking b
            WHERE b.state = 'booked' AND NOT EXISTS (SELECT FROM appointment a WHERE a.booking_id = b.id)),
         nameless AS (
           UPDATE mail SET recipient = '' WHERE booking_id IN (SELECT id FROM empty) AND state IN ('sent', 'dropped'))
         DELETE FROM booking WHERE id IN (SELECT id FROM empty)",
    )
    .execute(tx.conn())
    .await?;
    Ok(gone.rows_affected())
}
