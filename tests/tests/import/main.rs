//! Appointments made before launch: files of every kind, and what becomes of their rows.

mod again;
mod broken_off;
mod changes;
mod command;
mod crash;
mod days;
mod edition;
mod engine;
mod flag;
mod formats;
mod gone;
mod hall;
mod kill;
mod losses;
mod nasty;
mod profile;
mod reading;
mod reminders;
mod samples;
mod worker;
