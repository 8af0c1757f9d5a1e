//! A day with appointments in it, straight into the tables: for tests and benchmarks of what staff see.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use tenancy::TenantTx;
use uuid::Uuid;

/// An appointment in the small town, for an identity card at an office's counter.
#[derive(Clone, Copy, Debug)]
pub struct Planned {
    /// The appointment's id; its booking has the same.
    pub id: Uuid,
    /// The office.
    pub location: i32,
    /// The counter.
    pub counter: i32,
    /// Beginning.
    pub start: Timestamp,
    /// How long.
    pub minutes: i16,
}

/// Writes a confirmed booking with this one appointment, for somebody called `name`.
///
/// # Panics
/// If the place is taken.
pub async fn plan(tx: &mut TenantTx, it: Planned, name: &str) {
    let (booking, appointment) = (it.id, it.id);
    // A code has no 0, 1, I or O.
    let code: String = booking.simple().to_string().to_uppercase().replace('0', "G").replace('1', "H");
    sqlx::query(
        "INSERT INTO booking (id, state, token_hash, code, channel, language, name, phone, selection, created_at, booked_at)
         VALUES ($1, 'booked', $2, $3, 'online', 'de', $4, '0151 0000000', '[]', $5, $5)",
    )
    .bind(booking)
    .bind(booking.as_bytes().as_slice())
    .bind(&code[code.len() - 8..])
    .bind(name)
    .bind((it.start - jiff::SignedDuration::from_hours(72)).to_sqlx())
    .execute(tx.conn())
    .await
    .expect("a booking");
    let items = serde_json::json!([{
        "concern": "personalausweis", "concern_id": 1, "quantity": 1, "minutes": it.minutes, "fee_cents": 4600,
        "name": { "de": "Personalausweis beantragen", "en": "Apply for an ID card" },
    }]);
    sqlx::query(
        "INSERT INTO appointment (id, booking_id, location_id, counter_id, during, status, blocks, items,
                                  duration_minutes, fee_cents)
         VALUES ($1, $2, $3, $4, tstzrange($5, $6), 'booked', true, $7, $8, 4600) ON CONFLICT DO NOTHING",
    )
    .bind(appointment)
    .bind(booking)
    .bind(it.location)
    .bind(it.counter)
    .bind(it.start.to_sqlx())
    .bind((it.start + jiff::SignedDuration::from_mins(i64::from(it.minutes))).to_sqlx())
    .bind(items)
    .bind(it.minutes)
    .execute(tx.conn())
    .await
    .expect("an appointment");
}
