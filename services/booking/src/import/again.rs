//! Booking again what an import has cancelled, when the import is taken back.

use std::collections::HashSet;

use jiff::Timestamp;
use tenancy::TenantTx;
use tenancy::town::Rules;

use super::places::{free, put_all};
use super::reminders::plan_all;
use super::remove::lift_all;
use super::write::{bump, insert_bookings, remember, rewrite_bookings};
use super::{Edition, Imported, Standing, Written};
use crate::{Links, place};

/// Books these again as they stood before they were cancelled, each at its place; without a mail, as they were cancelled.
/// Whose place is not free any more stays as it is, and is not among the answers. What the retention has removed meanwhile
/// is written anew, under the same link. The caller has locked those that are there with [`super::find_all`], and knows
/// that nobody has touched them.
///
/// # Errors
/// The database's own.
pub async fn book_again(
    tx: &mut TenantTx,
    all: &[Standing],
    links: &Links,
    rules: &Rules,
    now: Timestamp,
) -> sqlx::Result<Vec<Written>> {
    place::lock_exchange(tx).await?;
    // Who stood on top of others stands there again.
    let own: Vec<&Imported> = all.iter().map(|it| &it.imported).filter(|it| !it.is_on_top).collect();
    let free = free(tx, &own, now).await?;
    let fits = |it: &&Standing| it.imported.is_on_top || free.contains(&it.imported.appointment_id);
    let before: Vec<Standing> = all.iter().filter(fits).cloned().collect();
    if before.is_empty() {
        return Ok(Vec::new());
    }
    let again: Vec<Imported> = before.iter().map(|it| it.imported.clone()).collect();
    write_bookings(tx, &before, links, now).await?;
    lift_all(tx, &again.iter().map(|it| it.appointment_id).collect::<Vec<_>>()).await?;
    let editions: Vec<Edition> = before.iter().map(Standing::next).collect();
    let written = put_all(tx, &again, &editions, now).await?;
    plan_all(tx, &again, &before, rules, now).await?;
    remember(tx, &again, "booked_again", now).await?;
    bump(tx, &again, &[]).await?;
    Ok(written)
}

/// The bookings as they were, those that are gone with new codes.
async fn write_bookings(tx: &mut TenantTx, all: &[Standing], links: &Links, now: Timestamp) -> sqlx::Result<()> {
    let kinds: HashSet<(&str, bool)> = all.iter().map(|it| (it.language.as_str(), it.wants_reminder)).collect();
    for (language, wants_reminder) in kinds {
        let some = all.iter().filter(|it| (it.language.as_str(), it.wants_reminder) == (language, wants_reminder));
        let some: Vec<Imported> = some.map(|it| it.imported.clone()).collect();
        insert_bookings(tx, &some, (links, language, wants_reminder), now).await?;
    }
    rewrite_bookings(tx, &all.iter().map(|it| it.imported.clone()).collect::<Vec<_>>()).await
}
