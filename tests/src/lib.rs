//! What the end-to-end tests share: a database for each test, a running server, a browser.

pub mod bench;
pub mod browser;
mod cluster;
mod database;
pub mod day;
mod keys;
pub mod provider;
mod queue_clock;
mod server;
mod staff;
mod template;
mod towns;

pub use database::TestDb;
pub use keys::Keys;
pub use server::{SECRET, Server};
pub use staff::{Answer, StaffClient};
