//! The hall: numbers, calls, the display and the check-in, through the pages that people use.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use booking::{Channel, EmailAddress, Links, Mode, NewHold, Person, PersonName};
use catalog::{Catalog, Choice};
use e2e::{Server, StaffClient, TestDb};
use identity::Role;
use jiff::{SignedDuration, Timestamp};
use reqwest::StatusCode;
use schedule::Candidate;
use tenancy::town::Rules;
use uuid::Uuid;

const HOME: &str = "/verwaltung/warteschlange";

/// A small town on Tuesday, 1 December 2026, at 8:50, whose clock the test moves.
struct Hall {
    test: TestDb,
    server: Server,
    clock: Arc<Mutex<Timestamp>>,
}

/// Somebody who has booked.
struct Booked {
    code: String,
    token: String,
}

impl Hall {
    async fn open() -> Self {
        let test = TestDb::with_town("probe").await;
        let clock = Arc::new(Mutex::new("2026-12-01T07:50:00Z".parse().unwrap()));
        let shared = Arc::clone(&clock);
        let server =
            Server::start_with(&test, Arc::new(move || *shared.lock().unwrap()), web::Limits::standard()).await;
        Self { test, server, clock }
    }

    fn wait(&self, minutes: i64) {
        *self.clock.lock().unwrap() += SignedDuration::from_mins(minutes);
    }

    /// An identity card at counter 1, at this local time of the day.
    async fn book(&self, time: &str) -> Booked {
        let mut tx = self.test.tx("probe").await;
        let now = "2026-11-30T06:00:00Z".parse().unwrap();
        let catalog = Catalog::load(&mut tx).await.unwrap();
        let rules = Rules::default();
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
            candidates: &[Candidate { counter: 1, location: 1 }],
            selection: &selection,
            mode: Mode::Combined,
            language: "de",
            channel: Channel::Online,
        };
        booking::hold(&mut tx, &new, &rules, now).await.unwrap();
        let person = Person {
            name: PersonName::parse("Lea Beispiel").unwrap(),
            email: EmailAddress::parse("lea@example.org").unwrap(),
            phone: None,
            wants_reminder: false,
            language: None,
        };
        booking::confirm(&mut tx, &key.token, &person, &rules, now).await.unwrap();
        let view = booking::find(&mut tx, key.id).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        Booked { code: view.booking.code.unwrap().to_string(), token: key.token }
    }

    /// A clerk at this counter.
    async fn clerk(&self, counter: i32) -> StaffClient {
        let clerk = self.server.sign_in(&self.test, "probe", Role::Clerk).await;
        let answer = clerk.post(&format!("{HOME}/platz"), &[("schalter", counter.to_string().as_str())]).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        clerk
    }

    /// What a screen in the hall or a citizen's telephone sees.
    async fn look(&self, path: &str) -> (StatusCode, String) {
        let answer = self.server.client().get(self.server.url(&self.test, "probe", path)).send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    }

    async fn check_in(&self, place: &str, field: &str, value: &str) -> (StatusCode, String) {
        let url = self.server.url(&self.test, "probe", &format!("/ankunft/{place}"));
        let answer = self.server.client().post(url).form(&[(field, value)]).send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    }

    async fn take(&self, clerk: &StaffClient, attempt: u128, concern: &str) -> Uuid {
        let id = Uuid::from_u128(attempt);
        let fields = [("standort", "rathaus"), ("versuch", &id.to_string()), ("anliegen", concern)];
        let answer = clerk.post(&format!("{HOME}/neu"), &fields).await;
        answer.says("ist vergeben");
        id
    }

    async fn state(&self, id: Uuid) -> (String, i32, Option<i32>) {
        sqlx::query_as("SELECT state, version, counter_id FROM ticket WHERE id = $1")
            .bind(id)
            .fetch_one(self.test.tx("probe").await.conn())
            .await
            .unwrap()
    }
}

