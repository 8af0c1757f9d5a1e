//! Who waits, who is expected, who was called.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use jiff_sqlx::ToSqlx as _;
use schedule::{CounterId, LocationId};
use sqlx::FromRow;
use sqlx::types::Json;
use tenancy::TenantTx;
use uuid::Uuid;

use super::ticket::{Row, label, select};
use super::{Ticket, TicketKind};
use crate::Item;

/// How long before its start somebody with an appointment goes before those without, in minutes.
const TURN_MINUTES: i64 = 5;

/// For how long a call stays on the display after service has begun, in minutes.
const SHOWN_MINUTES: i64 = 3;

/// In which order people are called; `$3` is [`turn`]: preferred ones, then appointments whose time has come, then
/// everybody in the order in which they are due.
macro_rules! order {
    () => {
        " ORDER BY t.priority DESC, (t.kind = 'appointment' AND NOT t.late AND t.due_at <= $3) DESC, t.due_at, t.number"
    };
}
pub(super) use order;

/// An appointment of the day whose citizen has not come yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// The appointment.
    pub appointment_id: Uuid,
    /// Its booking.
    pub booking_id: Uuid,
    /// Beginning.
    pub start: Timestamp,
    /// The counter it is planned at.
    pub counter: CounterId,
    /// Name.
    pub name: String,
    /// What it is for.
    pub items: Vec<Item>,
    /// Duration.
    pub minutes: u16,
    /// As `desk::step` asks for it.
    pub version: i32,
}

/// A number on the display in the hall: nothing about a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Such as `A101`.
    pub label: String,
    /// Where to go.
    pub counter: CounterId,
    /// How often it was called.
    pub calls: u16,
    /// When it was called last.
    pub at: Timestamp,
}

/// Appointments that begin at or before this go before walk-ins.
pub(super) fn turn(now: Timestamp) -> Timestamp {
    now.checked_add(TURN_MINUTES.minutes()).unwrap_or(now)
}

/// Everybody in the hall of an office, in the order in which they will be called; called, served and parked ones too.
///
/// # Errors
/// The database's own.
pub async fn waiting(tx: &mut TenantTx, location: LocationId, day: Date, now: Timestamp) -> sqlx::Result<Vec<Ticket>> {
    let rows: Vec<Row> = sqlx::query_as(select!(
        "WHERE t.location_id = $1 AND t.day = $2 AND t.state IN ('waiting', 'called', 'in_service', 'parked')",
        order!()
    ))
    .bind(location)
    .bind(day.to_sqlx())
    .bind(turn(now).to_sqlx())
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter().map(Ticket::try_from).collect()
}

/// Whose turn is over today, the latest first: what may have been pressed in error.
///
/// # Errors
/// The database's own.
pub async fn ended(tx: &mut TenantTx, location: LocationId, day: Date, most: i64) -> sqlx::Result<Vec<Ticket>> {
    let rows: Vec<Row> = sqlx::query_as(select!(
        "WHERE t.location_id = $1 AND t.day = $2 AND t.state IN ('done', 'no_show') ORDER BY t.changed_at DESC LIMIT $3"
    ))
    .bind(location)
    .bind(day.to_sqlx())
    .bind(most)
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter().map(Ticket::try_from).collect()
}

/// One ticket.
///
/// # Errors
/// The database's own.
pub async fn find(tx: &mut TenantTx, id: Uuid) -> sqlx::Result<Option<Ticket>> {
    let row: Option<Row> = sqlx::query_as(select!("WHERE t.id = $1")).bind(id).fetch_optional(tx.conn()).await?;
    row.map(Ticket::try_from).transpose()
}

/// The ticket of an appointment, whatever has become of it.
///
/// # Errors
/// The database's own.
pub async fn of_appointment(tx: &mut TenantTx, appointment_id: Uuid) -> sqlx::Result<Option<Ticket>> {
    let row: Option<Row> =
        sqlx::query_as(select!("WHERE t.appointment_id = $1")).bind(appointment_id).fetch_optional(tx.conn()).await?;
    row.map(Ticket::try_from).transpose()
}

/// The numbers that were called last at an office, the newest first.
///
/// # Errors
/// The database's own.
pub async fn recent_calls(
    tx: &mut TenantTx,
    location: LocationId,
    day: Date,
    most: i64,
    now: Timestamp,
) -> sqlx::Result<Vec<Call>> {
    let shown_since = now.checked_sub(SHOWN_MINUTES.minutes()).unwrap_or(now);
    let rows: Vec<(String, i32, i32, i16, jiff_sqlx::Timestamp)> = sqlx::query_as(
        "SELECT kind, number, counter_id, calls, called_at FROM ticket
          WHERE location_id = $1 AND day = $2 AND counter_id IS NOT NULL AND called_at IS NOT NULL
            AND (state = 'called' OR (state = 'in_service' AND called_at > $3))
          ORDER BY called_at DESC, number LIMIT $4",
    )
    .bind(location)
    .bind(day.to_sqlx())
    .bind(shown_since.to_sqlx())
    .bind(most)
    .fetch_all(tx.conn())
    .await?;
    let call = |(kind, number, counter, calls, at): (String, i32, i32, i16, jiff_sqlx::Timestamp)| Call {
        label: label(TicketKind::parse(&kind), number.unsigned_abs()),
        counter,
        calls: calls.unsigned_abs(),
        at: at.to_jiff(),
    };
    Ok(rows.into_iter().map(call).collect())
}

#[derive(FromRow)]
struct ExpectedRow {
    id: Uuid,
    booking_id: Uuid,
    starts_at: jiff_sqlx::Timestamp,
    counter_id: i32,
    name: String,
    items: Json<Vec<Item>>,
    duration_minutes: i16,
    version: i32,
}

/// Who has an appointment at an office on this day and has not come yet, in the order of time.
///
/// # Errors
/// The database's own.
pub async fn expected(tx: &mut TenantTx, location: LocationId, day: Date) -> sqlx::Result<Vec<Expected>> {
    let (begins, ends) = hours_of(day, &tx.tenant().zone);
    let rows: Vec<ExpectedRow> = sqlx::query_as(
        "SELECT a.id, a.booking_id, lower(a.during) AS starts_at, a.counter_id, coalesce(b.name, '') AS name, a.items,
                a.duration_minutes, a.version
           FROM appointment a JOIN booking b ON b.id = a.booking_id
          WHERE a.location_id = $1 AND a.status = 'booked' AND lower(a.during) >= $2 AND lower(a.during) < $3
          ORDER BY lower(a.during), a.id",
    )
    .bind(location)
    .bind(begins.to_sqlx())
    .bind(ends.to_sqlx())
    .fetch_all(tx.conn())
    .await?;
    let expected = |row: ExpectedRow| Expected {
        appointment_id: row.id,
        booking_id: row.booking_id,
        start: row.starts_at.to_jiff(),
        counter: row.counter_id,
        name: row.name,
        items: row.items.0,
        minutes: row.duration_minutes.unsigned_abs(),
        version: row.version,
    };
    Ok(rows.into_iter().map(expected).collect())
}

/// From midnight to midnight: 23 or 25 hours on the days of the switch.
fn hours_of(day: Date, zone: &TimeZone) -> (Timestamp, Timestamp) {
    let midnight = |day: Date| day.to_zoned(zone.clone()).map_or(Timestamp::MAX, |it| it.timestamp());
    (midnight(day), midnight(day.saturating_add(1.day())))
}
