//! Changing what an appointment is for, and how long it lasts.

use jiff::{Timestamp, ToSpan as _};
use serde_json::json;
use tenancy::TenantTx;
use uuid::Uuid;

use super::settle::{Settlement, settle};
use super::target::Target;
use super::{By, DeskError, Who, event};
use crate::days::TouchedDays;
use crate::{Item, Status};

/// Until it is over, anything may turn out at the counter.
const POSSIBLE: [Status; 4] = [Status::Booked, Status::Arrived, Status::Called, Status::InService];

/// Gives an appointment other concerns and another duration in minutes, at its time and counter. No mail goes out: it is
/// done while talking to the citizen.
///
/// # Errors
/// [`DeskError`]; [`DeskError::Conflict`] if it would reach into the next one. One that stands on top of others already
/// goes on doing so.
pub async fn change_items(
    tx: &mut TenantTx,
    id: Uuid,
    items: &[Item],
    minutes: u16,
    seen_version: i32,
    by: &By<'_>,
    now: Timestamp,
) -> Result<(), DeskError> {
    let target = Target::lock(tx, id, seen_version, &POSSIBLE).await?;
    let start = target.starts_at.to_jiff();
    let end = start.checked_add(i64::from(minutes).minutes()).map_err(|_| DeskError::NotFound)?;
    let wish = Settlement {
        location: target.location_id,
        counter: target.counter_id,
        start,
        end,
        items: Some(items),
        is_told: false,
    };
    settle(tx, &target, &wish, target.overbooked, now).await?;
    let detail = json!({ "minutes": { "from": target.duration_minutes, "to": minutes } });
    event(tx, (target.booking_id, Some(id)), "changed", detail, &Who::Staff(by), now).await?;
    let mut days = TouchedDays::new(&tx.tenant().zone);
    days.add(target.location_id, start);
    days.bump(tx).await?;
    Ok(())
}
