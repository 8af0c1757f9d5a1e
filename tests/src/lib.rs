//! What the end-to-end tests share: a database for each test, and a browser.

pub mod browser;
mod cluster;
mod database;
mod template;

pub use database::TestDb;
