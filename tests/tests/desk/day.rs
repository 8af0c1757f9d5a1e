//! The day at the counters: what is shown, every step, and what the second of two clerks is told.

use std::sync::Arc;
use std::time::{Duration, Instant};

use e2e::day::{Planned, plan};
use e2e::{Answer, Server, StaffClient, TestDb};
use identity::Role;
use jiff::Timestamp;
use reqwest::StatusCode;
use uuid::Uuid;

/// Tuesday, 1 December 2026, at 9:05 in the town.
const NOW: &str = "2026-12-01T08:05:00Z";
const DAY: &str = "/verwaltung/tag?standort=rathaus&tag=2026-12-01";
const ERIKA: Uuid = Uuid::from_u128(0xe1);
const JONAS: Uuid = Uuid::from_u128(0xe2);

/// The small town with two appointments at counter 1: Erika at 9:20, Jonas at 10:00.
struct Desk {
    test: TestDb,
    server: Server,
    lead: StaffClient,
}

impl Desk {
    async fn open() -> Self {
        let test = TestDb::with_town("probe").await;
        let mut tx = test.tx("probe").await;
        for (id, time, name) in [(ERIKA, "08:20", "Erika Mustermann"), (JONAS, "09:00", "Jonas Keller")] {
            let start: Timestamp = format!("2026-12-01T{time}:00Z").parse().unwrap();
            plan(&mut tx, Planned { id, location: 1, counter: 1, start, minutes: 15 }, name).await;
        }
        tx.commit().await.unwrap();
        let now: Timestamp = NOW.parse().unwrap();
        let server = Server::start_with(&test, Arc::new(move || now), web::Limits::off()).await;
        let lead = server.sign_in(&test, "probe", Role::Lead).await;
        Self { test, server, lead }
    }

    async fn colleague(&self, role: Role) -> StaffClient {
        self.server.sign_in(&self.test, "probe", role).await
    }
}

fn of(id: Uuid, rest: &str) -> String {
    format!("/verwaltung/termine/{id}{rest}")
}

#[tokio::test]
async fn the_timetable_and_the_list_show_the_same_day() {
    let desk = Desk::open().await;
    let board = desk.lead.get(DAY).await;
    board.says("Erika Mustermann").says("09:20").says("Schalter 3").says("Dienstag, 1. Dezember").says("gebucht 2");
    assert_eq!(board.all(".appt").len(), 2);
    assert!(!board.source.contains("style="), "the policy forbids styles in pages");
    // Open from 8 to 16: row 2 is 8:00, and 9:20 is sixteen rows of five minutes later.
    assert!(board.all(".appt.c2.r18.h3").len() == 1, "{}", board.source);
    assert!(board.all(".now.r15").len() == 1, "9:05");
    let list = desk.lead.get(&format!("{DAY}&ansicht=liste")).await;
    list.says("09:20–09:35").says("Jonas Keller").says("Personalausweis beantragen");
    desk.lead.get(&format!("{DAY}&termin={ERIKA}")).await.says("0151 0000000").says("Aufrufen");
}

#[tokio::test]
async fn closed_hours_and_closures_are_shown_with_their_reason() {
    let desk = Desk::open().await;
    let mut tx = desk.test.tx("probe").await;
    sqlx::query(
        "INSERT INTO closure (location_id, counter_id, first_day, last_day, from_time, until_time, reason)
         VALUES (1, 2, '2026-12-01', '2026-12-01', '10:00', '11:00', '{\"de\": \"Fortbildung\"}')",
    )
    .execute(tx.conn())
    .await
    .unwrap();
    sqlx::query("UPDATE town SET version = version + 1").execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
    let board = desk.lead.get(DAY).await;
    board.says("Fortbildung");
    assert_eq!(board.all(".away.c3.r26.h12").len(), 1, "{}", board.source);
    desk.lead.get("/verwaltung/tag?standort=rathaus&tag=2026-12-25").await.says("Feiertag");
    // The branch office opens from 9 to 12.
    desk.lead.get("/verwaltung/tag?standort=aussenstelle&tag=2026-12-01").await.says("Schalter A");
}

