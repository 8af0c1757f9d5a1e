//! What holds for every page, whatever it is about: bad input, headers, cookies, caching, languages.

use std::sync::Arc;
use std::time::{Duration, Instant};

use booking::Links;
use e2e::TestDb;
use futures::future::join_all;
use jiff::Timestamp;
use tenancy::{Directory, TenantSlug};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use web::{AppState, Limits, Options, Towns};

/// Every route of a town, with a token and an id that do not exist.
const ROUTES: &[&str] = &[
    "/",
    "/termin",
    "/reservierung",
    "/verwalten",
    "/buchung/AAAAAAAAAAAAAAAAAAAAAA",
    "/buchung/AAAAAAAAAAAAAAAAAAAAAA/termin",
    "/buchung/AAAAAAAAAAAAAAAAAAAAAA/angaben",
    "/buchung/AAAAAAAAAAAAAAAAAAAAAA/verlaengerung",
    "/buchung/AAAAAAAAAAAAAAAAAAAAAA/fertig",
    "/buchung/AAAAAAAAAAAAAAAAAAAAAA/termin.ics",
    "/buchung/AAAAAAAAAAAAAAAAAAAAAA/mail",
    "/buchung/AAAAAAAAAAAAAAAAAAAAAA/termine/0199f000-0000-7000-8000-000000000000/absage",
    "/buchung/AAAAAAAAAAAAAAAAAAAAAA/termine/0199f000-0000-7000-8000-000000000000/verschieben",
    "/buchung/AAAAAAAAAAAAAAAAAAAAAA/termine/1/absage",
    "/haeufige-fragen",
    "/datenschutz",
    "/impressum",
    "/barrierefreiheit",
    "/formulare/nichts.pdf",
    "/assets/0000000000000000/css/nichts.css",
    "/thema/nichts",
    "/logo/nichts",
    "/gibt-es-nicht",
];

const FORM: &str = "Content-Type: application/x-www-form-urlencoded\r\n";

struct Served {
    address: std::net::SocketAddr,
    db: TestDb,
}

struct Answer {
    what: String,
    status: u16,
    head: String,
    body: String,
}

impl Served {
    async fn start() -> Self {
        Self::with(Limits::off(), &[]).await
    }

    async fn with(limits: Limits, trusted_proxies: &[&str]) -> Self {
        let db = TestDb::with_town("probe").await;
        let directory = Arc::new(Directory::load(db.db()).await.unwrap());
        #[allow(clippy::disallowed_methods, reason = "the clock enters here")]
        let clock = Arc::new(Timestamp::now);
        let trusted_proxies = trusted_proxies.iter().map(|it| it.parse().unwrap()).collect();
        let vault = identity::Vault::new(b"a secret of the tests, long enough");
        let providers = identity::Providers::new(std::collections::HashMap::new()).unwrap();
        let links = Links::new(b"a secret of the tests, long enough");
        let app = AppState::new(
            db.db().clone(),
            directory,
            links,
            Options { vault, providers, clock, limits, trusted_proxies },
        );
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(web::serve(listener, web::router(app), std::future::pending()));
        Self { address, db }
    }

    /// Sends exactly these bytes behind the request line and the headers, and reads all that comes back.
    async fn send(&self, line: &str, headers: &str, body: &[u8]) -> Answer {
        let host = if headers.contains("Host:") { "" } else { "Host: probe.localhost\r\n" };
        let length = if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
        let head = format!("{line} HTTP/1.1\r\n{host}{headers}{length}Connection: close\r\n\r\n");
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(body).await.unwrap();
        let mut bytes = Vec::new();
        tokio::time::timeout(Duration::from_secs(60), stream.read_to_end(&mut bytes)).await.unwrap().unwrap();
        let text = String::from_utf8_lossy(&bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{line}: no answer but {text:?}"));
        let status = head[9..12].parse().unwrap();
        Answer { what: format!("{line} → {status}"), status, head: head.to_lowercase(), body: body.to_owned() }
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(&format!("GET /termine{path}"), "", b"").await
    }

    async fn post(&self, path: &str, headers: &str, body: &[u8]) -> Answer {
        self.send(&format!("POST /termine{path}"), headers, body).await
    }
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim)
    }

    /// A page with the town's name, a heading, and a way on.
    fn is_in_the_towns_look(&self) {
        assert_eq!(self.header("content-type"), Some("text/html; charset=utf-8"), "{}", self.what);
        for part in ["Stadt Probe", "<h1", r#"href="/termine/""#, r#"href="mailto:buergerbuero@probe.example""#] {
            assert!(self.body.contains(part), "{} has no {part}:\n{}", self.what, self.body);
        }
    }

    fn is_a_worded_refusal(&self) {
        assert!((400..500).contains(&self.status), "{}", self.what);
        self.is_in_the_towns_look();
    }

    fn is_safe(&self) {
        for (name, value) in [
            ("content-security-policy", "default-src 'none'"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "strict-origin"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            let own = self.header(name).unwrap_or_else(|| panic!("{} has no {name}", self.what));
            assert!(own.contains(value), "{}: {name} is {own}", self.what);
        }
        assert!(!self.header("content-security-policy").unwrap().contains("script-src 'unsafe"), "{}", self.what);
        assert_eq!(self.header("set-cookie"), None, "{}", self.what);
    }
}

