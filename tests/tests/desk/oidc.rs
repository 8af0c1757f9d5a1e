//! Signing in with the town's own identity provider: a real one, in a process of its own.

use e2e::Answer;
use e2e::provider::{Provider, trust};
use identity::Role;
use reqwest::StatusCode;
use reqwest::header::{COOKIE, SET_COOKIE};
use serde_json::{Value, json};
use url::Url;

use crate::door::{Door, Visitor};

const THERE: &str = "/verwaltung/anmelden/anbieter";
const BACK: &str = "/verwaltung/anmelden/anbieter/zurueck";

/// The town's people, as its provider knows them.
fn people() -> Value {
    json!({
        "lea": { "email": "Lea@probe.example", "email_verified": true },
        "tim": { "email": "tim@probe.example", "email_verified": false },
        "eve": { "email": "eve@probe.example", "email_verified": true },
        "lea-neu": { "email": "lea@probe.example", "email_verified": true },
    })
}

/// A town with a provider, about which its pack says `more`.
async fn town(more: Value) -> (Door, Provider) {
    let door = Door::open().await;
    let provider = Provider::start(&door.server, &door.test, people()).await;
    provider.serve(&door.test, more).await;
    (door, provider)
}

/// The address of the provider's own sign-in, which the page leads to at once.
fn address(page: &Answer) -> String {
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    let at_once = page.all("meta[http-equiv=refresh]");
    let at_once = at_once[0].attr("content").unwrap().strip_prefix("0; url=").unwrap();
    let link = page.all("main a.btn");
    assert_eq!(link[0].attr("href"), Some(at_once), "the same for who waits for nothing");
    at_once.to_owned()
}

/// Types a name at the provider and agrees to what it asks; where one is in the end.
async fn sign_in_there(visitor: &Visitor, address: &str, name: &str) -> Answer {
    let client = visitor.client();
    let mut page = Answer::read(client.get(address).send().await.unwrap()).await;
    for _ in 0..2 {
        let Some(action) = page.all("form").first().and_then(|it| it.attr("action").map(str::to_owned)) else { break };
        if !page.url.as_str().starts_with("http://127.0.0.1") {
            break;
        }
        let action = page.url.join(&action).unwrap();
        let prompt = page.value("prompt");
        let fields = [("prompt", prompt.as_str()), ("login", name), ("password", "any")];
        page = Answer::read(client.post(action).form(&fields).send().await.unwrap()).await;
    }
    page
}

/// The whole way.
async fn sign_in(visitor: &Visitor, name: &str, to: &str) -> Answer {
    let page = visitor.post(THERE, &[("weiter", to)]).await;
    sign_in_there(visitor, &address(&page), name).await
}

