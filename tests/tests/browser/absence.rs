//! “Someone is missing today” by a team lead with nothing but a keyboard, at a desk and on a telephone: what goes wrong on
//! the way, and taking it all back. (The straight way is in `morning`.)

use std::sync::Arc;

use e2e::browser::{self, Device};
use e2e::day::{self, Planned};
use e2e::{Keys, Server, TestDb};
use identity::Role;
use jiff::Timestamp;
use uuid::Uuid;

/// Counter 1 of the small town on Tuesday, 1 December 2026, at 7:30: three people are booked there, one more at each of the
/// other counters.
struct Office {
    test: TestDb,
    server: Server,
    lead: Keys,
}

impl Office {
    async fn open() -> Self {
        let test = TestDb::with_town("probe").await;
        let now: Timestamp = "2026-12-01T06:30:00Z".parse().unwrap();
        let server = Server::start_with(&test, Arc::new(move || now), web::Limits::off()).await;
        let lead = Keys::sit_down(Device::DESK).await;
        lead.enter(&server.sign_in(&test, "probe", Role::Lead).await).await;
        let office = Self { test, server, lead };
        for (number, name, counter, time) in [
            (1, "Lea Beispiel", 1, "09:50"),
            (2, "Tim Muster", 1, "10:15"),
            (3, "Bruno Ölmann-Wagenknecht", 1, "11:30"),
            (4, "Andere Person", 2, "10:15"),
            (5, "Noch Jemand", 3, "10:15"),
        ] {
            office.book(number, name, counter, time).await;
        }
        office.mail_to(2, "tim@example.org").await;
        office
    }

    async fn book(&self, number: u128, name: &str, counter: i32, time: &str) {
        let mut tx = self.test.tx("probe").await;
        let start = format!("2026-12-01T{time}:00+01:00").parse().unwrap();
        let it = Planned { id: Uuid::from_u128(number << 64 | number), location: 1, counter, start, minutes: 20 };
        day::plan(&mut tx, it, name).await;
        tx.commit().await.unwrap();
    }

    async fn mail_to(&self, number: u128, address: &str) {
        let mut tx = self.test.tx("probe").await;
        let booking = Uuid::from_u128(number << 64 | number);
        sqlx::query("UPDATE booking SET email = $2 WHERE id = $1")
            .bind(booking)
            .bind(address)
            .execute(tx.conn())
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    /// From the menu to the preview of counter 1 for today.
    async fn ask_for_the_preview(&mut self) {
        let lead = &mut self.lead;
        lead.open(&self.server.url(&self.test, "probe", "/verwaltung")).await;
        lead.follow("Ausfall").await;
        lead.expect("Jemand fehlt").await;
        lead.tab_to("Wer oder was fällt aus?").await;
        lead.write("Schalter 1").await;
        lead.tab_to("Notiz").await;
        lead.write("krank").await;
        lead.press("Enter").await;
        lead.expect("Es betrifft").await;
    }
}

#[test]
fn what_is_wrong_is_said_and_what_was_typed_comes_back() {
    browser::run(async {
        let mut office = Office::open().await;
        let lead = &mut office.lead;
        lead.open(&office.server.url(&office.test, "probe", "/verwaltung/ausfall")).await;
        lead.tab_to("Notiz").await;
        lead.write("Fortbildung").await;
        lead.press("Enter").await;
        lead.expect_focus("#fehler").await;
        lead.look_twice("probe-ausfall-fehler").await;
        lead.follow("Wählen Sie einen Schalter").await;
        lead.expect_focus("#wer").await;
        lead.write("Schalter 1").await;
        lead.follow("Weiter zur Vorschau").await;
        lead.expect("Es betrifft 3 Termine").await;
        lead.follow("Zurück").await;
        lead.expect("Jemand fehlt").await;
        lead.tab_to("Wer oder was fällt aus?").await;
        assert_eq!(lead.chosen().await, "Schalter 1");
    });
}

#[test]
fn a_lead_decides_is_interrupted_and_takes_it_back() {
    browser::run(async {
        let mut office = Office::open().await;
        office.ask_for_the_preview().await;
        office.lead.tab_to("Lea Beispiel").await;
        office.lead.write("Absagen").await;
        assert_eq!(office.lead.chosen().await, "Absagen");
        office.lead.look_twice("probe-ausfall-vorschau").await;

        office.book(6, "Neue Buchung", 1, "09:30").await;
        office.lead.follow("Schließen und Termine ändern").await;
        office.lead.expect("Inzwischen hat sich etwas geändert").await;
        office.lead.expect("Neu dazugekommen").await;
        office.lead.look_twice("probe-ausfall-zweiter-stand").await;
        office.lead.tab_to("Lea Beispiel").await;
        assert_eq!(office.lead.chosen().await, "Absagen", "decided once is decided");
        office.lead.follow("Schließen und Termine ändern").await;
        office.lead.expect("Geschlossen: Schalter 1").await;
        office.lead.expect_some_focus().await;
        office.lead.expect("eine E-Mail geht auch hinaus").await;
        office.lead.look_twice("probe-ausfall-geschlossen").await;

        office.lead.follow("Angerufen: Lea Beispiel").await;
        office.lead.expect_focus("anrufen").await;
        office.lead.follow("Alles zurücknehmen").await;
        office.lead.expect("Alle Termine sind wieder, wo sie waren").await;
        office.lead.look_twice("probe-ausfall-zurueckgenommen").await;
        office.lead.rest("the lead");
    });
}

#[test]
fn a_lost_connection_loses_no_decision_and_closes_once() {
    browser::run(async {
        let mut office = Office::open().await;
        let lead = &mut office.lead;
        lead.open(&office.server.url(&office.test, "probe", "/verwaltung/ausfall")).await;
        lead.tab_to("Wer oder was fällt aus?").await;
        lead.write("Schalter 1").await;
        lead.tab_to("Notiz").await;
        lead.write("krank").await;
        lead.set_offline(true).await;
        lead.press("Enter").await;
        lead.expect("Keine Verbindung").await;
        lead.set_offline(false).await;
        lead.press("Enter").await;
        lead.expect("Es betrifft").await;
        lead.tab_to("Lea Beispiel").await;
        lead.write("Absagen").await;
        lead.set_offline(true).await;
        lead.follow("Schließen und Termine ändern").await;
        lead.expect("Keine Verbindung").await;
        lead.set_offline(false).await;
        lead.expect_focus("Schließen und Termine ändern").await;
        lead.press("Enter").await;
        lead.expect("Geschlossen: Schalter 1").await;
        let mut tx = office.test.tx("probe").await;
        let closed: i64 = sqlx::query_scalar("SELECT count(*) FROM absence").fetch_one(tx.conn()).await.unwrap();
        let lea =
            "SELECT a.status FROM appointment a JOIN booking b ON b.id = a.booking_id WHERE b.name = 'Lea Beispiel'";
        let lea: String = sqlx::query_scalar(lea).fetch_one(tx.conn()).await.unwrap();
        assert_eq!((closed, lea.as_str()), (1, "cancelled"), "what was decided before the line was lost");
    });
}
