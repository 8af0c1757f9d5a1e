//! The rules of a booking, each through the crate on a real database.

mod cancelling;
mod confirming;
mod finding;
mod holding;
mod moving;
mod office;
mod retention;
