//! The day at the counters: what staff see of it and do with it.
//!
//! Every change raises `appointment.version`, leaves a row in `booking_event`, and tells those who watch the day at the
//! very end (`days.rs`).

mod book;
mod cancel;
mod clash;
mod day;
mod event;
mod history;
mod holds;
mod import_flag;
mod intake;
mod items;
mod note;
mod promote;
mod relocate;
mod search;
mod settle;
mod status;
mod step;
mod target;

pub use book::{BookError, Booked, NewAppointment, StaffBooking, book};
pub use cancel::cancel;
pub use clash::{Clash, clashes};
pub use day::{DayAppointment, appointment, day, week};
pub use history::{Event, history};
pub use holds::{Hold, holds};
pub use import_flag::settle_import;
pub use intake::{Intake, intake, upcoming};
pub use items::{NewItems, change_items};
pub use note::note;
pub use relocate::{Relocation, move_to};
pub use search::{Found, search};
pub use step::{DeskError, LastChange, Step, step};

pub(crate) use event::event;
pub(crate) use promote::{promote, promote_ahead};
pub(crate) use status::set_status;

use uuid::Uuid;

/// The colleague who does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct By<'a> {
    /// Their account.
    pub staff_id: Uuid,
    /// As colleagues call them; kept with what they did.
    pub name: &'a str,
}

/// Who changes an appointment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who<'a> {
    /// A colleague.
    Staff(&'a By<'a>),
    /// The citizen.
    Citizen,
    /// A clock.
    System,
}
