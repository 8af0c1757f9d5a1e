//! Cancelling for a citizen, with a reason.

use jiff::Timestamp;
use mail::outbox::MailKind;
use serde_json::json;
use tenancy::TenantTx;
use tenancy::town::Rules;
use uuid::Uuid;

use super::promote::promote;
use super::target::Target;
use super::{By, DeskError, Who, event};
use crate::Status;
use crate::cancel::give_up;
use crate::days::TouchedDays;
use crate::notices::{Notices, withdraw_reminder};

/// Cancels an appointment to which nobody has come yet. Its place is free after `rules.release_delay_minutes`, and goes to
/// whoever was put on top of it; its reminder is withdrawn, and a mail with the reason goes out if an address is known.
///
/// # Errors
/// [`DeskError`].
pub async fn cancel(
    tx: &mut TenantTx,
    id: Uuid,
    reason: &str,
    seen_version: i32,
    by: &By<'_>,
    rules: &Rules,
    now: Timestamp,
) -> Result<(), DeskError> {
    let target = Target::lock(tx, id, seen_version, &[Status::Booked]).await?;
    give_up(tx, id, rules, now).await?;
    event(tx, (target.booking_id, Some(id)), "cancelled", json!({ "reason": reason }), &Who::Staff(by), now).await?;
    withdraw_reminder(tx, id, target.sequence).await?;
    if let Some(reader) = target.reader() {
        let mut notices = Notices::new(reader, now);
        notices.add(MailKind::Cancellation, Some((id, target.sequence + 1)));
        notices.write(tx).await?;
    }
    promote(tx, target.counter_id, (target.starts_at, target.ends_at), now).await?;
    let mut days = TouchedDays::new(&tx.tenant().zone);
    days.add(target.location_id, target.starts_at.to_jiff());
    days.bump(tx).await?;
    Ok(())
}
