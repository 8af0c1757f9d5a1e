//! The usual hold: a new draft with its first place, in one statement.

use jiff_sqlx::ToSqlx as _;
use schedule::Candidate;
use sqlx::types::Json;
use tenancy::TenantTx;

use super::Wanted;
use crate::days::day_of;

/// Makes the draft and takes `place`. `false`: the draft is there already, or something stands in the way; then at most
/// the draft has been made.
///
/// # Errors
/// The database's own.
pub(super) async fn hold(tx: &mut TenantTx, wanted: &Wanted<'_>, place: Candidate) -> sqlx::Result<bool> {
    let wish = wanted.wish;
    let day = day_of(wish.start, &tx.tenant().zone);
    let done = sqlx::query(
        "WITH draft AS (
           INSERT INTO booking (id, token_hash, channel, language, mode, selection, hold_until, created_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING id),
         place AS (
           INSERT INTO appointment (id, booking_id, location_id, counter_id, during, status, blocks, hold_until, items,
                                    duration_minutes, fee_cents, created_at)
           SELECT $9, id, $10, $11, tstzrange($12, $13), 'held', true, $7, $14, $15, $16, $8 FROM draft
           ON CONFLICT DO NOTHING RETURNING location_id)
         INSERT INTO location_day AS known (location_id, day) SELECT location_id, $17 FROM place
         ON CONFLICT (location_id, day) DO UPDATE SET version = known.version + 1",
    )
    .bind(wish.key.id)
    .bind(wish.key.token_hash())
    .bind(wish.channel.as_str())
    .bind(wish.language)
    .bind(wish.mode.as_str())
    .bind(Json(wish.selection))
    .bind(wanted.hold_until.to_sqlx())
    .bind(wanted.now.to_sqlx())
    .bind(wanted.appointment_id)
    .bind(place.location)
    .bind(place.counter)
    .bind(wish.start.to_sqlx())
    .bind(wanted.end.to_sqlx())
    .bind(Json(&wish.planned.items))
    .bind(wanted.minutes())
    .bind(wanted.fee_cents())
    .bind(day.to_sqlx())
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}
