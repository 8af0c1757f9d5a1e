//! Appointments made before launch come along: any file a town has, row by row, into bookings.
//!
//! A file is read as [`Record`]s of cells ([`source`]); a [`Mapping`] says which column means what; an [`Entry`] is a row
//! understood. What becomes of it is decided once, in the dry run, and carried out by applying ([`batch`]).

pub mod batch;
pub mod change;
pub mod concerns;
pub mod dates;
pub mod entry;
pub mod field;
pub mod mapping;
pub mod outcome;
pub mod reading;
pub mod record;
pub mod rules;
pub mod shape;
pub mod source;
pub mod subject;

pub use change::{Change, Said, What};
pub use entry::Entry;
pub use field::{Field, Mapping};
pub use outcome::{Outcome, Reason, State};
pub use record::{Cell, Record};
pub use shape::{DateOrder, Format, Shape};
pub use source::{BadRow, Limits, ReadError, Records, inspect, records, reinspect};
