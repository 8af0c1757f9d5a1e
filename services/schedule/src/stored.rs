//! What the database holds of rules, closures and what is taken.

use std::sync::Arc;

use jiff::civil::{Date, Time};
use jiff_sqlx::ToSqlx;
use sqlx::types::Json;
use tenancy::TenantTx;
use tenancy::i18n::I18n;

use crate::{Busy, Channel, Closure, DayFrame, LocationId, Offices, OpeningRule, Town};

type SqlDate = jiff_sqlx::Date;
type SqlTime = jiff_sqlx::Time;
type SqlTimestamp = jiff_sqlx::Timestamp;

/// Reads everything that decides what is offered. `state` is the town's Land.
pub(crate) async fn town(tx: &mut TenantTx, state: String) -> anyhow::Result<Town> {
    Ok(Town {
        zone: tx.tenant().zone.clone(),
        state,
        offices: Offices::load(tx).await?,
        rules: rules(tx).await?,
        closures: closures(tx).await?,
    })
}

#[derive(sqlx::FromRow)]
struct RuleRow {
    location_id: i32,
    counter_ids: Vec<i32>,
    weekdays: Vec<i16>,
    nth_of_month: Vec<i16>,
    every_weeks: i16,
    dates: Vec<SqlDate>,
    opens: SqlTime,
    closes: SqlTime,
    valid_from: Option<SqlDate>,
    valid_until: Option<SqlDate>,
    step_minutes: i16,
    channel: String,
    released_days_before: Option<i16>,
    released_at: Option<SqlTime>,
    closes_minutes_before: i32,
    falls_online_hours_before: Option<i32>,
}

async fn rules(tx: &mut TenantTx) -> sqlx::Result<Vec<OpeningRule>> {
    let rows: Vec<RuleRow> = sqlx::query_as(
        "SELECT location_id, counter_ids, weekdays, nth_of_month, every_weeks, dates, opens, closes, valid_from,
                valid_until, step_minutes, channel, released_days_before, released_at, closes_minutes_before,
                falls_online_hours_before
           FROM opening_rule ORDER BY position, id",
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(RuleRow::rule).collect())
}

impl RuleRow {
    fn rule(self) -> OpeningRule {
        let small = |numbers: Vec<i16>| numbers.into_iter().filter_map(|it| i8::try_from(it).ok()).collect();
        OpeningRule {
            location: self.location_id,
            counters: self.counter_ids,
            weekdays: small(self.weekdays),
            nth_of_month: small(self.nth_of_month),
            every_weeks: self.every_weeks,
            dates: self.dates.into_iter().map(SqlDate::to_jiff).collect(),
            opens: self.opens.to_jiff(),
            closes: self.closes.to_jiff(),
            valid_from: self.valid_from.map(SqlDate::to_jiff),
            valid_until: self.valid_until.map(SqlDate::to_jiff),
            step_minutes: self.step_minutes.unsigned_abs(),
            channel: if self.channel == "staff" { Channel::Staff } else { Channel::Online },
            released_days_before: self.released_days_before.map(i16::unsigned_abs),
            released_at: self.released_at.map(SqlTime::to_jiff),
            closes_minutes_before: self.closes_minutes_before.unsigned_abs(),
            falls_online_hours_before: self.falls_online_hours_before.map(i32::unsigned_abs),
        }
    }
}

type ClosureRow = (Option<i32>, Option<i32>, SqlDate, SqlDate, Option<SqlTime>, Option<SqlTime>, Json<I18n>);

async fn closures(tx: &mut TenantTx) -> sqlx::Result<Vec<Closure>> {
    let rows: Vec<ClosureRow> = sqlx::query_as(
        "SELECT location_id, counter_id, first_day, last_day, from_time, until_time, reason FROM closure ORDER BY id",
    )
    .fetch_all(tx.conn())
    .await?;
    let hours = |from: Option<SqlTime>, until: Option<SqlTime>| -> Option<(Time, Time)> {
        Some((from?.to_jiff(), until?.to_jiff()))
    };
    let closure = |(location, counter, first, last, from, until, reason): ClosureRow| Closure {
        location,
        counter,
        first: first.to_jiff(),
        last: last.to_jiff(),
        hours: hours(from, until),
        reason: Arc::new(reason.0),
    };
    Ok(rows.into_iter().map(closure).collect())
}

/// The town's version, and the versions of its days from `first` on.
pub(crate) async fn versions(tx: &mut TenantTx, first: Date) -> sqlx::Result<(i64, Vec<(LocationId, Date, i64)>)> {
    let rows: Vec<(Option<i32>, Option<SqlDate>, i64)> = sqlx::query_as(
        "SELECT NULL::int, NULL::date, version FROM town
         UNION ALL SELECT location_id, day, version FROM location_day WHERE day >= $1",
    )
    .bind(first.to_sqlx())
    .fetch_all(tx.conn())
    .await?;
    let town = rows.iter().find(|it| it.0.is_none()).map_or(0, |it| it.2);
    let day =
        |(location, day, version): (Option<i32>, Option<SqlDate>, i64)| Some((location?, day?.to_jiff(), version));
    Ok((town, rows.into_iter().filter_map(day).collect()))
}

/// What is taken on these days of these offices, in one statement. What was put on top of something on purpose blocks
/// nothing in the database, but takes its time all the same: nobody else is to be offered it.
pub(crate) async fn busy(tx: &mut TenantTx, days: &[(LocationId, DayFrame)]) -> sqlx::Result<Vec<(LocationId, Busy)>> {
    let locations: Vec<i32> = days.iter().map(|it| it.0).collect();
    let begins: Vec<SqlTimestamp> = days.iter().map(|it| it.1.begins.to_sqlx()).collect();
    let ends: Vec<SqlTimestamp> = days.iter().map(|it| it.1.instant(it.1.cells).to_sqlx()).collect();
    // One look into the index for each day (OFFSET 0 holds the planner to it), not one pass over all appointments.
    let rows: Vec<(i32, i32, SqlTimestamp, SqlTimestamp, Option<SqlTimestamp>)> = sqlx::query_as(
        "SELECT asked.location_id, counter_id, starts_at, ends_at, lapses_at
           FROM unnest($1::int[], $2::timestamptz[], $3::timestamptz[]) AS asked (location_id, begins, ends)
          CROSS JOIN LATERAL (
                SELECT counter_id, lower(during) AS starts_at, upper(during) AS ends_at,
                       CASE WHEN status IN ('held', 'cancelled') THEN hold_until END AS lapses_at
                  FROM appointment
                 WHERE location_id = asked.location_id
                   AND (blocks OR overbooked AND status IN ('booked', 'arrived', 'called', 'in_service'))
                   AND lower(during) >= asked.begins AND lower(during) < asked.ends OFFSET 0) AS taken",
    )
    .bind(locations)
    .bind(begins)
    .bind(ends)
    .fetch_all(tx.conn())
    .await?;
    let busy =
        |(location, counter, from, until, lapses): (i32, i32, SqlTimestamp, SqlTimestamp, Option<SqlTimestamp>)| {
            let lapses = lapses.map(SqlTimestamp::to_jiff);
            (location, Busy { counter, from: from.to_jiff(), until: until.to_jiff(), lapses })
        };
    Ok(rows.into_iter().map(busy).collect())
}
