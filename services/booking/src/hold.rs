//! Holding a place for somebody who is typing.

mod first;
mod next;

use catalog::Choice;
use jiff::{Timestamp, ToSpan as _};
use schedule::{Candidate, CounterId, LocationId};
use tenancy::TenantTx;
use tenancy::town::Rules;
use uuid::Uuid;

use crate::{BookingKey, Channel, Mode, Planned};

/// A wish for a place.
#[derive(Clone, Copy, Debug)]
pub struct NewHold<'a> {
    /// The draft, from [`crate::Links::key_of_attempt`] or from its token. A new one is made for position 1.
    pub key: &'a BookingKey,
    /// Which of the planned appointments it is, from 1 on. The former place of this position is given up.
    pub position: u8,
    /// What it is for.
    pub planned: &'a Planned,
    /// When.
    pub start: Timestamp,
    /// Counters that are free then, the best first, from `schedule::TownIndex::candidates`. That start, place and rules
    /// fit together is known there; here is decided who gets it.
    pub candidates: &'a [Candidate],
    /// Everything that was chosen. If it is not what the draft was made for, all its places are given up.
    pub selection: &'a [Choice],
    /// One appointment for all, or one each.
    pub mode: Mode,
    /// Language of the pages and mails.
    pub language: &'a str,
    /// Who books.
    pub channel: Channel,
}

/// A place that is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// The appointment.
    pub appointment_id: Uuid,
    /// Where.
    pub location: LocationId,
    /// At which counter.
    pub counter: CounterId,
    /// For so long.
    pub hold_until: Timestamp,
}

/// Why a place is not held.
#[derive(Debug, thiserror::Error)]
pub enum HoldError {
    /// It is not free, or no longer. What was held before is still held.
    #[error("the place has just been taken")]
    JustTaken,
    /// The citizen would have to be in two places at once.
    #[error("it overlaps with appointment {position} of the same booking")]
    OverlapsOwn {
        /// The other appointment.
        position: u8,
    },
    /// The draft has been confirmed in the meantime.
    #[error("the booking is already made")]
    AlreadyBooked,
    /// There is no such draft, or no longer.
    #[error("there is no such draft")]
    Gone,
    /// The database's own.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Holds a place for `rules.hold_minutes` from `now` on.
///
/// The same draft's other places are held as long. Sent twice, the same wish leads to one place.
///
/// # Errors
/// [`HoldError`]; then nothing has changed but that a new draft may be there without a place.
pub async fn hold(tx: &mut TenantTx, wish: &NewHold<'_>, rules: &Rules, now: Timestamp) -> Result<Held, HoldError> {
    let [best, ..] = wish.candidates else { return Err(HoldError::JustTaken) };
    let end = wish.start.checked_add(i64::from(wish.planned.minutes).minutes()).map_err(|_| HoldError::JustTaken)?;
    if wish.start <= now || wish.planned.minutes == 0 {
        return Err(HoldError::JustTaken);
    }
    let wanted = Wanted { wish, end, appointment_id: Uuid::new_v4(), hold_until: hold_until(rules, now), now };
    if wish.position == 1 && first::hold(tx, &wanted, *best).await? {
        return Ok(wanted.held_at(*best));
    }
    next::hold(tx, &wanted, rules).await
}

/// A wish with what follows from it.
struct Wanted<'a> {
    wish: &'a NewHold<'a>,
    end: Timestamp,
    appointment_id: Uuid,
    hold_until: Timestamp,
    now: Timestamp,
}

impl Wanted<'_> {
    fn held_at(&self, place: Candidate) -> Held {
        Held {
            appointment_id: self.appointment_id,
            location: place.location,
            counter: place.counter,
            hold_until: self.hold_until,
        }
    }

    fn minutes(&self) -> i16 {
        i16::try_from(self.wish.planned.minutes).unwrap_or(i16::MAX)
    }

    fn fee_cents(&self) -> i32 {
        i32::try_from(self.wish.planned.fee_cents).unwrap_or(i32::MAX)
    }
}

/// When a hold of `now` ends.
pub(crate) fn hold_until(rules: &Rules, now: Timestamp) -> Timestamp {
    now.checked_add(i64::from(rules.hold_minutes).minutes()).unwrap_or(Timestamp::MAX)
}
