//! The way out: SMTP.

use std::time::Duration;

use lettre::transport::smtp::{PoolConfig, authentication::Mechanism};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};

use crate::Message;

/// How long one answer of the server may take.
const ANSWER: Duration = Duration::from_secs(20);

/// How long a whole mail may take.
const MAIL: Duration = Duration::from_secs(90);

/// A pool of connections to the mail server. Cheap to clone.
#[derive(Clone)]
pub struct Transport {
    smtp: AsyncSmtpTransport<Tokio1Executor>,
    limit: Duration,
}

/// What is wrong with the address of the mail server, said to the operator.
#[derive(Debug, thiserror::Error)]
#[error(
    "“{address}” is no address of a mail server: {why}. Expected smtps://user:password@host, smtp://host:port or \
     smtp://user:password@host?tls=required (STARTTLS)"
)]
pub struct BadServer {
    address: String,
    why: String,
}

/// Why a mail did not go out.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// Worth another try: no connection, a time-out, an answer 4xx, a server that does not know us.
    #[error("{0}")]
    Temporary(String),
    /// No further try helps: the server refuses this recipient or this mail, or the address is none.
    #[error("{0}")]
    Permanent(String),
}

impl Transport {
    /// A transport to `address`: `smtp://host:port`, `smtps://user:password@host` or `smtp://host?tls=required`.
    ///
    /// Must be called inside a tokio runtime: the pool tidies itself up there.
    ///
    /// # Errors
    /// [`BadServer`], worded for the operator.
    pub fn new(address: &str) -> Result<Self, BadServer> {
        Self::with_limits(address, ANSWER, MAIL)
    }

    /// As [`new`](Self::new), with other times for one answer and for one mail.
    ///
    /// # Errors
    /// [`BadServer`].
    pub fn with_limits(address: &str, answer: Duration, mail: Duration) -> Result<Self, BadServer> {
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(address)
            .map_err(|error| BadServer { address: without_password(address), why: causes(&error) })?;
        let pool = PoolConfig::new().max_size(8).idle_timeout(Duration::from_secs(60));
        let smtp = builder
            .authentication(vec![Mechanism::Plain, Mechanism::Login])
            .timeout(Some(answer))
            .pool_config(pool)
            .build();
        Ok(Self { smtp, limit: mail })
    }

    /// Sends a mail. When this returns `Ok`, the server has taken responsibility for it.
    ///
    /// # Errors
    /// [`SendError`]. It may quote the server and so name the recipient: for the town's eyes, not for logs.
    pub async fn send(&self, message: &Message) -> Result<(), SendError> {
        let mail = message.to_mime().map_err(|error| SendError::Permanent(error.to_string()))?;
        match tokio::time::timeout(self.limit, self.smtp.send(mail)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(judged(&error)),
            Err(_) => Err(SendError::Temporary(format!("the mail server took longer than {:?}", self.limit))),
        }
    }
}

/// RFC 5321, 4.2.3: what the server says about this mail or mailbox is final. What it says about itself or about us
/// (500–504 syntax, 53x login) the operator can repair, so the mail waits.
fn judged(error: &lettre::transport::smtp::Error) -> SendError {
    let words = causes(error);
    match error.status().map(u16::from) {
        Some(550..=556) => SendError::Permanent(words),
        _ => SendError::Temporary(words),
    }
}

/// An error with everything behind it.
fn causes(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let inner_words = inner.to_string();
        if !words.contains(&inner_words) {
            words = format!("{words}: {inner_words}");
        }
        cause = inner.source();
    }
    words
}

/// The address as it may be shown.
fn without_password(address: &str) -> String {
    match (address.find("://"), address.rfind('@')) {
        (Some(scheme), Some(at)) if scheme < at => format!("{}…{}", &address[..scheme + 3], &address[at..]),
        _ => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_bad_address_is_explained_without_its_password() {
        let said = Transport::new("imap://termin:geheim@mail.example").err().unwrap().to_string();
        assert!(said.contains("imap://…@mail.example"), "{said}");
        assert!(said.contains("smtps://user:password@host"), "{said}");
        assert!(!said.contains("geheim"), "{said}");
        assert!(Transport::new("").is_err());
    }

    #[tokio::test]
    async fn the_three_ways_to_a_server_are_known() {
        for address in ["smtp://127.0.0.1:2525", "smtps://a:b@mail.example", "smtp://a:b@mail.example?tls=required"] {
            assert!(Transport::new(address).is_ok(), "{address}");
        }
    }
}
