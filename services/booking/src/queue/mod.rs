//! The queue of an office: who is in the hall, with an appointment or without, and who is called next.
//!
//! Somebody in the hall has a [`Ticket`]: `A101` and on with an appointment, `B101` and on without. [`take`] hands out a
//! number, [`arrive`] and [`check_in`] one for an appointment; [`next`] and [`call`] bring people to a counter.
//! A ticket and its appointment are changed in one transaction: the queue sets the appointment's status through
//! `desk::set_status`, the desk moves the ticket through [`follow`], and neither calls the other back.
//!
//! Locks are taken in this order: counter, booking, appointment, ticket, exchange lock, numbers, versions of days. Who
//! takes a lock out of order makes two clerks wait for each other, and PostgreSQL sends one of them away.

mod change;
mod check_in;
mod follow;
mod forget;
mod list;
mod lock;
mod next;
mod numbers;
mod place;
mod take;
mod ticket;
mod urgent;

pub use change::{back, call, finish, no_show, park, recall, serve};
pub use check_in::{Arrival, CHECK_IN_FROM_MINUTES, CHECK_IN_UNTIL_MINUTES, booking_of_code, check_in};
pub use list::{Call, Expected, ended, expected, find, of_appointment, recent_calls, waiting};
pub use next::next;
pub use place::{Destination, send_to};
pub use take::{NewTicket, arrive, items, take};
pub(crate) use ticket::label;
pub use ticket::{Ticket, TicketKind, TicketState};
pub use urgent::prefer;

pub(crate) use follow::follow;
pub(crate) use forget::forget;
pub(crate) use lock::lock_free_counter;

use uuid::Uuid;

/// A change of a ticket, as somebody asks for it who has seen it.
#[derive(Clone, Copy, Debug)]
pub struct Change {
    /// The ticket.
    pub id: Uuid,
    /// As the page showed it; a newer one means that somebody else was quicker.
    pub seen_version: i32,
}

/// Why a ticket cannot be changed. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    /// The town has no such ticket, counter or office.
    #[error("there is no such ticket")]
    NotFound,
    /// Somebody else has changed it meanwhile; this is how it stands now.
    #[error("{} has been changed by {} meanwhile", .0.label(), .0.changed_by)]
    Changed(Box<Ticket>),
    /// It is not in a state that allows this.
    #[error("{} is {}, which does not allow this", .0.label(), .0.state.as_str())]
    NotPossible(Box<Ticket>),
    /// Somebody is still at the counter.
    #[error("{} is still at the counter", .0.label())]
    Occupied(Box<Ticket>),
    /// The database's own.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}
