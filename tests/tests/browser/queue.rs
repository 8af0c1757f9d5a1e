//! The queue in a real browser: by keyboard alone, followed live, on every screen; the display and the check-in.

use std::sync::Arc;
use std::time::Duration;

use e2e::browser::{self, Device, expect_words};
use e2e::{Server, StaffClient, TestDb};
use identity::Role;
use playwright_rs::Page;
use uuid::Uuid;

use crate::citizen::House;

const HOME: &str = "/verwaltung/warteschlange";

/// A small town on Tuesday, 1 December 2026, at 9:00, with a clerk at counter 1.
struct Hall {
    test: TestDb,
    server: Server,
    clerk: StaffClient,
}

impl Hall {
    async fn open() -> Self {
        let test = TestDb::with_town("probe").await;
        let nine = "2026-12-01T08:00:00Z".parse().unwrap();
        let server = Server::start_with(&test, Arc::new(move || nine), web::Limits::off()).await;
        let clerk = server.sign_in(&test, "probe", Role::Clerk).await;
        clerk.post(&format!("{HOME}/platz"), &[("schalter", "1")]).await;
        Self { test, server, clerk }
    }

    /// Numbers for so many people without an appointment.
    async fn take(&self, people: u128) {
        for number in 1..=people {
            let id = Uuid::from_u128(number).to_string();
            let fields = [("standort", "rathaus"), ("versuch", id.as_str()), ("anliegen", "reisepass")];
            self.clerk.post(&format!("{HOME}/neu"), &fields).await;
        }
    }

    /// The clerk's browser.
    async fn desk(&self, device: Device) -> Page {
        let page = browser::open(device).await;
        self.clerk.enter(&page).await;
        page
    }

    async fn visit(&self, page: &Page, path: &str) {
        let status = browser::visit(page, &self.server.url(&self.test, "probe", path)).await;
        assert_eq!(status, 200, "{path}");
    }
}

async fn press(page: &Page, key: &str) {
    page.keyboard().press(key, None).await.expect("a keyboard");
}

