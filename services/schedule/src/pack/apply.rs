//! Makes the database hold a pack's offices, in one statement for each kind of thing.
//!
//! Offices and counters keep their number as long as their key stays. Opening rules and closures have no life of their
//! own and are written anew when any of them differs.

use sqlx::types::Json;
use tenancy::TenantTx;

use super::{OfficesFile, load};

/// Writes everything, in the order in which the tables refer to each other.
pub(super) async fn apply(tx: &mut TenantTx, file: &OfficesFile) -> anyhow::Result<()> {
    let before = load::load(tx).await?;
    // Nobody may book at a counter between the question whether it was ever used and its deletion.
    let is_left_out = before.counter.iter().any(|it| !file.counter.iter().any(|new| new.key == it.key))
        || before.location.iter().any(|it| !file.location.iter().any(|new| new.key == it.key));
    if is_left_out {
        sqlx::query("LOCK TABLE appointment IN SHARE MODE").execute(tx.conn()).await?;
    }
    locations(tx, file).await?;
    stay_at_their_office(tx, file).await?;
    counters(tx, file).await?;
    served_concerns(tx).await?;
    if before.opening != file.opening || before.counter != file.counter {
        openings(tx, file).await?;
    }
    if before.closure != file.closure || before.counter != file.counter {
        closures(tx, file).await?;
    }
    retire(tx, file).await?;
    Ok(())
}

async fn locations(tx: &mut TenantTx, file: &OfficesFile) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO location (key, name, street, zip, city, how_to_find, access, phone, email, to_confirm, position)
         SELECT key, name, street, zip, city, how_to_find, access, phone, email, coalesce(to_confirm, '{}'), place
           FROM ROWS FROM (jsonb_to_recordset($1) AS (key text, name jsonb, street text, zip text, city text,
                how_to_find jsonb, access jsonb, phone text, email text, to_confirm text[]))
                WITH ORDINALITY AS entry (key, name, street, zip, city, how_to_find, access, phone, email, to_confirm, place)
         ON CONFLICT (key) DO UPDATE SET name = excluded.name, street = excluded.street, zip = excluded.zip,
                city = excluded.city, how_to_find = excluded.how_to_find, access = excluded.access,
                phone = excluded.phone, email = excluded.email, to_confirm = excluded.to_confirm, active = true,
                position = excluded.position",
    )
    .bind(Json(&file.location))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// A counter with appointments cannot move: they were made for its office.
async fn stay_at_their_office(tx: &mut TenantTx, file: &OfficesFile) -> anyhow::Result<()> {
    let moved: Option<(String,)> = sqlx::query_as(
        "SELECT counter.key FROM jsonb_to_recordset($1) AS entry (key text, location text)
           JOIN counter ON counter.key = entry.key JOIN location ON location.id = counter.location_id
          WHERE location.key <> entry.location AND EXISTS (SELECT FROM appointment a WHERE a.counter_id = counter.id)
          LIMIT 1",
    )
    .bind(Json(&file.counter))
    .fetch_optional(tx.conn())
    .await?;
    match moved {
        Some((key,)) => anyhow::bail!(
            "the counter “{key}” has appointments at the office where it is: leave it there, and give the one at the other office a key of its own"
        ),
        None => Ok(()),
    }
}

