//! Mails that a booking causes: their rows and jobs are written in its own transaction.

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use jobs::Job;
use mail::outbox::{self, MailKind, NewMail, QUEUE};
use sha2::{Digest, Sha256};
use tenancy::TenantTx;
use uuid::Uuid;

use crate::view::{BookingView, State};

/// Whom mails of a booking go to.
pub(crate) struct Reader<'a> {
    pub booking_id: Uuid,
    pub address: &'a str,
    pub language: &'a str,
}

/// Mails of one transaction, collected so that they are written with two statements.
pub(crate) struct Notices<'a> {
    reader: Reader<'a>,
    now: Timestamp,
    mails: Vec<NewMail>,
    jobs: Vec<Job>,
}

impl<'a> Notices<'a> {
    pub fn new(reader: Reader<'a>, now: Timestamp) -> Self {
        Self { reader, now, mails: Vec::new(), jobs: Vec::new() }
    }

    /// A mail that goes out at once.
    pub fn add(&mut self, kind: MailKind, appointment: Option<(Uuid, i32)>) {
        let mail = self.mail(Uuid::new_v4(), kind, appointment, self.now);
        self.jobs.push(Job::new(QUEUE, outbox::payload(mail.id)));
        self.mails.push(mail);
    }

    /// A mail that goes out at `due` unless its job is withdrawn by `key` before; its id.
    pub fn add_later(&mut self, kind: MailKind, appointment: (Uuid, i32), due: Timestamp, key: String) -> Uuid {
        let mail = self.mail(Uuid::new_v4(), kind, Some(appointment), due);
        let id = mail.id;
        self.jobs.push(Job::new(QUEUE, outbox::payload(id)).at(due).keyed(key));
        self.mails.push(mail);
        id
    }

    /// The reminder of an appointment, unless the time for it is past.
    pub fn remind(&mut self, appointment: (Uuid, i32), start: Timestamp, at: Time, zone: &TimeZone) {
        let Some(due) = day_before(start, at, zone).filter(|due| *due > self.now) else { return };
        let (id, sequence) = appointment;
        let mail = self.mail(reminder_id(id, sequence), MailKind::Reminder, Some(appointment), due);
        self.jobs.push(Job::new(QUEUE, outbox::payload(mail.id)).at(due).keyed(reminder_key(id, sequence)));
        self.mails.push(mail);
    }

    /// Writes them.
    ///
    /// # Errors
    /// The database's own.
    pub async fn write(self, tx: &mut TenantTx) -> sqlx::Result<()> {
        outbox::insert(tx, &self.mails).await?;
        jobs::enqueue_all(tx, &self.jobs).await?;
        Ok(())
    }

    fn mail(&self, id: Uuid, kind: MailKind, appointment: Option<(Uuid, i32)>, due_at: Timestamp) -> NewMail {
        NewMail {
            id,
            kind,
            booking_id: Some(self.reader.booking_id),
            appointment_id: appointment.map(|(id, _)| id),
            staff_link_id: None,
            sequence: appointment.map_or(0, |(_, sequence)| sequence),
            recipient: self.reader.address.to_owned(),
            language: self.reader.language.to_owned(),
            due_at,
        }
    }
}

/// Takes the reminder of an appointment back, as it was at `sequence`.
///
/// # Errors
/// The database's own.
pub(crate) async fn withdraw_reminder(tx: &mut TenantTx, appointment: Uuid, sequence: i32) -> sqlx::Result<()> {
    jobs::withdraw(tx, QUEUE, &reminder_key(appointment, sequence)).await?;
    outbox::mark_dropped(tx, reminder_id(appointment, sequence), "the appointment was cancelled or moved").await
}

/// Sends the link to a booking again, to the address it was made under. A draft has none to send: `false`.
///
/// # Errors
/// The database's own.
pub async fn send_link(tx: &mut TenantTx, view: &BookingView, now: Timestamp) -> sqlx::Result<bool> {
    let booking = &view.booking;
    let Some(address) = booking.email.as_deref().filter(|_| booking.state == State::Booked) else { return Ok(false) };
    let mut notices = Notices::new(Reader { booking_id: booking.id, address, language: &booking.language }, now);
    notices.add(MailKind::ManageLink, None);
    notices.write(tx).await?;
    Ok(true)
}

fn reminder_key(appointment: Uuid, sequence: i32) -> String {
    format!("reminder:{appointment}:{sequence}")
}

/// Known beforehand, so that a reminder can be found again without a search.
fn reminder_id(appointment: Uuid, sequence: i32) -> Uuid {
    let digest = Sha256::digest(reminder_key(appointment, sequence));
    uuid::Builder::from_random_bytes(std::array::from_fn(|at| digest[at])).into_uuid()
}

/// `at` on the local day before `start`.
fn day_before(start: Timestamp, at: Time, zone: &TimeZone) -> Option<Timestamp> {
    let day = start.to_zoned(zone.clone()).date().checked_sub(1.day()).ok()?;
    Some(day.to_datetime(at).to_zoned(zone.clone()).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;

    use super::*;

    #[test]
    fn a_reminder_is_due_at_local_time_of_the_day_before() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let due = |start: &str, at: Time| day_before(start.parse().unwrap(), at, &berlin).unwrap().to_string();
        assert_eq!(due("2026-12-03T09:20:00Z", time(17, 0, 0, 0)), "2026-12-02T16:00:00Z");
        // summer time ends on the 25th, so that the day before has 25 hours
        assert_eq!(due("2026-10-26T08:00:00Z", time(17, 0, 0, 0)), "2026-10-25T16:00:00Z");
        assert_eq!(due("2026-10-25T08:00:00Z", time(17, 0, 0, 0)), "2026-10-24T15:00:00Z");
        // 02:30 does not exist on 29 March 2026: the clock goes from 2 to 3
        assert_eq!(due("2026-03-30T08:00:00Z", time(2, 30, 0, 0)), "2026-03-29T01:30:00Z");
    }

    #[test]
    fn each_version_of_an_appointment_has_its_own_reminder() {
        let id = Uuid::from_u128(1);
        assert_eq!(reminder_id(id, 0), reminder_id(id, 0));
        assert_ne!(reminder_id(id, 0), reminder_id(id, 1));
    }
}