/// Presses a key once the page listens to it, which it shows by the letters on its buttons.
async fn command(page: &Page, key: &str) {
    let listens = "() => [...document.querySelectorAll('kbd')].some((it) => !it.closest('[hidden]'))";
    for _ in 0..1200 {
        if page.evaluate::<(), bool>(listens, None).await.unwrap_or(false) {
            return press(page, key).await;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{} does not listen to keys", page.url());
}

async fn look(page: &Page, what: &str) {
    browser::expect_accessible(page, what).await;
    browser::expect_no_sideways_scroll(page, what).await;
    browser::expect_quiet_console(page, what);
}

#[test]
fn a_clerk_needs_no_mouse() {
    browser::run(async {
        let hall = Hall::open().await;
        hall.take(3).await;
        let page = hall.desk(Device::DESK).await;
        hall.visit(&page, HOME).await;
        command(&page, "n").await;
        expect_words(&page, "B101 ist aufgerufen (Schalter 1)").await;
        command(&page, "r").await;
        expect_words(&page, "2-mal gerufen").await;
        command(&page, "b").await;
        expect_words(&page, "B101 wird bedient").await;
        command(&page, "n").await;
        expect_words(&page, "B102 ist aufgerufen").await;
        command(&page, "p").await;
        expect_words(&page, "1 Person beiseite").await;
        command(&page, "o").await;
        expect_words(&page, "Nummer ohne Termin").await;
        page.keyboard().type_text("umzug", None).await.unwrap();
        press(&page, "Enter").await;
        expect_words(&page, "Nummer B104 ist vergeben").await;
        command(&page, "d").await;
        expect_words(&page, "Vor Ihnen wartet 1 Person").await;
        look(&page, "slip").await;
    });
}

#[test]
fn keys_can_be_switched_off_and_never_work_in_fields() {
    browser::run(async {
        let hall = Hall::open().await;
        hall.take(2).await;
        let page = hall.desk(Device::DESK).await;
        hall.visit(&page, HOME).await;
        page.locator("#schalter").first().focus().await.unwrap();
        command(&page, "n").await;
        page.locator("label[for=tasten-an]").first().click(None).await.unwrap();
        hall.visit(&page, HOME).await;
        command(&page, "n").await;
        tokio::time::sleep(Duration::from_millis(500)).await;
        expect_words(&page, "Gerade ist niemand bei Ihnen").await;
        page.locator("label[for=tasten-an]").first().click(None).await.unwrap();
        page.locator("h1").first().click(None).await.unwrap();
        command(&page, "ArrowDown").await;
        command(&page, "ArrowDown").await;
        press(&page, "Enter").await;
        expect_words(&page, "B102 ist aufgerufen").await;
    });
}

#[test]
fn the_list_and_the_display_follow_what_others_do() {
    browser::run(async {
        let hall = Hall::open().await;
        let desk = hall.desk(Device::DESK).await;
        hall.visit(&desk, HOME).await;
        let screen = browser::open(Device { width: 1920, height: 1080, ..Device::DESK }).await;
        hall.visit(&screen, "/aufruf/rathaus").await;
        expect_words(&screen, "niemand aufgerufen").await;
        hall.take(1).await;
        expect_words(&desk, "Es wartet 1 Person").await;
        hall.clerk.post(&format!("{HOME}/naechste"), &[]).await;
        expect_words(&desk, "B101 ist aufgerufen").await;
        expect_words(&screen, "Schalter 1").await;
        look(&desk, "list").await;
        let sound = screen.locator("#ton").first();
        sound.click(None).await.unwrap();
        assert_eq!(sound.get_attribute("aria-pressed").await.unwrap().as_deref(), Some("true"));
        assert_eq!(sound.inner_text().await.unwrap(), "Ton ausschalten");
        look(&screen, "display").await;
    });
}

#[test]
fn whoever_is_signed_out_is_told_and_keys_show_only_while_they_work() {
    browser::run(async {
        let hall = Hall::open().await;
        hall.take(1).await;
        let page = hall.desk(Device::DESK).await;
        hall.visit(&page, HOME).await;
        command(&page, "x").await;
        let caps = page.locator("button[data-key] kbd:visible");
        assert!(caps.count().await.unwrap() > 0, "the keys stand on the buttons");
        page.locator("label[for=tasten-an]").first().click(None).await.unwrap();
        assert_eq!(caps.count().await.unwrap(), 0, "they promise what does not work");
        hall.clerk.post("/verwaltung/abmelden", &[]).await;
        page.evaluate_expression("dispatchEvent(new Event('pagehide')), dispatchEvent(new Event('pageshow'))")
            .await
            .unwrap();
        hall.server
            .sign_in(&hall.test, "probe", Role::Clerk)
            .await
            .post(
                &format!("{HOME}/neu"),
                &[("standort", "rathaus"), ("versuch", &Uuid::from_u128(9).to_string()), ("auskunft", "1")],
            )
            .await;
        expect_words(&page, "weil Sie abgemeldet sind").await;
        expect_words(&page, "Es wartet 1 Person").await;
    });
}

#[test]
fn every_page_of_the_hall_on_every_screen() {
    browser::run(async {
        let hall = Hall::open().await;
        hall.take(4).await;
        hall.clerk.post(&format!("{HOME}/naechste"), &[]).await;
        let second = Uuid::from_u128(2);
        let narrow = Device { width: 320, height: 640, ..Device::PHONE };
        for device in [Device::DESK, Device::PHONE, narrow] {
            let page = hall.desk(device).await;
            for path in [
                HOME.to_owned(),
                format!("{HOME}?meldung=gezogen&ticket={second}"),
                format!("{HOME}?standort=aussenstelle"),
                format!("{HOME}/neu?q=beantragen"),
                format!("{HOME}/{second}"),
                format!("{HOME}/{second}/zettel"),
                format!("{HOME}/wartebereich?standort=rathaus"),
                "/aufruf/rathaus".to_owned(),
                "/ankunft/rathaus".to_owned(),
            ] {
                hall.visit(&page, &path).await;
                look(&page, &format!("{path} at {} px", device.width)).await;
            }
        }
        for (dark, forced) in [(true, false), (false, true)] {
            let page = hall.desk(Device::DESK).await;
            browser::emulate(&page, dark, forced).await;
            for path in [HOME, "/aufruf/rathaus", "/ankunft/rathaus"] {
                hall.visit(&page, path).await;
                look(&page, path).await;
            }
        }
    });
}

#[test]
fn without_scripts_the_hall_works_too() {
    browser::run(async {
        let hall = Hall::open().await;
        hall.take(2).await;
        let page = hall.desk(Device::PHONE.without_scripts()).await;
        hall.visit(&page, HOME).await;
        browser::pressable(&page, "Nächste Person aufrufen").click(None).await.unwrap();
        expect_words(&page, "B101 ist aufgerufen").await;
        browser::pressable(&page, "Erledigt").click(None).await.unwrap();
        expect_words(&page, "Gerade ist niemand bei Ihnen").await;
        hall.visit(&page, "/aufruf/rathaus").await;
        assert_eq!(page.locator("meta[http-equiv=refresh]").count().await.unwrap(), 1, "the display stands still");
        hall.visit(&page, "/ankunft/rathaus").await;
        browser::pressable(&page, "Ich bin da").click(None).await.unwrap();
        expect_words(&page, "Bitte geben Sie Ihre Buchungsnummer ein").await;
    });
}

/// Sends the form, and waits until the page says that the line is down.
async fn expect_lost(page: &Page) {
    let is_said = "() => [...document.querySelectorAll('[data-lost]')].some((it) => it.checkVisibility())";
    for _ in 0..200 {
        if page.evaluate::<(), bool>(is_said, None).await.unwrap_or(false) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{} does not say that the line is down", page.url());
}

#[test]
fn a_number_that_could_not_be_sent_is_still_typed_and_taken_once() {
    browser::run(async {
        let hall = Hall::open().await;
        let page = hall.desk(Device::DESK).await;
        hall.visit(&page, &format!("{HOME}/neu")).await;
        page.locator("#a-reisepass").check(None).await.expect("a concern");
        page.locator("#name").fill("Erika Mustermann", None).await.expect("a name");
        let context = page.context().expect("a context");
        context.set_offline(true).await.expect("no network");
        page.locator("#name").focus().await.expect("the name");
        press(&page, "Enter").await;
        expect_lost(&page).await;
        browser::expect_accessible(&page, "a number without a line").await;
        assert_eq!(page.locator("#name").input_value(None).await.expect("a name"), "Erika Mustermann");
        context.set_offline(false).await.expect("the network");
        press(&page, "Enter").await;
        expect_words(&page, "B101").await;
        let mut tx = hall.test.tx("probe").await;
        let tickets: i64 = sqlx::query_scalar("SELECT count(*) FROM ticket").fetch_one(tx.conn()).await.unwrap();
        assert_eq!(tickets, 1);
        // What is wrong with a form is said on the same page, with the focus on it.
        hall.visit(&page, &format!("{HOME}/neu")).await;
        page.locator("#name").focus().await.expect("the name");
        press(&page, "Enter").await;
        browser::expect_words(&page, "Bitte prüfen Sie eine Angabe").await;
        let at = "() => document.activeElement.id === 'fehler'";
        assert!(page.evaluate::<(), bool>(at, None).await.expect("the focus"));
        assert!(!page.url().contains("name="), "names stand in no address");
    });
}

/// What hangs in the hall carries the colours of each town: a screen on the wall, wide or upright, by day and by night, and
/// the notice with the code for the telephone.
#[test]
fn the_screen_and_the_notice_of_the_hall_in_the_colours_of_both_towns() {
    browser::run(async {
        let house = House::open().await;
        for (slug, office) in [("werne", "buergerbuero"), ("porta-westfalica", "buergeramt")] {
            let mut clerks = Vec::new();
            for counter in ["1", "2"] {
                let clerk = house.server.sign_in(&house.test, slug, Role::Clerk).await;
                clerk.post(&format!("{HOME}/platz"), &[("schalter", counter)]).await;
                let id = Uuid::new_v4().to_string();
                let fields = [("standort", office), ("versuch", id.as_str()), ("auskunft", "1")];
                clerk.post(&format!("{HOME}/neu"), &fields).await;
                clerk.post(&format!("{HOME}/naechste"), &[]).await;
                clerks.push(clerk);
            }
            for (width, height, dark) in [(1920, 1080, false), (1080, 1920, false), (1280, 720, true)] {
                let screen = browser::open(Device { width, height, ..Device::DESK }).await;
                browser::emulate(&screen, dark, false).await;
                browser::visit(&screen, &house.server.url(&house.test, slug, &format!("/aufruf/{office}"))).await;
                expect_words(&screen, "B102").await;
                look(&screen, &format!("{slug}: the display at {width}")).await;
                browser::screenshot(&screen, &format!("{slug}-aufrufanzeige-{width}")).await;
            }
            for device in [Device::DESK, Device::PHONE] {
                let page = browser::open(device).await;
                clerks[0].enter(&page).await;
                let path = format!("{HOME}/wartebereich?standort={office}");
                browser::visit(&page, &house.server.url(&house.test, slug, &path)).await;
                expect_words(&page, "Drucken").await;
                look(&page, &format!("{slug}: the notice at {}", device.width)).await;
                browser::screenshot(&page, &format!("{slug}-aushang-{}", device.width)).await;
            }
        }
    });
}
