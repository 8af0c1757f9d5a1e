//! Step 3: the place is held, what is typed stays, and the same form sent twice books once.

use reqwest::StatusCode;

use crate::page::Page;
use crate::visitor::{Citizen, Towns};

async fn appointments(towns: &Towns, status: &str) -> i64 {
    let mut tx = towns.db.tx("werne").await;
    sqlx::query_scalar("SELECT count(*) FROM appointment WHERE status = $1")
        .bind(status)
        .fetch_one(tx.conn())
        .await
        .unwrap()
}

#[tokio::test]
async fn what_is_wrong_is_said_next_to_the_field_and_what_was_typed_stays() {
    let towns = Towns::open().await;
    let mut citizen = towns.citizen_of_werne();
    let mut details = citizen.reserve(&["reisepass"]).await;
    citizen.type_in(&mut details, "mail", "erika.mustermann@");
    details.tick("erinnern", "1", false);
    let refused = citizen.press(&details, "Verbindlich buchen").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.says("Bitte prüfen Sie 2 Angaben").says("Geben Sie Ihren Namen ein");
    assert!(refused.text_of("#mail-fehler").contains("es fehlt der Teil nach dem @-Zeichen"));
    assert_eq!(refused.value("mail"), "erika.mustermann@");
    assert!(refused.all("input[name=erinnern][checked]").is_empty(), "the box was unticked");
    assert_eq!(appointments(&towns, "booked").await, 0);
}

#[tokio::test]
async fn extending_keeps_what_was_typed_and_enter_books() {
    let towns = Towns::open().await;
    let mut citizen = towns.citizen_of_werne();
    let mut details = citizen.reserve(&["reisepass"]).await;
    let until = details.text_of(".hold time");
    towns.wait(10);
    citizen.type_in(&mut details, "name", "Erika Mustermann");
    citizen.type_in(&mut details, "mail", "erika@example.org");
    let mut longer = citizen.press(&details, "Minuten mehr").await;
    assert_eq!(longer.value("name"), "Erika Mustermann");
    assert_eq!(longer.value("mail"), "erika@example.org");
    assert_ne!(longer.text_of(".hold time"), until);
    longer.fill("name", "Erika M. Mustermann");
    let done = citizen.fetch(longer.enter_in("name")).await;
    done.says("Ihr Termin ist gebucht");
}

#[tokio::test]
async fn an_expired_hold_is_taken_again_if_nobody_was_quicker() {
    let towns = Towns::open().await;
    let mut citizen = towns.citizen_of_werne();
    let details = citizen.reserve(&["reisepass"]).await;
    towns.wait(20);
    let over = citizen.visit(details.url.clone()).await;
    over.says("Die Reservierung ist abgelaufen").says("die Zeit ist noch frei");
    citizen.book(over).await.says("Ihr Termin ist gebucht");
}

#[tokio::test]
async fn an_expired_hold_that_is_gone_offers_the_nearest_times_and_keeps_what_was_typed() {
    let towns = Towns::open().await;
    // Only one counter serves this.
    let (mut slow, mut quick) = (towns.citizen_of_werne(), towns.citizen_of_werne());
    let details = slow.reserve_in_december("auskunftssperre").await;
    let wanted = details.text_of(".summary dd .nums");
    towns.wait(20);
    let others = quick.reserve_in_december("auskunftssperre").await;
    assert_eq!(others.text_of(".summary dd .nums"), wanted, "the same time is offered again");
    quick.book(others).await.says("Ihr Termin ist gebucht");

    let gone = slow.book(details).await;
    assert_eq!(gone.status, StatusCode::CONFLICT);
    gone.says("ist inzwischen vergeben");
    assert_eq!(gone.value("name"), "Erika Mustermann");
    let again = slow.fetch(gone.button_at(".alternatives .quick button")).await;
    assert_eq!(again.value("mail"), "erika.mustermann@example.org");
    assert_ne!(again.text_of(".summary dd .nums"), wanted);
    slow.press(&again, "Verbindlich buchen").await.says("Ihr Termin ist gebucht");
    assert_eq!(appointments(&towns, "booked").await, 2);
}

#[tokio::test]
async fn an_expired_hold_finds_another_counter_at_the_same_time() {
    let towns = Towns::open().await;
    let (mut slow, mut quick) = (towns.citizen_of_werne(), towns.citizen_of_werne());
    let details = slow.reserve_in_december("reisepass").await;
    let wanted = details.text_of(".summary dd .nums");
    towns.wait(20);
    let others = quick.reserve_in_december("reisepass").await;
    quick.book(others).await.says("Ihr Termin ist gebucht");
    slow.visit(details.url.clone()).await.says("die Zeit ist noch frei");
    let done = slow.book(details).await;
    assert_eq!(done.text_of(".time-line"), wanted);
    assert_eq!(appointments(&towns, "booked").await, 2);
}

#[tokio::test]
async fn the_same_form_sent_twice_books_once() {
    let towns = Towns::open().await;
    let mut citizen = towns.citizen_of_werne();
    let times = citizen.open("/termin?anliegen=reisepass").await;
    let first = citizen.take_suggestion(&times).await;
    let second = citizen.take_suggestion(&times).await;
    assert_eq!(first.url, second.url, "the same draft");
    assert_eq!(appointments(&towns, "held").await, 1);
    let one = citizen.book(first).await;
    let two = citizen.book(second).await;
    assert_eq!(one.text_of(".ticket-code"), two.text_of(".ticket-code"));
    assert_eq!(appointments(&towns, "booked").await, 1);
    let after = citizen.take_suggestion(&times).await;
    after.says("Ihr Termin");
    assert_eq!(appointments(&towns, "booked").await, 1, "the Back button and the old form book nothing more");
}

