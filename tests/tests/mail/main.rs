//! Mails on their whole way: from a booking's transaction through queue and worker by SMTP into a mailbox.

mod calendar;
mod crash;
mod failing;
mod kinds;
mod mailbox;
mod post;
mod rechecking;
mod upkeep;
