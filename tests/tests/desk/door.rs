//! A town whose colleagues sign in themselves, each with a browser that keeps cookies.

use std::net::SocketAddr;
use std::time::Duration;

use e2e::{Answer, SECRET, Server, TestDb};
use identity::{Password, Role, Vault, second_factor};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use reqwest::Client;
use reqwest::redirect::Policy;
use stadttermin::serve;
use tokio::sync::OnceCell;
use totp_rs::{Algorithm, Secret, TOTP};
use uuid::Uuid;
use web::{Clock, Limits};

/// Everybody's password.
pub const PASSWORD: &str = "vier blaue Boote im Hafen";
/// Everybody's second factor, in base32.
const APP: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

pub struct Door {
    pub test: TestDb,
    pub server: Server,
}

/// A browser, without JavaScript.
pub struct Visitor {
    client: Client,
    base: String,
}

/// What an app with this secret shows.
pub fn code(secret: &str, at: Timestamp) -> String {
    let secret = Secret::Encoded(secret.replace(' ', "")).to_bytes().unwrap();
    let app = TOTP::new(Algorithm::SHA1, 6, 1, 30, secret, None, String::new()).unwrap();
    app.generate(at.as_second().try_into().unwrap())
}

/// [`PASSWORD`] as it is kept; made once, since that is meant to take long.
async fn password_hash() -> &'static str {
    static HASH: OnceCell<String> = OnceCell::const_new();
    HASH.get_or_init(async || Password::choose(PASSWORD, &[]).unwrap().hash().await.unwrap()).await
}

impl Door {
    pub async fn open() -> Self {
        Self::open_with(serve::clock(), Limits::off()).await
    }

    /// The same with another clock and other limits.
    pub async fn open_with(clock: Clock, limits: Limits) -> Self {
        let test = TestDb::with_town("probe").await;
        let server = Server::start_with(&test, clock, limits).await;
        Self { test, server }
    }

    /// Lea Beispiel gets an account.
    pub async fn hire(&self, email: &str, role: Role) -> Uuid {
        let id = Uuid::new_v4();
        let mut tx = self.test.tx("probe").await;
        sqlx::query(
            "INSERT INTO staff (id, email, name, role, state, password_hash, created_at)
             VALUES ($1, $2, 'Lea Beispiel', $3, 'active', $4, $5)",
        )
        .bind(id)
        .bind(email)
        .bind(role.as_str())
        .bind(password_hash().await)
        .bind(self.server.now().to_sqlx())
        .execute(tx.conn())
        .await
        .unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// The account gets a second factor; its secret.
    pub async fn give_app(&self, email: &str) -> String {
        let mut tx = self.test.tx("probe").await;
        let account = identity::find_by_email(&mut tx, email).await.unwrap().unwrap();
        let vault = Vault::new(SECRET);
        second_factor::adopt(&mut tx, &vault, account.staff.id, APP, self.server.now()).await.unwrap();
        tx.commit().await.unwrap();
        APP.to_owned()
    }

    pub fn url(&self, path: &str) -> String {
        self.server.url(&self.test, "probe", path)
    }

    pub fn visitor(&self) -> Visitor {
        let client = self.client().cookie_store(true).build().unwrap();
        Visitor { client, base: self.url("") }
    }

    /// A client that keeps nothing and follows nothing.
    pub fn plain(&self) -> Client {
        self.client().redirect(Policy::none()).build().unwrap()
    }

    fn client(&self) -> reqwest::ClientBuilder {
        let here = SocketAddr::from(([127, 0, 0, 1], self.server.port()));
        Client::builder().no_proxy().resolve("probe.localhost", here).resolve("other.localhost", here)
    }

    /// The path of the link in the newest of so many mails.
    pub async fn link(&self, mails: u64) -> String {
        let mails = self.server.sink().wait_for(mails, Duration::from_secs(60)).await;
        let newest = mails.last().expect("a mail");
        let base = self.url("");
        let line = newest.text.lines().find_map(|line| line.trim().strip_prefix(&base));
        let path = line.unwrap_or_else(|| panic!("no link in\n{}", newest.text)).to_owned();
        let token = path.rsplit('/').next().unwrap();
        assert!(newest.html.contains(token), "{}", newest.html);
        path
    }
}

impl Visitor {
    /// Its browser, for other sites than ours.
    pub fn client(&self) -> &Client {
        &self.client
    }

    pub async fn get(&self, path: &str) -> Answer {
        Answer::read(self.client.get(format!("{}{path}", self.base)).send().await.unwrap()).await
    }

    /// Opens a page by a script of ours that nobody has asked to.
    pub async fn look(&self, path: &str) -> Answer {
        Answer::read(self.client.get(format!("{}{path}", self.base)).header("x-by-itself", "yes").send().await.unwrap())
            .await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = self.client.post(format!("{}{path}", self.base)).header("sec-fetch-site", "same-origin");
        Answer::read(request.form(fields).send().await.unwrap()).await
    }

    /// Address and [`PASSWORD`], on the way to the page `to`.
    pub async fn sign_in(&self, email: &str, to: &str) -> Answer {
        self.post("/verwaltung/anmelden", &[("email", email), ("passwort", PASSWORD), ("weiter", to)]).await
    }
}
