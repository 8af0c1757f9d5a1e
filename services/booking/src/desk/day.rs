//! The appointments of a day as staff see them: with who it is, where they are, and what was noted.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use jiff_sqlx::ToSqlx as _;
use schedule::{CounterId, LocationId};
use sqlx::FromRow;
use sqlx::types::Json;
use tenancy::TenantTx;
use uuid::Uuid;

use crate::queue::{TicketKind, label};
use crate::{Item, Status};

/// An appointment of a confirmed booking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayAppointment {
    /// Stays the same when it is moved.
    pub id: Uuid,
    /// Its booking.
    pub booking_id: Uuid,
    /// The booking's code, for the telephone.
    pub code: String,
    /// From 1 on; which of the booking's appointments it is.
    pub position: u8,
    /// Office.
    pub location: LocationId,
    /// Counter.
    pub counter: CounterId,
    /// Beginning.
    pub start: Timestamp,
    /// End, itself excluded.
    pub end: Timestamp,
    /// How far it is.
    pub status: Status,
    /// Put on top of another one on purpose.
    pub overbooked: bool,
    /// Who comes.
    pub name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// Language of the mails.
    pub language: String,
    /// By which way it was booked, as written in the database.
    pub channel: String,
    /// What it is for.
    pub items: Vec<Item>,
    /// Duration.
    pub minutes: u16,
    /// What colleagues noted.
    pub note: String,
    /// Grows with every change.
    pub version: i32,
    /// When the citizen came.
    pub arrived_at: Option<Timestamp>,
    /// When they were called.
    pub called_at: Option<Timestamp>,
    /// When service began.
    pub served_at: Option<Timestamp>,
    /// Their number in the hall, such as `A101`.
    pub ticket: Option<String>,
    /// Imported, and somebody should look at it: keys of reasons, separated by blanks.
    pub import_flag: Option<String>,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    booking_id: Uuid,
    code: String,
    position: i16,
    location_id: i32,
    counter_id: i32,
    starts_at: jiff_sqlx::Timestamp,
    ends_at: jiff_sqlx::Timestamp,
    status: String,
    overbooked: bool,
    name: String,
    email: Option<String>,
    phone: Option<String>,
    language: String,
    channel: String,
    items: Json<Vec<Item>>,
    duration_minutes: i16,
    note: String,
    version: i32,
    arrived_at: Option<jiff_sqlx::Timestamp>,
    called_at: Option<jiff_sqlx::Timestamp>,
    served_at: Option<jiff_sqlx::Timestamp>,
    ticket_number: Option<i32>,
    import_flag: Option<String>,
}

/// The columns of [`Row`], of confirmed bookings, with a condition and an order.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT a.id, a.booking_id, b.code, a.position, a.location_id, a.counter_id, lower(a.during) AS starts_at,
                    upper(a.during) AS ends_at, a.status, a.overbooked, b.name, b.email, b.phone, b.language, b.channel,
                    a.items, a.duration_minutes, a.note, a.version, a.arrived_at, a.called_at, a.served_at, a.import_flag,
                    (SELECT number FROM ticket t WHERE t.appointment_id = a.id) AS ticket_number
               FROM appointment a JOIN booking b ON b.id = a.booking_id
              WHERE b.state = 'booked' AND ",
            $rest
        )
    };
}

/// Everything at an office on a local day, cancelled ones included, by time.
///
/// # Errors
/// The database's own.
pub async fn day(tx: &mut TenantTx, location: LocationId, day: Date) -> sqlx::Result<Vec<DayAppointment>> {
    let Some((begins, ends)) = bounds(tx, day, 1) else { return Ok(Vec::new()) };
    let rows: Vec<Row> = sqlx::query_as(select!(
        "a.location_id = $1 AND lower(a.during) >= $2 AND lower(a.during) < $3 AND a.status NOT IN ('held', 'expired')
          ORDER BY lower(a.during), a.counter_id, a.overbooked, a.id"
    ))
    .bind(location)
    .bind(begins)
    .bind(ends)
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter().map(Row::into_appointment).collect()
}

/// One appointment of a confirmed booking, whatever became of it.
///
/// # Errors
/// The database's own.
pub async fn appointment(tx: &mut TenantTx, id: Uuid) -> sqlx::Result<Option<DayAppointment>> {
    let row: Option<Row> = sqlx::query_as(select!("a.id = $1")).bind(id).fetch_optional(tx.conn()).await?;
    row.map(Row::into_appointment).transpose()
}

/// How many appointments each counter of an office has on each of the seven days from `monday` on. Those that were
/// cancelled are not counted.
///
/// # Errors
/// The database's own.
pub async fn week(
    tx: &mut TenantTx,
    location: LocationId,
    monday: Date,
) -> sqlx::Result<BTreeMap<(Date, CounterId), usize>> {
    let Some((begins, ends)) = bounds(tx, monday, 7) else { return Ok(BTreeMap::new()) };
    let zone = tx.tenant().zone.clone();
    let rows: Vec<(i32, jiff_sqlx::Timestamp)> = sqlx::query_as(
        "SELECT a.counter_id, lower(a.during) FROM appointment a JOIN booking b ON b.id = a.booking_id
          WHERE b.state = 'booked' AND a.location_id = $1 AND lower(a.during) >= $2 AND lower(a.during) < $3
            AND a.status NOT IN ('held', 'expired', 'cancelled')",
    )
    .bind(location)
    .bind(begins)
    .bind(ends)
    .fetch_all(tx.conn())
    .await?;
    let mut counts = BTreeMap::new();
    for (counter, start) in rows {
        *counts.entry((crate::days::day_of(start.to_jiff(), &zone), counter)).or_default() += 1;
    }
    Ok(counts)
}

/// From when until when `days` local days last. None outside the years that can be computed with.
pub(super) fn bounds(tx: &TenantTx, day: Date, days: i64) -> Option<(jiff_sqlx::Timestamp, jiff_sqlx::Timestamp)> {
    let zone = &tx.tenant().zone;
    let midnight = |day: Date| day.to_zoned(zone.clone()).ok().map(|it| it.timestamp().to_sqlx());
    Some((midnight(day)?, midnight(day.checked_add(days.days()).ok()?)?))
}

impl Row {
    /// # Errors
    /// A status that is none.
    fn into_appointment(self) -> sqlx::Result<DayAppointment> {
        let status = Status::parse(&self.status).ok_or_else(|| sqlx::Error::Decode(self.status.clone().into()))?;
        let instant = |at: Option<jiff_sqlx::Timestamp>| at.map(jiff_sqlx::Timestamp::to_jiff);
        Ok(DayAppointment {
            id: self.id,
            booking_id: self.booking_id,
            code: self.code,
            position: u8::try_from(self.position).unwrap_or_default(),
            location: self.location_id,
            counter: self.counter_id,
            start: self.starts_at.to_jiff(),
            end: self.ends_at.to_jiff(),
            status,
            overbooked: self.overbooked,
            name: self.name,
            email: self.email,
            phone: self.phone,
            language: self.language,
            channel: self.channel,
            items: self.items.0,
            minutes: self.duration_minutes.unsigned_abs(),
            note: self.note,
            version: self.version,
            arrived_at: instant(self.arrived_at),
            called_at: instant(self.called_at),
            served_at: instant(self.served_at),
            ticket: self.ticket_number.map(|number| label(TicketKind::Appointment, number.unsigned_abs())),
            import_flag: self.import_flag,
        })
    }
}
