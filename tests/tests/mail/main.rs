//! Mails on their whole way: from a booking's transaction through queue and worker by SMTP into a mailbox.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod calendar;
mod crash;
mod failing;
mod kinds;
mod mailbox;
mod post;
mod rechecking;
mod upkeep;
