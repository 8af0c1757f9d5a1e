//! “Someone is missing today” through the pages: seen before, done on one press, taken back while no mail is out.

use std::sync::{Arc, Mutex};

use booking::{BookingView, Channel, EmailAddress, Links, Mode, NewHold, Person, PersonName};
use catalog::{Catalog, Choice};
use e2e::{Answer, Server, StaffClient, TestDb};
use identity::Role;
use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx as _;
use reqwest::StatusCode;
use schedule::Candidate;
use tenancy::town::Rules;
use uuid::Uuid;

const HOME: &str = "/verwaltung/ausfall";
/// Counter 1 on Tuesday, 1 December 2026.
const WISH: [(&str, &str); 4] =
    [("wer", "schalter:1"), ("von", "2026-12-01"), ("bis", "2026-12-01"), ("grund", "krank")];

struct Office {
    test: TestDb,
    server: Server,
    clock: Arc<Mutex<Timestamp>>,
    lead: StaffClient,
}

impl Office {
    async fn open() -> Self {
        let test = TestDb::with_town("probe").await;
        let clock = Arc::new(Mutex::new("2026-12-01T06:30:00Z".parse().unwrap()));
        let shared = Arc::clone(&clock);
        let server = Server::start_with(&test, Arc::new(move || *shared.lock().unwrap()), web::Limits::off()).await;
        let lead = server.sign_in(&test, "probe", Role::Lead).await;
        Self { test, server, clock, lead }
    }

    fn wait(&self, minutes: i64) {
        *self.clock.lock().unwrap() += SignedDuration::from_mins(minutes);
    }

    /// An identity card at `counter` at this local time of the Tuesday.
    async fn book(&self, name: &str, time: &str, counter: i32) -> Uuid {
        let mut tx = self.test.tx("probe").await;
        let now = "2026-11-30T06:00:00Z".parse().unwrap();
        let (catalog, rules) = (Catalog::load(&mut tx).await.unwrap(), Rules::default());
        let start: Timestamp = format!("2026-12-01T{time}:00+01:00").parse().unwrap();
        let selection = vec![Choice { concern: "personalausweis".to_owned(), quantity: 1 }];
        let day = jiff::civil::date(2026, 12, 1);
        let planned = booking::plan(&catalog, &rules, &selection, Mode::Combined, day).unwrap();
        let key = Links::new(b"a secret of the tests").key(Uuid::new_v4());
        let new = NewHold {
            key: &key,
            position: 1,
            planned: &planned[0],
            start,
            candidates: &[Candidate { counter, location: 1 }],
            selection: &selection,
            mode: Mode::Combined,
            language: "de",
            channel: Channel::Online,
        };
        booking::hold(&mut tx, &new, &rules, now).await.unwrap();
        let person = Person {
            name: PersonName::parse(name).unwrap(),
            email: EmailAddress::parse(&format!("{}@example.org", key.id.simple())).unwrap(),
            phone: None,
            wants_reminder: false,
            language: None,
        };
        booking::confirm(&mut tx, &key.token, &person, &rules, now).await.unwrap();
        tx.commit().await.unwrap();
        key.id
    }

    async fn view(&self, booking: Uuid) -> BookingView {
        booking::find(&mut self.test.tx("probe").await, booking).await.unwrap().unwrap()
    }

    async fn preview(&self) -> Answer {
        let query: Vec<String> = WISH.iter().map(|(name, value)| format!("{name}={value}")).collect();
        self.lead.get(&format!("{HOME}/vorschau?{}", query.join("&"))).await
    }

    /// Sends the preview as it came.
    async fn confirm(&self, preview: &Answer) -> Answer {
        self.decide(preview, None).await
    }

    /// Sends the preview with one other choice for its first appointment.
    async fn decide(&self, preview: &Answer, first: Option<&str>) -> Answer {
        let inputs = preview.all("form.panel input[name]");
        let mut fields: Vec<(String, String)> = inputs
            .iter()
            .map(|it| (it.attr("name").unwrap().to_owned(), it.attr("value").unwrap_or_default().to_owned()))
            .collect();
        for select in preview.all("form.panel select") {
            let chosen = select.descendent_elements().find(|it| it.attr("selected").is_some()).unwrap();
            fields.push((select.attr("name").unwrap().to_owned(), chosen.attr("value").unwrap().to_owned()));
        }
        if let (Some(choice), Some(field)) = (first, fields.iter_mut().find(|(name, _)| name.starts_with("was-"))) {
            field.1 = choice.to_owned();
        }
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.lead.post(&format!("{HOME}/vorschau"), &fields).await
    }
}

