//! A mail server inside the process, for demo and tests: it keeps what it gets, and can misbehave on demand.

use std::time::Duration;

/// How the sink behaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Behaviour {
    /// Takes every mail.
    #[default]
    Accept,
    /// Answers 451: try again later.
    FailTemporarily,
    /// Answers 550: never.
    FailPermanently,
    /// Takes the mail, but only after a while.
    Delay(Duration),
    /// Hangs up in the middle.
    Drop,
}

/// The server.
#[derive(Clone)]
pub struct Sink {}
