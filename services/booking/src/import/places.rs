//! Many places in one statement.

use std::collections::HashSet;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use sqlx::types::Json;
use tenancy::TenantTx;
use uuid::Uuid;

use super::{Edition, Imported, OVER_CAPACITY, Written};

/// Puts each where it says; who finds the place taken, or is meant to stand there so, stands on top of others. `editions`
/// are their numbers from now on, in the same order. The caller has the exchange lock.
pub(super) async fn put_all(
    tx: &mut TenantTx,
    all: &[Imported],
    editions: &[Edition],
    now: Timestamp,
) -> sqlx::Result<Vec<Written>> {
    let both = || all.iter().zip(editions.iter().copied());
    let (own, on_top): (Vec<_>, Vec<_>) = both().partition(|(it, _)| !it.is_on_top);
    let placed: HashSet<Uuid> = insert(tx, &own, true, now).await?.into_iter().collect();
    let late = own.into_iter().filter(|(it, _)| !placed.contains(&it.appointment_id));
    let rest: Vec<_> = on_top.into_iter().chain(late).collect();
    insert(tx, &rest, false, now).await?;
    let written = both().map(|(it, edition)| Written {
        appointment_id: it.appointment_id,
        version: edition.version,
        is_on_top: !placed.contains(&it.appointment_id),
    });
    Ok(written.collect())
}

/// Blocking their places those that find them free; on top, all of them. Answers which are in.
async fn insert(
    tx: &mut TenantTx,
    all: &[(&Imported, Edition)],
    blocks: bool,
    now: Timestamp,
) -> sqlx::Result<Vec<Uuid>> {
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let flag = |it: &Imported| match &it.flag {
        Some(flag) if !blocks && !flag.split(' ').any(|key| key == OVER_CAPACITY) => {
            Some(format!("{flag} {OVER_CAPACITY}"))
        }
        None if !blocks => Some(OVER_CAPACITY.to_owned()),
        flag => flag.clone(),
    };
    sqlx::query_scalar(
        "INSERT INTO appointment (id, booking_id, location_id, counter_id, during, status, blocks, overbooked, items,
                                  duration_minutes, fee_cents, note, import_flag, version, sequence, created_at)
         SELECT id, booking_id, location_id, counter_id, tstzrange(starts_at, ends_at), 'booked', $14, NOT $14, items,
                minutes, fee_cents, note, flag, version, sequence, $15
           FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::int[], $5::timestamptz[], $6::timestamptz[], $7::jsonb[],
                       $8::int2[], $9::int[], $10::text[], $11::text[], $12::int[], $13::int[])
             AS it (id, booking_id, location_id, counter_id, starts_at, ends_at, items, minutes, fee_cents, note, flag,
                    version, sequence)
         ON CONFLICT DO NOTHING RETURNING id",
    )
    .bind(all.iter().map(|(it, _)| it.appointment_id).collect::<Vec<_>>())
    .bind(all.iter().map(|(it, _)| it.booking_id).collect::<Vec<_>>())
    .bind(all.iter().map(|(it, _)| it.location).collect::<Vec<_>>())
    .bind(all.iter().map(|(it, _)| it.counter).collect::<Vec<_>>())
    .bind(all.iter().map(|(it, _)| it.start.to_sqlx()).collect::<Vec<_>>())
    .bind(all.iter().map(|(it, _)| it.end.to_sqlx()).collect::<Vec<_>>())
    .bind(all.iter().map(|(it, _)| Json(&it.items)).collect::<Vec<_>>())
    .bind(all.iter().map(|(it, _)| i16::try_from(it.minutes).unwrap_or(i16::MAX)).collect::<Vec<_>>())
    .bind(all.iter().map(|(it, _)| it.fee_cents()).collect::<Vec<_>>())
    .bind(all.iter().map(|(it, _)| it.note.as_str()).collect::<Vec<_>>())
    .bind(all.iter().map(|(it, _)| flag(it)).collect::<Vec<_>>())
    .bind(all.iter().map(|(_, edition)| edition.version).collect::<Vec<_>>())
    .bind(all.iter().map(|(_, edition)| edition.sequence).collect::<Vec<_>>())
    .bind(blocks)
    .bind(now.to_sqlx())
    .fetch_all(tx.conn())
    .await
}

/// Which of these find their place free as far as can be seen. Where somebody stands on top of others is no room either.
pub(super) async fn free(tx: &mut TenantTx, all: &[&Imported], now: Timestamp) -> sqlx::Result<HashSet<Uuid>> {
    let free: Vec<Uuid> = sqlx::query_scalar(
        "SELECT it.id FROM unnest($1::uuid[], $2::int[], $3::timestamptz[], $4::timestamptz[])
             AS it (id, counter_id, starts_at, ends_at)
          WHERE NOT EXISTS (SELECT FROM appointment a
                             WHERE a.counter_id = it.counter_id AND a.during && tstzrange(it.starts_at, it.ends_at)
                               AND a.id <> it.id
                               AND (a.blocks OR a.overbooked
                                                AND a.status IN ('booked', 'arrived', 'called', 'in_service'))
                               AND NOT (a.status IN ('held', 'cancelled') AND a.hold_until <= $5))",
    )
    .bind(all.iter().map(|it| it.appointment_id).collect::<Vec<_>>())
    .bind(all.iter().map(|it| it.counter).collect::<Vec<_>>())
    .bind(all.iter().map(|it| it.start.to_sqlx()).collect::<Vec<_>>())
    .bind(all.iter().map(|it| it.end.to_sqlx()).collect::<Vec<_>>())
    .bind(now.to_sqlx())
    .fetch_all(tx.conn())
    .await?;
    Ok(free.into_iter().collect())
}
