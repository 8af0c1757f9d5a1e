//! Every page for staff with every role, without a sign-in, and with another town's session.

use std::path::Path;
use std::sync::Arc;

use e2e::day::{self, Planned};
use e2e::{Server, TestDb};
use identity::{Right, Role};
use reqwest::header::{COOKIE, LOCATION};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, StatusCode};
use uuid::Uuid;

/// Who may come to an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    /// Whoever holds this right.
    With(Right),
    /// Whoever is signed in.
    Staff,
    /// Everybody: the way to a sign-in.
    Anyone,
}

use Right::{Book, ChangeBookings, CloseCounters, Import, ManageStaff, SeeDay, Serve};
use Who::{Anyone, Staff, With};

/// An id of nothing.
const ID: &str = "00000000-0000-4000-8000-000000000001";

/// Every address below `/verwaltung`, `{}` standing for an id, with the rights for GET and POST.
const PAGES: &[(&str, Option<Who>, Option<Who>)] = &[
    ("", Some(With(SeeDay)), None),
    ("/", Some(With(SeeDay)), None),
    ("/tag", Some(With(SeeDay)), None),
    ("/tag/druck", Some(With(SeeDay)), None),
    ("/woche", Some(With(SeeDay)), None),
    ("/ereignisse?standort=rathaus&tag=2026-12-01", Some(With(SeeDay)), None),
    ("/termine/{}", Some(With(SeeDay)), None),
    ("/termine/{}/angekommen", None, Some(With(Serve))),
    ("/termine/{}/aufrufen", None, Some(With(Serve))),
    ("/termine/{}/bedienen", None, Some(With(Serve))),
    ("/termine/{}/erledigt", None, Some(With(Serve))),
    ("/termine/{}/nicht-erschienen", None, Some(With(Serve))),
    ("/termine/{}/zurueck", None, Some(With(Serve))),
    ("/termine/{}/notiz", None, Some(With(ChangeBookings))),
    ("/termine/{}/absagen", None, Some(With(ChangeBookings))),
    ("/termine/{}/aendern", None, Some(With(ChangeBookings))),
    ("/termine/{}/verschieben", None, Some(With(ChangeBookings))),
    ("/termine/{}/geprueft", None, Some(With(ChangeBookings))),
    ("/neu", Some(With(Book)), Some(With(Book))),
    ("/neu/zeiten", None, Some(With(Book))),
    ("/neu/fertig/{}", Some(With(Book)), None),
    ("/neu/zettel/{}", Some(With(SeeDay)), None),
    ("/suche?q=lea", Some(With(SeeDay)), None),
    ("/warteschlange", Some(With(SeeDay)), None),
    ("/warteschlange/platz", None, Some(With(Serve))),
    ("/warteschlange/naechste", None, Some(With(Serve))),
    ("/warteschlange/ankunft", None, Some(With(Serve))),
    ("/warteschlange/neu", Some(With(Serve)), Some(With(Serve))),
    ("/warteschlange/wartebereich", Some(With(SeeDay)), None),
    ("/warteschlange/{}", Some(With(SeeDay)), None),
    ("/warteschlange/{}/zettel", Some(With(SeeDay)), None),
    ("/warteschlange/{}/weiterleiten", None, Some(With(Serve))),
    ("/warteschlange/{}/vorrang", None, Some(With(Serve))),
    ("/warteschlange/{}/aufrufen", None, Some(With(Serve))),
    ("/warteschlange/{}/erneut", None, Some(With(Serve))),
    ("/warteschlange/{}/parken", None, Some(With(Serve))),
    ("/warteschlange/{}/bedienen", None, Some(With(Serve))),
    ("/warteschlange/{}/erledigt", None, Some(With(Serve))),
    ("/warteschlange/{}/nicht-erschienen", None, Some(With(Serve))),
    ("/warteschlange/{}/zurueck", None, Some(With(Serve))),
    ("/ausfall", Some(With(CloseCounters)), None),
    ("/ausfall/vorschau", Some(With(CloseCounters)), Some(With(CloseCounters))),
    ("/ausfall/{}", Some(With(CloseCounters)), None),
    ("/ausfall/{}/zuruecknehmen", None, Some(With(CloseCounters))),
    ("/ausfall/{}/oeffnen", None, Some(With(CloseCounters))),
    ("/ausfall/{}/angerufen", None, Some(With(CloseCounters))),
    ("/import", Some(With(Import)), Some(With(Import))),
    ("/import/papier", Some(With(Import)), Some(With(Import))),
    ("/import/{}/spalten", Some(With(Import)), Some(With(Import))),
    ("/import/{}/anliegen", Some(With(Import)), Some(With(Import))),
    ("/import/{}/pruefung", Some(With(Import)), Some(With(Import))),
    ("/import/{}/zeilen.csv", Some(With(Import)), None),
    ("/import/{}/fassung", None, Some(With(Import))),
    ("/import/{}/uebernehmen", None, Some(With(Import))),
    ("/import/{}/zuruecknehmen", None, Some(With(Import))),
    ("/import/{}/verwerfen", None, Some(With(Import))),
    ("/import/{}/bericht", Some(With(Import)), None),
    ("/personal", Some(With(ManageStaff)), Some(With(ManageStaff))),
    ("/protokoll", Some(With(ManageStaff)), None),
    ("/personal/{}/rolle", None, Some(With(ManageStaff))),
    ("/personal/{}/sperren", None, Some(With(ManageStaff))),
    ("/personal/{}/freigeben", None, Some(With(ManageStaff))),
    ("/personal/{}/einladung", None, Some(With(ManageStaff))),
    ("/personal/{}/zweiter-faktor", None, Some(With(ManageStaff))),
    ("/personal/{}/anbieter", None, Some(With(ManageStaff))),
    ("/konto", Some(Staff), None),
    ("/konto/passwort", None, Some(Staff)),
    ("/konto/sprache", None, Some(Staff)),
    ("/konto/sitzungen/abc", None, Some(Staff)),
    ("/konto/zweiter-faktor", Some(Staff), Some(Staff)),
    ("/konto/zweiter-faktor/pruefen", None, Some(Staff)),
    ("/konto/zweiter-faktor/codes", None, Some(Staff)),
    ("/konto/zweiter-faktor/entfernen", None, Some(Staff)),
    ("/anmelden", Some(Anyone), Some(Anyone)),
    ("/anmelden/code", Some(Anyone), Some(Anyone)),
    ("/anmelden/anbieter", None, Some(Anyone)),
    ("/anmelden/anbieter/zurueck", Some(Anyone), None),
    ("/abmelden", None, Some(Anyone)),
    ("/passwort-vergessen", Some(Anyone), Some(Anyone)),
    ("/einladung/abc", Some(Anyone), Some(Anyone)),
    ("/passwort/abc", Some(Anyone), Some(Anyone)),
];