#[tokio::test]
async fn a_citizen_checks_in_with_the_code_and_is_called_by_number_only() {
    let hall = Hall::open().await;
    let lea = hall.book("09:00").await;
    let (status, page) = hall.check_in("rathaus", "nummer", &lea.code.to_lowercase()).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    assert!(page.contains("A101") && page.contains("Rathaus") && !page.contains("Lea"), "{page}");
    let clerk = hall.clerk(1).await;
    clerk.post(&format!("{HOME}/naechste"), &[]).await.says("A101").says("Lea Beispiel");
    let (_, display) = hall.look("/aufruf/rathaus").await;
    assert!(display.contains("A101") && display.contains("Schalter 1"), "{display}");
    assert!(!display.contains("Lea") && !display.contains("ausweis"), "a name or a concern is on the display");
    let (_, again) = hall.check_in("rathaus", "nummer", &lea.code).await;
    assert!(again.contains("A101") && again.contains("Schalter 1"), "sent twice, it is the same number: {again}");
}

#[tokio::test]
async fn the_link_in_the_mail_checks_in_and_looking_does_not() {
    let hall = Hall::open().await;
    let lea = hall.book("09:00").await;
    let (_, manage) = hall.look(&format!("/buchung/{}", lea.token)).await;
    assert!(manage.contains(&format!("rathaus?buchung={}", lea.token)), "no way from the booking: {manage}");
    let (_, page) = hall.look(&format!("/ankunft/rathaus?buchung={}", lea.token)).await;
    assert!(page.contains("Ich bin da") && !page.contains("Lea"), "{page}");
    assert!(hall.look("/aufruf/rathaus").await.1.contains("niemand aufgerufen"));
    let (status, page) = hall.check_in("rathaus", "buchung", &lea.token).await;
    assert!(status == StatusCode::OK && page.contains("A101"), "{page}");
}

