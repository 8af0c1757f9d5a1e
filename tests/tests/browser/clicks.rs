//! How easy it is: counted.

use e2e::browser::{self, Device};

use crate::citizen::House;

/// Four clicks and two fields for one concern.
async fn four_clicks(slug: &'static str, device: Device) {
    let house = House::open().await;
    let mut citizen = house.citizen(slug, device).await;
    citizen.visit("").await;
    citizen.click("label[for=anliegen-reisepass]").await;
    citizen.press("Weiter").await;
    citizen.click(".quick button").await;
    citizen.expect_heading("Wie erreichen wir Sie?").await;
    citizen.type_into("name", "Erika Mustermann").await;
    citizen.type_into("mail", "erika@example.org").await;
    citizen.press("uchen").await;
    citizen.expect_heading("Ihr Termin ist gebucht").await;
    assert_eq!((citizen.clicks, citizen.fields), (4, 2));
}

#[test]
fn four_clicks_and_two_fields_in_werne() {
    browser::run(four_clicks("werne", Device::PHONE));
}

#[test]
fn four_clicks_and_two_fields_in_porta_westfalica_without_scripts() {
    browser::run(four_clicks("porta-westfalica", Device::DESK.without_scripts()));
}

#[test]
fn three_clicks_from_a_link_that_names_the_concern() {
    browser::run(async {
        let house = House::open().await;
        let mut citizen = house.citizen("werne", Device::DESK).await;
        citizen.visit("?anliegen=reisepass").await;
        citizen.press("Weiter zum Termin").await;
        citizen.click(".quick button").await;
        citizen.type_into("name", "Erika Mustermann").await;
        citizen.type_into("mail", "erika@example.org").await;
        citizen.press("Verbindlich buchen").await;
        citizen.expect_heading("Ihr Termin ist gebucht").await;
        assert_eq!((citizen.clicks, citizen.fields), (3, 2));
    });
}

/// The whole way by keyboard: what is not reached by Tab and pressed by Enter or Space is not there.
#[test]
fn without_a_mouse() {
    browser::run(async {
        let house = House::open().await;
        let mut citizen = house.citizen("werne", Device::DESK).await;
        citizen.visit("").await;
        let keyboard = citizen.page.keyboard();
        tab_to(&citizen.page, "document.activeElement.id === 'anliegen-reisepass'").await;
        keyboard.press("Space", None).await.unwrap();
        tab_to(&citizen.page, "document.activeElement.matches('.summary-foot button')").await;
        keyboard.press("Enter", None).await.unwrap();
        citizen.expect_heading("Wann passt es Ihnen?").await;
        tab_to(&citizen.page, "document.activeElement.matches('.quick button')").await;
        keyboard.press("Enter", None).await.unwrap();
        citizen.expect_heading("Wie erreichen wir Sie?").await;
        tab_to(&citizen.page, "document.activeElement.id === 'name'").await;
        keyboard.type_text("Erika Mustermann", None).await.unwrap();
        tab_to(&citizen.page, "document.activeElement.id === 'mail'").await;
        keyboard.type_text("erika@example.org", None).await.unwrap();
        // Enter in a field does what the page is for: it books, it does not extend the hold.
        keyboard.press("Enter", None).await.unwrap();
        citizen.expect_heading("Ihr Termin ist gebucht").await;
        citizen.clicks = 0;
    });
}

/// Presses Tab until `condition` holds; on the way every focused element must be visible and not covered.
async fn tab_to(page: &playwright_rs::Page, condition: &str) {
    let keyboard = page.keyboard();
    for _ in 0..150 {
        keyboard.press("Tab", None).await.unwrap();
        let seen: bool = page
            .evaluate(
                "() => { const e = document.activeElement; const b = e.getBoundingClientRect(); \
                 if (b.width < 2 || b.height < 2) return e.tabIndex === 0 ? e.matches('.vh, .skip') : true; \
                 const at = document.elementFromPoint(b.x + b.width / 2, Math.min(b.y + b.height / 2, innerHeight - 1)); \
                 return !at || e === at || e.contains(at) || at.contains(e) || (e.labels && [...e.labels].some(l => l.contains(at))); }",
                None::<&()>,
            )
            .await
            .unwrap();
        let shown: String = page.evaluate_value("document.activeElement.outerHTML.slice(0, 200)").await.unwrap();
        assert!(seen, "the focus is hidden on {shown}");
        let there: bool = page.evaluate(&format!("() => !!({condition})"), None::<&()>).await.unwrap();
        if there {
            return;
        }
    }
    panic!("Tab never came to {condition}");
}