#[tokio::test]
async fn what_is_no_text_is_refused_in_words_on_every_route() {
    let served = Served::start().await;
    for route in ROUTES {
        for ending in ["?a=%00", "?a=%ff", "?a=%zz", "?%C3=1", "%00", "/%ff", "/%C3%28"] {
            let answer = served.get(&format!("{route}{ending}")).await;
            answer.is_a_worded_refusal();
            answer.is_safe();
        }
    }
}

#[tokio::test]
async fn bad_bodies_are_refused_in_words_on_every_route() {
    let served = Served::start().await;
    let huge = [b"name=".to_vec(), vec![b'x'; 1024 * 1024]].concat();
    for route in ROUTES {
        for body in [&b"name=%00"[..], b"name=%ff", b"name=\xff\xfe", b"name=a\0b", b"%", &huge] {
            let answer = served.post(route, FORM, body).await;
            answer.is_a_worded_refusal();
            answer.is_safe();
            if body.len() > 1024 {
                assert_eq!(answer.status, 413, "{}", answer.what);
            }
        }
        for kind in ["application/json", "multipart/form-data; boundary=x", "text/plain"] {
            served.post(route, &format!("Content-Type: {kind}\r\n"), b"{}").await.is_a_worded_refusal();
        }
        served.post(route, "", b"").await.is_a_worded_refusal();
    }
}

#[tokio::test]
async fn forms_from_other_sites_are_refused_on_every_route() {
    let served = Served::start().await;
    for route in ROUTES {
        for from in
            ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site", "Origin: https://evil.example", "Origin: null"]
        {
            let answer = served.post(route, &format!("{FORM}{from}\r\n"), b"a=b").await;
            assert_eq!(answer.status, 403, "{} {from}", answer.what);
            answer.is_in_the_towns_look();
            answer.is_safe();
        }
        let own = served.post(route, &format!("{FORM}Origin: http://probe.localhost\r\n"), b"a=b").await;
        assert_ne!(own.status, 403, "{}", own.what);
    }
}

#[tokio::test]
async fn other_methods_are_refused_in_words_on_every_route() {
    let served = Served::start().await;
    for route in ROUTES {
        for method in ["DELETE", "PUT", "PATCH", "OPTIONS", "TRACE", "BREW"] {
            let answer = served.send(&format!("{method} /termine{route}"), "", b"").await;
            assert!(matches!(answer.status, 404 | 405), "{}", answer.what);
            answer.is_in_the_towns_look();
            answer.is_safe();
        }
    }
}

#[tokio::test]
async fn no_get_fails_and_none_sets_a_cookie() {
    let served = Served::start().await;
    for route in ROUTES {
        let answer = served.get(route).await;
        assert!(answer.status < 500, "{}\n{}", answer.what, answer.body);
        answer.is_safe();
        let head = served.send(&format!("HEAD /termine{route}"), "", b"").await;
        assert_eq!((head.status, head.body.as_str()), (answer.status, ""), "{}", head.what);
        head.is_safe();
    }
}

#[tokio::test]
async fn an_address_without_a_town_names_no_town() {
    let served = Served::start().await;
    for (path, host) in [
        ("/termine", "nobody.example"),
        ("/termine/termin", "probe.example"),
        ("/terminvergabe", "probe.localhost"),
        ("/terminea", "probe.localhost"),
        ("/assets/0/css/app.css", "probe.localhost"),
        ("/termine", ""),
    ] {
        let answer = served.send(&format!("GET {path}"), &format!("Host: {host}\r\n"), b"").await;
        assert_eq!(answer.status, 404, "{}", answer.what);
        assert!(!answer.body.contains("Probe") && answer.body.contains("<h1>"), "{}", answer.body);
        answer.is_safe();
    }
}