#[tokio::test]
async fn every_step_leads_on_and_one_step_leads_back() {
    let desk = Desk::open().await;
    let mut version = "0".to_owned();
    for (verb, state) in [
        ("angekommen", "ist da"),
        ("aufrufen", "aufgerufen"),
        ("bedienen", "wird bedient"),
        ("erledigt", "erledigt"),
        ("zurueck", "wird bedient"),
    ] {
        let answer = desk.lead.post(&of(ERIKA, &format!("/{verb}")), &[("version", &version)]).await;
        assert_eq!(answer.status, StatusCode::OK, "{verb}: {}", answer.text());
        answer.says(state);
        version = answer.value("version");
    }
    let history = desk.lead.get(&of(ERIKA, "")).await;
    history.says("aufgerufen").says(&desk.lead.name);
    let refused = desk.lead.post(&of(ERIKA, "/nicht-erschienen"), &[("version", &version)]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    refused.says("wird bedient").says("Es wurde nichts geändert");
}

#[tokio::test]
async fn the_second_of_two_clerks_is_told_who_did_what_and_keeps_what_was_typed() {
    let desk = Desk::open().await;
    let other = desk.colleague(Role::Clerk).await;
    desk.lead.post(&of(ERIKA, "/angekommen"), &[("version", "0")]).await;
    let refused = other.post(&of(ERIKA, "/notiz"), &[("version", "0"), ("notiz", "kommt mit Kinderwagen")]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    refused.says(&desk.lead.name).says("als angekommen gemeldet").says("kommt mit Kinderwagen").says("ist da");
    let fields = [("version", refused.value("version")), ("notiz", "kommt mit Kinderwagen".to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    other.post(&of(ERIKA, "/notiz"), &fields).await.says("Die Notiz ist gespeichert");
}

#[tokio::test]
async fn cancelling_asks_for_a_reason() {
    let desk = Desk::open().await;
    let refused = desk.lead.post(&of(ERIKA, "/absagen"), &[("version", "0"), ("grund", " ")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.says("Bitte geben Sie den Grund");
    let done = desk.lead.post(&of(ERIKA, "/absagen"), &[("version", "0"), ("grund", "Umbau")]).await;
    done.says("Der Termin ist abgesagt").says("Grund: Umbau");
    assert!(desk.lead.get(DAY).await.all(".appt").len() == 1, "gone from the timetable");
    desk.lead.get(&format!("{DAY}&ansicht=liste")).await.says("abgesagt");
}

/// What the button under a warning says that was read.
fn button(refused: &Answer) -> String {
    refused.all("#ueberbuchen")[0].attr("value").unwrap().to_owned()
}

#[tokio::test]
async fn overbooking_is_warned_of_by_name_and_only_for_those_who_may() {
    let desk = Desk::open().await;
    let to_erika = [("version", "0"), ("schalter", "1"), ("tag", "2026-12-01"), ("uhrzeit", "09:20")];
    let refused = desk.lead.post(&of(JONAS, "/verschieben"), &to_erika).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    refused.says("Erika Mustermann").says("09:20–09:35").says("Trotzdem dorthin verschieben");
    let clerk = desk.colleague(Role::Clerk).await;
    let refused = clerk.post(&of(JONAS, "/verschieben"), &to_erika).await;
    refused.says("Ihre Teamleitung");
    assert!(refused.all("#ueberbuchen").is_empty());
    let named = button(&desk.lead.post(&of(JONAS, "/verschieben"), &to_erika).await);
    let forced = [to_erika.as_slice(), &[("ueberbuchen", named.as_str())]].concat();
    assert_eq!(clerk.post(&of(JONAS, "/verschieben"), &forced).await.status, StatusCode::FORBIDDEN);
    desk.lead.post(&of(JONAS, "/verschieben"), &forced).await.says("verschoben").says("doppelt belegt");
    let board = desk.lead.get(DAY).await;
    assert_eq!((board.all(".lane-1-of-2").len(), board.all(".lane-2-of-2").len()), (1, 1), "side by side");
}

#[tokio::test]
async fn outside_the_hours_only_on_purpose() {
    let desk = Desk::open().await;
    let evening = [("version", "0"), ("schalter", "2"), ("tag", "2026-12-01"), ("uhrzeit", "15:50")];
    let refused = desk.lead.post(&of(JONAS, "/verschieben"), &evening).await;
    refused.says("nicht geöffnet").says("Trotzdem");
    let named = button(&refused);
    let later = [("version", "0"), ("schalter", "2"), ("tag", "2026-12-01"), ("uhrzeit", "16:30")];
    let other = [later.as_slice(), &[("ueberbuchen", named.as_str())]].concat();
    let refused = desk.lead.post(&of(JONAS, "/verschieben"), &other).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "it was read of another time");
    let forced = [evening.as_slice(), &[("ueberbuchen", named.as_str()), ("von", "tag")]].concat();
    desk.lead.post(&of(JONAS, "/verschieben"), &forced).await.says("15:50");
    let nonsense = [("version", "1"), ("schalter", "2"), ("tag", "2026-12-01"), ("uhrzeit", "bald")];
    let refused = desk.lead.post(&of(JONAS, "/verschieben"), &nonsense).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.says("Bitte geben Sie eine Uhrzeit an");
}

#[tokio::test]
async fn concerns_can_be_changed_at_the_counter() {
    let desk = Desk::open().await;
    let fields = [("version", "0"), ("menge-personalausweis", "1"), ("neu", "ummeldung")];
    let done = desk.lead.post(&of(ERIKA, "/aendern"), &fields).await;
    done.says("Der Termin ist geändert").says("Wohnung ummelden").says("09:20–09:45");
    let none = [("version", "1"), ("menge-personalausweis", "0"), ("menge-ummeldung", "0")];
    let refused = desk.lead.post(&of(ERIKA, "/aendern"), &none).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn more_time_is_warned_of_by_name_where_it_is_asked_for() {
    let desk = Desk::open().await;
    let hour = [("version", "0"), ("menge-personalausweis", "1"), ("minuten", "60")];
    let refused = desk.lead.post(&of(ERIKA, "/aendern"), &hour).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    refused.says("Jonas Keller").says("10:00–10:15").says("Trotzdem so ändern");
    assert_eq!(refused.value("minuten"), "60", "what was typed stays");
    assert!(refused.all("#verschieben .error").is_empty() && refused.all("#aendern #ueberbuchen").len() == 1);
    let clerk = desk.colleague(Role::Clerk).await;
    assert!(clerk.post(&of(ERIKA, "/aendern"), &hour).await.all("#ueberbuchen").is_empty());
    let named = button(&refused);
    let forced = [hour.as_slice(), &[("ueberbuchen", named.as_str())]].concat();
    assert_eq!(clerk.post(&of(ERIKA, "/aendern"), &forced).await.status, StatusCode::FORBIDDEN);
    desk.lead.post(&of(ERIKA, "/aendern"), &forced).await.says("Der Termin ist geändert").says("doppelt");
}

#[tokio::test]
async fn a_reader_looks_and_changes_nothing() {
    let desk = Desk::open().await;
    let reader = desk.colleague(Role::Reader).await;
    let page = reader.get(&of(ERIKA, "")).await;
    page.says("Erika Mustermann");
    assert!(page.all("main form[method=post]").is_empty());
    for verb in ["angekommen", "notiz", "absagen", "verschieben", "aendern"] {
        let refused = reader.post(&of(ERIKA, &format!("/{verb}")), &[("version", "0")]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{verb}");
    }
    assert_eq!(desk.lead.get(&of(Uuid::from_u128(9), "")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(desk.lead.get("/verwaltung/tag?standort=nirgends").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn week_and_paper() {
    let desk = Desk::open().await;
    desk.lead.get("/verwaltung/woche?standort=rathaus&tag=2026-12-03").await.says("30.11.2026").says("Schalter 2");
    let paper = desk.lead.get("/verwaltung/tag/druck?standort=rathaus&tag=2026-12-01").await;
    paper.says("09:20–09:35").says("Erika Mustermann").says("0151 0000000");
    assert_eq!(paper.all("thead th").len(), 6);
    let other = desk.lead.get("/verwaltung/tag/druck?standort=rathaus&tag=2026-12-01&schalter=2").await;
    assert!(!other.text().contains("Erika"));
}

#[tokio::test]
async fn a_change_elsewhere_is_told_within_a_second() {
    let desk = Desk::open().await;
    let mut events = desk.lead.open("/verwaltung/ereignisse?standort=rathaus&tag=2026-12-01").await;
    assert_eq!(events.headers()["content-type"], "text/event-stream");
    assert!(!events.headers().contains_key("content-encoding"));
    let mut next = async || loop {
        let chunk = tokio::time::timeout(Duration::from_secs(60), events.chunk()).await.expect("an event").unwrap();
        let event = String::from_utf8(chunk.expect("the stream goes on").to_vec()).unwrap();
        // In between come signs of life.
        if event.contains("data: ") {
            return event;
        }
    };
    let mut known = next().await;
    let other = desk.colleague(Role::Clerk).await;
    // The quickest of several: what else the machine does may slow some of them down. Once the answer to the form is there,
    // the change is made.
    let mut quickest = Duration::MAX;
    for (version, verb) in ["angekommen", "zurueck", "angekommen", "zurueck", "angekommen"].into_iter().enumerate() {
        other.post(&of(ERIKA, &format!("/{verb}")), &[("version", &version.to_string())]).await;
        let began = Instant::now();
        let news = next().await;
        quickest = quickest.min(began.elapsed());
        assert_ne!(known, news, "{verb}");
        known = news;
    }
    assert!(quickest < Duration::from_secs(1), "{quickest:?}");
}

#[tokio::test]
async fn a_stream_ends_with_its_session() {
    let desk = Desk::open().await;
    let mut events = desk.lead.open("/verwaltung/ereignisse?standort=rathaus").await;
    assert_eq!(events.status(), StatusCode::OK);
    let mut tx = desk.test.tx("probe").await;
    sqlx::query("DELETE FROM staff_session WHERE staff_id = $1").bind(desk.lead.id).execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
    let over = async { while events.chunk().await.unwrap().is_some() {} };
    tokio::time::timeout(Duration::from_secs(60), over).await.expect("the stream ends");
}

#[tokio::test]
async fn the_server_ends_although_somebody_listens() {
    let Desk { test: _test, server, lead } = Desk::open().await;
    let events = lead.open("/verwaltung/ereignisse?standort=rathaus").await;
    tokio::time::timeout(Duration::from_secs(25), server.stop()).await.expect("a good end");
    drop(events);
}

#[tokio::test]
async fn an_account_has_so_many_streams_and_no_more() {
    let desk = Desk::open().await;
    let mut open = Vec::new();
    for _ in 0..12 {
        open.push(desk.lead.open("/verwaltung/ereignisse").await);
    }
    assert_eq!(desk.lead.open("/verwaltung/ereignisse").await.status(), StatusCode::SERVICE_UNAVAILABLE);
    let other = desk.colleague(Role::Clerk).await;
    assert_eq!(other.open("/verwaltung/ereignisse").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_place_that_somebody_keeps_while_typing_is_shown() {
    let desk = Desk::open().await;
    let free = async || desk.lead.get(DAY).await.all(".kpi div:last-child dd")[0].text().collect::<String>();
    let before: usize = free().await.parse().unwrap();
    assert!(desk.lead.get(DAY).await.all(".held").is_empty());
    let mut tx = desk.test.tx("probe").await;
    let (id, start) = (Uuid::from_u128(0xe3), "2026-12-01T10:00:00Z".parse().unwrap());
    plan(&mut tx, Planned { id, location: 1, counter: 1, start, minutes: 15 }, "Vor Dem Absenden").await;
    sqlx::query(
        "UPDATE booking SET state = 'draft', booked_at = NULL, name = NULL, phone = NULL, code = NULL,
                hold_until = '2026-12-01T08:15:00Z' WHERE id = $1",
    )
    .bind(id)
    .execute(tx.conn())
    .await
    .unwrap();
    sqlx::query("UPDATE appointment SET status = 'held', hold_until = '2026-12-01T08:15:00Z' WHERE id = $1")
        .bind(id)
        .execute(tx.conn())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let board = desk.lead.get(DAY).await;
    board.says("11:00 wird gerade gebucht, reserviert bis 09:15").says("gebucht 2");
    assert_eq!(board.all(".held.c2.r38.h3").len(), 1, "{}", board.source);
    assert_eq!(free().await.parse::<usize>().unwrap(), before - 1, "not free as long as it is kept");
}

#[tokio::test]
async fn a_slip_of_the_finger_takes_no_concern_away() {
    let desk = Desk::open().await;
    for typed in ["1o", "", "-1", "21", "300"] {
        let fields = [("version", "0"), ("menge-personalausweis", typed), ("neu", "ummeldung")];
        let refused = desk.lead.post(&of(ERIKA, "/aendern"), &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed:?}");
        refused.says("jede Anzahl als ganze Zahl").says("09:20–09:35");
        assert_eq!(refused.value("menge-personalausweis"), typed, "what was typed stays");
    }
}

#[tokio::test]
async fn what_somebody_comes_for_can_turn_out_at_the_counter() {
    let desk = Desk::open().await;
    desk.lead.post(&of(ERIKA, "/bedienen"), &[("version", "0")]).await;
    let panel = desk.lead.get(&format!("{DAY}&termin={ERIKA}")).await;
    assert_eq!(panel.all(".panel-place a[href$='#aendern']").len(), 1, "{}", panel.source);
    assert!(panel.all(".panel-place a[href$='#verschieben']").is_empty());
}

/// Which form, what is typed, and what is said once it is done.
type Sent<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str);

/// Nobody has to type anything again because a session has ended meanwhile.
#[tokio::test]
async fn a_form_of_an_ended_session_is_sent_again_with_one_press() {
    let desk = Desk::open().await;
    let mut tx = desk.test.tx("probe").await;
    sqlx::query("DELETE FROM staff_session WHERE staff_id = $1").bind(desk.lead.id).execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
    let again = desk.colleague(Role::Lead).await;
    let forms: [Sent<'_>; 5] = [
        ("/notiz", &[("notiz", "kommt mit Kinderwagen & Hund")], "Die Notiz ist gespeichert"),
        ("/aendern", &[("menge-personalausweis", "1"), ("minuten", "20")], "Der Termin ist geändert"),
        (
            "/verschieben",
            &[("schalter", "2"), ("tag", "2026-12-01"), ("uhrzeit", "11:00")],
            "Der Termin ist verschoben",
        ),
        ("/angekommen", &[("von", "tag")], "ist da"),
        ("/zurueck", &[], "gebucht"),
    ];
    for (version, (verb, typed, done)) in forms.into_iter().enumerate() {
        let version = version.to_string();
        let fields = [&[("version", version.as_str())], typed].concat();
        let refused = desk.lead.post(&of(ERIKA, verb), &fields).await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{verb}");
        let (to, kept) = (refused.value("weiter"), refused.value("behalten"));
        assert_eq!(to, of(ERIKA, verb));
        let kept: Vec<(String, String)> = url::form_urlencoded::parse(kept.as_bytes()).into_owned().collect();
        let kept: Vec<(&str, &str)> = kept.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(kept, fields, "{verb}");
        again.post(&to, &kept).await.says(done);
    }
}
