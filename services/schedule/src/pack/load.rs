//! Writes the offices in the database back as a pack's part. The statements build the entries; serde reads them.

use serde::de::DeserializeOwned;
use sqlx::types::Json;
use tenancy::TenantTx;

use super::OfficesFile;

const LOCATIONS: &str = "
SELECT jsonb_strip_nulls(jsonb_build_object('key', key, 'name', name, 'street', street, 'zip', zip, 'city', city,
         'how_to_find', how_to_find, 'access', access, 'phone', phone, 'email', email, 'to_confirm', to_confirm))
  FROM location WHERE active ORDER BY position, id";

const COUNTERS: &str = "
SELECT jsonb_build_object('key', counter.key, 'location', location.key, 'name', counter.name,
         'concerns', counter.serves, 'except', counter.serves_not, 'to_confirm', counter.to_confirm)
  FROM counter JOIN location ON location.id = counter.location_id
 WHERE counter.active ORDER BY counter.position, counter.id";

const OPENINGS: &str = "
SELECT jsonb_strip_nulls(jsonb_build_object('location', location.key,
         'counters', CASE WHEN counter_ids = '{}' THEN '[\"*\"]' ELSE
            (SELECT jsonb_agg(counter.key ORDER BY array_position(counter_ids, counter.id))
               FROM counter WHERE counter.id = ANY (counter_ids)) END,
         'weekdays', (SELECT coalesce(jsonb_agg(('{mo,di,mi,do,fr,sa,so}'::text[])[day] ORDER BY place), '[]')
                        FROM unnest(weekdays) WITH ORDINALITY AS asked (day, place)),
         'nth', nth_of_month, 'every_weeks', every_weeks, 'dates', dates,
         'from', to_char(opens, 'HH24:MI'), 'until', to_char(closes, 'HH24:MI'),
         'valid_from', valid_from, 'valid_until', valid_until, 'step_minutes', step_minutes, 'channel', channel,
         'released_days_before', released_days_before, 'released_at', to_char(released_at, 'HH24:MI'),
         'closes_minutes_before', closes_minutes_before, 'falls_online_hours_before', falls_online_hours_before,
         'to_confirm', opening_rule.to_confirm))
  FROM opening_rule JOIN location ON location.id = opening_rule.location_id
 ORDER BY opening_rule.position, opening_rule.id";

const CLOSURES: &str = "
SELECT jsonb_strip_nulls(jsonb_build_object('location', location.key, 'counter', counter.key,
         'first', first_day, 'last', last_day, 'from', to_char(from_time, 'HH24:MI'),
         'until', to_char(until_time, 'HH24:MI'), 'reason', reason, 'to_confirm', closure.to_confirm))
  FROM closure LEFT JOIN location ON location.id = closure.location_id
  LEFT JOIN counter ON counter.id = closure.counter_id
 WHERE NOT closure.by_staff ORDER BY closure.id";

/// The offices as they are now.
pub(super) async fn load(tx: &mut TenantTx) -> anyhow::Result<OfficesFile> {
    Ok(OfficesFile {
        location: entries(tx, LOCATIONS).await?,
        counter: entries(tx, COUNTERS).await?,
        opening: entries(tx, OPENINGS).await?,
        closure: entries(tx, CLOSURES).await?,
    })
}

async fn entries<T>(tx: &mut TenantTx, statement: &'static str) -> sqlx::Result<Vec<T>>
where
    T: DeserializeOwned + Send + Unpin + 'static,
{
    let rows: Vec<Json<T>> = sqlx::query_scalar(statement).fetch_all(tx.conn()).await?;
    Ok(rows.into_iter().map(|Json(entry)| entry).collect())
}