#[tokio::test]
async fn one_town_answers_nothing_of_another() {
    let served = Served::start().await;
    let mut tx = served.db.tx("other").await;
    sqlx::raw_sql("UPDATE page_text SET markdown = 'Geheimnis der anderen'").execute(tx.conn()).await.unwrap();
    sqlx::raw_sql(
        "INSERT INTO form (key, file, title, content, sha256) VALUES ('f', 'f.pdf', '{\"de\": \"F\"}', 'PDF', 'x')",
    )
    .execute(tx.conn())
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let other = served.send("GET /termine/formulare/f.pdf", "Host: other.localhost\r\n", b"").await;
    assert_eq!((other.status, other.body.as_str()), (200, "PDF"));
    assert_eq!(other.header("content-type"), Some("application/pdf"));
    assert_eq!(served.get("/formulare/f.pdf").await.status, 404);
    assert!(!served.get("/datenschutz").await.body.contains("Geheimnis"));
    // The host decides, whatever else the request claims.
    let claims = "X-Forwarded-Host: other.localhost\r\nForwarded: host=other.localhost\r\n";
    assert!(!served.send("GET /termine/datenschutz", claims, b"").await.body.contains("Geheimnis"));
}

#[tokio::test]
async fn files_are_served_from_their_folder_only() {
    let served = Served::start().await;
    for path in [
        "/assets/x/../../Cargo.toml",
        "/assets/x/..%2f..%2fCargo.toml",
        "/assets/x/css/..%2f..%2f..%2fCargo.toml",
        "/assets/x/%2e%2e/%2e%2e/Cargo.toml",
        "/assets/x//etc/passwd",
        "/assets/x/%2fetc%2fpasswd",
        "/assets/x/css",
        "/formulare/..%2f..%2fCargo.toml",
        "/formulare/%2fetc%2fpasswd",
        "/logo/..%2fx.css",
    ] {
        let answer = served.get(path).await;
        assert_eq!(answer.status, 404, "{}", answer.what);
        answer.is_in_the_towns_look();
    }
}

#[tokio::test]
async fn assets_are_kept_for_ever_under_an_address_that_changes_with_them() {
    let served = Served::start().await;
    let page = served.get("/datenschutz").await.body;
    let links: Vec<&str> =
        page.split('"').filter(|it| ["/assets/", "/thema/", "/logo/"].iter().any(|kind| it.contains(kind))).collect();
    assert!(links.len() >= 6, "{page}");
    for link in links {
        let answer = served.send(&format!("GET {link}"), "", b"").await;
        assert_eq!(answer.status, 200, "{}", answer.what);
        assert_eq!(answer.header("cache-control"), Some("public, max-age=31536000, immutable"), "{}", answer.what);
        answer.is_safe();
    }
    let old = served.get("/assets/0000000000000000/css/app.css").await;
    assert_eq!(
        (old.status, old.header("cache-control")),
        (200, Some("no-cache")),
        "another release's page still gets its style"
    );
    let theme = served.get("/thema/0.css").await;
    let tag = theme.header("etag").unwrap();
    assert!(theme.body.contains("--town-primary: #124a86"), "{}", theme.body);
    let known = served.send("GET /termine/thema/0.css", &format!("If-None-Match: {tag}\r\n"), b"").await;
    assert_eq!((known.status, known.body.as_str()), (304, ""));
}

