//! What all requests share.

use std::ops::Deref;
use std::sync::Arc;

use booking::Links;
use identity::{Providers, Vault};
use jiff::Timestamp;
use tenancy::{Db, Directory};

use crate::arrival::Network;
use crate::limits::Limits;
use crate::recent::RecentPages;
use crate::render::Renderer;
use crate::staff::LiveDays;
use crate::town::Towns;

/// Tells the time. Tests bring their own.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The web application. Cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<App>);

/// What [`AppState`] gives access to.
pub struct App {
    /// The databases.
    pub db: Db,
    /// Which town answers where.
    pub directory: Arc<Directory>,
    /// The towns as pages read them.
    pub towns: Towns,
    /// Makes and checks citizens' links.
    pub links: Links,
    /// Seals and checks what staff sign in with.
    pub vault: Vault,
    /// Where staff of some towns sign in besides here.
    pub providers: Providers,
    /// The time.
    pub clock: Clock,
    /// How often one client may do what.
    pub limits: Limits,
    /// Whose `X-Forwarded-*` headers are believed.
    pub trusted_proxies: Vec<Network>,
    /// Templates and texts.
    pub renderer: Renderer,
    /// Pages that many ask for at once.
    pub(crate) recent: RecentPages,
    /// Days that staff have on their screens.
    pub(crate) live: LiveDays,
}

/// What a deployment decides.
pub struct Options {
    /// Seals and checks what staff sign in with.
    pub vault: Vault,
    /// Where staff of some towns sign in besides here.
    pub providers: Providers,
    /// The time.
    pub clock: Clock,
    /// How often one client may do what.
    pub limits: Limits,
    /// Whose `X-Forwarded-*` headers are believed.
    pub trusted_proxies: Vec<Network>,
}

impl AppState {
    /// The application over these databases.
    pub fn new(db: Db, directory: Arc<Directory>, links: Links, options: Options) -> Self {
        let Options { vault, providers, clock, limits, trusted_proxies } = options;
        let towns = Towns::new(db.clone());
        let live = LiveDays::new(db.clone());
        let renderer = Renderer::default();
        Self(Arc::new(App {
            db,
            directory,
            towns,
            links,
            vault,
            providers,
            clock,
            limits,
            trusted_proxies,
            renderer,
            recent: RecentPages::default(),
            live,
        }))
    }
}

impl Deref for AppState {
    type Target = App;
    fn deref(&self) -> &App {
        &self.0
    }
}