#[tokio::test]
async fn too_early_too_late_elsewhere_and_unknown_are_said_in_words() {
    let hall = Hall::open().await;
    let lea = hall.book("09:10").await;
    let says = async |place: &str, value: &str, words: &str| {
        let (status, page) = hall.check_in(place, "nummer", value).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{page}");
        assert!(page.contains(words), "expected “{words}”: {page}");
    };
    says("rathaus", &lea.code, "ab 08:55").await;
    hall.wait(10);
    says("aussenstelle", &lea.code, "an einem anderen Standort").await;
    says("rathaus", "ABCD-EFGH", "kennen wir nicht").await;
    says("rathaus", "01OI", "keine Buchungsnummer").await;
    says("rathaus", "", "Bitte geben Sie").await;
    hall.wait(21);
    says("rathaus", &lea.code, "hat schon begonnen").await;
    assert_eq!(hall.look("/ankunft/nirgendwo").await.0, StatusCode::NOT_FOUND);
    assert_eq!(hall.look("/aufruf/nirgendwo").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn codes_cannot_be_guessed_by_the_hundred() {
    let hall = Hall::open().await;
    // One is given back every three seconds: however slow the machine, so many at a time are faster.
    let guess = || hall.check_in("rathaus", "nummer", "ABCD-EFGH");
    for _ in 0..20 {
        let answers = futures::future::join_all((0..30).map(|_| guess())).await;
        if answers.iter().any(|(status, _)| *status == StatusCode::TOO_MANY_REQUESTS) {
            return;
        }
    }
    panic!("none of 600 was refused");
}

#[tokio::test]
async fn two_clerks_press_next_at_once_and_get_two_people() {
    let hall = Hall::open().await;
    let (one, other) = (hall.clerk(1).await, hall.clerk(2).await);
    let path = format!("{HOME}/naechste");
    for round in 0..10_u128 {
        let ids =
            [hall.take(&one, 2 * round + 1, "reisepass").await, hall.take(&one, 2 * round + 2, "reisepass").await];
        let (_, _) = tokio::join!(one.post(&path, &[]), other.post(&path, &[]));
        let mut counters = BTreeSet::new();
        for id in ids {
            let (state, version, counter) = hall.state(id).await;
            assert_eq!(state, "called", "round {round}");
            counters.insert(counter.unwrap());
            one.post(&format!("{HOME}/{id}/erledigt"), &[("version", &version.to_string())]).await;
        }
        assert_eq!(counters, BTreeSet::from([1, 2]), "round {round}");
    }
}

#[tokio::test]
async fn done_and_next_is_one_key() {
    let hall = Hall::open().await;
    let clerk = hall.clerk(1).await;
    let first = hall.take(&clerk, 1, "reisepass").await;
    let second = hall.take(&clerk, 2, "reisepass").await;
    let next = format!("{HOME}/naechste");
    clerk.post(&next, &[]).await;
    clerk.post(&next, &[]).await.says("Beenden Sie das zuerst");
    let (_, version, _) = hall.state(first).await;
    let fields = [("fertig", first.to_string()), ("version", version.to_string())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    clerk.post(&next, &fields).await.says("B102");
    assert_eq!((hall.state(first).await.0.as_str(), hall.state(second).await.0.as_str()), ("done", "called"));
    clerk.post(&next, &fields).await.says("Ihre Eingabe wurde nicht ausgeführt");
}

#[tokio::test]
async fn a_number_for_a_walk_in_by_typing_a_few_letters() {
    let hall = Hall::open().await;
    let clerk = hall.clerk(1).await;
    let form = clerk.get(&format!("{HOME}/neu?standort=rathaus")).await;
    let attempt = form.value("versuch");
    let new = format!("{HOME}/neu");
    let typed = |word| vec![("standort", "rathaus"), ("versuch", attempt.as_str()), ("q", word)];
    let unclear = clerk.post(&new, &typed("beantragen")).await;
    assert_eq!(unclear.status, StatusCode::UNPROCESSABLE_ENTITY);
    unclear.says("Das kann mehreres heißen").says("Personalausweis beantragen").says("Reisepass beantragen");
    assert_eq!(unclear.value("q"), "beantragen", "what was typed stays");
    let mut preferred = typed("umzug");
    preferred.push(("vorrang", "1"));
    assert_eq!(clerk.post(&new, &preferred).await.status, StatusCode::UNPROCESSABLE_ENTITY, "without a reason");
    clerk.post(&new, &typed("umzug")).await.says("Nummer B101 ist vergeben").says("Wohnung ummelden");
    let used = clerk.post(&new, &typed("umzug")).await;
    used.says("war schon benutzt: Es gab um 08:50 Uhr die Nummer B101").says("Es wartet 1 Person");
    let slip = clerk.get(&format!("{HOME}/{attempt}/zettel")).await;
    slip.says("B101").says("Vor Ihnen wartet niemand");
}

#[tokio::test]
async fn the_second_of_two_clerks_is_told_who_was_quicker() {
    let hall = Hall::open().await;
    let (one, other) = (hall.clerk(1).await, hall.clerk(2).await);
    let id = hall.take(&one, 1, "reisepass").await;
    let (_, version, _) = hall.state(id).await;
    let version = version.to_string();
    one.post(&format!("{HOME}/{id}/aufrufen"), &[("version", &version)]).await;
    other.post(&format!("{HOME}/{id}/aufrufen"), &[("version", &version)]).await.says("ist aufgerufen (Schalter 1)");
    assert_eq!(hall.state(id).await.2, Some(1));
    let fields = [("version", version.as_str()), ("ziel", "schalter-3")];
    let refused = other.post(&format!("{HOME}/{id}/weiterleiten"), &fields).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert_eq!(refused.all("#ziel option[selected]")[0].attr("value"), Some("schalter-3"), "the choice stays");
    assert_eq!(refused.all(".field.bad #ziel").len(), 1, "the message stands at its field");
    let missing = other.post(&format!("{HOME}/{}/parken", Uuid::nil()), &[("version", "0")]).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn sending_on_and_letting_go_first() {
    let hall = Hall::open().await;
    let clerk = hall.clerk(1).await;
    let first = hall.take(&clerk, 1, "reisepass").await;
    let second = hall.take(&clerk, 2, "reisepass").await;
    let version = hall.state(second).await.1.to_string();
    let urgent = format!("{HOME}/{second}/vorrang");
    let refused = clerk.post(&urgent, &[("version", &version), ("grund", " ")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    clerk.post(&urgent, &[("version", &version), ("grund", "Gehhilfe")]).await.says("Vorrang: Gehhilfe");
    clerk.post(&format!("{HOME}/naechste"), &[]).await.says("B102");
    assert_eq!(hall.state(second).await.0, "called");
    let version = hall.state(first).await.1.to_string();
    let fields = [("version", version.as_str()), ("ziel", "standort-2")];
    clerk.post(&format!("{HOME}/{first}/weiterleiten"), &fields).await.says("B101 wartet jetzt bei: Außenstelle");
    clerk.get(&format!("{HOME}?standort=aussenstelle")).await.says("B101");
}

#[tokio::test]
async fn an_expected_citizen_arrives_at_the_desk() {
    let hall = Hall::open().await;
    hall.book("09:00").await;
    let clerk = hall.clerk(1).await;
    let list = clerk.get(HOME).await;
    list.says("1 Termin wird noch erwartet").says("Lea Beispiel");
    let fields = [("termin", list.value("termin")), ("version", list.value("version"))];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let path = format!("{HOME}/ankunft");
    clerk.post(&path, &fields).await.says("A101").says("Termin 09:00");
    clerk.post(&path, &fields).await.says("A101 wartet: geändert um 08:50").says("wurde nicht ausgeführt");
}

#[tokio::test]
async fn whoever_works_at_another_office_stays_there() {
    let hall = Hall::open().await;
    let lead = hall.server.sign_in(&hall.test, "probe", Role::Lead).await;
    let id = Uuid::from_u128(1);
    let fields = [("standort", "aussenstelle"), ("versuch", &id.to_string()), ("auskunft", "1")];
    lead.post(&format!("{HOME}/neu"), &fields).await.says("Nummer B101 ist vergeben").says("Es wartet 1 Person");
    let parked = lead.post(&format!("{HOME}/{id}/parken"), &[("version", "0")]).await;
    parked.says("Außenstelle").says("1 Person beiseite");
    let late = lead.post(&format!("{HOME}/{id}/erledigt"), &[("version", "0")]).await;
    late.says("wurde nicht ausgeführt").says("1 Person beiseite");
    let away = [("version", "1"), ("ziel", "standort-1"), ("standort", "aussenstelle")];
    lead.post(&format!("{HOME}/{id}/weiterleiten"), &away)
        .await
        .says("wartet jetzt bei: Rathaus")
        .says("Im Moment wartet niemand");
}

#[tokio::test]
async fn the_hall_has_its_screens_and_a_notice_with_a_code() {
    let hall = Hall::open().await;
    let reader = hall.server.sign_in(&hall.test, "probe", Role::Reader).await;
    assert_eq!(reader.get(HOME).await.all("a[href*='/wartebereich']").len(), 1, "the way there");
    let page = reader.get(&format!("{HOME}/wartebereich?standort=aussenstelle")).await;
    page.says("/ankunft/aussenstelle").says("Melden Sie sich hier an");
    assert_eq!(page.all(".poster .qr svg").len(), 1);
    assert_eq!(page.all("a[href$='/aufruf/aussenstelle']").len(), 1);
}

#[tokio::test]
async fn the_code_on_the_ticket_is_what_a_scanner_types() {
    let hall = Hall::open().await;
    let lea = hall.book("09:00").await;
    for page in ["", "/fertig"] {
        let (_, ticket) = hall.look(&format!("/buchung/{}{page}", lea.token)).await;
        let (_, code) = ticket.split_once("ticket-qr").expect("a code on the ticket");
        assert!(code.contains("<svg"), "{code}");
        assert!(ticket.contains("Ich bin da"), "on its day there is a button too");
    }
    let scanned = hall.server.url(&hall.test, "probe", &format!("/ankunft/rathaus?nummer={}", lea.code));
    let (_, form) = hall.look(&format!("/ankunft/rathaus?nummer={}", lea.code)).await;
    assert!(form.contains(&lea.code), "a telephone that reads it fills in the number");
    let (status, page) = hall.check_in("rathaus", "nummer", &scanned).await;
    assert!(status == StatusCode::OK && page.contains("A101"), "{page}");
}

#[tokio::test]
async fn who_only_looks_changes_nothing() {
    let hall = Hall::open().await;
    let reader = hall.server.sign_in(&hall.test, "probe", Role::Reader).await;
    let list = reader.get(HOME).await;
    assert_eq!(list.status, StatusCode::OK);
    assert!(list.all("main form[method=post]").is_empty(), "a reader sees a button");
    assert_eq!(reader.post(&format!("{HOME}/naechste"), &[]).await.status, StatusCode::FORBIDDEN);
    assert!(hall.look(HOME).await.1.contains("Anmelden"), "who is not signed in is led to the sign-in");
}
