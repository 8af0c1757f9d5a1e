//! Bookings of other people as columns, written in three statements however many they are.

use booking::{BookingCode, Links, Planned};
use jiff::{Timestamp, ToSpan};
use jiff_sqlx::ToSqlx;
use rand::Rng;
use schedule::{CounterId, LocationId};
use tenancy::TenantTx;
use uuid::Uuid;

use super::people::Person;

/// What has been booked so far, not written yet.
#[derive(Default)]
pub(super) struct Rows {
    ids: Vec<Uuid>,
    token_hashes: Vec<Vec<u8>>,
    codes: Vec<String>,
    names: Vec<String>,
    emails: Vec<String>,
    selections: Vec<serde_json::Value>,
    booked: Vec<jiff_sqlx::Timestamp>,
    appointment_ids: Vec<Uuid>,
    locations: Vec<LocationId>,
    counters: Vec<CounterId>,
    starts: Vec<jiff_sqlx::Timestamp>,
    ends: Vec<jiff_sqlx::Timestamp>,
    items: Vec<serde_json::Value>,
    minutes: Vec<i16>,
    fees: Vec<i32>,
}

/// A place for one appointment.
pub(super) struct Place {
    pub location: LocationId,
    pub counter: CounterId,
    pub start: Timestamp,
}

impl Rows {
    /// Books `planned` for somebody.
    pub fn add(
        &mut self,
        place: &Place,
        planned: &Planned,
        now: Timestamp,
        links: &Links,
        rng: &mut impl Rng,
    ) -> anyhow::Result<()> {
        let person = Person::random(rng);
        let id = uuid::Builder::from_random_bytes(rng.random()).into_uuid();
        self.ids.push(id);
        self.token_hashes.push(links.key(id).token_hash().to_vec());
        self.codes.push(BookingCode::random(rng).as_str().to_owned());
        self.names.push(person.name);
        self.emails.push(person.email);
        let choices =
            planned.items.iter().map(|item| serde_json::json!({"concern": item.concern, "quantity": item.quantity}));
        self.selections.push(choices.collect());
        self.booked.push((now - rng.random_range(1..72_i64).hours()).to_sqlx());
        self.appointment_ids.push(uuid::Builder::from_random_bytes(rng.random()).into_uuid());
        self.locations.push(place.location);
        self.counters.push(place.counter);
        self.starts.push(place.start.to_sqlx());
        self.ends.push((place.start + i64::from(planned.minutes).minutes()).to_sqlx());
        self.items.push(serde_json::to_value(&planned.items)?);
        self.minutes.push(i16::try_from(planned.minutes)?);
        self.fees.push(i32::try_from(planned.fee_cents)?);
        Ok(())
    }

    /// Writes everything, and tells the index of every process that these days have changed.
    pub async fn insert(self, tx: &mut TenantTx) -> anyhow::Result<()> {
        sqlx::query(
            "INSERT INTO booking (id, state, token_hash, code, channel, language, name, email, wants_reminder, mode,
                                  selection, created_at, booked_at)
             SELECT id, 'booked', token_hash, code, 'online', 'de', name, email, false, 'combined', selection, booked_at, booked_at
               FROM unnest($1::uuid[], $2::bytea[], $3::text[], $4::text[], $5::text[], $6::jsonb[], $7::timestamptz[])
                    AS new (id, token_hash, code, name, email, selection, booked_at)
             ON CONFLICT DO NOTHING",
        )
        .bind(&self.ids)
        .bind(&self.token_hashes)
        .bind(&self.codes)
        .bind(&self.names)
        .bind(&self.emails)
        .bind(&self.selections)
        .bind(&self.booked)
        .execute(tx.conn())
        .await?;
        sqlx::query(
            "INSERT INTO appointment (id, booking_id, location_id, counter_id, during, status, blocks, items,
                                      duration_minutes, fee_cents)
             SELECT new.id, booking_id, location_id, counter_id, tstzrange(first, until), 'booked', true, items,
                    minutes, fee_cents
               FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::int[], $5::timestamptz[], $6::timestamptz[], $7::jsonb[],
                           $8::smallint[], $9::int[])
                    AS new (id, booking_id, location_id, counter_id, first, until, items, minutes, fee_cents)
               JOIN booking ON booking.id = booking_id
             ON CONFLICT DO NOTHING",
        )
        .bind(&self.appointment_ids)
        .bind(&self.ids)
        .bind(&self.locations)
        .bind(&self.counters)
        .bind(&self.starts)
        .bind(&self.ends)
        .bind(&self.items)
        .bind(&self.minutes)
        .bind(&self.fees)
        .execute(tx.conn())
        .await?;
        let zone = tx.tenant().zone.iana_name().unwrap_or("UTC").to_owned();
        sqlx::query(
            "INSERT INTO location_day AS old (location_id, day)
             SELECT DISTINCT location_id, (first AT TIME ZONE $3)::date FROM unnest($1::int[], $2::timestamptz[]) AS new (location_id, first)
             ON CONFLICT (location_id, day) DO UPDATE SET version = old.version + 1",
        )
        .bind(&self.locations)
        .bind(&self.starts)
        .bind(zone)
        .execute(tx.conn())
        .await?;
        Ok(())
    }
}
