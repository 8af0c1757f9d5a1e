//! Writing imported bookings, new ones and those that have changed in their file.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use sqlx::types::Json;
use tenancy::TenantTx;
use tenancy::town::Rules;
use uuid::Uuid;

use super::places::put_all;
use super::reminders::{plan_all, withdraw_all};
use super::remove::{cancel, lift_all, promote_all};
use super::{Edition, Imported, Standing, Written};
use crate::confirm::new_codes;
use crate::days::TouchedDays;
use crate::{Channel, Links, Mode, place};

/// Writes new bookings with their places and histories. Those that are there already stay as they are.
///
/// # Errors
/// The database's own.
pub async fn add_all(
    tx: &mut TenantTx,
    all: &[Imported],
    (links, language, wants_reminder): (&Links, &str, bool),
    now: Timestamp,
) -> sqlx::Result<Vec<Written>> {
    let new = insert_bookings(tx, all, (links, language, wants_reminder), now).await?;
    let all: Vec<Imported> = all.iter().filter(|it| new.contains(&it.booking_id)).cloned().collect();
    place::lock_exchange(tx).await?;
    let written = put_all(tx, &all, &vec![Edition::default(); all.len()], now).await?;
    remember(tx, &all, "imported", now).await?;
    bump(tx, &all, &[]).await?;
    Ok(written)
}

/// Makes bookings say what their file says now; who was cancelled is booked again. `before` is how they stood, in the same
/// order; the caller has locked them. Who wants to be reminded will be, at the new time.
///
/// # Errors
/// The database's own.
pub async fn rewrite_all(
    tx: &mut TenantTx,
    all: &[Imported],
    before: &[Standing],
    rules: &Rules,
    now: Timestamp,
) -> sqlx::Result<Vec<Written>> {
    let written = rewrite(tx, all, before, rules, now).await?;
    bump(tx, all, before).await?;
    Ok(written)
}

/// The same, where others are cancelled again first, as [`super::cancel_all`] does: their places are free then, and the
/// days are told once.
///
/// # Errors
/// The database's own.
pub async fn restore_all(
    tx: &mut TenantTx,
    all: &[Imported],
    before: &[Standing],
    withdrawn: &[Standing],
    (rules, now): (&Rules, Timestamp),
) -> sqlx::Result<Vec<Written>> {
    cancel(tx, withdrawn, now).await?;
    let written = rewrite(tx, all, before, rules, now).await?;
    let touched: Vec<Standing> = before.iter().chain(withdrawn).cloned().collect();
    bump(tx, all, &touched).await?;
    Ok(written)
}

async fn rewrite(
    tx: &mut TenantTx,
    all: &[Imported],
    before: &[Standing],
    rules: &Rules,
    now: Timestamp,
) -> sqlx::Result<Vec<Written>> {
    rewrite_bookings(tx, all).await?;
    place::lock_exchange(tx).await?;
    lift_all(tx, &all.iter().map(|it| it.appointment_id).collect::<Vec<_>>()).await?;
    let editions: Vec<Edition> = before.iter().map(Standing::next).collect();
    let written = put_all(tx, all, &editions, now).await?;
    promote_all(tx, before, now).await?;
    withdraw_all(tx, before).await?;
    plan_all(tx, all, before, rules, now).await?;
    for (was_cancelled, kind) in [(false, "imported_anew"), (true, "booked_again")] {
        let both = all.iter().zip(before).filter(|(_, before)| before.is_cancelled == was_cancelled);
        remember(tx, &both.map(|(it, _)| it.clone()).collect::<Vec<_>>(), kind, now).await?;
    }
    Ok(written)
}

pub(super) async fn insert_bookings(
    tx: &mut TenantTx,
    all: &[Imported],
    (links, language, wants_reminder): (&Links, &str, bool),
    now: Timestamp,
) -> sqlx::Result<std::collections::HashSet<Uuid>> {
    let codes: Vec<[String; 2]> = all.iter().map(|_| new_codes().map(|code| code.as_str().to_owned())).collect();
    let new: Vec<Uuid> = sqlx::query_scalar(
        "INSERT INTO booking (id, token_hash, state, channel, language, mode, selection, name, email, phone,
                              wants_reminder, created_at, booked_at, code)
         SELECT id, token_hash, 'booked', $7, $8, $9, selection, name, email, phone, $10, $11, $11,
                CASE WHEN EXISTS (SELECT FROM booking b WHERE b.code = it.code) THEN other_code ELSE it.code END
           FROM unnest($1::uuid[], $2::bytea[], $3::jsonb[], $4::text[], $5::text[], $6::text[], $12::text[], $13::text[])
             AS it (id, token_hash, selection, name, email, phone, code, other_code)
         ON CONFLICT (id) DO NOTHING RETURNING id",
    )
    .bind(all.iter().map(|it| it.booking_id).collect::<Vec<_>>())
    .bind(all.iter().map(|it| links.key(it.booking_id).token_hash().to_vec()).collect::<Vec<_>>())
    .bind(all.iter().map(|it| Json(it.choices())).collect::<Vec<_>>())
    .bind(all.iter().map(|it| it.name.as_str()).collect::<Vec<_>>())
    .bind(all.iter().map(|it| it.email.as_deref()).collect::<Vec<_>>())
    .bind(all.iter().map(|it| it.phone.as_deref()).collect::<Vec<_>>())
    .bind(Channel::Import.as_str())
    .bind(language)
    .bind(Mode::Combined.as_str())
    .bind(wants_reminder)
    .bind(now.to_sqlx())
    .bind(codes.iter().map(|it| it[0].as_str()).collect::<Vec<_>>())
    .bind(codes.iter().map(|it| it[1].as_str()).collect::<Vec<_>>())
    .fetch_all(tx.conn())
    .await?;
    Ok(new.into_iter().collect())
}

pub(super) async fn rewrite_bookings(tx: &mut TenantTx, all: &[Imported]) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE booking b SET selection = it.selection, name = it.name, email = it.email, phone = it.phone
           FROM unnest($1::uuid[], $2::jsonb[], $3::text[], $4::text[], $5::text[]) AS it (id, selection, name, email, phone)
          WHERE b.id = it.id",
    )
    .bind(all.iter().map(|it| it.booking_id).collect::<Vec<_>>())
    .bind(all.iter().map(|it| Json(it.choices())).collect::<Vec<_>>())
    .bind(all.iter().map(|it| it.name.as_str()).collect::<Vec<_>>())
    .bind(all.iter().map(|it| it.email.as_deref()).collect::<Vec<_>>())
    .bind(all.iter().map(|it| it.phone.as_deref()).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// A row of history for each.
pub(super) async fn remember(tx: &mut TenantTx, all: &[Imported], kind: &str, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO booking_event (booking_id, appointment_id, at, actor, kind)
         SELECT booking_id, appointment_id, $3, 'system', $4
           FROM unnest($1::uuid[], $2::uuid[]) AS it (booking_id, appointment_id)",
    )
    .bind(all.iter().map(|it| it.booking_id).collect::<Vec<_>>())
    .bind(all.iter().map(|it| it.appointment_id).collect::<Vec<_>>())
    .bind(now.to_sqlx())
    .bind(kind)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Tells the readers of free times, last.
pub(super) async fn bump(tx: &mut TenantTx, all: &[Imported], before: &[Standing]) -> sqlx::Result<()> {
    let mut days = TouchedDays::new(&tx.tenant().zone);
    for it in all.iter().chain(before.iter().map(|it| &it.imported)) {
        days.add(it.location, it.start);
    }
    days.bump(tx).await
}
