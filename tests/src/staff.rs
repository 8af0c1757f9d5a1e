//! Colleagues of the town with a browser of their own, signed in.

use identity::Role;
use jiff::SignedDuration;
use jiff_sqlx::ToSqlx as _;
use playwright_rs::Page;
use reqwest::{Client, RequestBuilder, Response, StatusCode, Url};
use scraper::{ElementRef, Html, Selector};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{Server, TestDb};

/// The cookie that holds a session, as the pages set it.
const COOKIE: &str = "sitzung";

/// Somebody who works for the town. Cheap to clone: the same session in another tab.
#[derive(Clone)]
pub struct StaffClient {
    client: Client,
    base: String,
    cookie: String,
    /// Their account.
    pub id: Uuid,
    /// As colleagues call them.
    pub name: String,
}

/// A page that came back, after redirects.
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Where it was found in the end.
    pub url: Url,
    /// As it came.
    pub source: String,
    html: Html,
}

impl Server {
    /// An account with this role and a session of its own, as signing in leaves them behind. How signing in goes is
    /// tested where it belongs.
    pub async fn sign_in(&self, test: &TestDb, town: &str, role: Role) -> StaffClient {
        let (id, now) = (Uuid::new_v4(), self.now());
        let name = format!("{role:?} {}", &id.simple().to_string()[..4]);
        let cookie = tower_sessions_core::session::Id::default().to_string();
        let mut tx = test.tx(town).await;
        sqlx::query(
            "INSERT INTO staff (id, email, name, role, state, password_hash, totp_secret, totp_since, created_at)
             VALUES ($1, $2, $3, $4, 'active', '$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzYWx0$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', '\\x00', $5, $5)",
        )
        .bind(id)
        .bind(format!("{}@{town}.example", id.simple()))
        .bind(&name)
        .bind(role.as_str())
        .bind(now.to_sqlx())
        .execute(tx.conn())
        .await
        .expect("an account");
        sqlx::query(
            "INSERT INTO staff_session (id_hash, staff_id, data, created_at, seen_at, expires_at)
             VALUES ($1, $2, $3, $4, $4, $5)",
        )
        .bind(Sha256::digest(&cookie).as_slice())
        .bind(id)
        .bind(json!({ (identity::sessions::STAFF): id }))
        .bind(now.to_sqlx())
        .bind((now + SignedDuration::from_hours(12)).to_sqlx())
        .execute(tx.conn())
        .await
        .expect("a session");
        tx.commit().await.expect("the account and its session");
        StaffClient { client: self.client(), base: self.url(test, town, ""), cookie, id, name }
    }
}

impl StaffClient {
    /// What the session's cookie holds.
    pub fn cookie(&self) -> &str {
        &self.cookie
    }

    /// Opens a page below the town's path, such as `/verwaltung/tag`.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.client.get(format!("{}{path}", self.base))).await
    }

    /// Sends a form from one of our own pages.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(self.client.post(format!("{}{path}", self.base)).form(fields)).await
    }

    /// Sends a file from one of our own pages, after the field `versuch`, as a browser does.
    pub async fn upload(&self, path: &str, attempt: &str, name: &str, content: &[u8]) -> Answer {
        const BOUNDARY: &str = "----a-boundary-of-the-tests";
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"versuch\"\r\n\r\n{attempt}\r\n\
             --{BOUNDARY}\r\nContent-Disposition: form-data; name=\"datei\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        let body = [head.as_bytes(), content, format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat();
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        self.send(self.client.post(format!("{}{path}", self.base)).header("content-type", kind).body(body)).await
    }

    /// Gives a real browser the session.
    pub async fn enter(&self, page: &Page) {
        let home = Url::parse(&self.base).expect("an address");
        let cookie = json!({
            "name": COOKIE, "value": self.cookie, "domain": home.host_str(), "path": home.path(), "expires": -1.0,
            "httpOnly": true, "secure": false, "sameSite": "Lax",
        });
        let cookie = serde_json::from_value(cookie).expect("a cookie");
        page.context().expect("a browser context").add_cookies(&[cookie]).await.expect("the session");
    }

    /// An answer whose body is still on its way, such as events.
    pub async fn open(&self, path: &str) -> reqwest::Response {
        self.answer(self.client.get(format!("{}{path}", self.base))).await
    }

    async fn answer(&self, request: RequestBuilder) -> reqwest::Response {
        let request = request.header("cookie", format!("{COOKIE}={}", self.cookie));
        request.header("sec-fetch-site", "same-origin").send().await.expect("an answer")
    }

    async fn send(&self, request: RequestBuilder) -> Answer {
        let answer = self.answer(request).await;
        Answer::read(answer).await
    }
}

impl Answer {
    /// What a server has answered.
    pub async fn read(answer: Response) -> Self {
        let (status, url) = (answer.status(), answer.url().clone());
        let source = answer.text().await.expect("a page");
        Self { status, url, html: Html::parse_document(&source), source }
    }

    /// All elements that match.
    pub fn all(&self, selector: &str) -> Vec<ElementRef<'_>> {
        self.html.select(&Selector::parse(selector).expect("a selector")).collect()
    }

    /// All words of the page, with single spaces.
    pub fn text(&self) -> String {
        let body = self.all("body");
        let words = body.iter().flat_map(|it| it.text()).flat_map(str::split_whitespace);
        words.collect::<Vec<_>>().join(" ")
    }

    /// Fails unless the page says `words`.
    pub fn says(&self, words: &str) -> &Self {
        assert!(self.text().contains(words), "{} ({}) does not say “{words}”:\n{}", self.url, self.status, self.text());
        self
    }

    /// What the first field of this name holds.
    pub fn value(&self, name: &str) -> String {
        let fields = self.all(&format!(r#"input[name="{name}"]"#));
        fields.first().and_then(|it| it.attr("value")).unwrap_or_default().to_owned()
    }
}
