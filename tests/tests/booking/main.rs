//! The rules of a booking, each through the crate on a real database.

mod absence;
mod calling;
mod cancelling;
mod clerks;
mod confirming;
mod desk;
mod finding;
mod holding;
mod moving;
mod office;
mod overbooking;
mod queue;
mod retention;