/// Half past seven on Tuesday, 1 December 2026: what has an id here is not over yet, and is not forgotten by the worker.
async fn start(test: &TestDb) -> Server {
    let now = "2026-12-01T06:30:00Z".parse().unwrap();
    Server::start_with(test, Arc::new(move || now), web::Limits::off()).await
}

struct Visitor {
    client: Client,
    base: String,
    cookie: Option<String>,
}

struct Answered {
    status: StatusCode,
    location: String,
}

impl Visitor {
    fn new(server: &Server, test: &TestDb, cookie: Option<&str>) -> Self {
        let here = ([127, 0, 0, 1], server.port()).into();
        let client =
            Client::builder().no_proxy().redirect(Policy::none()).resolve("probe.localhost", here).build().unwrap();
        Self { client, base: server.url(test, "probe", "/verwaltung"), cookie: cookie.map(str::to_owned) }
    }

    async fn ask(&self, method: Method, path: &str) -> Answered {
        let request = self.client.request(method.clone(), format!("{}{}", self.base, path.replace("{}", ID)));
        let request = request.header("sec-fetch-site", "same-origin").header("sec-fetch-mode", "navigate");
        let request = if method == Method::POST { request.form(&[("versuch", ID)]) } else { request };
        let request = match &self.cookie {
            Some(cookie) => request.header(COOKIE, format!("sitzung={cookie}")),
            None => request,
        };
        let answer = request.send().await.unwrap();
        let location = answer.headers().get(LOCATION).and_then(|it| it.to_str().ok()).unwrap_or_default().to_owned();
        Answered { status: answer.status(), location }
    }
}

