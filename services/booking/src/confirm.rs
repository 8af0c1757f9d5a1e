//! Confirming a draft: from now on it is a booking.

use catalog::Choice;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use mail::outbox::MailKind;
use sqlx::types::Json;
use tenancy::TenantTx;
use tenancy::town::Rules;
use uuid::Uuid;

use crate::again::{self, Lost};
use crate::draft::bump_all;
use crate::hold::hold_until;
use crate::notices::{Notices, Reader};
use crate::place::{self, Spot};
use crate::{BookingCode, Mode, Person, links};

/// A booking that has been made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmed {
    /// Its code for the telephone.
    pub code: BookingCode,
    /// It had been confirmed before; nothing was done.
    pub was_already: bool,
}

/// Why a draft cannot be confirmed.
#[derive(Debug, thiserror::Error)]
pub enum ConfirmError {
    /// There is no such draft, or no longer.
    #[error("there is no such draft")]
    Gone,
    /// A position has no place yet.
    #[error("appointment {position} has no time yet")]
    Incomplete {
        /// The first one without.
        position: u8,
    },
    /// Expired, and these have gone to somebody else. Commit: the others are held anew, and who was typed in is kept.
    #[error("{} places are lost", .0.len())]
    ExpiredAndTaken(Vec<Lost>),
    /// The address has as many upcoming appointments as the town allows.
    #[error("more than {max} upcoming appointments under one address")]
    TooManyBookings {
        /// The town's limit.
        max: u16,
    },
    /// The database's own.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Makes a booking of the draft behind `token`: person, code, mails and their jobs in this transaction. Confirmed once, it stays as it is.
///
/// An expired place is taken again if it is still free.
///
/// # Errors
/// [`ConfirmError`]; then nothing was booked.
pub async fn confirm(
    tx: &mut TenantTx,
    token: &str,
    person: &Person,
    rules: &Rules,
    now: Timestamp,
) -> Result<Confirmed, ConfirmError> {
    let draft = lock(tx, token, person).await?;
    let booking_id = draft.id;
    if draft.state == "booked" {
        let code = draft.code.as_deref().and_then(|code| BookingCode::parse(code).ok()).ok_or(ConfirmError::Gone)?;
        return Ok(Confirmed { code, was_already: true });
    }
    let spots = place::lock_all(tx.conn(), booking_id).await?;
    check_complete(&draft, &spots)?;
    check_email(tx, person, spots.len(), rules, now).await?;
    let until = hold_until(rules, now);
    let lost = again::retake(tx, &spots, until, now).await?;
    if !lost.is_empty() {
        keep(tx, booking_id, person, until).await?;
        bump_all(tx, &spots).await?;
        return Err(ConfirmError::ExpiredAndTaken(lost));
    }
    let code = book(tx, booking_id, person, now).await?;
    let language = person.language.as_deref().unwrap_or(&draft.language);
    write_notices(tx, booking_id, language, person, &spots, rules, now).await?;
    bump_all(tx, &spots).await?;
    Ok(Confirmed { code, was_already: false })
}

#[derive(sqlx::FromRow)]
struct Draft {
    id: Uuid,
    state: String,
    code: Option<String>,
    language: String,
    mode: String,
    selection: Json<Vec<Choice>>,
}

/// Locks the draft, and the address against a second booking that counts at the same moment. What is read under these
/// locks must be read by a later statement: this one sees the tables as they were before it waited.
async fn lock(tx: &mut TenantTx, token: &str, person: &Person) -> Result<Draft, ConfirmError> {
    let hash = links::hash(token).ok_or(ConfirmError::Gone)?;
    let address = format!("{}:{}", tx.tenant().slug, person.email.as_str().to_lowercase());
    let found: Option<Draft> = sqlx::query_as(
        "SELECT b.id, b.state, b.code, b.language, b.mode, b.selection
           FROM booking b, pg_advisory_xact_lock(hashtextextended($2, 0))
          WHERE b.token_hash = $1 FOR NO KEY UPDATE OF b",
    )
    .bind(hash.as_slice())
    .bind(address)
    .fetch_optional(tx.conn())
    .await?;
    found.ok_or(ConfirmError::Gone)
}

fn check_complete(draft: &Draft, spots: &[Spot]) -> Result<(), ConfirmError> {
    let wanted = Mode::parse(&draft.mode).appointments(&draft.selection);
    let wanted = u8::try_from(wanted.max(1)).unwrap_or(u8::MAX);
    let missing = (1..=wanted).find(|position| !spots.iter().any(|spot| spot.position == i16::from(*position)));
    missing.map_or(Ok(()), |position| Err(ConfirmError::Incomplete { position }))
}

async fn check_email(
    tx: &mut TenantTx,
    person: &Person,
    new: usize,
    rules: &Rules,
    now: Timestamp,
) -> Result<(), ConfirmError> {
    // Compared with `now` here and not there: the statement then keeps its plan.
    let starts: Vec<(jiff_sqlx::Timestamp,)> = sqlx::query_as(
        "SELECT lower(a.during) FROM booking b JOIN appointment a ON a.booking_id = b.id
          WHERE lower(b.email) = lower($1) AND b.state = 'booked' AND a.status = 'booked'",
    )
    .bind(person.email.as_str())
    .fetch_all(tx.conn())
    .await?;
    let upcoming = starts.into_iter().filter(|(start,)| start.to_jiff() > now).count();
    let together = upcoming.saturating_add(new);
    if together > usize::from(rules.bookings_per_email) {
        return Err(ConfirmError::TooManyBookings { max: rules.bookings_per_email });
    }
    Ok(())
}

async fn book(tx: &mut TenantTx, booking_id: Uuid, person: &Person, now: Timestamp) -> sqlx::Result<BookingCode> {
    let [code, other_code] = new_codes();
    let (code,): (String,) = sqlx::query_as(
        "WITH kept AS (UPDATE appointment SET status = 'booked', hold_until = NULL
                        WHERE booking_id = $1 AND status = 'held')
         UPDATE booking SET state = 'booked', hold_until = NULL, booked_at = $2, name = $3, email = $4, phone = $5,
                            wants_reminder = $6, language = coalesce($9, language),
                            code = CASE WHEN EXISTS (SELECT FROM booking b WHERE b.code = $7) THEN $8 ELSE $7 END
          WHERE id = $1 RETURNING code",
    )
    .bind(booking_id)
    .bind(now.to_sqlx())
    .bind(person.name.as_str())
    .bind(person.email.as_str())
    .bind(person.phone.as_ref().map(crate::PhoneNumber::as_str))
    .bind(person.wants_reminder)
    .bind(code.as_str())
    .bind(other_code.as_str())
    .bind(person.language.as_deref())
    .fetch_one(tx.conn())
    .await?;
    BookingCode::parse(&code).map_err(|error| sqlx::Error::Decode(Box::new(error)))
}