async fn invite(door: &Door, email: &str, role: Role) {
    let id = door.hire(email, role).await;
    let mut tx = door.test.tx("probe").await;
    sqlx::query("UPDATE staff SET state = 'invited', password_hash = NULL WHERE id = $1")
        .bind(id)
        .execute(tx.conn())
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invited_colleague_comes_in_without_a_password_and_stays_the_same_person() {
    let (door, _provider) = town(json!({})).await;
    invite(&door, "lea@probe.example", Role::Clerk).await;
    let lea = door.visitor();
    lea.get("/verwaltung/anmelden").await.says("Mit Rathaus-Konto anmelden");
    let page = sign_in(&lea, "lea", "/verwaltung/suche?q=M%C3%BCller").await;
    assert_eq!((page.status, page.url.query()), (StatusCode::OK, Some("q=M%C3%BCller")), "{}", page.text());
    page.says("Lea Beispiel");
    // Another address at the provider later on: it is the person who counts.
    let mut tx = door.test.tx("probe").await;
    sqlx::query("UPDATE staff SET email = 'lea.neu@probe.example'").execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
    let page = sign_in(&door.visitor(), "lea", "").await;
    assert!(page.url.path().ends_with("/verwaltung/tag"), "{}: {}", page.url, page.text());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_no_account_in_use_stays_outside_and_reads_why() {
    let (door, _provider) = town(json!({})).await;
    sign_in(&door.visitor(), "eve", "").await.says("kein Konto für Sie freigegeben");
    invite(&door, "tim@probe.example", Role::Clerk).await;
    sign_in(&door.visitor(), "tim", "").await.says("keine bestätigte E-Mail-Adresse");

    let id = door.hire("lea@probe.example", Role::Clerk).await;
    let lea = door.visitor();
    sign_in(&lea, "lea", "").await.says("Lea Beispiel");
    let mut tx = door.test.tx("probe").await;
    let by = identity::people::By::operator();
    identity::people::disable(&mut tx, id, &by, door.server.now()).await.unwrap();
    tx.commit().await.unwrap();
    assert!(lea.get("/verwaltung/tag").await.url.path().ends_with("/anmelden"), "her session has ended");
    sign_in(&door.visitor(), "lea", "").await.says("kein Konto für Sie freigegeben");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn addresses_count_where_the_town_says_that_they_are_its_own() {
    let (door, _provider) = town(json!({ "trusts_email": true })).await;
    invite(&door, "tim@probe.example", Role::Clerk).await;
    sign_in(&door.visitor(), "tim", "").await.says("Lea Beispiel");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_else_with_the_address_waits_until_an_admin_ends_the_connection() {
    let (door, _provider) = town(json!({ "second_factor": true })).await;
    door.hire("lea@probe.example", Role::Clerk).await;
    sign_in(&door.visitor(), "lea", "").await.says("Lea Beispiel");
    sign_in(&door.visitor(), "lea-neu", "").await.says("gehört zu einem anderen Konto");

    door.hire("eve@probe.example", Role::Admin).await;
    let admin = door.visitor();
    let page = sign_in(&admin, "eve", "/verwaltung/personal").await;
    page.says("Personal");
    let form = page.all("form[action$='/anbieter']");
    assert_eq!(form.len(), 1, "not their own");
    let path = form[0].attr("action").unwrap();
    let path = path[path.find("/verwaltung").unwrap()..].to_owned();
    let seen = form[0].child_elements().find_map(|it| it.attr("value").map(str::to_owned)).unwrap();
    admin.post(&path, &[("stand", &seen)]).await.says("Die Verbindung ist gelöst");
    sign_in(&door.visitor(), "lea-neu", "").await.says("Lea Beispiel");
    sign_in(&door.visitor(), "lea", "").await.says("gehört zu einem anderen Konto");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn our_second_factor_is_asked_for_where_the_provider_has_none() {
    let (door, _provider) = town(json!({})).await;
    door.hire("eve@probe.example", Role::Admin).await;
    let admin = door.visitor();
    let page = sign_in(&admin, "eve", "").await;
    assert!(page.url.path().ends_with("/konto/zweiter-faktor"), "an admin needs one: {}", page.url);
    let secret = door.give_app("eve@probe.example").await;
    let admin = door.visitor();
    let page = sign_in(&admin, "eve", "/verwaltung/personal").await;
    page.says("Bestätigungscode");
    assert!(admin.get("/verwaltung/personal").await.url.path().ends_with("/anmelden"), "not in yet");
    let code = crate::door::code(&secret, door.server.now());
    let page = admin.post("/verwaltung/anmelden/code", &[("code", &code), ("weiter", &page.value("weiter"))]).await;
    assert!(page.url.path().ends_with("/verwaltung/personal"), "{}", page.text());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_providers_second_factor_counts_for_the_session_that_it_began() {
    let (door, provider) = town(json!({ "second_factor": true })).await;
    door.hire("lea@probe.example", Role::Admin).await;
    let page = sign_in(&door.visitor(), "lea", "/verwaltung/personal").await;
    assert!(page.url.path().ends_with("/verwaltung/personal"), "the provider has asked: {}", page.url);
    let admin = door.visitor();
    sign_in(&admin, "lea", "/verwaltung/personal").await.says("Personal");
    // With the password alone an admin does not come far.
    let page = door.visitor().sign_in("lea@probe.example", "/verwaltung/personal").await;
    assert!(page.url.path().ends_with("/konto/zweiter-faktor"), "{}", page.url);
    // Nor when the town does not rely on its provider any more.
    provider.serve(&door.test, json!({ "second_factor": false })).await;
    let mut page = admin.get("/verwaltung/personal").await;
    for _ in 0..300 {
        if page.url.path().ends_with("/konto/zweiter-faktor") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        page = admin.get("/verwaltung/personal").await;
    }
    assert!(page.url.path().ends_with("/konto/zweiter-faktor"), "{}", page.url);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_is_good_once_and_for_the_journey_that_asked_for_it() {
    let (door, _provider) = town(json!({})).await;
    door.hire("lea@probe.example", Role::Clerk).await;
    let (lea, plain) = (door.visitor(), door.plain());
    // A browser that keeps the cookie of the journey for ever, as ours tells it not to.
    let begin = async || {
        let there = plain
            .post(door.url(THERE))
            .header("sec-fetch-site", "same-origin")
            .form(&[("weiter", "")])
            .send()
            .await
            .unwrap();
        let cookie = there.headers()[SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
        (cookie, address(&Answer::read(there).await))
    };
    let come_back = async |path: &str, cookie: &str| {
        Answer::read(plain.get(door.url(path)).header(COOKIE, cookie).send().await.unwrap()).await
    };
    let (first, address) = begin().await;
    let state = Url::parse(&address).unwrap().query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    // Lea's own browser has no journey under way, so it takes her answer for nobody's.
    let page = sign_in_there(&lea, &address, "lea").await;
    page.says("zu lange gedauert oder wurde schon benutzt");
    let answer = format!("{BACK}?{}", page.url.query().unwrap());
    assert!(answer.contains(&state), "{answer}");

    let (second, _) = begin().await;
    come_back(&answer, &second).await.says("zu lange gedauert oder wurde schon benutzt");
    come_back(&answer, "unterwegs=abc").await.says("zu lange gedauert");
    come_back(&format!("{BACK}?state={state}&code=abc"), &first).await.says("hat nicht geklappt");
    come_back(&format!("{BACK}?state={state}&error=access_denied"), &first).await.says("hat die Anmeldung abgebrochen");
    come_back(&format!("{BACK}?error=access_denied"), &first).await.says("zu lange gedauert");
    let from_another = format!("{BACK}?state={state}&code=abc&iss=https%3A%2F%2Fevil.example");
    come_back(&from_another, &first).await.says("hat nicht geklappt");
    let page = come_back(&answer, &first).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
    come_back(&answer, &first).await.says("hat nicht geklappt");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_town_takes_neither_the_answer_nor_the_journey() {
    let (door, provider) = town(json!({})).await;
    door.hire("lea@probe.example", Role::Clerk).await;
    let other = door.url(BACK).replace("probe.", "other.");
    let plain = door.plain();
    let oidc = json!({ "name": "Anderes Konto", "issuer": provider.issuer, "client_id": "stadttermin" });
    trust(&door.test, "other", &oidc).await;
    let there = plain
        .post(door.url(THERE))
        .header("sec-fetch-site", "same-origin")
        .form(&[("weiter", "")])
        .send()
        .await
        .unwrap();
    let cookie = there.headers()[SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    let answered = sign_in_there(&door.visitor(), &address(&Answer::read(there).await), "lea").await;
    let query = answered.url.query().unwrap();
    let page = plain.get(format!("{other}?{query}")).header(COOKIE, cookie).send().await.unwrap();
    assert_eq!(page.status(), StatusCode::UNAUTHORIZED);
    assert!(page.text().await.unwrap().contains("zu lange gedauert"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_typed_before_the_session_ended_comes_along_to_the_provider_and_back() {
    let (door, _provider) = town(json!({})).await;
    door.hire("lea@probe.example", Role::Clerk).await;
    let lea = door.visitor();
    let page = lea.post("/verwaltung/neu", &[("name", "Müller & Söhne"), ("notiz", "kommt zu zweit")]).await;
    let kept = page.value("behalten");
    assert!(!kept.is_empty(), "{}", page.text());
    let page = lea.post(THERE, &[("weiter", "/verwaltung/neu"), ("behalten", &kept)]).await;
    let page = sign_in_there(&lea, &address(&page), "lea").await;
    page.says("Sie sind wieder angemeldet").says("Müller & Söhne").says("kommt zu zweit");

    let long = format!("notiz={}", "x".repeat(4000));
    let stranger = door.visitor();
    let page = stranger.post(THERE, &[("weiter", "/verwaltung/neu"), ("behalten", &long)]).await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
    page.says("in einem zweiten Fenster");
    assert_eq!(page.value("behalten"), long, "still there");
    // The same browser, in the second window.
    sign_in(&stranger, "lea", "").await.says("Lea Beispiel");
    let page = stranger.post(THERE, &[("weiter", "/verwaltung/neu"), ("behalten", &long)]).await;
    page.says("Sie sind wieder angemeldet");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_that_does_not_answer_is_said_and_the_password_still_works() {
    let door = Door::open().await;
    door.hire("lea@probe.example", Role::Clerk).await;
    let other = door.url(BACK).replace("probe.", "other.");
    let asked = door.plain().get(&other).send().await.unwrap();
    assert_eq!(asked.status(), StatusCode::NOT_FOUND, "a town without a provider");
    // Nobody listens there.
    let oidc = json!({ "name": "Rathaus-Konto", "issuer": "http://127.0.0.1:9", "client_id": "stadttermin" });
    trust(&door.test, "probe", &oidc).await;
    let lea = door.visitor();
    let page = lea.post(THERE, &[("weiter", "/verwaltung/suche")]).await;
    assert_eq!(page.status, StatusCode::BAD_GATEWAY);
    page.says("Rathaus-Konto ist gerade nicht zu erreichen");
    lea.sign_in("lea@probe.example", &page.value("weiter")).await.says("Lea Beispiel");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_window_or_a_strangers_link_ends_no_journey() {
    let (door, _provider) = town(json!({})).await;
    door.hire("lea@probe.example", Role::Clerk).await;
    let lea = door.visitor();
    let first = address(&lea.post(THERE, &[("weiter", "")]).await);
    let second = address(&lea.post(THERE, &[("weiter", "/verwaltung/suche?q=Weber")]).await);
    sign_in_there(&lea, &first, "lea").await.says("zu lange gedauert");
    let page = lea.get(&format!("{BACK}?error=access_denied&state=abc")).await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    // The provider knows her by now.
    let page = sign_in_there(&lea, &second, "lea").await;
    assert_eq!((page.status, page.url.query()), (StatusCode::OK, Some("q=Weber")), "{}", page.text());
    // Back by the browser's own button.
    let page = lea.get(&format!("{BACK}?code=abc&state=abc")).await;
    assert!(page.url.path().ends_with("/verwaltung/tag"), "{}: {}", page.url, page.text());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_signs_out_leaves_the_computer_to_the_next_one() {
    let (door, _provider) = town(json!({})).await;
    door.hire("lea@probe.example", Role::Clerk).await;
    let counter = door.visitor();
    sign_in(&counter, "lea", "").await.says("Lea Beispiel");
    // A session that has ended by itself: one press, and she goes on.
    let mut tx = door.test.tx("probe").await;
    sqlx::query("DELETE FROM staff_session").execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
    let there = address(&counter.post(THERE, &[("weiter", "")]).await);
    assert!(!there.contains("prompt"), "{there}");
    sign_in_there(&counter, &there, "nobody").await.says("Lea Beispiel");

    counter.post("/verwaltung/abmelden", &[]).await.says("Mit Rathaus-Konto anmelden");
    let there = address(&counter.post(THERE, &[("weiter", "/verwaltung/konto")]).await);
    let asked = Answer::read(counter.client().get(&there).send().await.unwrap()).await;
    assert_eq!(asked.all("input[name=login]").len(), 1, "the provider asks who it is: {}", asked.text());
    sign_in_there(&counter, &there, "lea").await.says("lea@probe.example");
    let mut tx = door.test.tx("probe").await;
    sqlx::query("DELETE FROM staff_session").execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
    let there = address(&counter.post(THERE, &[("weiter", "")]).await);
    assert!(!there.contains("prompt"), "asked once: {there}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_town_that_changes_its_provider_keeps_its_people() {
    let (door, present) = town(json!({})).await;
    invite(&door, "lea@probe.example", Role::Clerk).await;
    sign_in(&door.visitor(), "lea", "").await.says("Lea Beispiel");
    // As if that had been at another one.
    let mut tx = door.test.tx("probe").await;
    sqlx::query("UPDATE staff SET oidc_subject = replace(oidc_subject, $1, 'https://former.example')")
        .bind(&present.issuer)
        .execute(tx.conn())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    sign_in(&door.visitor(), "lea-neu", "").await.says("Lea Beispiel");
    sign_in(&door.visitor(), "lea", "").await.says("gehört zu einem anderen Konto");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_back_twice_at_the_same_moment_is_one_person() {
    let (door, _provider) = town(json!({})).await;
    let id = door.hire("lea@probe.example", Role::Clerk).await;
    let lea = identity::provider::Visitor {
        subject: "https://login.example lea".to_owned(),
        email: Some("lea@probe.example".to_owned()),
    };
    let now = door.server.now();
    let (mut one, mut two) = (door.test.tx("probe").await, door.test.tx("probe").await);
    identity::provider::enter(&mut one, &lea, now).await.unwrap();
    let (second, ()) = tokio::join!(identity::provider::enter(&mut two, &lea, now), async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        one.commit().await.unwrap();
    });
    assert_eq!(second.unwrap().staff.id, id);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_owes_the_code_and_reloads_is_asked_for_it_again() {
    let (door, _provider) = town(json!({})).await;
    door.hire("lea@probe.example", Role::Clerk).await;
    door.give_app("lea@probe.example").await;
    let lea = door.visitor();
    let page = sign_in(&lea, "lea", "/verwaltung/suche").await;
    assert!(page.url.path().ends_with("/anmelden/code"), "{}", page.url);
    assert_eq!(page.value("weiter"), "/verwaltung/suche");
    lea.get(&format!("{BACK}?code=abc&state=abc")).await.says("Bestätigungscode");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_that_refuses_us_is_no_fault_of_the_clerks() {
    let door = Door::open().await;
    let provider = Provider::start_with(&door.server, &door.test, people(), "another secret than ours").await;
    provider.serve(&door.test, json!({})).await;
    door.hire("lea@probe.example", Role::Clerk).await;
    let page = sign_in(&door.visitor(), "lea", "").await;
    assert_eq!(page.status, StatusCode::BAD_GATEWAY);
    page.says("Rathaus-Konto ist gerade nicht zu erreichen");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_that_hesitates_loses_nothing_that_was_typed() {
    let door = Door::open().await;
    // It takes calls and says nothing.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", silent.local_addr().unwrap());
    let oidc = json!({ "name": "Rathaus-Konto", "issuer": issuer, "client_id": "stadttermin" });
    trust(&door.test, "probe", &oidc).await;
    let page = door.visitor().post(THERE, &[("weiter", "/verwaltung/neu"), ("behalten", "notiz=zu+zweit")]).await;
    assert_eq!(page.status, StatusCode::BAD_GATEWAY);
    page.says("Rathaus-Konto ist gerade nicht zu erreichen");
    assert_eq!(page.value("behalten"), "notiz=zu+zweit");
    assert!(page.all("a[hreflang]").is_empty(), "another language would lead nowhere from here");
}