#[tokio::test]
async fn going_back_for_another_time_gives_the_first_one_back() {
    let towns = Towns::open().await;
    let mut citizen = towns.citizen_of_werne();
    let mut details = citizen.reserve(&["reisepass"]).await;
    citizen.type_in(&mut details, "name", "Erika");
    let times = citizen.press(&details, "Zurück").await;
    times.says("Wann passt es Ihnen?");
    let other = times.all("input[name=zeit]").last().unwrap().attr("value").unwrap().to_owned();
    let mut times = times;
    times.tick("zeit", &other, true);
    let details = citizen.press(&times, "Weiter zu Ihren Angaben").await;
    assert_eq!(details.value("name"), "Erika", "what was typed came along");
    assert_eq!(appointments(&towns, "held").await, 1);
}

#[tokio::test]
async fn looking_changes_nothing() {
    let towns = Towns::open().await;
    let mut citizen: Citizen = towns.citizen_of_werne();
    let details = citizen.reserve(&["reisepass"]).await;
    let done = citizen.book(details).await;
    let question = citizen.follow(&done, "Termin absagen").await;
    let moving = citizen.follow(&done, "Termin verschieben").await;
    let manage = citizen.follow(&done, "Diese Buchung").await;
    for page in [&done, &question, &moving, &manage] {
        citizen.visit(page.url.clone()).await;
    }
    assert_eq!(appointments(&towns, "booked").await, 1);
    for path in ["/reservierung", "/verwalten?nummer=7K4M2QXH&mail=a@b.de"] {
        citizen.open(path).await;
    }
    assert_eq!(appointments(&towns, "held").await, 0);
}

#[tokio::test]
async fn a_page_that_many_ask_for_at_once_is_rendered_once_and_everybody_books_their_own() {
    let towns = Towns::open().await;
    let (first, second) = (towns.citizen_of_werne(), towns.citizen_of_werne());
    // Only one counter serves this.
    let address = "/termin?anliegen=auskunftssperre";
    let (one, other) = (first.open(address).await, second.open(address).await);
    let attempt = |page: &Page| page.all("[name=versuch]").first().unwrap().attr("value").unwrap().to_owned();
    assert_eq!(attempt(&one).len(), attempt(&other).len());
    assert_ne!(attempt(&one), attempt(&other), "each reader has an attempt of their own");
    let same = |page: &Page| page.source.replace(&attempt(page), "");
    assert_eq!(same(&one), same(&other));

    // The same address in another language, at another time, after somebody has taken a place.
    assert_ne!(same(&first.clone().speaking("en").open(address).await), same(&one));
    towns.wait(60);
    assert_ne!(same(&second.open(address).await), same(&one), "an hour later the first times are over");
    let before = second.open(address).await;
    let mut third = towns.citizen_of_werne();
    let details = third.reserve(&["auskunftssperre"]).await;
    tokio::time::sleep(std::time::Duration::from_millis(60)).await;
    let after = second.open(address).await;
    assert_ne!(same(&after), same(&before), "{} is taken", details.text_of(".summary dd .nums"));
}

#[tokio::test]
async fn who_changes_the_concerns_gives_the_place_back_at_once() {
    let towns = Towns::open().await;
    let mut citizen = towns.citizen_of_werne();
    let details = citizen.reserve_in_december("wohnberechtigungsschein").await;
    let wanted = details.text_of(".summary dd .nums");
    let choice = citizen.press(&details, "Ändern – Anliegen").await;
    assert!(choice.url.path().ends_with("/terminvergabe/"), "{}", choice.url);
    choice.says("Wohnberechtigungsschein");
    assert!(choice.url.query().unwrap().contains("anliegen=wohnberechtigungsschein"), "the choice is still there");
    assert_eq!(appointments(&towns, "held").await, 0);
    // Only one counter serves this: it is offered to somebody else, and the old page cannot take it back by itself.
    let other = towns.citizen_of_werne().reserve_in_december("wohnberechtigungsschein").await;
    assert_eq!(other.text_of(".summary dd .nums"), wanted);
    let late = citizen.book(details).await;
    assert_eq!(late.status, StatusCode::GONE);
    late.says("Diese Reservierung gibt es nicht mehr").says("Zur Auswahl der Anliegen");
}

#[tokio::test]
async fn where_the_town_closes_meanwhile_another_time_is_chosen_and_nothing_typed_is_lost() {
    let towns = Towns::open().await;
    let mut citizen = towns.citizen_of_werne();
    let mut details = citizen.reserve(&["reisepass"]).await;
    // As an absence does it.
    let mut tx = towns.db.tx("werne").await;
    sqlx::query("DELETE FROM appointment WHERE status = 'held'").execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
    citizen.type_in(&mut details, "name", "Erika Mustermann");
    citizen.type_in(&mut details, "mail", "erika@example.org");
    let times = citizen.press(&details, "Minuten mehr").await;
    assert!(times.url.path().ends_with("/termin"), "{}", times.url);
    let again = citizen.take_suggestion(&times).await;
    assert_eq!((again.value("name"), again.value("mail")), ("Erika Mustermann".into(), "erika@example.org".into()));
    citizen.press(&again, "Verbindlich buchen").await.says("Ihr Termin ist gebucht");
}
