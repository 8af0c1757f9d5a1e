//! A citizen without JavaScript, and the server they talk to.

use std::sync::{Arc, Mutex};

use e2e::{Server, TestDb};
use jiff::{SignedDuration, Timestamp};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, Url};
use web::Limits;

use crate::page::{Page, Sending};

/// Both real towns on a server of their own, with a clock that the test sets.
pub struct Towns {
    pub db: TestDb,
    server: Server,
    clock: Arc<Mutex<Timestamp>>,
}

impl Towns {
    /// Monday, 23 November 2026, 9:02 in Germany.
    pub async fn open() -> Self {
        let db = TestDb::new().await;
        let clock = Arc::new(Mutex::new("2026-11-23T08:02:00Z".parse().unwrap()));
        let shared = Arc::clone(&clock);
        let server = Server::start_with(&db, Arc::new(move || *shared.lock().unwrap()), Limits::off()).await;
        Self { db, server, clock }
    }

    /// Lets time pass.
    pub fn wait(&self, minutes: i64) {
        let mut now = self.clock.lock().unwrap();
        *now += SignedDuration::from_mins(minutes);
    }

    /// Somebody with a browser of their own, on the way to Werne.
    pub fn citizen_of_werne(&self) -> Citizen {
        self.citizen("werne")
    }

    /// The same for Porta Westfalica.
    pub fn citizen_of_porta(&self) -> Citizen {
        self.citizen("porta-westfalica")
    }

    fn citizen(&self, town: &str) -> Citizen {
        let base = Url::parse(&self.server.url(&self.db, town, "")).unwrap();
        let address = ([127, 0, 0, 1], self.server.port()).into();
        let client = Client::builder()
            .no_proxy()
            .resolve(base.host_str().unwrap(), address)
            .redirect(Policy::limited(5))
            .cookie_store(true);
        Citizen { client: client.build().unwrap(), base, language: "de", clicks: 0, fields: 0 }
    }
}

/// Somebody with a browser.
#[derive(Clone)]
pub struct Citizen {
    client: Client,
    base: Url,
    language: &'static str,
    /// Boxes ticked, links followed and buttons pressed so far.
    pub clicks: usize,
    /// Fields filled in so far.
    pub fields: usize,
}

impl Citizen {
    /// The same with a browser set to another language.
    pub fn speaking(mut self, language: &'static str) -> Self {
        self.language = language;
        self
    }

    /// Opens an address below the town's path.
    pub async fn open(&self, path: &str) -> Page {
        let url = Url::parse(&format!("{}{path}", self.base)).unwrap();
        self.visit(url).await
    }

    /// Opens an address as a link in a mail or a bookmark would.
    pub async fn visit(&self, url: Url) -> Page {
        self.fetch(Sending { method: Method::GET, url, fields: Vec::new() }).await
    }

    /// Follows the link with these words.
    pub async fn follow(&mut self, page: &Page, words: &str) -> Page {
        self.clicks += 1;
        self.visit(page.link(words)).await
    }

    /// Presses the button with these words.
    pub async fn press(&mut self, page: &Page, words: &str) -> Page {
        self.clicks += 1;
        self.fetch(page.button(words)).await
    }

    /// Ticks a concern.
    pub fn choose(&mut self, page: &mut Page, concern: &str) {
        self.clicks += 1;
        page.tick("anliegen", concern, true);
    }

    /// Takes the first of the suggested times.
    pub async fn take_suggestion(&mut self, page: &Page) -> Page {
        self.clicks += 1;
        self.fetch(page.button_at(".quick button")).await
    }

    /// Types into a field.
    pub fn type_in(&mut self, page: &mut Page, field: &str, text: &str) {
        self.fields += 1;
        page.fill(field, text);
    }

    /// Sends what pressing a button would send.
    pub async fn fetch(&self, sending: Sending) -> Page {
        let Sending { method, mut url, fields } = sending;
        let is_get = method == Method::GET;
        if is_get && !fields.is_empty() {
            url.query_pairs_mut().clear().extend_pairs(&fields);
        }
        url.set_fragment(None);
        let request = self.client.request(method, url).header("accept-language", self.language);
        let request = if is_get { request } else { request.header("sec-fetch-site", "same-origin").form(&fields) };
        let answer = request.send().await.unwrap();
        let (status, url) = (answer.status(), answer.url().clone());
        Page::new(status, url, &answer.text().await.unwrap())
    }

    /// The bytes behind an address, with their type.
    pub async fn download(&self, url: Url) -> (String, String) {
        let answer = self.client.get(url).send().await.unwrap();
        assert!(answer.status().is_success(), "{}: {}", answer.url(), answer.status());
        let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
        (kind, answer.text().await.unwrap())
    }

    /// From the first page to step 3 with the first suggested time.
    pub async fn reserve(&mut self, concerns: &[&str]) -> Page {
        let mut page = self.open("/").await;
        for concern in concerns {
            self.choose(&mut page, concern);
        }
        let page = self.press(&page, "Weiter zum Termin").await;
        self.take_suggestion(&page).await
    }

    /// To step 3 with the first time of the first free day in December.
    pub async fn reserve_in_december(&mut self, concern: &str) -> Page {
        let mut times = self.open(&format!("/termin?anliegen={concern}&monat=2026-12")).await;
        let first = times.all("input[name=zeit]")[0].attr("value").unwrap().to_owned();
        times.tick("zeit", &first, true);
        self.press(&times, "Weiter zu Ihren Angaben").await
    }

    /// Fills in step 3 and books.
    pub async fn book(&mut self, mut details: Page) -> Page {
        self.type_in(&mut details, "name", "Erika Mustermann");
        self.type_in(&mut details, "mail", "erika.mustermann@example.org");
        self.press(&details, "Verbindlich buchen").await
    }
}