/// Two, since one in many million may be given away already.
#[allow(clippy::disallowed_methods, reason = "the one place where codes come from; tests need no particular ones")]
pub(crate) fn new_codes() -> [BookingCode; 2] {
    let mut chance = rand::rng();
    std::array::from_fn(|_| BookingCode::random(&mut chance))
}

/// Keeps a draft that could not be confirmed: the person for the next try, the places that are left for a while.
async fn keep(tx: &mut TenantTx, booking_id: Uuid, person: &Person, until: Timestamp) -> sqlx::Result<()> {
    sqlx::query(
        "WITH held AS (UPDATE appointment SET hold_until = $2 WHERE booking_id = $1 AND status = 'held')
         UPDATE booking SET hold_until = $2, name = $3, email = $4, phone = $5, wants_reminder = $6 WHERE id = $1",
    )
    .bind(booking_id)
    .bind(until.to_sqlx())
    .bind(person.name.as_str())
    .bind(person.email.as_str())
    .bind(person.phone.as_ref().map(crate::PhoneNumber::as_str))
    .bind(person.wants_reminder)
    .execute(tx.conn())
    .await?;
    Ok(())
}

async fn write_notices(
    tx: &mut TenantTx,
    booking_id: Uuid,
    language: &str,
    person: &Person,
    spots: &[Spot],
    rules: &Rules,
    now: Timestamp,
) -> sqlx::Result<()> {
    let zone = tx.tenant().zone.clone();
    let mut notices = Notices::new(Reader { booking_id, address: person.email.as_str(), language }, now);
    notices.add(MailKind::Confirmation, None);
    for spot in spots.iter().filter(|_| person.wants_reminder) {
        notices.remind((spot.id, spot.sequence), spot.start(), rules.reminder_at, &zone);
    }
    notices.write(tx).await
}
