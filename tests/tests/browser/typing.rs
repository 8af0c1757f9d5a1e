//! What citizens type is kept: through errors, through extending, through expiry.

use e2e::browser::{self, Device};

use crate::citizen::{Citizen, House};

async fn at_the_details(house: &House, device: Device) -> Citizen {
    let mut citizen = house.citizen("werne", device).await;
    citizen.visit("?anliegen=reisepass").await;
    citizen.press("Weiter").await;
    citizen.click(".quick button").await;
    citizen.expect_heading("Wie erreichen wir Sie?").await;
    citizen
}

#[test]
fn extending_keeps_what_was_typed_without_scripts() {
    browser::run(async {
        let house = House::open().await;
        let mut citizen = at_the_details(&house, Device::PHONE.without_scripts()).await;
        citizen.type_into("name", "Erika Mustermann").await;
        citizen.type_into("mail", "erika@").await;
        citizen.press("Minuten mehr").await;
        citizen.expect_heading("Wie erreichen wir Sie?").await;
        assert_eq!(citizen.typed("name").await, "Erika Mustermann");
        assert_eq!(citizen.typed("mail").await, "erika@");
    });
}

#[test]
fn a_wrong_address_is_named_and_nothing_is_lost() {
    browser::run(async {
        let house = House::open().await;
        let mut citizen = at_the_details(&house, Device::DESK).await;
        citizen.type_into("name", "Erika Mustermann").await;
        citizen.type_into("mail", "erika.mustermann@").await;
        citizen.press("Verbindlich buchen").await;
        citizen.expect_text("nach dem @-Zeichen").await;
        assert!(citizen.page.title().await.unwrap().starts_with("Fehler"), "the title names the error");
        assert_eq!(citizen.typed("name").await, "Erika Mustermann");
        assert_eq!(citizen.typed("mail").await, "erika.mustermann@");
        assert_eq!(citizen.find("#mail").get_attribute("aria-invalid").await.unwrap().as_deref(), Some("true"));
        citizen.click(".errors a").await;
        citizen.expect_focus("mail").await;
    });
}

/// The hold runs out while somebody types: the place is still theirs if nobody has taken it.
#[test]
fn an_expired_hold_is_taken_again() {
    browser::run(async {
        let house = House::open().await;
        let mut citizen = at_the_details(&house, Device::DESK.without_scripts()).await;
        let mut owner = house.test.admin_connection().await;
        for table in ["booking", "appointment"] {
            let past = format!("UPDATE t_werne.{table} SET hold_until = hold_until - interval '1 hour'");
            sqlx::raw_sql(sqlx::AssertSqlSafe(past)).execute(&mut owner).await.unwrap();
        }
        citizen.type_into("name", "Erika Mustermann").await;
        citizen.type_into("mail", "erika@example.org").await;
        citizen.press("Verbindlich buchen").await;
        citizen.expect_heading("Ihr Termin ist gebucht").await;
    });
}

/// Typing in the search field finds the concern although it is misspelt; the choice made before is kept.
#[test]
fn the_search_forgives_and_keeps_the_choice() {
    browser::run(async {
        let house = House::open().await;
        for device in [Device::DESK, Device::PHONE.without_scripts()] {
            let mut citizen = house.citizen("werne", device).await;
            citizen.visit("?anliegen=reisepass").await;
            citizen.type_into("suche", "fürungszeugniss").await;
            if !device.scripts {
                citizen.click(".search button").await;
            }
            citizen.expect_text("Treffer für „fürungszeugniss“").await;
            assert!(citizen.find("#treffer").count().await.unwrap() > 0);
            citizen.expect_text("Führungszeugnis").await;
            assert!(citizen.find("#anliegen-reisepass").is_checked().await.unwrap(), "the choice is kept");
        }
    });
}
