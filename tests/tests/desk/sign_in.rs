//! Signing in and out, over HTTP.

use std::sync::{Arc, Mutex};

use e2e::Server;
use identity::Role;
use jiff::{SignedDuration, Timestamp};
use reqwest::StatusCode;
use web::{Clock, Limits};

use crate::door::{Door, PASSWORD, code};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_wanted_page_comes_after_the_sign_in() {
    let door = Door::open().await;
    door.hire("lea@probe.example", Role::Clerk).await;
    let lea = door.visitor();
    let page = lea.get("/verwaltung/suche?q=M%C3%BCller").await;
    assert!(page.url.path().ends_with("/verwaltung/anmelden"), "{}", page.url);
    let wanted = page.value("weiter");
    assert_eq!(wanted, "/verwaltung/suche?q=M%C3%BCller");
    let page = lea.sign_in("lea@probe.example", &wanted).await;
    assert_eq!((page.status, page.url.query()), (StatusCode::OK, Some("q=M%C3%BCller")));
    page.says("Lea Beispiel").says("Abmelden");
    let page = lea.get("/verwaltung/anmelden").await;
    assert!(page.url.path().ends_with("/verwaltung/tag"), "signed in already: {}", page.url);

    let page = lea.post("/verwaltung/abmelden", &[]).await;
    assert!(page.url.path().ends_with("/verwaltung/anmelden"));
    assert!(lea.get("/verwaltung/tag").await.url.path().ends_with("/verwaltung/anmelden"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_says_what_was_wrong_and_too_many_tries_have_to_wait() {
    let door = Door::open().await;
    door.hire("lea@probe.example", Role::Clerk).await;
    let visitor = door.visitor();
    let mut said = Vec::new();
    for (email, password) in [("lea@probe.example", "wrong"), ("nobody@probe.example", PASSWORD)] {
        let page = visitor.post("/verwaltung/anmelden", &[("email", email), ("passwort", password)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(page.value("email"), email, "what was typed is kept");
        said.push(page.text());
    }
    assert_eq!(said[0], said[1]);
    let mut last = StatusCode::OK;
    for _ in 0..12 {
        let wrong = [("email", "lea@probe.example"), ("passwort", "wrong")];
        last = visitor.post("/verwaltung/anmelden", &wrong).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    visitor.sign_in("lea@probe.example", "").await.says("warten Sie");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_session_is_new_at_each_sign_in_and_its_cookie_is_closed() {
    let door = Door::open().await;
    door.hire("lea@probe.example", Role::Clerk).await;
    let mut ids = Vec::new();
    for _ in 0..2 {
        let fields = [("email", "lea@probe.example"), ("passwort", PASSWORD)];
        let answer = door.plain().post(door.url("/verwaltung/anmelden")).header("sec-fetch-site", "same-origin");
        let answer = answer.form(&fields).send().await.unwrap();
        let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
        for part in ["HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        ids.push(cookie.split(';').next().unwrap().to_owned());
    }
    assert_ne!(ids[0], ids[1]);
    // The first one in the other browser is still good; signing in with it at hand ends it.
    let fields = [("email", "lea@probe.example"), ("passwort", PASSWORD)];
    let again = door.plain().post(door.url("/verwaltung/anmelden")).header("sec-fetch-site", "same-origin");
    again.header("cookie", &ids[0]).form(&fields).send().await.unwrap();
    let with = async |id: &String| {
        let answer = door.plain().get(door.url("/verwaltung/konto")).header("cookie", id).send().await.unwrap();
        answer.status()
    };
    assert_eq!((with(&ids[0]).await, with(&ids[1]).await), (StatusCode::SEE_OTHER, StatusCode::OK));
    // Another town does not know it.
    let other = door.server.url(&door.test, "other", "/verwaltung/konto");
    let answer = door.plain().get(other).header("cookie", &ids[1]).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forms_from_elsewhere_and_from_nowhere_are_refused() {
    let door = Door::open().await;
    let clerk = door.server.sign_in(&door.test, "probe", Role::Admin).await;
    let fields = [("email", "lea@probe.example"), ("passwort", PASSWORD)];
    for path in ["/verwaltung/anmelden", "/verwaltung/abmelden", "/verwaltung/personal"] {
        for from in [None, Some("cross-site"), Some("same-site"), Some("none")] {
            let request = door.plain().post(door.url(path)).form(&fields);
            let request = from.into_iter().fold(request, |it, from| it.header("sec-fetch-site", from));
            assert_eq!(request.send().await.unwrap().status(), StatusCode::FORBIDDEN, "{path} {from:?}");
        }
    }
    assert_eq!(clerk.get("/verwaltung/konto").await.status, StatusCode::OK, "nobody was signed out");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_that_comes_too_late_is_kept_through_password_and_code() {
    let door = Door::open().await;
    door.hire("chef@probe.example", Role::Admin).await;
    let secret = door.give_app("chef@probe.example").await;
    let chef = door.visitor();
    let fields = [("name", "Tim & Co"), ("email", "tim@probe.example"), ("rolle", "phone"), ("code", "secret")];
    let page = chef.post("/verwaltung/personal", &fields).await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    page.says("Was Sie eingegeben haben, ist noch da");
    assert!(page.all("a[hreflang]").is_empty(), "a click would lose it");
    let kept = page.value("behalten");
    assert!(!kept.contains("secret"), "{kept}");

    let (to, on) = ("/verwaltung/personal", [("weiter", page.value("weiter")), ("behalten", kept)]);
    assert_eq!(on[0].1, to);
    let onward = on.each_ref().map(|(name, value)| (*name, value.as_str()));
    let typed = [("email", "chef@probe.example"), ("passwort", PASSWORD), onward[0], onward[1]];
    let page = chef.post("/verwaltung/anmelden", &typed).await;
    assert_eq!(page.value("behalten"), onward[1].1, "kept on the page for the code too");
    let code = code(&secret, door.server.now());
    let page = chef.post("/verwaltung/anmelden/code", &[("code", &code), onward[0], onward[1]]).await;
    page.says("Sie sind wieder angemeldet");
    assert_eq!(page.value("name"), "Tim & Co");
    let (email, role) = (page.value("email"), page.value("rolle"));
    let page = chef.post(to, &[("name", "Tim & Co"), ("email", &email), ("rolle", &role)]).await;
    page.says("Die Einladung ist unterwegs").says("tim@probe.example");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_led_to_another_site() {
    let door = Door::open().await;
    door.hire("lea@probe.example", Role::Clerk).await;
    for foreign in ["https://evil.example/", "//evil.example", "/verwaltung/\\evil.example"] {
        let page = door.visitor().sign_in("lea@probe.example", foreign).await;
        assert!(page.url.path().ends_with("/verwaltung/tag"), "{foreign}: {}", page.url);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scripts_learn_by_status_that_nobody_is_signed_in() {
    let door = Door::open().await;
    let request = door.plain().get(door.url("/verwaltung/ereignisse")).header("sec-fetch-mode", "cors");
    assert_eq!(request.send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hosts_own_back_office_is_found_from_its_root() {
    let door = Door::open().await;
    let server: &Server = &door.server;
    let answer = door.plain().get(format!("http://probe.localhost:{}/verwaltung", server.port())).send().await.unwrap();
    assert!(answer.status().is_redirection());
    let base = reqwest::Url::parse(&door.url("")).unwrap().path().to_owned();
    assert_eq!(answer.headers()["location"].to_str().unwrap(), format!("{}/verwaltung", base.trim_end_matches('/')));
}

/// A clock that the test moves.
fn clock() -> (Arc<Mutex<Timestamp>>, Clock) {
    let time = Arc::new(Mutex::new("2026-12-01T07:00:00Z".parse().unwrap()));
    let shared = Arc::clone(&time);
    (time, Arc::new(move || *shared.lock().unwrap()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_hour_after_the_last_touch_an_open_screen_is_signed_out() {
    let (time, clock) = clock();
    let door = Door::open_with(clock, Limits::off()).await;
    door.hire("lea@probe.example", Role::Clerk).await;
    let (lea, tim) = (door.visitor(), door.visitor());
    for visitor in [&lea, &tim] {
        visitor.sign_in("lea@probe.example", "").await;
    }
    for _ in 0..59 {
        *time.lock().unwrap() += SignedDuration::from_mins(1);
        assert!(lea.look("/verwaltung/tag").await.url.path().ends_with("/verwaltung/tag"));
        assert!(tim.get("/verwaltung/tag").await.url.path().ends_with("/verwaltung/tag"));
    }
    *time.lock().unwrap() += SignedDuration::from_mins(1);
    assert!(lea.look("/verwaltung/tag").await.url.path().ends_with("/verwaltung/anmelden"), "nobody sat there");
    assert!(tim.get("/verwaltung/tag").await.url.path().ends_with("/verwaltung/tag"), "somebody did");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn listening_for_events_does_not_keep_a_session_going() {
    let (time, clock) = clock();
    let door = Door::open_with(clock, Limits::off()).await;
    let clerk = door.server.sign_in(&door.test, "probe", Role::Clerk).await;
    let events = door.url("/verwaltung/ereignisse?standort=rathaus&tag=2026-12-01");
    let listen = async || {
        let request = door.plain().get(&events).header("accept", "text/event-stream").header("sec-fetch-mode", "cors");
        request.header("cookie", format!("sitzung={}", clerk.cookie())).send().await.unwrap().status()
    };
    for _ in 0..3 {
        assert_eq!(listen().await, StatusCode::OK);
        *time.lock().unwrap() += SignedDuration::from_mins(20);
    }
    assert_eq!(listen().await, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_is_kept_with_its_address_even_if_the_code_comes_too_late() {
    let (time, clock) = clock();
    let door = Door::open_with(clock, Limits::off()).await;
    door.hire("chef@probe.example", Role::Admin).await;
    let secret = door.give_app("chef@probe.example").await;
    let chef = door.visitor();
    let to = "/verwaltung/personal?von=Dr..Weber";
    let page = chef.post(to, &[("name", "Tim & Co"), ("email", "tim@probe.example")]).await;
    let (wanted, kept) = (page.value("weiter"), page.value("behalten"));
    assert_eq!(wanted, to);
    let onward = [("weiter", wanted.as_str()), ("behalten", kept.as_str())];
    let typed = [("email", "chef@probe.example"), ("passwort", PASSWORD), onward[0], onward[1]];
    chef.post("/verwaltung/anmelden", &typed).await.says("Bestätigungscode");
    *time.lock().unwrap() += SignedDuration::from_mins(11);
    let shown = code(&secret, door.server.now());
    let page = chef.post("/verwaltung/anmelden/code", &[("code", &shown), onward[0], onward[1]]).await;
    page.says("Der Code kam zu spät");
    assert_eq!((page.value("weiter"), page.value("behalten")), (wanted.clone(), kept.clone()));
    chef.post("/verwaltung/anmelden", &typed).await.says("Bestätigungscode");
    let page = chef.post("/verwaltung/anmelden/code", &[("code", &shown), onward[0], onward[1]]).await;
    // At a counter it may be somebody else's: what it is, and in whose name it goes, is said.
    page.says("Tim & Co").says("tim@probe.example").says("Im Verlauf steht dann: Lea Beispiel");
    assert!(page.all("main form")[0].attr("action").unwrap().ends_with(to), "{}", page.source);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_whole_town_hall_types_behind_one_address_and_a_stranger_there_does_not() {
    let door = Door::open_with(clock().1, Limits::standard()).await;
    let clerk = door.server.sign_in(&door.test, "probe", Role::Clerk).await;
    for number in 0..400 {
        let status = clerk.post("/verwaltung/neu/zeiten", &[("q", "ausweis")]).await.status;
        assert_ne!(status, StatusCode::TOO_MANY_REQUESTS, "form {number}");
    }
    // Four a second are given back: however slow the machine, so many at a time are faster.
    let plain = door.plain();
    let knock = async || {
        let request = plain.post(door.url("/verwaltung/abmelden")).header("sec-fetch-site", "same-origin");
        request.send().await.unwrap().status()
    };
    let mut last = StatusCode::OK;
    for _ in 0..100 {
        let answers = futures::future::join_all((0..50).map(|_| knock())).await;
        last = answers.into_iter().max().unwrap_or_default();
        if last == StatusCode::TOO_MANY_REQUESTS {
            break;
        }
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_goes_wrong_leads_back_to_the_day_or_to_the_sign_in() {
    let door = Door::open().await;
    let clerk = door.server.sign_in(&door.test, "probe", Role::Clerk).await;
    for (path, status) in
        [("/verwaltung/personal", 403), ("/verwaltung/nirgends", 404), ("/verwaltung/tag?standort=x", 404)]
    {
        let page = clerk.get(path).await;
        assert_eq!(page.status.as_u16(), status, "{path}");
        assert_eq!(page.all("main a.btn").len(), 1, "{path}");
        page.says("Zur Tagesansicht");
        assert_eq!(page.text().contains("Abmelden"), status == 403 || path.contains("tag"), "{path}");
        assert!(!page.text().contains("Auswahl der Anliegen"), "{path}: that is for citizens");
    }
    let request = door.plain().get(door.url("/verwaltung/tag")).header("sec-fetch-mode", "cors");
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    assert!(answer.text().await.unwrap().contains("/verwaltung/anmelden"));
    clerk.get("/verwaltung/").await.says(&clerk.name);
}