/// Every address with each of its methods.
fn all() -> impl Iterator<Item = (Method, &'static str, Who)> {
    PAGES.iter().flat_map(|(path, get, post)| {
        let get = get.map(|who| (Method::GET, *path, who));
        get.into_iter().chain(post.map(|who| (Method::POST, *path, who)))
    })
}

#[tokio::test]
async fn each_role_reaches_what_its_rights_allow_and_nothing_else() {
    let test = TestDb::with_town("probe").await;
    let server = start(&test).await;
    for role in Role::ALL {
        let staff = server.sign_in(&test, "probe", role).await;
        let visitor = Visitor::new(&server, &test, Some(staff.cookie()));
        for (method, path, who) in all() {
            if path == "/abmelden" {
                continue; // it would end the session
            }
            let answered = visitor.ask(method.clone(), path).await;
            let may = match who {
                With(right) => role.may(right),
                Staff | Anyone => true,
            };
            let what = format!("{role:?} {method} {path}: {} {}", answered.status, answered.location);
            if may {
                assert!(!answered.status.is_server_error(), "{what}");
                assert_ne!(answered.status, StatusCode::UNAUTHORIZED, "{what}");
                assert_ne!(answered.status, StatusCode::FORBIDDEN, "{what}");
                let is_sent_away = answered.location.contains("/verwaltung/anmelden") && who != Anyone;
                assert!(!is_sent_away, "{what}");
            } else {
                assert_eq!(answered.status, StatusCode::FORBIDDEN, "{what}");
            }
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn nobody_comes_in_without_a_sign_in_or_with_another_towns() {
    let test = TestDb::with_town("probe").await;
    let server = start(&test).await;
    let stranger = server.sign_in(&test, "other", Role::Admin).await;
    for cookie in [None, Some(stranger.cookie()), Some("AAAAAAAAAAAAAAAAAAAAAA"), Some("")] {
        let visitor = Visitor::new(&server, &test, cookie);
        for (method, path, who) in all().filter(|(_, _, who)| *who != Anyone) {
            let answered = visitor.ask(method.clone(), path).await;
            let what = format!("{cookie:?} {method} {path} ({who:?}): {} {}", answered.status, answered.location);
            if method == Method::GET {
                assert_eq!(answered.status, StatusCode::SEE_OTHER, "{what}");
                assert!(answered.location.contains("/verwaltung/anmelden"), "{what}");
            } else {
                assert_eq!(answered.status, StatusCode::UNAUTHORIZED, "{what}");
            }
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn no_form_is_taken_from_another_site_or_from_nowhere() {
    let test = TestDb::with_town("probe").await;
    let server = start(&test).await;
    let staff = server.sign_in(&test, "probe", Role::Admin).await;
    let visitor = Visitor::new(&server, &test, Some(staff.cookie()));
    for (_, path, _) in all().filter(|(method, ..)| *method == Method::POST) {
        let address = format!("{}{}", visitor.base, path.replace("{}", ID));
        let form = || {
            visitor.client.post(&address).form(&[("versuch", ID)]).header(COOKIE, format!("sitzung={}", staff.cookie()))
        };
        for request in
            [form(), form().header("sec-fetch-site", "cross-site"), form().header("origin", "https://evil.example")]
        {
            let status = request.send().await.unwrap().status();
            assert_eq!(status, StatusCode::FORBIDDEN, "{path}");
        }
    }
    server.stop().await;
}

/// All that has an id, each under [`ID`]: an appointment with its booking, a ticket, an absence, a colleague, an import.
async fn fill(test: &TestDb, town: &str) {
    let mut tx = test.tx(town).await;
    let id: Uuid = ID.parse().unwrap();
    let start = "2026-12-01T09:00:00Z".parse().unwrap();
    day::plan(&mut tx, Planned { id, location: 1, counter: 1, start, minutes: 15 }, "Lea Beispiel").await;
    for statement in [
        "INSERT INTO staff (id, email, name, role, created_at) VALUES ($1, 'lea@example.org', 'Lea', 'clerk', now())",
        "INSERT INTO ticket (id, location_id, day, kind, number, minutes, state, due_at, created_at, changed_at)
         VALUES ($1, 1, '2026-12-01', 'walk_in', 101, 15, 'waiting', now(), now(), now())",
        "INSERT INTO absence (id, location_id, first_day, last_day, state, created_at, send_at)
         VALUES ($1, 1, '2026-12-01', '2026-12-01', 'done', now(), now())",
        r#"INSERT INTO import_batch (id, file_name, state, shape, created_at)
           VALUES ($1, 'liste.csv', 'checked', '{"format": "csv", "encoding": "utf-8", "separator": ";", "header_line": 1,
                   "date_order": null, "columns": ["Datum", "Name"], "sample": []}', now())"#,
        "INSERT INTO import_piece (batch_id, number, content) VALUES ($1, 0, 'Datum;Name')",
    ] {
        sqlx::query(statement).bind(id).execute(tx.conn()).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// Whoever may do everything here finds nothing by an id from elsewhere, whatever they type beside it.
#[tokio::test]
async fn another_towns_ids_are_not_found() {
    let test = TestDb::with_town("probe").await;
    let server = start(&test).await;
    fill(&test, "other").await;
    let here = server.sign_in(&test, "probe", Role::Admin).await;
    let there = server.sign_in(&test, "other", Role::Admin).await;
    let mut tx = test.tx("probe").await;
    identity::people::sit_at(&mut tx, here.id, Some(1)).await.unwrap();
    tx.commit().await.unwrap();
    let form = [
        ("version", "0"),
        ("stand", "0"),
        ("rolle", "lead"),
        ("tag", "2026-12-01"),
        ("uhrzeit", "10:00"),
        ("schalter", "1"),
        ("ziel", "standort:1"),
        ("neu", "personalausweis"),
        ("minuten", "15"),
        ("grund", "x"),
        ("notiz", "x"),
        ("standort", "rathaus"),
        ("termin", ID),
        ("versuch", ID),
        ("vorrang", "1"),
    ];
    let mut looked_at = 0;
    for (method, path, _) in all().filter(|(_, path, _)| path.contains("{}")) {
        let path = format!("/verwaltung{}", path.replace("{}", ID));
        let (known, unknown) = match method {
            Method::GET => (there.get(&path).await.status, here.get(&path).await.status),
            _ => (StatusCode::OK, here.post(&path, &form).await.status),
        };
        assert_eq!(unknown, StatusCode::NOT_FOUND, "{method} {path}");
        assert_eq!(known, StatusCode::OK, "{method} {path} in its own town");
        looked_at += 1;
    }
    assert!(looked_at > 25, "{looked_at}");
    server.stop().await;
}

/// A page that somebody adds without a line in [`PAGES`] is found here.
#[test]
fn no_address_is_missing_here() {
    let mut routes = 0;
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/src/staff")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else {
                routes += std::fs::read_to_string(entry.path()).unwrap().matches(".route(").count();
            }
        }
    }
    assert_eq!(routes, PAGES.len(), "addresses in web/src/staff, and here");
}
