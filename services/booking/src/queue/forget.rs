//! What is kept of tickets, and for how long.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use tenancy::TenantTx;

/// Removes the tickets of days before `before`: those of walk-ins become counts as appointments do, by counter and never
/// by clerk; those of appointments are counted with these. Returns how many there were.
///
/// # Errors
/// The database's own.
pub(crate) async fn forget(tx: &mut TenantTx, before: Timestamp) -> sqlx::Result<u64> {
    let day = crate::days::day_of(before, &tx.tenant().zone);
    let (gone,): (i64,) = sqlx::query_as(
        "WITH gone AS (
           DELETE FROM ticket WHERE day < $1
           RETURNING day, kind, location_id, counter_id, minutes, items,
                     CASE WHEN state IN ('done', 'no_show') THEN state ELSE 'unmarked' END AS outcome),
         walk_ins AS (
           SELECT day, location_id, counter_id, minutes, items, outcome FROM gone
            WHERE kind = 'walk_in' AND counter_id IS NOT NULL),
         lines AS (
           SELECT day, location_id, counter_id, '' AS concern, outcome, 1 AS quantity, minutes::int AS minutes
             FROM walk_ins
           UNION ALL
           SELECT day, location_id, counter_id, item->>'concern', outcome, (item->>'quantity')::int,
                  (item->>'minutes')::int
             FROM walk_ins, jsonb_array_elements(items) AS item),
         counted AS (
           INSERT INTO appointment_count AS known (day, location_id, counter_id, concern, channel, outcome,
                                                   appointments, quantity, minutes)
           SELECT day, location_id, counter_id, concern, 'walk_in', outcome, count(*), sum(quantity), sum(minutes)
             FROM lines GROUP BY day, location_id, counter_id, concern, outcome
           ON CONFLICT (day, counter_id, concern, channel, outcome) DO UPDATE
             SET appointments = known.appointments + excluded.appointments,
                 quantity = known.quantity + excluded.quantity, minutes = known.minutes + excluded.minutes)
         SELECT count(*) FROM gone",
    )
    .bind(day.to_sqlx())
    .fetch_one(tx.conn())
    .await?;
    Ok(gone.unsigned_abs())
}