async fn counters(tx: &mut TenantTx, file: &OfficesFile) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO counter (key, location_id, name, serves, serves_not, to_confirm, position)
         SELECT entry.key, location.id, entry.name, entry.concerns, coalesce(entry.excluded, '{}'),
                coalesce(entry.to_confirm, '{}'), entry.place
           FROM ROWS FROM (jsonb_to_recordset($1) AS (key text, location text, name text, concerns text[],
                \"except\" text[], to_confirm text[]))
                WITH ORDINALITY AS entry (key, location, name, concerns, excluded, to_confirm, place)
           JOIN location ON location.key = entry.location
         ON CONFLICT (key) DO UPDATE SET location_id = excluded.location_id, name = excluded.name,
                serves = excluded.serves, serves_not = excluded.serves_not, to_confirm = excluded.to_confirm,
                active = true, position = excluded.position",
    )
    .bind(Json(&file.counter))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Works out from what the town wrote (`*`, keys, exceptions) which counter serves which concern.
async fn served_concerns(tx: &mut TenantTx) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM counter_concern").execute(tx.conn()).await?;
    sqlx::query(
        "INSERT INTO counter_concern (counter_id, concern_id)
         SELECT counter.id, concern.id FROM counter JOIN concern
             ON ('*' = ANY (serves) OR concern.key = ANY (serves)) AND NOT concern.key = ANY (serves_not)
          WHERE concern.active",
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

async fn openings(tx: &mut TenantTx, file: &OfficesFile) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM opening_rule").execute(tx.conn()).await?;
    sqlx::query(
        "INSERT INTO opening_rule (location_id, counter_ids, weekdays, nth_of_month, every_weeks, dates, opens, closes,
                valid_from, valid_until, step_minutes, channel, released_days_before, released_at,
                closes_minutes_before, falls_online_hours_before, to_confirm, position)
         SELECT location.id,
                array(SELECT counter.id FROM unnest(counters) WITH ORDINALITY AS asked (key, place)
                        JOIN counter ON counter.key = asked.key ORDER BY asked.place),
                array(SELECT array_position('{mo,di,mi,do,fr,sa,so}'::text[], day) FROM unnest(weekdays) AS day),
                coalesce(nth, '{}'), coalesce(every_weeks, 1), coalesce(dates, '{}'), opens, closes,
                valid_from, valid_until, coalesce(step_minutes, 5), coalesce(channel, 'online'),
                released_days_before, released_at, coalesce(closes_minutes_before, 0), falls_online_hours_before,
                coalesce(entry.to_confirm, '{}'), entry.place
           FROM ROWS FROM (jsonb_to_recordset($1) AS (location text, counters text[], weekdays text[], nth smallint[],
                every_weeks smallint, dates date[], \"from\" time, until time, valid_from date, valid_until date,
                step_minutes smallint, channel text, released_days_before smallint, released_at time,
                closes_minutes_before int, falls_online_hours_before int, to_confirm text[]))
                WITH ORDINALITY AS entry (location, counters, weekdays, nth, every_weeks, dates, opens, closes,
                valid_from, valid_until, step_minutes, channel, released_days_before, released_at,
                closes_minutes_before, falls_online_hours_before, to_confirm, place)
           JOIN location ON location.key = entry.location",
    )
    .bind(Json(&file.opening))
    .execute(tx.conn())
    .await?;
    Ok(())
}

async fn closures(tx: &mut TenantTx, file: &OfficesFile) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM closure WHERE NOT by_staff").execute(tx.conn()).await?;
    sqlx::query(
        "INSERT INTO closure (location_id, counter_id, first_day, last_day, from_time, until_time, reason, to_confirm)
         SELECT coalesce(location.id, counter.location_id), counter.id, first, last, from_time, until_time, reason,
                coalesce(entry.to_confirm, '{}')
           FROM ROWS FROM (jsonb_to_recordset($1) AS (location text, counter text, first date, last date,
                \"from\" time, until time, reason jsonb, to_confirm text[]))
                WITH ORDINALITY AS entry (location, counter, first, last, from_time, until_time, reason, to_confirm, place)
           LEFT JOIN location ON location.key = entry.location
           LEFT JOIN counter ON counter.key = entry.counter
          ORDER BY entry.place",
    )
    .bind(Json(&file.closure))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Lets go of counters and offices that are no longer in the pack.
async fn retire(tx: &mut TenantTx, file: &OfficesFile) -> sqlx::Result<()> {
    let counters: Vec<&str> = file.counter.iter().map(|it| it.key.as_str()).collect();
    let locations: Vec<&str> = file.location.iter().map(|it| it.key.as_str()).collect();
    sqlx::query(
        "DELETE FROM counter WHERE key <> ALL ($1)
            AND NOT EXISTS (SELECT FROM appointment WHERE counter_id = counter.id)",
    )
    .bind(&counters)
    .execute(tx.conn())
    .await?;
    sqlx::query("UPDATE counter SET active = false WHERE key <> ALL ($1) AND active")
        .bind(&counters)
        .execute(tx.conn())
        .await?;
    sqlx::query(
        "DELETE FROM location WHERE key <> ALL ($1)
            AND NOT EXISTS (SELECT FROM counter WHERE location_id = location.id)
            AND NOT EXISTS (SELECT FROM appointment WHERE location_id = location.id)",
    )
    .bind(&locations)
    .execute(tx.conn())
    .await?;
    sqlx::query("UPDATE location SET active = false WHERE key <> ALL ($1) AND active")
        .bind(&locations)
        .execute(tx.conn())
        .await?;
    Ok(())
}
