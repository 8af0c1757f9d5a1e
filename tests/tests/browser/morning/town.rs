//! Werne on a Tuesday in December: the real catalogue and offices, the demo's colleagues, and a clock that the story sets.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use e2e::{Answer, SECRET, Server, TestDb};
use identity::{Role, Vault};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use mail::sink::StoredMail;
use scraper::ElementRef;
use sqlx::Connection as _;
use stadttermin::demo::staff;

/// The town's short name.
pub const WERNE: &str = "werne";
/// The morning.
const DAY: Date = jiff::civil::date(2026, 12, 1);
/// When the citizens book: what is kept for callers is not online yet.
const THURSDAY: Date = jiff::civil::date(2026, 11, 26);

/// The deployment, and the time of day.
pub struct Town {
    test: TestDb,
    server: Server,
    clock: Arc<Mutex<Timestamp>>,
}

impl Town {
    /// The Thursday before, when citizens book.
    pub async fn open() -> Self {
        let test = TestDb::new().await;
        let clock = Arc::new(Mutex::new(at(THURSDAY, "09:00")));
        let shared = Arc::clone(&clock);
        let now = Arc::new(move || *shared.lock().expect("a clock"));
        let server = Server::start_with(&test, now, web::Limits::off()).await;
        let town = Self { test, server, clock };
        let tx = town.test.tx(WERNE).await;
        staff::employ(tx, &Vault::new(SECRET), town.server.now()).await.expect("the colleagues");
        town
    }

    /// It is this time of the morning now.
    pub fn at(&self, time: &str) {
        *self.clock.lock().expect("a clock") = at(DAY, time);
    }

    /// An address of the town.
    pub fn url(&self, path: &str) -> String {
        self.server.url(&self.test, WERNE, path)
    }

    /// What a citizen books at home, some days before: a card at this time of the morning.
    pub async fn book(&self, name: &str, email: &str, time: &str) {
        let client = self.server.client();
        let times = client.get(self.url(&format!("/termin?anliegen=personalausweis&tag={DAY}"))).send();
        let times = Answer::read(times.await.expect("the times")).await;
        let slot = time_at(&times, time);
        let attempt = times.all("[name=versuch]")[0].attr("value").expect("an attempt").to_owned();
        let fields =
            [("anliegen", "personalausweis"), ("tag", &DAY.to_string()), ("zeit", &slot), ("versuch", &attempt)];
        let details = self.send(&client, &self.url("/reservierung"), &fields).await;
        let person = [("name", name), ("mail", email)];
        self.send(&client, details.url.as_str(), &person).await.says("Ihr Termin ist gebucht");
    }

    /// What a colleague at the telephone booked in the same days, for somebody without a mail address.
    pub async fn book_by_telephone(&self, name: &str, phone: &str, time: &str) {
        let colleague = self.server.sign_in(&self.test, WERNE, Role::Phone).await;
        let fields =
            [("anliegen", "personalausweis"), ("tag", "1.12."), ("versuch", ""), ("name", name), ("tel", phone)];
        let form = colleague.post("/verwaltung/neu/zeiten", &fields).await;
        let slot = time_at(&form, time);
        let fields = [fields.as_slice(), &[("zeit", &slot)]].concat();
        colleague.post("/verwaltung/neu", &fields).await.says(&format!("Gebucht für {name}"));
    }

    async fn send(&self, client: &reqwest::Client, address: &str, fields: &[(&str, &str)]) -> Answer {
        let form = client.post(address).header("sec-fetch-site", "same-origin").form(fields);
        Answer::read(form.send().await.expect("an answer")).await
    }

    /// The code of somebody's booking, as their mail says it.
    pub async fn code_of(&self, name: &str) -> String {
        sqlx::query_scalar("SELECT code FROM booking WHERE name = $1")
            .bind(name)
            .fetch_one(self.test.tx(WERNE).await.conn())
            .await
            .expect("a booking")
    }

    /// Ten minutes pass for the mails that wait to be taken back: the jobs' clock is the database's.
    pub async fn let_the_mails_go(&self) {
        let mut owner = self.test.admin_connection().await;
        let sooner = "UPDATE apalis.jobs SET run_at = now() - interval '1 s'
                       WHERE job_type = 'mail' AND idempotency_key LIKE '%absence:%'";
        sqlx::query(sooner).execute(&mut owner).await.expect("the jobs");
        owner.close().await.expect("goodbye");
    }

    /// Waits for a mail to this address whose subject says `words`.
    pub async fn mail(&self, address: &str, words: &str) -> Arc<StoredMail> {
        for _ in 0..600 {
            let mails = self.server.sink().mails();
            let found = mails.into_iter().find(|it| it.to.iter().any(|to| to == address) && it.subject.contains(words));
            if let Some(mail) = found {
                return mail;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let all: Vec<String> =
            self.server.sink().mails().iter().map(|it| format!("{:?} {}", it.to, it.subject)).collect();
        panic!("no mail to {address} says “{words}”:\n{}", all.join("\n"));
    }
}

/// The value of the time on offer that reads like this.
fn time_at(page: &Answer, time: &str) -> String {
    let says = |it: &ElementRef<'_>| it.text().collect::<String>().split_whitespace().any(|word| word == time);
    let wanted = page.all("label.chip").into_iter().find(says);
    let wanted = wanted.unwrap_or_else(|| panic!("{time} is not free:\n{}", page.text()));
    wanted.child_elements().find_map(|it| it.attr("value")).expect("a time").to_owned()
}

fn at(day: Date, time: &str) -> Timestamp {
    let zone = TimeZone::get("Europe/Berlin").expect("a time zone");
    day.to_datetime(time.parse().expect("a time")).to_zoned(zone).expect("a time of that day").timestamp()
}
