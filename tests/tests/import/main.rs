//! Appointments made before launch: files of every kind, and what becomes of their rows.

mod again;
mod command;
mod crash;
mod engine;
mod flag;
mod formats;
mod hall;
mod kill;
mod profile;
mod reading;
mod samples;
mod worker;
