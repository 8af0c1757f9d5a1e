//! A row that was decided on, as a booking.

use std::collections::HashMap;

use booking::import::Imported;
use booking::{EmailAddress, Item, Links, PhoneNumber, Planned};
use catalog::{Catalog, Concern};
use jiff::Timestamp;
use jiff::civil::Date;
use schedule::{CounterId, LocationId};
use sha2::{Digest as _, Sha256};
use sqlx::FromRow;
use sqlx::types::Json;
use tenancy::{Tenant, TenantTx};
use uuid::Uuid;

use crate::rules::{Target, Verdict};
use crate::{Entry, Outcome, Reason};

/// Most characters of a note for colleagues (`appointment.note`).
const MOST_NOTE: usize = 2000;
/// Most characters of a name (`booking.name`).
const MOST_NAME: usize = 200;
/// What stands there if a file names nobody at all.
const NOBODY: &str = "–";

/// A row to carry out.
#[derive(FromRow)]
pub(super) struct Decided {
    pub number: i64,
    pub source_key: String,
    pub content_hash: String,
    place: Option<Json<Target>>,
    reasons: Json<Vec<Reason>>,
    entry: Json<Entry>,
}

/// Who comes.
pub(super) struct Person {
    pub name: String,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub note: String,
}

/// Concerns with how many, on a day.
type Wanted = (Vec<(String, u8)>, Date);

/// Bookings from rows. What concerns take and cost is worked out once a day of the calendar.
pub(super) struct Carrier<'a> {
    pub catalog: &'a Catalog,
    pub links: &'a Links,
    pub tenant: &'a Tenant,
    pub items: HashMap<Wanted, Vec<Item>>,
}

/// The rows of this kind after number `after` that are still to be carried out, at most `limit`.
pub(super) async fn left(
    tx: &mut TenantTx,
    id: Uuid,
    outcome: &Outcome,
    (after, limit): (i64, i64),
) -> sqlx::Result<Vec<Decided>> {
    sqlx::query_as(
        "SELECT number, source_key, content_hash, place, reasons, entry FROM import_row
          WHERE batch_id = $1 AND outcome = $2 AND NOT is_applied AND number > $4 ORDER BY number LIMIT $3",
    )
    .bind(id)
    .bind(outcome.as_str())
    .bind(limit)
    .bind(after)
    .fetch_all(tx.conn())
    .await
}

impl Decided {
    pub fn target(&self) -> Option<&Target> {
        self.place.as_ref().map(|it| &it.0)
    }
}

impl Carrier<'_> {
    /// The booking that a row becomes; none if it becomes no appointment.
    pub fn imported(&mut self, row: &Decided) -> Option<Imported> {
        // The start is part of it: what was imported once, is over and forgotten, may get another date.
        let Target::Appointment { counter, location, start, end, concerns, is_on_top } = row.target()? else {
            return None;
        };
        let booking_id = self.links.key_of_attempt(&self.tenant.slug, attempt(&row.source_key, *start)).id;
        let items = self.items(concerns, *start);
        let at: (CounterId, LocationId) = (*counter, *location);
        let Person { name, phone, email, note } = person(&row.entry.0);
        Some(Imported {
            booking_id,
            appointment_id: appointment_of(booking_id),
            name,
            note,
            email,
            phone,
            items,
            minutes: u16::try_from((end.as_second() - start.as_second()) / 60).unwrap_or(u16::MAX),
            counter: at.0,
            location: at.1,
            start: *start,
            end: *end,
            flag: Verdict::flag(&row.reasons.0),
            is_on_top: *is_on_top,
        })
    }

    fn items(&mut self, concerns: &[(String, u8)], start: Timestamp) -> Vec<Item> {
        let day = start.to_zoned(self.tenant.zone.clone()).date();
        let catalog = self.catalog;
        let planned = || {
            let group: Vec<(&Concern, u8)> =
                concerns.iter().filter_map(|(key, many)| Some((catalog.get(key)?, *many))).collect();
            Planned::new(&group, day).items
        };
        self.items.entry((concerns.to_vec(), day)).or_insert_with(planned).clone()
    }
}

/// Always the same for a row: a killed import goes on without doubles.
fn attempt(source_key: &str, start: Timestamp) -> Uuid {
    hashed(&["import", source_key, &start.to_string()])
}

fn appointment_of(booking: Uuid) -> Uuid {
    hashed(&["appointment of import", &booking.to_string()])
}

fn hashed(parts: &[&str]) -> Uuid {
    let digest = Sha256::digest(parts.join("\0"));
    uuid::Builder::from_random_bytes(std::array::from_fn(|at| digest[at])).into_uuid()
}

/// Who comes, as the tables can hold it. What found no other place is in the note.
pub(super) fn person(entry: &Entry) -> Person {
    let email = EmailAddress::parse(&entry.email).ok().map(|it| it.as_str().to_owned());
    let phone = printable(&entry.phone, PhoneNumber::MOST + 1);
    let is_phone = (1..=PhoneNumber::MOST).contains(&phone.chars().count());
    let note = note(entry, email.is_none(), !is_phone);
    Person { name: name(entry), phone: is_phone.then_some(phone), email, note }
}

/// Who comes; else what it is about, so that clerks have something to call.
fn name(entry: &Entry) -> String {
    let all = [entry.name.as_str(), entry.subject.as_str(), NOBODY];
    let named = all.into_iter().map(|it| printable(it, MOST_NAME)).find(|it| !it.is_empty());
    named.unwrap_or_else(|| NOBODY.to_owned())
}

/// The note, with what found no other place.
fn note(entry: &Entry, with_email: bool, with_phone: bool) -> String {
    let rest = [(true, &entry.note), (with_email, &entry.email), (with_phone, &entry.phone)];
    let lines: Vec<&str> = rest.iter().filter(|it| it.0).map(|it| it.1.trim()).filter(|it| !it.is_empty()).collect();
    let kept = lines.join("\n");
    kept.chars().filter(|c| *c == '\n' || !c.is_control()).take(MOST_NOTE).collect()
}

fn printable(text: &str, most: usize) -> String {
    text.trim().chars().filter(|c| !c.is_control()).take(most).collect()
}
