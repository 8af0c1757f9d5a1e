//! Where and when: offices, counters, opening rules, closures, holidays, and what is free.
//!
//! The engine ([`DayFrame`], [`DayBits`], [`OpeningRule`], [`DayPlan`]) is pure: no clock, no database. [`TownIndex`]
//! holds its results in memory for every day that can be booked and keeps them fresh by comparing versions.

mod answers;
mod bits;
mod closure;
mod days;
mod frame;
mod holidays;
mod hours;
mod index;
mod offer;
mod offices;
mod opening;
pub mod pack;
mod plan;
mod request;
mod stored;
pub mod version;

pub use answers::{Candidate, Closed, DayFree, Nothing, Start, SuggestionKind, WhyNothing};
pub use bits::{CELL_MINUTES, DayBits};
pub use closure::Closure;
pub use days::Town;
pub use frame::DayFrame;
pub use holidays::{STATES, holidays};
pub use hours::{ClosedHours, CounterHours, DayHours};
pub use index::TownIndex;
pub use offices::{Counter, Location, Offices};
pub use opening::OpeningRule;
pub use plan::{Busy, DayPlan};
pub use request::{Channel, OwnPlace, Request};

/// Number of a location within its town.
pub type LocationId = i32;
/// Number of a counter within its town.
pub type CounterId = i32;
/// Number of a concern within its town, as `catalog` has it.
pub type ConcernId = i32;
