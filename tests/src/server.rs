//! The whole deployment inside a test: web server, worker, mail server and mailbox, on a free port.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;

use booking::Links;
use identity::{Providers, Vault};
use mail::Transport;
use mail::sink::Sink;
use sqlx::Connection;
use stadttermin::{serve, work};
use tenancy::TenantSlug;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use web::{Clock, Limits};

use crate::TestDb;
use crate::provider::PROVIDER_SECRET;

/// What all links and seals are derived from in tests.
pub const SECRET: &[u8] = b"only for tests, only for tests, only";

/// A running deployment; it ends when this is dropped.
pub struct Server {
    port: u16,
    sink: Sink,
    clock: Clock,
    end: watch::Sender<bool>,
    tasks: Vec<JoinHandle<anyhow::Result<()>>>,
}

impl Server {
    /// Starts it over the test's database. The towns get `<slug>.localhost:<port>` as their primary host.
    pub async fn start(test: &TestDb) -> Self {
        Self::start_with(test, serve::clock(), Limits::off()).await
    }

    /// The same with another clock and other limits. The worker's clock stands still at the beginning: what
    /// it releases by the hour shall not come between a citizen and a place in the middle of a story.
    pub async fn start_with(test: &TestDb, clock: Clock, limits: Limits) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("the port").port();
        answer_at(test, port).await;
        let began = clock();
        test.plan_jobs_from(began).await;

        let sink = Sink::start().expect("a mail server");
        let probe = TenantSlug::parse("probe").expect("a short name");
        let secrets = HashMap::from([(probe, PROVIDER_SECRET.to_owned())]);
        let providers = Providers::new(secrets).expect("certificates");
        let (vault, trusted_proxies) = (Vault::new(SECRET), Vec::new());
        let options = web::Options { vault, providers, clock: clock.clone(), limits, trusted_proxies };
        let app = serve::app(test.db().clone(), Links::new(SECRET), options).await.expect("the web application");
        let pages = web::at_host("mail.localhost", web::mailbox::router(sink.clone()), web::router(app));
        let (end, asked) = watch::channel(false);
        let wished = |mut asked: watch::Receiver<bool>| async move {
            let _ = asked.wait_for(|asked| *asked).await;
        };
        let transport = Transport::new(&sink.url()).expect("the address of the mail server");
        let worker = work::start(
            test.db().clone(),
            transport,
            Links::new(SECRET),
            Vault::new(SECRET),
            Arc::new(move || began),
            wished(asked.clone()),
        );
        let worker = tokio::spawn(worker);
        let web = tokio::spawn(async move { Ok(web::serve(listener, pages, wished(asked)).await?) });
        Self { port, sink, clock, end, tasks: vec![worker, web] }
    }

    /// The time on its clock.
    pub fn now(&self) -> jiff::Timestamp {
        (self.clock)()
    }

    /// The port it answers on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// An address in a town, such as `http://werne.localhost:40123/terminvergabe/termin`. `path` begins with a slash.
    pub fn url(&self, test: &TestDb, slug: &str, path: &str) -> String {
        let tenant = test.tenant(slug);
        let base = &tenant.hosts.first().expect("a host").base_path;
        format!("http://{slug}.localhost:{}{base}{path}", self.port)
    }

    /// An address in the mailbox, such as `/api/messages`.
    pub fn mailbox_url(&self, path: &str) -> String {
        format!("http://mail.localhost:{}{path}", self.port)
    }

    /// A client that finds the towns and the mailbox: not every system resolves names below `localhost`.
    pub fn client(&self) -> reqwest::Client {
        let here = SocketAddr::from(([127, 0, 0, 1], self.port));
        let hosts =
            ["werne.localhost", "porta-westfalica.localhost", "probe.localhost", "other.localhost", "mail.localhost"];
        let client =
            hosts.into_iter().fold(reqwest::Client::builder().no_proxy(), |client, host| client.resolve(host, here));
        client.build().expect("an HTTP client")
    }

    /// The mail server that gets what the worker sends.
    pub fn sink(&self) -> &Sink {
        &self.sink
    }

    /// Ends it as a signal would, and waits for that.
    pub async fn stop(mut self) {
        self.end.send_replace(true);
        for task in std::mem::take(&mut self.tasks) {
            task.await.expect("no panic").expect("a good end");
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// Gives every town an address on this machine, beside the ones it has.
async fn answer_at(test: &TestDb, port: u16) {
    let mut owner = test.admin_connection().await;
    sqlx::raw_sql("UPDATE platform.tenant_host SET is_primary = false").execute(&mut owner).await.expect("the hosts");
    let local = "INSERT INTO platform.tenant_host (host, base_path, tenant, is_primary)
                 SELECT DISTINCT ON (tenant) tenant || '.localhost:' || $1, base_path, tenant, true
                   FROM platform.tenant_host ORDER BY tenant, host";
    sqlx::query(local).bind(port.to_string()).execute(&mut owner).await.expect("the local hosts");
    owner.close().await.expect("goodbye");
}
