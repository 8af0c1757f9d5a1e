//! A booking as it stands, for pages and mails.

use catalog::Choice;
use jiff::Timestamp;
use schedule::{CounterId, LocationId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{BookingCode, Item, Mode};

/// A booking with its appointments, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookingView {
    /// Who, and how far it is.
    pub booking: Booking,
    /// Held, booked, cancelled and expired ones.
    pub appointments: Vec<Appointment>,
}

/// One booking process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Booking {
    /// Random id; the token of its links is derived from it.
    pub id: Uuid,
    /// Draft or booked.
    pub state: State,
    /// For the telephone; booked ones have it.
    pub code: Option<BookingCode>,
    /// Language of its pages and mails.
    pub language: String,
    /// Name; in a draft as typed, unchecked.
    pub name: Option<String>,
    /// E-mail address; in a draft as typed, unchecked.
    pub email: Option<String>,
    /// Telephone number; in a draft as typed, unchecked.
    pub phone: Option<String>,
    /// Whether to be reminded.
    pub wants_reminder: bool,
    /// How often the time for typing was extended.
    pub hold_extensions: u8,
    /// One appointment for all concerns, or one each.
    pub mode: Mode,
    /// What was chosen.
    pub selection: Vec<Choice>,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it was confirmed.
    pub booked_at: Option<Timestamp>,
}

/// How far a booking is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Places are held while somebody types.
    Draft,
    /// Confirmed.
    Booked,
}

/// One time range at one counter.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Appointment {
    /// Stays the same when it is moved.
    pub id: Uuid,
    /// From 1 on; which of the planned appointments it is.
    pub position: u8,
    /// Office.
    pub location: LocationId,
    /// Counter.
    pub counter: CounterId,
    /// Beginning.
    pub start: Timestamp,
    /// End, itself excluded.
    pub end: Timestamp,
    /// What became of it.
    pub status: Status,
    /// Held: until then. Cancelled: when the place is free again, if that is later.
    pub hold_until: Option<Timestamp>,
    /// Stands on top of another one, which staff have decided: its place is not its own to give.
    pub overbooked: bool,
    /// What it is for, as it was when it was booked.
    pub items: Vec<Item>,
    /// Duration.
    pub minutes: u16,
    /// Cents due in any case, as they were when it was booked.
    pub fee_cents: u32,
    /// Grows with every change (RFC 5545).
    pub sequence: i32,
    /// Cancelled by staff: why, in their words.
    pub cancel_reason: Option<String>,
}

/// What became of an appointment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Kept for somebody who is typing, until `hold_until`.
    Held,
    /// Confirmed.
    Booked,
    /// The citizen is there.
    Arrived,
    /// Called to the counter.
    Called,
    /// At the counter.
    InService,
    /// Over.
    Done,
    /// Nobody came.
    NoShow,
    /// Called off.
    Cancelled,
    /// Was held, and went to somebody else or was given up.
    Expired,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Held,
        Self::Booked,
        Self::Arrived,
        Self::Called,
        Self::InService,
        Self::Done,
        Self::NoShow,
        Self::Cancelled,
        Self::Expired,
    ];

    /// As written in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Booked => "booked",
            Self::Arrived => "arrived",
            Self::Called => "called",
            Self::InService => "in_service",
            Self::Done => "done",
            Self::NoShow => "no_show",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
        }
    }

    /// The status that is written so.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }
}

impl BookingView {
    /// The appointment with this id.
    pub fn appointment(&self, id: Uuid) -> Option<&Appointment> {
        self.appointments.iter().find(|it| it.id == id)
    }

    /// Until when all places of a draft are held; none if one is missing.
    pub fn hold_until(&self) -> Option<Timestamp> {
        let wanted = self.booking.mode.appointments(&self.booking.selection);
        let held: Vec<Timestamp> = self.held().filter_map(|it| it.hold_until).collect();
        if held.len() < wanted { None } else { held.into_iter().min() }
    }

    /// The first position of a draft that has no place yet, or has lost it.
    pub fn next_position(&self) -> Option<u8> {
        let wanted = u8::try_from(self.booking.mode.appointments(&self.booking.selection)).unwrap_or(u8::MAX);
        (1..=wanted).find(|position| !self.held().any(|it| it.position == *position))
    }

    fn held(&self) -> impl Iterator<Item = &Appointment> {
        self.appointments.iter().filter(|it| it.status == Status::Held)
    }
}
