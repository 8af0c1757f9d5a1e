//! A mail server inside the process, for demo and tests: it keeps what it gets, and can misbehave on demand.
//!
//! Mails really travel to it by SMTP, so what is tested is what citizens get.

mod session;
mod stored;

use std::collections::VecDeque;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use mailin_embedded::{Server, SslConfig};
use tokio::sync::watch;

pub use stored::{StoredAttachment, StoredMail};

/// Most mails kept; then the oldest go.
const CAPACITY: usize = 2000;

/// Connections served at the same time. A sender's pool keeps its connections, so there must be enough.
const CONNECTIONS: u32 = 48;

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
    /// Takes the mail, but says so only after a while.
    Delay(Duration),
    /// Hangs up when the mail is about to come.
    HangUp,
    /// Takes the mail, then hangs up without saying so: the sender cannot know.
    HangUpAfterTaking,
}

/// The server. Cheap to clone; it runs until the process ends.
#[derive(Clone)]
pub struct Sink {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    inside: Mutex<Inside>,
    /// How many mails have been taken so far.
    taken: watch::Sender<u64>,
}

#[derive(Default)]
struct Inside {
    behaviour: Behaviour,
    mails: VecDeque<Arc<StoredMail>>,
    tries: u64,
}

impl Sink {
    /// Starts the server on a free port of this machine.
    ///
    /// # Errors
    /// If no port can be had.
    pub fn start() -> io::Result<Self> {
        Self::start_on(0)
    }

    /// Starts the server on a port of this machine; 0 takes a free one.
    ///
    /// # Errors
    /// If the port is taken.
    pub fn start_on(port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared { inside: Mutex::default(), taken: watch::Sender::new(0) });
        let mut server = Server::new(session::Session::new(Arc::clone(&shared)));
        server.with_name("stadttermin-sink").with_num_threads(CONNECTIONS).with_tcp_listener(listener);
        server.with_ssl(SslConfig::None).map_err(|error| io::Error::other(error.to_string()))?;
        std::thread::Builder::new().name("mail-sink".to_owned()).spawn(move || {
            if let Err(error) = server.serve() {
                tracing::error!("the mail sink ended: {error}");
            }
        })?;
        Ok(Self { address, shared })
    }

    /// Where it listens, as [`crate::Transport::new`] wants it.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// From now on, behaves like this.
    pub fn behave(&self, behaviour: Behaviour) {
        self.shared.lock().behaviour = behaviour;
    }

    /// All mails, the oldest first.
    pub fn mails(&self) -> Vec<Arc<StoredMail>> {
        self.shared.lock().mails.iter().cloned().collect()
    }

    /// The mail with this number.
    pub fn find(&self, number: u64) -> Option<Arc<StoredMail>> {
        self.shared.lock().mails.iter().find(|mail| mail.number == number).cloned()
    }

    /// How often somebody wanted to hand a mail over, refused ones included.
    pub fn tries(&self) -> u64 {
        self.shared.lock().tries
    }

    /// Forgets all mails.
    pub fn clear(&self) {
        self.shared.lock().mails.clear();
    }

    /// Waits until `count` mails have been taken since the start, and gives all that are kept.
    ///
    /// Comes back with what there is when `limit` is over.
    pub async fn wait_for(&self, count: u64, limit: Duration) -> Vec<Arc<StoredMail>> {
        let mut taken = self.shared.taken.subscribe();
        // Both endings of the wait lead to the same answer: what there is.
        let _ = tokio::time::timeout(limit, taken.wait_for(|so_far| *so_far >= count)).await;
        self.mails()
    }
}

impl Shared {
    /// A panic in another session leaves nothing half done here.
    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody wants to hand a mail over. How shall that go?
    fn try_begins(&self) -> Behaviour {
        let mut inside = self.lock();
        inside.tries += 1;
        inside.behaviour
    }

    fn keep(&self, raw: &[u8], from: &str, recipients: &[String]) {
        let mut inside = self.lock();
        self.taken.send_modify(|taken| {
            *taken += 1;
            inside.mails.push_back(Arc::new(StoredMail::read(*taken, raw, from, recipients)));
        });
        if inside.mails.len() > CAPACITY {
            inside.mails.pop_front();
        }
    }
}
