//! Appointments made before launch, brought along through the pages: a file step by step, and a list on paper.

mod changes;
mod file;
mod paper;
mod refused;
mod unlucky;

use std::sync::Arc;
use std::time::Duration;

use e2e::{Answer, Server, StaffClient, TestDb};
use identity::Role;
use jiff::Timestamp;
use scraper::ElementRef;
use uuid::Uuid;

const HOME: &str = "/verwaltung/import";
/// Tuesday, 1 December 2026, half past seven in the town.
const NOW: &str = "2026-12-01T06:30:00Z";

/// A list as a clerk keeps it: one that fits, one whose day does not exist, one that nobody knows the concern of, one that is over,
/// and a day off.
const LIST: &str = "Datum;Uhrzeit;Name;Telefon;E-Mail;Anliegen\r\n\
    03.12.2026;8:30;Erika Mustermann;0170 1234567;erika@example.org;Personalausweis\r\n\
    30.02.2027;9:00;Tim Muster;;;Reisepass\r\n\
    03.12.2026;10:00;Lea Beispiel;;;Seltsames\r\n\
    03.11.2026;10:00;Jonas Keller;;;Reisepass\r\n";

struct Office {
    test: TestDb,
    server: Server,
    admin: StaffClient,
}

impl Office {
    async fn open() -> Self {
        let test = TestDb::with_town("probe").await;
        let now: Timestamp = NOW.parse().unwrap();
        let server = Server::start_with(&test, Arc::new(move || now), web::Limits::off()).await;
        let admin = server.sign_in(&test, "probe", Role::Admin).await;
        Self { test, server, admin }
    }

    /// Sends a file with a fresh form.
    async fn upload(&self, name: &str, content: impl AsRef<[u8]>) -> Answer {
        let attempt = self.admin.get(HOME).await.value("versuch");
        self.admin.upload(HOME, &attempt, name, content.as_ref()).await
    }

    /// Sends the first form of the page that `selector` finds as it came, with these fields changed.
    async fn send(&self, page: &Answer, selector: &str, changed: &[(&str, &str)]) -> Answer {
        let form = *page.all(selector).first().unwrap_or_else(|| panic!("no {selector}:\n{}", page.text()));
        let action = form.attr("action").expect("an action");
        let action = action.strip_prefix("/termine").unwrap_or(action).to_owned();
        let mut fields = filled(form);
        for (name, value) in changed {
            fields.retain(|(field, _)| field != name);
            fields.push(((*name).to_owned(), (*value).to_owned()));
        }
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.admin.post(&action, &fields).await
    }

    /// Waits until no job works on the batch of this page any more.
    async fn wait(&self, page: &Answer) -> Answer {
        let path = path(page);
        for _ in 0..600 {
            let now = self.admin.get(&path).await;
            if now.all("[data-poll]").is_empty() {
                return now;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("still under way:\n{}", self.admin.get(&path).await.text());
    }

    /// From the file to the dry run, with everything as proposed.
    async fn checked(&self, content: impl AsRef<[u8]>) -> Answer {
        let columns = self.upload("liste.csv", content).await;
        let concerns = self.send(&columns, "main form", &[("fertig", "1")]).await;
        let check = self.send(&concerns, "main form", &[]).await;
        let running = self.send(&check, "main form", &[]).await;
        self.wait(&running).await
    }

    /// Says that the file of this dry run is the next edition of the first one offered.
    async fn of_the_first(&self, checked: &Answer) -> Answer {
        let first = checked.all("#fassung-1")[0].attr("value").expect("a list").to_owned();
        self.send(checked, "form[action$=fassung]", &[("fassung", &first)]).await
    }

    async fn appointments(&self) -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM appointment WHERE blocks")
            .fetch_one(self.test.tx("probe").await.conn())
            .await
            .unwrap()
    }
}

/// What a browser would send of a form: its fields as they are filled in, no buttons.
fn filled(form: ElementRef<'_>) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    for it in form.descendent_elements() {
        let Some(name) = it.attr("name") else { continue };
        let kind = it.attr("type").unwrap_or_default();
        let value = match it.value().name() {
            "input" if matches!(kind, "radio" | "checkbox") && it.attr("checked").is_none() => continue,
            "input" => it.attr("value").unwrap_or_default(),
            "select" => {
                let options: Vec<_> = it.descendent_elements().filter(|it| it.value().name() == "option").collect();
                let chosen = options.iter().find(|it| it.attr("selected").is_some()).or(options.first());
                let Some(chosen) = chosen else { continue };
                chosen.attr("value").unwrap_or_default()
            }
            _ => continue,
        };
        fields.push((name.to_owned(), value.to_owned()));
    }
    fields
}

/// Where a page was found, below the town's path.
fn path(page: &Answer) -> String {
    let path = page.url.path().strip_prefix("/termine").expect("a page of the town").to_owned();
    page.url.query().map_or(path.clone(), |query| format!("{path}?{query}"))
}

/// The batch of a page.
fn batch(page: &Answer) -> Uuid {
    page.url.path().split('/').find_map(|it| it.parse().ok()).expect("the id of a batch")
}
