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

/// What an appointment shall be for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewItems<'a> {
    /// All of its concerns.
    pub items: &'a [Item],
    /// How long it takes.
    pub minutes: u16,
    /// The appointments that a warning has named, and into which it shall reach nevertheless.
    pub over: &'a [Uuid],
    /// As the page showed it.
    pub seen_version: i32,
}

/// Gives an appointment other concerns and another duration in minutes, at its time and counter. No mail goes out: it is
/// done while talking to the citizen.
///
/// # Errors
/// [`DeskError`]; [`DeskError::Conflict`] if it would reach into others that no warning has named. Those with whom it shares its time already are no news.
pub async fn change_items(
    tx: &mut TenantTx,
    id: Uuid,
    wish: &NewItems<'_>,
    by: &By<'_>,
    now: Timestamp,
) -> Result<(), DeskError> {
    let target = Target::lock(tx, id, wish.seen_version, &POSSIBLE).await?;
    let start = target.starts_at.to_jiff();
    let end = start.checked_add(i64::from(wish.minutes).minutes()).map_err(|_| DeskError::NotFound)?;
    let settlement = Settlement {
        location: target.location_id,
        counter: target.counter_id,
        start,
        end,
        items: Some(wish.items),
        is_told: false,
    };
    let on_top = settle(tx, &target, &settlement, wish.over, now).await?;
    let detail = json!({
        "minutes": { "from": target.duration_minutes, "to": wish.minutes },
        "overbooked": on_top,
    });
    event(tx, (target.booking_id, Some(id)), "changed", detail, &Who::Staff(by), now).await?;
    let mut days = TouchedDays::new(&tx.tenant().zone);
    days.add(target.location_id, start);
    days.bump(tx).await?;
    Ok(())
}
