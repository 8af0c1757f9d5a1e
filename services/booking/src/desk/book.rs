//! A booking that staff make for somebody who calls: hold and confirmation in one, at once a booking.

use catalog::Choice;
use jiff::{Timestamp, ToSpan as _};
use jiff_sqlx::ToSqlx as _;
use mail::outbox::MailKind;
use schedule::Candidate;
use sqlx::types::Json;
use tenancy::TenantTx;
use tenancy::town::Rules;
use uuid::Uuid;

use super::{By, Who, clashes, event};
use crate::confirm::new_codes;
use crate::days::TouchedDays;
use crate::notices::{Notices, Reader};
use crate::place::{self, Place};
use crate::{BookingCode, BookingKey, Channel, EmailAddress, Mode, PersonName, PhoneNumber, Planned};

/// A caller's wish.
#[derive(Clone, Copy, Debug)]
pub struct StaffBooking<'a> {
    /// From [`crate::Links::key_of_attempt`]: the same form sent twice is one booking.
    pub key: &'a BookingKey,
    /// Who comes.
    pub name: &'a PersonName,
    /// Where the confirmation goes, if anywhere.
    pub email: Option<&'a EmailAddress>,
    /// For questions.
    pub phone: Option<&'a PhoneNumber>,
    /// Language of the mails.
    pub language: &'a str,
    /// One appointment for all concerns, or one each.
    pub mode: Mode,
    /// What it is for, as it was chosen.
    pub selection: &'a [Choice],
    /// The same as appointments, in their order; at least one.
    pub appointments: &'a [NewAppointment<'a>],
    /// For colleagues; each appointment carries it, since they may sit at different counters.
    pub note: &'a str,
}

/// An appointment that the caller wants.
#[derive(Clone, Copy, Debug)]
pub struct NewAppointment<'a> {
    /// What it is for.
    pub planned: &'a Planned,
    /// When.
    pub start: Timestamp,
    /// Counters to try, the best first.
    pub candidates: &'a [Candidate],
    /// If none of them takes it, the first one all the same, on top of these appointments, which a warning has named.
    /// Only with the right to do so.
    pub over: &'a [Uuid],
}

/// The booking that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Booked {
    /// Its id.
    pub booking_id: Uuid,
    /// Its code, to read out.
    pub code: BookingCode,
    /// This form had been sent before; nothing was done.
    pub was_already: bool,
}

/// Why nothing was booked.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// The place is not free, or no longer, or somebody is there whom no warning has named. Roll back.
    #[error("the place has just been taken")]
    JustTaken,
    /// The caller would have to be in two places at once. Roll back.
    #[error("appointments of the booking overlap")]
    OverlapsOwn,
    /// The database's own.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Books for a caller: places, person, code, history, mails and their jobs in this transaction. Mails go out only if an
/// address is known.
///
/// # Errors
/// [`BookError`]; then the caller rolls back.
pub async fn book(
    tx: &mut TenantTx,
    wish: &StaffBooking<'_>,
    by: &By<'_>,
    rules: &Rules,
    now: Timestamp,
) -> Result<Booked, BookError> {
    let Some(code) = insert_booking(tx, wish, now).await? else {
        let code = code_of(tx, wish.key.id).await?;
        return Ok(Booked { booking_id: wish.key.id, code, was_already: true });
    };
    if wish.appointments.len() > 1 {
        check_apart(wish.appointments)?;
        // Nobody waits for a place while holding another one, but under this lock.
        place::lock_exchange(tx).await?;
    }
    let mut places = Vec::with_capacity(wish.appointments.len());
    let mut is_free = true;
    for (appointment, position) in wish.appointments.iter().zip(1..) {
        let mut place = new_place(wish, appointment, position, now).ok_or(BookError::JustTaken)?;
        is_free &= take(tx, appointment, &mut place, now).await?;
        places.push(place);
    }
    let [first, further @ ..] = places.as_slice() else { return Err(BookError::JustTaken) };
    let detail = serde_json::json!({ "channel": Channel::Staff.as_str(), "overbooked": !is_free });
    let only = further.is_empty().then_some(first.id);
    event(tx, (wish.key.id, only), "made", detail, &Who::Staff(by), now).await?;
    notify(tx, wish, &places, rules, now).await?;
    let mut days = TouchedDays::new(&tx.tenant().zone);
    places.iter().for_each(|it| days.add(it.location_id, it.starts_at.to_jiff()));
    days.bump(tx).await?;
    Ok(Booked { booking_id: wish.key.id, code, was_already: false })
}

/// # Errors
/// [`BookError::OverlapsOwn`].
fn check_apart(appointments: &[NewAppointment<'_>]) -> Result<(), BookError> {
    let mut spans: Vec<_> = appointments.iter().filter_map(|it| Some((it.start, it.end()?))).collect();
    spans.sort_unstable();
    let is_apart = spans.is_sorted_by(|earlier, later| earlier.1 <= later.0);
    if is_apart { Ok(()) } else { Err(BookError::OverlapsOwn) }
}

impl NewAppointment<'_> {
    /// `None`: beyond all calendars.
    fn end(&self) -> Option<Timestamp> {
        self.start.checked_add(i64::from(self.planned.minutes).minutes()).ok()
    }
}

