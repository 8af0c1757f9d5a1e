//! The own account: invitation, forgotten password, second factor, sessions.

use std::time::Duration;

use e2e::Answer;
use identity::Role;
use identity::people::{self, By};
use jiff::SignedDuration;
use reqwest::StatusCode;

use crate::door::{Door, PASSWORD, code};

const NEW: &str = "sieben Kraniche über dem Moor";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invitation_leads_to_the_day() {
    let door = Door::open().await;
    let chef = door.server.sign_in(&door.test, "probe", Role::Admin).await;
    let fields = [("name", "Tim Muster"), ("email", "tim@probe.example"), ("rolle", "phone"), ("sprache", "en")];
    chef.post("/verwaltung/personal", &fields).await.says("eingeladen");
    chef.post("/verwaltung/personal", &fields).await.says("schon ein Konto");
    let link = door.link(1).await;
    let mails = door.server.sink().mails();
    assert!(mails[0].subject.contains("Your account"), "in the colleague's language: {}", mails[0].subject);
    let text = &mails[0].text;
    assert!(text.lines().any(|line| line.trim() == door.url("/verwaltung")) && text.contains("tim@probe"), "{text}");

    let tim = door.visitor();
    tim.get(&link).await.says("Tim Muster");
    for (bad, words) in [("short", "zu kurz"), ("passwort1234", "leicht zu erraten")] {
        let page = tim.post(&link, &[("passwort", bad)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        page.says(words);
    }
    let page = tim.post(&link, &[("passwort", NEW)]).await;
    assert!(page.url.path().ends_with("/verwaltung/tag"), "{}", page.url);
    page.says("Tim Muster");
    assert_eq!(door.visitor().get(&link).await.status, StatusCode::GONE);
    assert_eq!(door.visitor().post(&link, &[("passwort", NEW)]).await.status, StatusCode::GONE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_forgot_the_password_chooses_another_and_all_sessions_end() {
    let door = Door::open().await;
    door.hire("lea@probe.example", Role::Clerk).await;
    let (lea, elsewhere) = (door.visitor(), door.visitor());
    elsewhere.sign_in("lea@probe.example", "").await;
    let known = lea.post("/verwaltung/passwort-vergessen", &[("email", "lea@probe.example")]).await;
    let unknown = lea.post("/verwaltung/passwort-vergessen", &[("email", "nobody@probe.example")]).await;
    assert_eq!(known.text(), unknown.text());

    let link = door.link(1).await;
    assert_eq!(door.server.sink().mails().len(), 1, "to nobody else");
    let page = lea.post(&link, &[("passwort", NEW)]).await;
    assert!(page.url.path().ends_with("/verwaltung/tag"), "{}", page.url);
    assert!(elsewhere.get("/verwaltung/konto").await.url.path().ends_with("/verwaltung/anmelden"));
    let page = door.visitor().sign_in("lea@probe.example", "").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "the old password");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_does_not_replace_the_second_factor() {
    let door = Door::open().await;
    door.hire("lea@probe.example", Role::Clerk).await;
    door.give_app("lea@probe.example").await;
    let lea = door.visitor();
    lea.post("/verwaltung/passwort-vergessen", &[("email", "lea@probe.example")]).await;
    let page = lea.post(&door.link(1).await, &[("passwort", NEW)]).await;
    assert!(page.url.path().ends_with("/verwaltung/anmelden"), "{}", page.url);
    page.says("Ihr neues Passwort gilt");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_admin_sets_up_a_second_factor_before_anything_else() {
    let door = Door::open().await;
    door.hire("chef@probe.example", Role::Admin).await;
    let chef = door.visitor();
    let page = chef.sign_in("chef@probe.example", "/verwaltung/personal").await;
    let set_up = "/verwaltung/konto/zweiter-faktor";
    assert!(page.url.path().ends_with(set_up), "{}", page.url);
    for path in ["/verwaltung/personal", "/verwaltung/tag", "/verwaltung/konto"] {
        assert!(chef.get(path).await.url.path().ends_with(set_up), "{path}");
    }
    let page = chef.post(set_up, &[]).await;
    assert!(!page.all(".qr svg").is_empty() && page.all("[style]").is_empty(), "{}", page.source);
    let secret = page.all(".secret")[0].text().collect::<String>();
    let check = format!("{set_up}/pruefen");
    assert_eq!(chef.post(&check, &[("code", "000000")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = chef.post(&check, &[("code", &code(&secret, door.server.now()))]).await;
    let codes: Vec<String> = page.all(".codes li").iter().map(|it| it.text().collect()).collect();
    assert_eq!(codes.len(), 10);
    assert_eq!(chef.get("/verwaltung/personal").await.status, StatusCode::OK);

    // From now on the password is half of it, and a recovery code is good once.
    let (second, third) = (door.visitor(), door.visitor());
    second.sign_in("chef@probe.example", "").await.says("Bestätigungscode");
    assert!(second.get("/verwaltung/konto").await.url.path().ends_with("/verwaltung/anmelden"), "not yet in");
    second.sign_in("chef@probe.example", "").await;
    let page = second.post("/verwaltung/anmelden/code", &[("code", "000000")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = second.post("/verwaltung/anmelden/code", &[("code", &codes[0])]).await;
    assert!(page.url.path().ends_with("/verwaltung/tag"), "{} {}", page.url, page.text());
    third.sign_in("chef@probe.example", "").await;
    let page = third.post("/verwaltung/anmelden/code", &[("code", &codes[0])]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "used");
    second.get("/verwaltung/konto").await.says("noch 9 Ersatzcodes");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_second_factor_is_changed_with_the_password_only() {
    let door = Door::open().await;
    door.hire("lea@probe.example", Role::Clerk).await;
    let secret = door.give_app("lea@probe.example").await;
    let lea = door.visitor();
    lea.sign_in("lea@probe.example", "").await;
    lea.post("/verwaltung/anmelden/code", &[("code", &code(&secret, door.server.now()))]).await.says("Lea Beispiel");
    for path in ["codes", "entfernen"] {
        let path = format!("/verwaltung/konto/zweiter-faktor/{path}");
        let page = lea.post(&path, &[("passwort", "wrong")]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        page.says("nicht Ihr jetziges Passwort");
    }
    let page = lea.post("/verwaltung/konto/zweiter-faktor/codes", &[("passwort", PASSWORD)]).await;
    assert_eq!(page.all(".codes li").len(), 10);
    lea.post("/verwaltung/konto/zweiter-faktor/entfernen", &[("passwort", PASSWORD)]).await.says("ist entfernt");
    door.visitor().sign_in("lea@probe.example", "/verwaltung/konto").await.says("Mein Konto");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn own_sessions_are_listed_and_ended() {
    let door = Door::open().await;
    door.hire("lea@probe.example", Role::Clerk).await;
    let visitors = [door.visitor(), door.visitor(), door.visitor()];
    for visitor in &visitors {
        visitor.sign_in("lea@probe.example", "").await;
    }
    let [here, there, third] = &visitors;
    let page = here.get("/verwaltung/konto").await;
    page.says("diese Sitzung");
    let forms = page.all("form[action*='/konto/sitzungen/']");
    assert_eq!(forms.len(), 3, "two others, and all others");
    let action = forms[0].attr("action").unwrap();
    let path = &action[action.find("/verwaltung").unwrap()..];
    // A stranger cannot end it.
    let stranger = door.server.sign_in(&door.test, "probe", Role::Clerk).await;
    stranger.post(path, &[]).await;
    assert_eq!(here.get("/verwaltung/konto").await.all("table tbody tr").len(), 3);

    here.post(path, &[]).await.says("Die Sitzung ist beendet");
    let is_in = async |it: &crate::door::Visitor| it.get("/verwaltung/konto").await.url.path().ends_with("/konto");
    assert_eq!(usize::from(is_in(there).await) + usize::from(is_in(third).await), 1);
    here.post("/verwaltung/konto/sitzungen/andere", &[]).await.says("Alle anderen Sitzungen sind beendet");
    assert!(is_in(here).await && !is_in(there).await && !is_in(third).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_password_ends_the_other_sessions() {
    let door = Door::open().await;
    door.hire("lea@probe.example", Role::Clerk).await;
    let (here, there) = (door.visitor(), door.visitor());
    for visitor in [&here, &there] {
        visitor.sign_in("lea@probe.example", "").await;
    }
    let change = async |now: &str, new: &str| {
        here.post("/verwaltung/konto/passwort", &[("passwort", now), ("passwort_neu", new)]).await
    };
    change("wrong", NEW).await.says("nicht Ihr jetziges Passwort");
    change(PASSWORD, "short").await.says("zu kurz");
    change(PASSWORD, NEW).await.says("Das neue Passwort gilt");
    assert!(there.get("/verwaltung/konto").await.url.path().ends_with("/verwaltung/anmelden"));
    assert_eq!(here.get("/verwaltung/konto").await.status, StatusCode::OK);
}

/// The secret on the page, as an app would read it.
fn secret(page: &Answer) -> String {
    page.all(".secret")[0].text().collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_factor_is_set_up_with_the_password_only() {
    let door = Door::open().await;
    door.hire("lea@probe.example", Role::Clerk).await;
    let (lea, passer_by) = (door.visitor(), door.visitor());
    for visitor in [&lea, &passer_by] {
        visitor.sign_in("lea@probe.example", "").await;
    }
    let set_up = "/verwaltung/konto/zweiter-faktor";
    let check = format!("{set_up}/pruefen");
    lea.get(set_up).await.says("Jetziges Passwort");
    let page = passer_by.post(set_up, &[]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.all(".secret").is_empty());
    let page = lea.post(set_up, &[("passwort", PASSWORD)]).await;
    let shown = secret(&page);
    assert_eq!(secret(&lea.post(set_up, &[("passwort", PASSWORD)]).await), shown, "reloaded");
    // What was begun in one session is shown in no other.
    let page = passer_by.post(&check, &[("code", "000000")]).await;
    assert!(page.url.path().ends_with(set_up) && page.all(".secret").is_empty(), "{}", page.text());
    let page = lea.post(&check, &[("code", &code(&shown, door.server.now()))]).await;
    assert_eq!(page.all(".codes li").len(), 10);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_admin_changes_telephones_without_a_moment_of_one_factor() {
    let door = Door::open().await;
    door.hire("chef@probe.example", Role::Admin).await;
    let old = door.give_app("chef@probe.example").await;
    let chef = door.visitor();
    chef.sign_in("chef@probe.example", "").await;
    chef.post("/verwaltung/anmelden/code", &[("code", &code(&old, door.server.now()))]).await;
    let set_up = "/verwaltung/konto/zweiter-faktor";
    let page = chef.post(&format!("{set_up}/entfernen"), &[("passwort", PASSWORD)]).await;
    page.says("Das bisherige gilt, bis das neue seinen ersten Code gezeigt hat");
    let new = secret(&chef.post(set_up, &[("passwort", PASSWORD)]).await);
    assert_ne!(new, old);
    door.visitor().sign_in("chef@probe.example", "").await.says("Bestätigungscode");
    chef.post(&format!("{set_up}/pruefen"), &[("code", &code(&new, door.server.now()))]).await.says("Ihre Ersatzcodes");
    let second = door.visitor();
    second.sign_in("chef@probe.example", "").await;
    let in_a_minute = door.server.now() + SignedDuration::from_secs(30);
    let page = second.post("/verwaltung/anmelden/code", &[("code", &code(&old, door.server.now()))]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    second.post("/verwaltung/anmelden/code", &[("code", &code(&new, in_a_minute))]).await.says("Lea Beispiel");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_reads_in_their_own_language_from_the_sign_in_on() {
    let door = Door::open().await;
    door.hire("lea@probe.example", Role::Clerk).await;
    let lea = door.visitor();
    lea.sign_in("lea@probe.example", "/verwaltung/konto").await.says("Mein Konto");
    lea.post("/verwaltung/konto/sprache", &[("sprache", "en")]).await.says("The language has been changed");
    let bad = lea.post("/verwaltung/konto/sprache", &[("sprache", "xx")]).await;
    assert_eq!(bad.status, StatusCode::BAD_REQUEST);
    let elsewhere = door.visitor();
    elsewhere.get("/verwaltung/anmelden").await.says("Anmelden");
    elsewhere.sign_in("lea@probe.example", "/verwaltung/konto").await.says("My account");
    // Who reads another language for a while, may.
    elsewhere.get("/verwaltung/konto?sprache=de").await.says("Mein Konto");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_becomes_an_admin_while_typing_loses_nothing() {
    let door = Door::open().await;
    let id = door.hire("lea@probe.example", Role::Lead).await;
    let lea = door.visitor();
    lea.sign_in("lea@probe.example", "").await;
    let mut tx = door.test.tx("probe").await;
    people::change_role(&mut tx, id, Role::Admin, &By::operator(), door.server.now()).await.unwrap();
    tx.commit().await.unwrap();
    let typed = [("name", "Tim Muster"), ("email", "tim@probe.example"), ("rolle", "phone")];
    let page = lea.post("/verwaltung/personal", &typed).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    page.says("Richten Sie zuerst den zweiten Faktor ein").says("tim@probe.example");
    let set_up = "/verwaltung/konto/zweiter-faktor";
    assert_eq!(page.all(&format!("a[target=_blank][href$='{set_up}']")).len(), 1);
    let shown = secret(&lea.post(set_up, &[]).await);
    lea.post(&format!("{set_up}/pruefen"), &[("code", &code(&shown, door.server.now()))])
        .await
        .says("Ihre Ersatzcodes");
    let kept = [("name", page.value("name")), ("email", page.value("email")), ("rolle", page.value("rolle"))];
    let kept = kept.each_ref().map(|(name, value)| (*name, value.as_str()));
    lea.post("/verwaltung/personal", &kept).await.says("Die Einladung ist unterwegs");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whether_there_is_an_account_takes_no_time_to_say() {
    let door = Door::open().await;
    door.hire("lea@probe.example", Role::Clerk).await;
    // As long as nothing can be written, an answer that waited for it would not come.
    let mut tx = door.test.tx("probe").await;
    sqlx::query("LOCK TABLE staff_link IN EXCLUSIVE MODE").execute(tx.conn()).await.unwrap();
    let lea = door.visitor();
    let page = lea.post("/verwaltung/passwort-vergessen", &[("email", "lea@probe.example")]);
    let page = tokio::time::timeout(Duration::from_secs(60), page).await.expect("an answer");
    page.says("ist der Link unterwegs");
    tx.rollback().await.unwrap();
    door.link(1).await;
}