#[tokio::test]
async fn a_colleague_is_sick_and_everybody_is_looked_after() {
    let office = Office::open().await;
    let easy = office.book("Lea Beispiel", "10:00", 1).await;
    let crowded = office.book("Tim Muster", "09:00", 1).await;
    for counter in [2, 3] {
        office.book("Andere Person", "09:00", counter).await;
    }
    let preview = office.preview().await;
    preview.says("Es betrifft 2 Termine").says("Lea Beispiel").says("Tim Muster").says("Gleiche Zeit").says("Neu:");
    assert_eq!(office.view(easy).await.appointments[0].counter, 1, "a look changes nothing");

    let done = office.confirm(&preview).await;
    done.says("Geschlossen: Schalter 1").says("Eine E-Mail geht um 07:40 Uhr hinaus").says("krank");
    assert_ne!(office.view(easy).await.appointments[0].counter, 1);
    assert_ne!(office.view(crowded).await.appointments[0].counter, 1);
    office.lead.get(HOME).await.says("Zurzeit geschlossen").says("Schalter 1");

    let path = done.url.path().strip_prefix("/termine").unwrap().to_owned();
    office.wait(9);
    let undone = office.lead.post(&format!("{path}/zuruecknehmen"), &[]).await;
    undone.says("Zurückgenommen").says("es ging keine E-Mail hinaus");
    for booking in [easy, crowded] {
        assert_eq!(office.view(booking).await.appointments[0].counter, 1);
    }
    office.server.stop().await;
}

#[tokio::test]
async fn who_decides_on_an_old_preview_is_shown_the_new_one() {
    let office = Office::open().await;
    office.book("Lea Beispiel", "10:00", 1).await;
    let preview = office.preview().await;
    let late = office.book("Tim Muster", "11:00", 1).await;
    let refused = office.confirm(&preview).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    refused.says("Inzwischen hat sich etwas geändert").says("Es betrifft 2 Termine");
    assert_eq!(office.view(late).await.appointments[0].counter, 1, "nothing by half");
    office.confirm(&refused).await.says("Geschlossen");
    office.server.stop().await;
}

#[tokio::test]
async fn what_was_decided_stays_when_the_preview_has_to_come_again() {
    let office = Office::open().await;
    let easy = office.book("Lea Beispiel", "10:00", 1).await;
    let preview = office.preview().await;
    office.book("Tim Muster", "11:00", 1).await;
    let refused = office.decide(&preview, Some("absagen")).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    let chosen = refused.all("form.panel option[selected]");
    assert_eq!(chosen[0].attr("value"), Some("absagen"), "it would have been moved on the second press");
    assert_ne!(chosen[1].attr("value"), Some("absagen"));
    refused.says("Neu dazugekommen");
    let back = refused.all("a.btn.second")[0].attr("href").unwrap();
    assert!(back.contains("wer=schalter%3A1") && back.contains("grund=krank"), "{back}");
    office.confirm(&refused).await.says("abgesagt");
    assert_eq!(office.view(easy).await.appointments[0].status, booking::Status::Cancelled);
    office.server.stop().await;
}

#[tokio::test]
async fn taking_it_back_names_whom_it_could_not_reach() {
    let office = Office::open().await;
    let easy = office.book("Lea Beispiel", "10:00", 1).await;
    office.book("Tim Muster", "11:00", 1).await;
    let done = office.confirm(&office.preview().await).await;
    let mut tx = office.test.tx("probe").await;
    sqlx::query("UPDATE appointment SET status = 'cancelled', blocks = false, ended_at = $2 WHERE booking_id = $1")
        .bind(easy)
        .bind("2026-12-01T06:31:00Z".parse::<Timestamp>().unwrap().to_sqlx())
        .execute(tx.conn())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let path = done.url.path().strip_prefix("/termine").unwrap().to_owned();
    let undone = office.lead.post(&format!("{path}/zuruecknehmen"), &[]).await;
    undone.says("Alle anderen Termine sind wieder, wo sie waren").says("Lea Beispiel");
    for text in [undone.text(), office.lead.get(&path).await.text()] {
        assert!(!text.contains("Alle Termine sind wieder") && !text.contains("Tim Muster"), "{text}");
    }
    office.server.stop().await;
}

#[tokio::test]
async fn when_the_mails_are_out_it_can_only_be_opened_again() {
    let office = Office::open().await;
    let easy = office.book("Lea Beispiel", "10:00", 1).await;
    let done = office.confirm(&office.preview().await).await;
    office.wait(11);
    let path = done.url.path().strip_prefix("/termine").unwrap().to_owned();
    let late = office.lead.post(&format!("{path}/zuruecknehmen"), &[]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    late.says("Die E-Mails sind schon unterwegs");
    let moved = office.view(easy).await.appointments[0].counter;
    let open = office.lead.post(&format!("{path}/oeffnen"), &[]).await;
    open.says("War geschlossen: Schalter 1").says("Wieder geöffnet von");
    assert_eq!(office.view(easy).await.appointments[0].counter, moved, "nobody is moved twice");
    assert!(!office.lead.get(HOME).await.text().contains("Zurzeit geschlossen"));
    office.server.stop().await;
}

#[tokio::test]
async fn what_is_wrong_with_the_form_is_said_and_kept() {
    let office = Office::open().await;
    let query = "wer=schalter:99&von=2026-12-03&bis=2026-12-01&ab=25:00&grund=Fortbildung";
    let refused = office.lead.get(&format!("{HOME}/vorschau?{query}")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.says("Wählen Sie einen Schalter").says("Das Ende liegt vor dem Anfang").says("Geben Sie eine Uhrzeit an");
    assert_eq!(refused.value("grund"), "Fortbildung");
    for field in ["wer", "bis", "ab"] {
        assert_eq!(refused.all(&format!(".field.bad #{field}[aria-invalid]")).len(), 1, "no message at {field}");
    }
    let unknown = office.lead.get(&format!("{HOME}/{}", Uuid::new_v4())).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    office.server.stop().await;
}
