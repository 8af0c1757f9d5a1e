//! Narrow, dark, high contrast: the same pages under the settings that people have.

use e2e::browser::{self, Device};

use crate::citizen::House;

/// 320 pixels are 1280 at 400 % zoom (WCAG 1.4.10).
const NARROW: Device = Device { width: 320, height: 640, scripts: true, language: "de-DE" };

#[test]
fn every_step_fits_into_320_pixels() {
    browser::run(async {
        let house = House::open().await;
        for slug in ["werne", "porta-westfalica"] {
            let mut citizen = house.citizen(slug, NARROW).await;
            citizen.visit("?anliegen=reisepass").await;
            citizen.look("1").await;
            citizen.press("Weiter").await;
            citizen.expect_heading("Wann passt es Ihnen?").await;
            citizen.look("2").await;
            citizen.click(".quick button").await;
            citizen.expect_heading("Wie erreichen wir Sie?").await;
            citizen.look("3").await;
            citizen.type_into("name", "Erika Mustermann").await;
            citizen.type_into("mail", "erika.mustermann.mit.langem.namen@verwaltung.beispielstadt.example.org").await;
            citizen.press("Buchen").await;
            citizen.expect_heading("gebucht").await;
            citizen.look("4").await;
        }
    });
}

#[test]
fn dark_and_forced_colours() {
    browser::run(async {
        let house = House::open().await;
        for (dark, forced) in [(true, false), (false, true), (true, true)] {
            let mut citizen = house.citizen("werne", Device::DESK).await;
            browser::emulate(&citizen.page, dark, forced).await;
            citizen.visit("?anliegen=reisepass").await;
            citizen.look("1").await;
            citizen.press("Weiter").await;
            citizen.expect_heading("Wann passt es Ihnen?").await;
            citizen.look("2").await;
            citizen.click(".quick button").await;
            citizen.expect_heading("Wie erreichen wir Sie?").await;
            citizen.look("3").await;
        }
    });
}
