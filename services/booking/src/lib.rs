//! Bookings: the rules that nothing may break, with their SQL.
//!
//! The way of a booking: [`plan`] turns a choice into appointments without a time, [`hold()`] keeps a place for each,
//! [`confirm()`] makes them a booking with mails and jobs in the same transaction; [`cancel()`] and [`move_to()`] change it.
//! No two active appointments overlap on a counter: the exclusion constraint `appointment_no_overlap` says so, and
//! `place.rs` holds the statements that meet it.

pub mod absence;
mod again;
mod cancel;
mod code;
mod confirm;
mod days;
pub mod desk;
mod draft;
mod find;
mod hold;
pub mod import;
mod item;
mod links;
mod moving;
mod notices;
mod person;
mod place;
mod plan;
pub mod queue;
pub mod retention;
mod row;
mod view;

pub use again::Lost;
pub use cancel::{CancelError, Cancelled, cancel};
pub use code::{BadCode, BookingCode};
pub use confirm::{ConfirmError, Confirmed, confirm};
pub use draft::{ExtendError, extend, release, save_typed};
pub use find::{find, find_by_code_and_email, find_by_token, id_of_token};
pub use hold::{Held, HoldError, NewHold, hold};
pub use item::{Item, ItemDocument};
pub use links::{BookingKey, Links, TokenHash, hash};
pub use moving::{Move, MoveError, Moved, move_to};
pub use notices::send_link;
pub use person::{BadEmail, BadName, BadPhone, EmailAddress, Person, PersonName, PhoneNumber, Typed};
pub use plan::{Mode, Planned, SelectionProblem, plan};
pub use view::{Appointment, Booking, BookingView, State, Status};

/// By which way a booking came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Channel {
    /// The town's page.
    Online,
    /// Staff, on the telephone or at the desk.
    Staff,
    /// Somebody stands in the hall.
    WalkIn,
    /// Made before this software came.
    Import,
}

impl Channel {
    /// As written in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Staff => "staff",
            Self::WalkIn => "walk_in",
            Self::Import => "import",
        }
    }
}
