//! Many places in one statement.

use std::collections::HashSet;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use sqlx::types::Json;
use tenancy::TenantTx;
use uuid::Uuid;

use super::{Imported, OVER_CAPACITY, Written};

/// Puts each where it says; who finds the place taken, or is meant to stand there so, stands on top of others. `versions`
/// are theirs from now on, in the same order. The caller has the exchange lock.
pub(super) async fn put_all(
    tx: &mut TenantTx,
    all: &[Imported],
    versions: &[i32],
    now: Timestamp,
) -> sqlx::Result<Vec<Written>> {
    let both = || all.iter().zip(versions.iter().copied());
    let (own, on_top): (Vec<_>, Vec<_>) = both().partition(|(it, _)| !it.is_on_top);
    let placed: HashSet<Uuid> = insert(tx, &own, true, now).await?.into_iter().collect();
    let late = own.into_iter().filter(|(it, _)| !placed.contains(&it.appointment_id));
    let rest: Vec<_> = on_top.into_iter().chain(late).collect();
    insert(tx, &rest, false, now).await?;
    let written = both().map(|(it, version)| Written {
        appointment_id: it.appointment_id,
        version,
        is_on_top: !placed.contains(&it.appointment_id),
    });
    Ok(written.collect())
}

/// Blocking their places those that find them free; on top, all of them. Answers which are in.
async fn insert(tx: &mut TenantTx, all: &[(&Imported, i32)], blocks: bool, now: Timestamp) -> sqlx::Result<Vec<Uuid>> {
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
         SELECT id, booking_id, location_id, counter_id, tstzrange(starts_at, ends_at), 'booked', $13, NOT $13, items,
                minutes, fee_cents, note, flag, version, version, $14
           FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::int[], $5::timestamptz[], $6::timestamptz[], $7::jsonb[],
                       $8::int2[], $9::int[], $10::text[], $11::text[], $12::int[])
             AS it (id, booking_id, location_id, counter_id, starts_at, ends_at, items, minutes, fee_cents, note, flag,
                    version)
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
    .bind(all.iter().map(|(_, version)| *version).collect::<Vec<_>>())
    .bind(blocks)
    .bind(now.to_sqlx())
    .fetch_all(tx.conn())
    .await
}
