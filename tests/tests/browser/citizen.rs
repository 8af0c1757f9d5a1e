//! A citizen in front of a browser, who counts clicks and fields and looks at every page.

use std::sync::Arc;
use std::time::{Duration, Instant};

use e2e::browser::{self, Device};
use e2e::{Server, TestDb};
use jiff::{SignedDuration, Timestamp};
use playwright_rs::{Locator, Page};
use serde_json::Value;
use web::Limits;

/// A citizen of one town.
pub struct Citizen {
    pub page: Page,
    pub device: Device,
    pub clicks: u32,
    pub fields: u32,
    slug: &'static str,
    home: String,
    mailbox: String,
    client: reqwest::Client,
    wants_pictures: bool,
}

/// The deployment that a test's citizens visit.
pub struct House {
    pub test: TestDb,
    pub server: Server,
}

/// Monday, 23 November 2026, 9:02 in Germany, on whatever day the tests run: no holiday is near, the offices are open, and
/// hours of the day lie ahead.
const MONDAY_MORNING: &str = "2026-11-23T08:02:00Z";

impl House {
    /// Both towns, running.
    pub async fn open() -> Self {
        let test = TestDb::new().await;
        let (began, opened) = (MONDAY_MORNING.parse::<Timestamp>().unwrap(), Instant::now());
        let clock = move || began + SignedDuration::try_from(opened.elapsed()).unwrap_or_default();
        let server = Server::start_with(&test, Arc::new(clock), Limits::off()).await;
        Self { test, server }
    }

    /// A citizen of the town `slug`.
    pub async fn citizen(&self, slug: &'static str, device: Device) -> Citizen {
        Citizen {
            page: browser::open(device).await,
            device,
            clicks: 0,
            fields: 0,
            slug,
            home: self.server.url(&self.test, slug, ""),
            mailbox: self.server.mailbox_url("/api/messages"),
            client: self.server.client(),
            wants_pictures: false,
        }
    }
}

impl Citizen {
    /// The same citizen, whose pages become docs/screenshots when SCREENSHOTS is set.
    pub fn with_pictures(mut self) -> Self {
        self.wants_pictures = true;
        self
    }

    /// Opens a page of the town, given its path below the base path and its query.
    pub async fn visit(&self, path: &str) -> u16 {
        browser::visit(&self.page, &format!("{}{path}", self.home)).await
    }

    /// Clicks on what `selector` finds first, and counts it.
    pub async fn click(&mut self, selector: &str) {
        self.clicks += 1;
        if let Err(error) = self.page.locator(selector).first().click(None).await {
            panic!("{} at {}: no click on {selector}: {error}\n{}", self.slug, self.page.url(), self.text().await);
        }
    }

    /// Presses the visible button or link with this text, and counts it.
    pub async fn press(&mut self, text: &str) {
        self.clicks += 1;
        if let Err(error) = browser::pressable(&self.page, text).click(None).await {
            panic!("{} at {}: nothing says “{text}”: {error}\n{}", self.slug, self.page.url(), self.text().await);
        }
    }

    /// Types into a field, and counts it.
    pub async fn type_into(&mut self, id: &str, text: &str) {
        self.fields += 1;
        self.page.locator(format!("#{id}")).fill(text, None).await.expect("a field");
    }

    /// The value of a field.
    pub async fn typed(&self, id: &str) -> String {
        self.page.locator(format!("#{id}")).input_value(None).await.expect("a field")
    }

    /// What a citizen reads on the page.
    pub async fn text(&self) -> String {
        self.page.locator("body").inner_text().await.expect("a page").replace('\u{a0}', " ")
    }

    /// Waits until the page's heading says `text`.
    pub async fn expect_heading(&self, text: &str) {
        self.wait_for(&format!("the heading “{text}”"), async |page| {
            let heading = page.locator("h1").first().inner_text().await.unwrap_or_default();
            heading.contains(text)
        })
        .await;
    }

    /// Waits until the page says `text` somewhere.
    pub async fn expect_text(&self, text: &str) {
        self.wait_for(&format!("the text “{text}”"), async |page| {
            let body = page.locator("body").inner_text().await.unwrap_or_default();
            body.replace('\u{a0}', " ").contains(text)
        })
        .await;
    }

    /// Waits until the field has the focus.
    pub async fn expect_focus(&self, id: &str) {
        self.wait_for(&format!("the focus in #{id}"), async |page| {
            page.locator(format!("#{id}:focus")).count().await.unwrap_or_default() > 0
        })
        .await;
    }

    async fn wait_for(&self, what: &str, is_there: impl AsyncFn(&Page) -> bool) {
        for _ in 0..600 {
            if is_there(&self.page).await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{} at {}: no {what}; the page says:\n{}", self.slug, self.page.url(), self.text().await);
    }

    /// What this page is: `locator(selector)`.
    pub fn find(&self, selector: &str) -> Locator {
        self.page.locator(selector)
    }

    /// Looks at the page: accessible, not too wide, no error in the console; and takes a picture.
    pub async fn look(&self, name: &str) {
        browser::expect_no_sideways_scroll(&self.page, name).await;
        // axe waits for timers, which do not run where scripts are switched off; the page is the same.
        if self.device.scripts {
            browser::expect_accessible(&self.page, name).await;
        }
        browser::expect_quiet_console(&self.page, name);
        if self.wants_pictures {
            let town = self.slug.split('-').next().unwrap_or(self.slug);
            browser::screenshot(&self.page, &format!("{town}-{name}-{}", self.device.width)).await;
        }
    }

    /// Waits for this citizen's mails, `count` of them, oldest first.
    pub async fn mails(&self, address: &str, count: usize) -> Vec<Value> {
        let mut found = Vec::new();
        for _ in 0..600 {
            let all: Vec<Value> = self
                .client
                .get(&self.mailbox)
                .send()
                .await
                .expect("the mailbox")
                .json()
                .await
                .expect("a list of mails");
            found = all.into_iter().filter(|it| it["to"].to_string().contains(address)).collect();
            if found.len() >= count {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{} mails to {address} instead of {count}: {found:#?}", found.len());
    }
}

/// The first link in a mail's text that leads to the booking.
pub fn manage_link(mail: &Value) -> String {
    let text = mail["text"].as_str().expect("a text");
    let link = text.split_whitespace().find(|word| word.contains("/buchung/")).expect("a link to the booking");
    link.trim_matches(|c| matches!(c, '<' | '>' | '(' | ')' | '.')).to_owned()
}
