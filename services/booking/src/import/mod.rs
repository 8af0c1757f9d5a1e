//! Appointments made before this software came, many at a time: they are booked without asking anybody, at a place that the
//! importer has chosen. Who finds the place taken stands on top, flagged for a clerk.
//!
//! The places of a chunk are taken by one statement, under the exchange lock: no one else holds one place of it and waits
//! for another.

mod again;
mod news;
mod places;
mod read;
mod reminders;
mod remove;
mod write;

use catalog::Choice;
use jiff::Timestamp;
use schedule::{CounterId, LocationId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Item;

pub use again::book_again;
pub use news::tell;
pub use read::find_all;
pub use reminders::remind_again;
pub use remove::{cancel_all, remove_all};
pub use write::{add_all, restore_all, rewrite_all};

/// What is said of an appointment that found its place taken.
pub const OVER_CAPACITY: &str = "over_capacity";

/// A booking with its one appointment, as a file says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// The booking, from [`crate::Links::key_of_attempt`]: importing it again after a crash is the same one.
    pub booking_id: Uuid,
    /// Its appointment.
    pub appointment_id: Uuid,
    /// Who comes.
    pub name: String,
    /// Where mails would go.
    pub email: Option<String>,
    /// For questions.
    pub phone: Option<String>,
    /// What it is for.
    pub items: Vec<Item>,
    /// Minutes from start to end.
    pub minutes: u16,
    /// At which counter.
    pub counter: CounterId,
    /// Where that is.
    pub location: LocationId,
    /// From then on.
    pub start: Timestamp,
    /// Until then.
    pub end: Timestamp,
    /// For colleagues.
    pub note: String,
    /// Why a clerk should look at it, keys of reasons; none: nothing to look at.
    pub flag: Option<String>,
    /// On top of others at its counter, and known to be so.
    pub is_on_top: bool,
}

/// An appointment as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// What it says.
    pub imported: Imported,
    /// +1 with every change.
    pub version: i32,
    /// +1 with every change that calendars and reminders must know of.
    pub sequence: i32,
    /// Booked, with nobody there yet.
    pub is_booked: bool,
    /// Cancelled, by whomever.
    pub is_cancelled: bool,
    /// In which language the citizen is written to.
    pub language: String,
    /// Whether the citizen is reminded the day before.
    pub wants_reminder: bool,
}

/// The numbers of an appointment that is written.
#[derive(Clone, Copy, Debug, Default)]
struct Edition {
    version: i32,
    sequence: i32,
}

/// One that has been written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The appointment.
    pub appointment_id: Uuid,
    /// Its version now.
    pub version: i32,
    /// It stands on top of others.
    pub is_on_top: bool,
}

impl Standing {
    /// The numbers of the next change.
    fn next(&self) -> Edition {
        Edition { version: self.version + 1, sequence: self.sequence + 1 }
    }
}

impl Imported {
    fn choices(&self) -> Vec<Choice> {
        self.items.iter().map(|it| Choice { concern: it.concern.clone(), quantity: it.quantity }).collect()
    }

    fn fee_cents(&self) -> i32 {
        i32::try_from(self.items.iter().map(|it| it.fee_cents).sum::<u32>()).unwrap_or(i32::MAX)
    }
}
