//! Days and times as people, Excel and Outlook write them.
//!
//! Nothing is guessed that could be wrong: `03/04/2026` without a known order is [`DateError::Unclear`], the 30th of
//! February is [`DateError::NoSuchDay`]. What is read is the clock in the town; zones matter only where a text names one.

mod clock;
mod day;
mod minutes;
mod moment;
mod order;
mod serial;
mod tokens;

pub use clock::{Clock, Hours, hours};
pub use day::{Day, day};
pub use minutes::minutes;
pub use moment::{Moment, moment};
pub use order::order_of;
pub use serial::{serial_clock, serial_moment};

/// Why a day cannot be told from what stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// Not written as a day.
    #[error("this is no day")]
    Unreadable,
    /// 30.02., 31.04., the 13th month.
    #[error("there is no such day")]
    NoSuchDay,
    /// Day and month without a year.
    #[error("the year is missing")]
    NoYear,
    /// Day and month could each be the other.
    #[error("day and month cannot be told apart")]
    Unclear,
    /// A year before 1990 or after 2100: a slip, for an appointment.
    #[error("the year is out of reach")]
    StrangeYear,
}

/// Why a time cannot be told from what stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// Not written as a time.
    #[error("this is no time")]
    Unreadable,
    /// 25:00, 8:75, 13 p.m.
    #[error("there is no such time")]
    NoSuchTime,
}
