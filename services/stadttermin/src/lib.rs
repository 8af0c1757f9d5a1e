//! The parts of the one binary, as a library for the end-to-end tests.

pub mod postgres;
