//! Mails: a typed message becomes MIME with a calendar file, and travels by SMTP.
//!
//! What a mail says is written by `web/src/mail`; when it is due is decided by `booking`. Here is how it is sent
//! ([`Transport`]), what became of it ([`outbox`]), its calendar file ([`calendar`]) and, for demo and tests, a server
//! that receives it ([`sink`]).

pub mod calendar;
mod message;
pub mod outbox;
pub mod sink;
mod transport;

pub use message::{BadMessage, Message, Sender};
pub use transport::{BadServer, SendError, Transport};
