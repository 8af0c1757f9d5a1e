//! The way out: SMTP.

use std::time::Duration;

use lettre::transport::smtp::{PoolConfig, authentication::Mechanism};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};

use crate::Message;

/// How long the way to the server may take.
const CONNECT: Duration = Duration::from_secs(20);

/// How long a whole mail may take. RFC 5321, 4.5.3.2.6: a server may think for ten minutes before it takes a mail, and
/// who hangs up earlier sends it again.
const MAIL: Duration = Duration::from_secs(11 * 60);

/// The way to the mail server. Cheap to clone.
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
    /// # Errors
    /// [`BadServer`], worded for the operator.
    pub fn new(address: &str) -> Result<Self, BadServer> {
        Self::with_limits(address, CONNECT, MAIL)
    }

    /// As [`new`](Self::new), with other times for connecting and for one mail.
    ///
    /// # Errors
    /// [`BadServer`].
    pub fn with_limits(address: &str, connect: Duration, mail: Duration) -> Result<Self, BadServer> {
        if sends_password_in_clear(address) {
            let why = "user and password would travel unencrypted; add ?tls=required".to_owned();
            return Err(BadServer { address: without_password(address), why });
        }
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(address)
            .map_err(|error| BadServer { address: without_password(address), why: causes(&error) })?;
        // No connection is kept: one on which we gave up waiting still holds the answer to the former mail, and would
        // give it to the next.
        let pool = PoolConfig::new().max_size(0);
        let smtp = builder
            .authentication(vec![Mechanism::Plain, Mechanism::Login])
            .timeout(Some(connect))
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

/// `smtp://` alone means no encryption at all, which is for machines of one's own only.
fn sends_password_in_clear(address: &str) -> bool {
    let Ok(url) = url::Url::parse(address) else { return false };
    let is_here = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    let is_plain =
        url.scheme() == "smtp" && !url.query_pairs().any(|(name, value)| name == "tls" && value == "required");
    is_plain && !is_here && !url.username().is_empty()
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

        let said = Transport::new("smtp://termin:geheim@mail.example:587").err().unwrap().to_string();
        assert!(said.contains("tls=required") && !said.contains("geheim"), "{said}");
        for good in
            ["smtp://termin:geheim@mail.example:587?tls=required", "smtp://127.0.0.1:1025", "smtps://a:b@mail.example"]
        {
            assert!(Transport::new(good).is_ok(), "{good}");
        }
    }

    #[tokio::test]
    async fn the_three_ways_to_a_server_are_known() {
        for address in ["smtp://127.0.0.1:2525", "smtps://a:b@mail.example", "smtp://a:b@mail.example?tls=required"] {
            assert!(Transport::new(address).is_ok(), "{address}");
        }
    }
}