/// Takes the first place that is free; else puts it on top of those who were named, and of nobody else. Answers whether
/// it has a place of its own.
async fn take(
    tx: &mut TenantTx,
    wish: &NewAppointment<'_>,
    place: &mut Place,
    now: Timestamp,
) -> Result<bool, BookError> {
    if place::take_first(tx.conn(), place, wish.candidates, now).await? {
        return Ok(true);
    }
    let first = wish.candidates.first().ok_or(BookError::JustTaken)?;
    (place.counter_id, place.location_id) = (first.counter, first.location);
    let span = (place.starts_at.to_jiff(), place.ends_at.to_jiff());
    let with = clashes(tx, &[first.counter], span, None, now).await?;
    if with.is_empty() || with.iter().any(|it| !wish.over.contains(&it.id)) {
        return Err(BookError::JustTaken);
    }
    // On top of others on top the place itself may be free by now.
    let is_free = place::take(tx.conn(), place, now).await?;
    if !is_free {
        place::put_on_top(tx.conn(), place).await?;
    }
    Ok(is_free)
}

/// The new booking's code; `None` if this form has made one before.
async fn insert_booking(
    tx: &mut TenantTx,
    wish: &StaffBooking<'_>,
    now: Timestamp,
) -> sqlx::Result<Option<BookingCode>> {
    let [code, other_code] = new_codes();
    let made: Option<(String,)> = sqlx::query_as(
        "INSERT INTO booking (id, token_hash, state, channel, language, mode, selection, name, email, phone,
                              wants_reminder, created_at, booked_at, code)
         SELECT $1, $2, 'booked', $3, $4, $5, $6, $7, $8, $9, true, $10, $10,
                CASE WHEN EXISTS (SELECT FROM booking b WHERE b.code = $11) THEN $12 ELSE $11 END
         ON CONFLICT (id) DO NOTHING RETURNING code",
    )
    .bind(wish.key.id)
    .bind(wish.key.token_hash())
    .bind(Channel::Staff.as_str())
    .bind(wish.language)
    .bind(wish.mode.as_str())
    .bind(Json(wish.selection))
    .bind(wish.name.as_str())
    .bind(wish.email.map(EmailAddress::as_str))
    .bind(wish.phone.map(PhoneNumber::as_str))
    .bind(now.to_sqlx())
    .bind(code.as_str())
    .bind(other_code.as_str())
    .fetch_optional(tx.conn())
    .await?;
    made.map(|(code,)| read_code(&code)).transpose()
}

async fn code_of(tx: &mut TenantTx, booking_id: Uuid) -> sqlx::Result<BookingCode> {
    let (code,): (String,) = sqlx::query_as("SELECT code FROM booking WHERE id = $1 AND code IS NOT NULL")
        .bind(booking_id)
        .fetch_one(tx.conn())
        .await?;
    read_code(&code)
}

fn read_code(code: &str) -> sqlx::Result<BookingCode> {
    BookingCode::parse(code).map_err(|error| sqlx::Error::Decode(Box::new(error)))
}

/// An appointment on its way to one of its candidates' counters; `None` if there is none.
fn new_place(
    wish: &StaffBooking<'_>,
    appointment: &NewAppointment<'_>,
    position: i16,
    now: Timestamp,
) -> Option<Place> {
    let NewAppointment { planned, start, candidates, .. } = appointment;
    let first = candidates.first()?;
    Some(Place {
        id: Uuid::new_v4(),
        booking_id: wish.key.id,
        position,
        location_id: first.location,
        counter_id: first.counter,
        starts_at: start.to_sqlx(),
        ends_at: appointment.end()?.to_sqlx(),
        status: "booked".to_owned(),
        hold_until: None,
        items: Json(serde_json::to_value(&planned.items).ok()?),
        duration_minutes: i16::try_from(planned.minutes).ok()?,
        fee_cents: i32::try_from(planned.fee_cents).unwrap_or(i32::MAX),
        sequence: 0,
        version: 0,
        note: wish.note.to_owned(),
        import_flag: None,
        created_at: now.to_sqlx(),
        arrived_at: None,
        called_at: None,
        served_at: None,
    })
}

async fn notify(
    tx: &mut TenantTx,
    wish: &StaffBooking<'_>,
    places: &[Place],
    rules: &Rules,
    now: Timestamp,
) -> sqlx::Result<()> {
    let Some(email) = wish.email else { return Ok(()) };
    let zone = tx.tenant().zone.clone();
    let reader = Reader { booking_id: wish.key.id, address: email.as_str(), language: wish.language };
    let mut notices = Notices::new(reader, now);
    notices.add(MailKind::Confirmation, None);
    for it in places {
        notices.remind((it.id, it.sequence), it.starts_at.to_jiff(), rules.reminder_at, &zone);
    }
    notices.write(tx).await
}
