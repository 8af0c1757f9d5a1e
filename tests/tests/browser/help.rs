//! Help within reach: questions, emergencies, languages, and the pages nobody wants to see.

use e2e::browser::{self, Device};

use crate::citizen::House;

#[test]
fn every_page_of_text_is_accessible_in_both_languages() {
    browser::run(async {
        let house = House::open().await;
        for (slug, device) in [("werne", Device::PHONE), ("porta-westfalica", Device::DESK)] {
            for language in ["de", "en"] {
                let citizen = house.citizen(slug, device).await;
                for page in [
                    "/haeufige-fragen",
                    "/datenschutz",
                    "/impressum",
                    "/barrierefreiheit",
                    "/verwalten",
                    "/gibt-es-nicht",
                ] {
                    citizen.visit(&format!("{page}?sprache={language}")).await;
                    let shown = citizen.find("html").get_attribute("lang").await.unwrap();
                    assert_eq!(shown.as_deref(), Some(language), "{page}");
                    citizen.look(page).await;
                }
            }
        }
    });
}

#[test]
fn the_way_in_english() {
    browser::run(async {
        let house = House::open().await;
        let mut citizen = house.citizen("porta-westfalica", Device::PHONE.speaking("en-GB")).await;
        citizen.visit("?anliegen=reisepass").await;
        citizen.expect_heading("What would you like to do?").await;
        citizen.press("Next").await;
        citizen.click(".quick button").await;
        citizen.expect_heading("How can we reach you?").await;
        citizen.type_into("name", "Erika Mustermann").await;
        citizen.type_into("mail", "erika@example.org").await;
        citizen.press("Book").await;
        citizen.expect_heading("Your appointment is booked").await;
        citizen.look("4-done-english").await;
        let mails = citizen.mails("erika@example.org", 1).await;
        assert!(mails[0]["text"].as_str().unwrap().contains("appointment"), "{}", mails[0]["text"]);
    });
}

#[test]
fn the_mailbox_shows_what_a_citizen_sees() {
    browser::run(async {
        let house = House::open().await;
        let mut citizen = house.citizen("werne", Device::DESK).await.with_pictures();
        citizen.visit("?anliegen=reisepass").await;
        citizen.press("Weiter").await;
        citizen.click(".quick button").await;
        citizen.type_into("name", "Erika Mustermann").await;
        citizen.type_into("mail", "erika@example.org").await;
        citizen.press("Verbindlich buchen").await;
        citizen.mails("erika@example.org", 1).await;
        browser::visit(&citizen.page, &house.server.mailbox_url("/")).await;
        citizen.look("mailbox").await;
        citizen.click("nav[data-list] a").await;
        citizen.look("mail-bestaetigung").await;
    });
}
