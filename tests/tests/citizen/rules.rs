//! What a town's rules change on the way, and what the page says when nothing is free.

use reqwest::StatusCode;
use sqlx::AssertSqlSafe;

use crate::visitor::Towns;

/// Changes Werne behind the pages' back, as `tenant apply` would.
async fn change_werne(towns: &Towns, statement: &str) {
    let mut tx = towns.db.tx("werne").await;
    let statement = format!("{statement}; UPDATE town SET version = version + 1");
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn where_nothing_is_free_the_page_says_why_and_what_next() {
    let towns = Towns::open().await;
    let closed =
        r#"INSERT INTO closure (first_day, last_day, reason) VALUES ('2026-11-01', '2027-06-30', '{"de": "Umbau"}')"#;
    change_werne(&towns, closed).await;
    let page = towns.citizen_of_werne().open("/termin?anliegen=reisepass&anliegen=anmeldung").await;
    assert_eq!(page.status, StatusCode::OK);
    page.says("Im Moment ist leider nichts frei").says("Weniger Anliegen wählen").says("Es ist dringend?");
    page.says("buergerbuero@werne.de").says("Umbau");
    assert!(page.all("input[name=zeit], .quick button").is_empty());
    assert!(page.link("Weniger Anliegen").as_str().ends_with("/?anliegen=reisepass&anliegen=anmeldung"));
}

#[tokio::test]
async fn a_town_with_both_ways_asks_how_to_come() {
    let towns = Towns::open().await;
    change_werne(&towns, r#"UPDATE town SET rules = rules || '{"combined": true, "separate": true}'"#).await;
    let mut citizen = towns.citizen_of_werne();
    let query = "anliegen=personalausweis&anliegen=anmeldung";
    let mut page = citizen.open(&format!("/?{query}")).await;
    page.says("Alles in einem Termin").says("Für jedes Anliegen ein eigener Termin");
    let together = citizen.press(&page, "Weiter zum Termin").await;
    together.says("etwa 30 Minuten");
    page.tick("art", "getrennt", true);
    let apart = citizen.press(&page, "Weiter zum Termin").await;
    apart.says("Termin 1 von 2");
    let second = citizen.take_suggestion(&apart).await;
    second.says("Termin 2 von 2");
}

#[tokio::test]
async fn one_address_cannot_hoard_appointments() {
    let towns = Towns::open().await;
    change_werne(&towns, r#"UPDATE town SET rules = rules || '{"bookings_per_email": 1}'"#).await;
    let mut citizen = towns.citizen_of_werne();
    let details = citizen.reserve(&["reisepass"]).await;
    citizen.book(details).await.says("Ihr Termin ist gebucht");
    let details = citizen.reserve(&["reisepass"]).await;
    let refused = citizen.book(details).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    refused.says("Mit einer E-Mail-Adresse");
    assert_eq!(refused.value("name"), "Erika Mustermann");
}

#[tokio::test]
async fn the_time_can_be_extended_as_often_as_the_town_says_and_not_more() {
    let towns = Towns::open().await;
    change_werne(&towns, r#"UPDATE town SET rules = rules || '{"hold_extensions": 2}'"#).await;
    let mut citizen = towns.citizen_of_werne();
    let details = citizen.reserve(&["reisepass"]).await;
    let once = citizen.press(&details, "Minuten mehr").await;
    let twice = citizen.press(&once, "Minuten mehr").await;
    assert!(!twice.text().contains("Minuten mehr"), "no button that would be refused");
    let refused = citizen.press(&once, "Minuten mehr").await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    refused.says("Öfter lässt sich die Zeit nicht verlängern");
}

#[tokio::test]
async fn after_the_start_an_appointment_can_neither_be_moved_nor_cancelled() {
    let towns = Towns::open().await;
    let mut citizen = towns.citizen_of_werne();
    let details = citizen.reserve(&["reisepass"]).await;
    let done = citizen.book(details).await;
    let (question, times) =
        (citizen.follow(&done, "Termin absagen").await, citizen.follow(&done, "Termin verschieben").await);
    towns.wait(24 * 60);
    citizen.press(&question, "Ja, Termin absagen").await.says("Dieser Termin ist vorbei");
    citizen.take_suggestion(&times).await.says("Dieser Termin ist vorbei");
    citizen.visit(question.url.clone()).await.says("Dieser Termin ist vorbei");
}
