//! One connection to the sink.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;

use mailin_embedded::response::{INTERNAL_ERROR, NO_MAILBOX, NO_SERVICE, OK, START_DATA};
use mailin_embedded::{Handler, Response};

use super::{Behaviour, Shared};

/// What has been said so far about the mail that is being handed over.
#[derive(Clone)]
pub(super) struct Session {
    shared: Arc<Shared>,
    behaviour: Behaviour,
    from: String,
    recipients: Vec<String>,
    content: Vec<u8>,
}

impl Session {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared, behaviour: Behaviour::Accept, from: String::new(), recipients: Vec::new(), content: Vec::new() }
    }
}

impl Handler for Session {
    fn mail(&mut self, _ip: IpAddr, _domain: &str, from: &str) -> Response {
        self.behaviour = self.shared.try_begins();
        from.clone_into(&mut self.from);
        self.recipients.clear();
        self.content.clear();
        OK
    }

    fn rcpt(&mut self, to: &str) -> Response {
        self.recipients.push(to.to_owned());
        match self.behaviour {
            Behaviour::FailPermanently => NO_MAILBOX,
            Behaviour::FailTemporarily => INTERNAL_ERROR,
            _ => OK,
        }
    }

    fn data_start(&mut self, _domain: &str, _from: &str, _is8bit: bool, _to: &[String]) -> Response {
        if self.behaviour == Behaviour::HangUp { NO_SERVICE } else { START_DATA }
    }

    fn data(&mut self, line: &[u8]) -> io::Result<()> {
        self.content.extend_from_slice(line);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        self.shared.keep(&self.content, &self.from, &self.recipients);
        match self.behaviour {
            Behaviour::Delay(pause) => {
                std::thread::sleep(pause);
                OK
            }
            Behaviour::HangUpAfterTaking => NO_SERVICE,
            _ => OK,
        }
    }
}