#[tokio::test]
async fn a_citizen_chooses_the_language_once() {
    let served = Served::start().await;
    assert!(served.get("/haeufige-fragen").await.body.contains(r#"<html lang="de""#));
    let english = "Accept-Language: en-GB,en;q=0.9,de;q=0.8\r\n";
    assert!(served.send("GET /termine/haeufige-fragen", english, b"").await.body.contains(r#"<html lang="en""#));

    let switch = served.get("/haeufige-fragen?a=%C3%A4&sprache=en&b=2").await;
    assert_eq!((switch.status, switch.header("location")), (303, Some("/termine/haeufige-fragen?a=%c3%a4&b=2")));
    let cookie = switch.header("set-cookie").unwrap();
    assert!(cookie.starts_with("sprache=en; path=/termine;") && cookie.contains("httponly"), "{cookie}");
    let remembered = "Cookie: sprache=en\r\nAccept-Language: de\r\n";
    assert!(served.send("GET /termine/haeufige-fragen", remembered, b"").await.body.contains(r#"<html lang="en""#));
    assert_eq!(served.get("/haeufige-fragen?sprache=klingonisch").await.header("set-cookie"), None);
}

#[tokio::test]
async fn https_is_known_from_a_trusted_proxy() {
    let forwarded = "Host: inner:1\r\nX-Forwarded-Host: probe.localhost\r\nX-Forwarded-Proto: https\r\n";
    let behind = Served::with(Limits::off(), &["127.0.0.0/8"]).await;
    let answer = behind.send("GET /termine/datenschutz?sprache=en", forwarded, b"").await;
    assert_eq!(answer.header("strict-transport-security"), Some("max-age=31536000"));
    assert!(answer.header("set-cookie").unwrap().ends_with("; secure"));
    let bare = Served::start().await;
    assert_eq!(bare.send("GET /termine/datenschutz", forwarded, b"").await.status, 404);
}

#[tokio::test]
async fn too_many_forms_at_once_are_asked_to_wait() {
    let served = Served::with(Limits::standard(), &[]).await;
    // Four a second are given back: however slow the machine, so many at a time are faster.
    let mut last = served.post("/gibt-es-nicht", FORM, b"a=b").await;
    for _ in 0..40 {
        if last.status == 429 {
            break;
        }
        let answers = join_all((0..50).map(|_| served.post("/gibt-es-nicht", FORM, b"a=b"))).await;
        last = answers.into_iter().max_by_key(|it| it.status).unwrap();
    }
    assert_eq!(last.status, 429);
    assert!(last.header("retry-after").unwrap().parse::<u32>().unwrap() > 0);
    last.is_in_the_towns_look();
    assert_eq!(served.get("/datenschutz").await.status, 200, "looking is still allowed");
}

#[tokio::test]
async fn our_own_failure_says_so_and_gives_a_number() {
    let served = Served::start().await;
    assert_eq!(served.get("/datenschutz").await.status, 200);
    let mut owner = served.db.admin_connection().await;
    sqlx::raw_sql("ALTER TABLE t_probe.form RENAME TO lost").execute(&mut owner).await.unwrap();
    let answer = served.get("/formulare/a.pdf").await;
    assert_eq!(answer.status, 500);
    answer.is_in_the_towns_look();
    answer.is_safe();
    let id = answer.header("x-request-id").unwrap();
    assert!(answer.body.contains(id), "the number {id} is not on the page");
    assert!(!answer.body.contains("relation"), "what broke is for the log alone");
}

#[tokio::test]
async fn a_towns_changes_show_within_a_second() {
    let served = Served::start().await;
    assert!(!served.get("/impressum").await.body.contains("Neue Angaben"));
    let mut tx = served.db.tx("probe").await;
    sqlx::raw_sql(
        "UPDATE page_text SET markdown = 'Neue Angaben' WHERE slug = 'imprint'; UPDATE town SET version = version + 1",
    )
    .execute(tx.conn())
    .await
    .unwrap();
    tx.commit().await.unwrap();
    tokio::time::sleep(Duration::from_millis(1100)).await;
    assert!(served.get("/impressum").await.body.contains("Neue Angaben"));
}

#[tokio::test]
async fn a_town_is_read_once_and_again_when_we_changed_it_ourselves() {
    let db = TestDb::with_town("probe").await;
    let (towns, tenant) = (Towns::new(db.db().clone()), Directory::load(db.db()).await.unwrap());
    let tenant = tenant.by_slug(&TenantSlug::parse("probe").unwrap()).unwrap();
    let now = "2026-11-23T07:00:00Z".parse().unwrap();
    let first = towns.get(&tenant, now).await.unwrap();
    let readers = join_all((0..50).map(|_| towns.get(&tenant, now))).await;
    assert!(readers.iter().all(|it| Arc::ptr_eq(it.as_ref().unwrap(), &first)), "everybody shares one town");

    // A busy machine may need several tries until all of it falls into one second.
    for _ in 0..20 {
        towns.touched(&tenant);
        let began = Instant::now();
        let first = towns.get(&tenant, now).await.unwrap();
        let mut tx = db.tx("probe").await;
        sqlx::raw_sql("UPDATE town SET version = version + 1").execute(tx.conn()).await.unwrap();
        tx.commit().await.unwrap();
        let second = towns.get(&tenant, now).await.unwrap();
        if began.elapsed() >= Duration::from_secs(1) {
            continue;
        }
        assert!(Arc::ptr_eq(&second, &first), "within a second nobody asks");
        towns.touched(&tenant);
        assert_eq!(towns.get(&tenant, now).await.unwrap().town.version, first.town.version + 1);
        return;
    }
    panic!("twenty times it took longer than a second");
}

#[tokio::test]
async fn pages_are_compressed_for_those_who_can_read_it() {
    let served = Served::start().await;
    let answer = served.send("GET /termine/datenschutz", "Accept-Encoding: gzip\r\n", b"").await;
    assert_eq!(answer.header("content-encoding"), Some("gzip"));
    assert!(answer.header("vary").unwrap().contains("accept-encoding"));
    assert_eq!(served.send("GET /healthz", "Host: whatever\r\n", b"").await.status, 200);
}
