//! Moving an appointment to another counter or time, for a citizen or to even out the day.

use jiff::{Timestamp, ToSpan as _};
use jiff_sqlx::ToSqlx as _;
use mail::outbox::MailKind;
use schedule::{CounterId, LocationId};
use serde_json::json;
use tenancy::TenantTx;
use tenancy::town::Rules;
use uuid::Uuid;

use super::settle::{Settlement, settle};
use super::target::Target;
use super::{By, DeskError, Who, event};
use crate::Status;
use crate::days::{TouchedDays, day_of};
use crate::notices::{Notices, withdraw_reminder};

/// A wish for another place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Relocation<'a> {
    /// The appointment. It keeps its id and its duration.
    pub id: Uuid,
    /// The counter.
    pub counter: CounterId,
    /// The office it belongs to.
    pub location: LocationId,
    /// The new beginning.
    pub start: Timestamp,
    /// The appointments that a warning has named, and on top of which it shall stand nevertheless.
    pub over: &'a [Uuid],
    /// As the page showed it.
    pub seen_version: i32,
}

/// Moves it. A mail goes out only if the time or the office changes: at which counter it is, citizens learn when they are
/// called. Somebody who is here already can only be moved within the day and the office.
///
/// # Errors
/// [`DeskError`]; with [`DeskError::Conflict`], a second try that names all of them as `over` puts it on top.
pub async fn move_to(
    tx: &mut TenantTx,
    wish: &Relocation<'_>,
    by: &By<'_>,
    rules: &Rules,
    now: Timestamp,
) -> Result<(), DeskError> {
    let target = Target::lock(tx, wish.id, wish.seen_version, &[Status::Booked, Status::Arrived]).await?;
    let zone = tx.tenant().zone.clone();
    let before = target.starts_at.to_jiff();
    if before == wish.start && target.counter_id == wish.counter {
        return Ok(());
    }
    let is_same_day = target.location_id == wish.location && day_of(before, &zone) == day_of(wish.start, &zone);
    let is_here = target.status == Status::Arrived.as_str();
    if is_here && !is_same_day {
        return Err(DeskError::NotPossible(Status::Arrived));
    }
    let minutes = i64::from(target.duration_minutes);
    let end = wish.start.checked_add(minutes.minutes()).map_err(|_| DeskError::NotFound)?;
    let is_told = before != wish.start || target.location_id != wish.location;
    let settlement =
        Settlement { location: wish.location, counter: wish.counter, start: wish.start, end, items: None, is_told };
    let on_top = settle(tx, &target, &settlement, wish.over, now).await?;
    let detail = json!({
        "from": { "start": before, "counter": target.counter_id },
        "to": { "start": wish.start, "counter": wish.counter },
        "overbooked": on_top,
    });
    event(tx, (target.booking_id, Some(target.id)), "moved", detail, &Who::Staff(by), now).await?;
    if is_here {
        follow(tx, wish, by, now).await?;
    } else if is_told {
        tell(tx, &target, wish.start, rules, now).await?;
    }
    let mut days = TouchedDays::new(&zone);
    days.add(target.location_id, before);
    days.add(wish.location, wish.start);
    days.bump(tx).await?;
    Ok(())
}

/// The number in the hall gets its turn at the new time.
async fn follow(tx: &mut TenantTx, wish: &Relocation<'_>, by: &By<'_>, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE ticket SET due_at = $2, changed_by = $3, changed_at = $4, version = version + 1
          WHERE appointment_id = $1 AND NOT late",
    )
    .bind(wish.id)
    .bind(wish.start.to_sqlx())
    .bind(by.name)
    .bind(now.to_sqlx())
    .execute(tx.conn())
    .await?;
    Ok(())
}

async fn tell(tx: &mut TenantTx, target: &Target, start: Timestamp, rules: &Rules, now: Timestamp) -> sqlx::Result<()> {
    withdraw_reminder(tx, target.id, target.sequence).await?;
    let Some(reader) = target.reader() else { return Ok(()) };
    let zone = tx.tenant().zone.clone();
    let mut notices = Notices::new(reader, now);
    let moved = (target.id, target.sequence + 1);
    notices.add(MailKind::Move, Some(moved));
    if target.wants_reminder {
        notices.remind(moved, start, rules.reminder_at, &zone);
    }
    notices.write(tx).await
}
