//! Finding people's bookings: by name, code, mail address or telephone number, typed in a hurry.
//!
//! A town keeps some ten thousand bookings at most, each for some weeks. All names are read and compared here: so typing
//! errors are forgiven without an extension of the database.

mod matching;

use jiff::Timestamp;
use schedule::LocationId;
use sqlx::FromRow;
use sqlx::types::Json;
use tenancy::TenantTx;
use uuid::Uuid;

use crate::{Item, Status};
use matching::{Known, Query};

/// An appointment that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The appointment.
    pub id: Uuid,
    /// Beginning.
    pub start: Timestamp,
    /// Office.
    pub location: LocationId,
    /// How far it is.
    pub status: Status,
    /// The booking's code: eight characters.
    pub code: String,
    /// Who comes.
    pub name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// What it is for.
    pub items: Vec<Item>,
}

#[derive(FromRow)]
struct KnownRow {
    id: Uuid,
    name: String,
    code: String,
    email: Option<String>,
    phone: Option<String>,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    booking_id: Uuid,
    starts_at: jiff_sqlx::Timestamp,
    location_id: i32,
    status: String,
    items: Json<Vec<Item>>,
}

/// Appointments that fit `typed`, at most `most`: those to come first, the next one first; then past ones, the latest
/// first. Nothing for a query without at least two letters or three digits.
///
/// # Errors
/// The database's own.
pub async fn search(tx: &mut TenantTx, typed: &str, most: usize, now: Timestamp) -> sqlx::Result<Vec<Found>> {
    let Some(query) = Query::parse(typed) else { return Ok(Vec::new()) };
    let rows: Vec<KnownRow> = sqlx::query_as(
        "SELECT id, name, code, email, phone FROM booking WHERE state = 'booked' AND name IS NOT NULL AND code IS NOT NULL",
    )
    .fetch_all(tx.conn())
    .await?;
    let score = |row: &KnownRow| {
        let (email, phone) = (row.email.as_deref(), row.phone.as_deref());
        query.score(&Known { name: &row.name, code: &row.code, email, phone })
    };
    let mut fitting: Vec<(u8, KnownRow)> =
        rows.into_iter().map(|row| (score(&row), row)).filter(|(score, _)| *score > 0).collect();
    // Who was typed exactly is not to be looked for among those who are only alike.
    let best = fitting.iter().map(|(score, _)| *score).max().unwrap_or(0);
    fitting.retain(|(score, _)| *score == best || *score >= matching::ALIKE && best < matching::SAME);
    let mut found = appointments(tx, fitting.into_iter().map(|(_, row)| row).collect()).await?;
    found.sort_by_key(|it| {
        let seconds = it.start.as_second();
        if it.start >= now { (0, seconds) } else { (1, -seconds) }
    });
    found.truncate(most);
    Ok(found)
}

async fn appointments(tx: &mut TenantTx, bookings: Vec<KnownRow>) -> sqlx::Result<Vec<Found>> {
    let ids: Vec<Uuid> = bookings.iter().map(|it| it.id).collect();
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, booking_id, lower(during) AS starts_at, location_id, status, items
           FROM appointment WHERE booking_id = ANY($1) AND status NOT IN ('held', 'expired')",
    )
    .bind(ids)
    .fetch_all(tx.conn())
    .await?;
    let found = rows.into_iter().filter_map(|row| {
        let booking = bookings.iter().find(|it| it.id == row.booking_id)?;
        Some(Found {
            id: row.id,
            start: row.starts_at.to_jiff(),
            location: row.location_id,
            status: Status::parse(&row.status)?,
            code: booking.code.clone(),
            name: booking.name.clone(),
            email: booking.email.clone(),
            phone: booking.phone.clone(),
            items: row.items.0,
        })
    });
    Ok(found.collect())
}
