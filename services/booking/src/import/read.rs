//! How imported appointments stand now.

use schedule::{CounterId, LocationId};
use sqlx::FromRow;
use sqlx::types::Json;
use tenancy::TenantTx;
use uuid::Uuid;

use super::{Imported, Standing};
use crate::Item;

#[derive(FromRow)]
struct Row {
    booking_id: Uuid,
    id: Uuid,
    name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    items: Json<Vec<Item>>,
    duration_minutes: i16,
    counter_id: CounterId,
    location_id: LocationId,
    starts_at: jiff_sqlx::Timestamp,
    ends_at: jiff_sqlx::Timestamp,
    note: String,
    import_flag: Option<String>,
    overbooked: bool,
    version: i32,
    sequence: i32,
    status: String,
    language: String,
    wants_reminder: bool,
}

/// Locks and reads these appointments, those that are still there, with their bookings.
///
/// # Errors
/// The database's own.
pub async fn find_all(tx: &mut TenantTx, appointments: &[Uuid]) -> sqlx::Result<Vec<Standing>> {
    // Bookings before their appointments, each in the same order: nobody waits crosswise.
    sqlx::query(
        "SELECT b.id FROM booking b JOIN appointment a ON a.booking_id = b.id WHERE a.id = ANY($1)
          ORDER BY b.id FOR NO KEY UPDATE OF b",
    )
    .bind(appointments)
    .execute(tx.conn())
    .await?;
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT a.booking_id, a.id, b.name, b.email, b.phone, a.items, a.duration_minutes, a.counter_id, a.location_id,
                lower(a.during) AS starts_at, upper(a.during) AS ends_at, a.note, a.import_flag, a.overbooked, a.version,
                a.sequence, a.status, b.language, b.wants_reminder
           FROM appointment a JOIN booking b ON b.id = a.booking_id WHERE a.id = ANY($1)
          ORDER BY a.id FOR NO KEY UPDATE OF a",
    )
    .bind(appointments)
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(Row::into_standing).collect())
}

impl Row {
    fn into_standing(self) -> Standing {
        let imported = Imported {
            booking_id: self.booking_id,
            appointment_id: self.id,
            name: self.name.unwrap_or_default(),
            email: self.email,
            phone: self.phone,
            items: self.items.0,
            minutes: self.duration_minutes.unsigned_abs(),
            counter: self.counter_id,
            location: self.location_id,
            start: self.starts_at.to_jiff(),
            end: self.ends_at.to_jiff(),
            note: self.note,
            flag: self.import_flag,
            is_on_top: self.overbooked,
        };
        Standing {
            imported,
            version: self.version,
            sequence: self.sequence,
            is_booked: self.status == "booked",
            is_cancelled: self.status == "cancelled",
            language: self.language,
            wants_reminder: self.wants_reminder,
        }
    }
}
