//! Booking for a caller in a real browser: by keyboard alone, with every key counted; what is typed survives a lost
//! connection, an ended session and a reload.

use std::sync::Arc;
use std::time::Duration;

use e2e::browser::{self, Device};
use e2e::{Server, StaffClient, TestDb};
use identity::Role;
use playwright_rs::Page;

const HOME: &str = "/verwaltung/neu";

/// A small town on Tuesday, 1 December 2026, at 8:50.
struct Switchboard {
    test: TestDb,
    server: Server,
}

/// Somebody at the switchboard who counts every key.
struct Operator {
    page: Page,
    keys: usize,
}

impl Switchboard {
    async fn open() -> Self {
        let test = TestDb::with_town("probe").await;
        let now = "2026-12-01T07:50:00Z".parse().unwrap();
        let server = Server::start_with(&test, Arc::new(move || now), web::Limits::off()).await;
        Self { test, server }
    }

    async fn staff(&self, role: Role) -> StaffClient {
        self.server.sign_in(&self.test, "probe", role).await
    }

    async fn operator(&self, device: Device, role: Role) -> Operator {
        let page = browser::open(device).await;
        self.staff(role).await.enter(&page).await;
        let operator = Operator { page, keys: 0 };
        self.visit(&operator, HOME).await;
        operator
    }

    async fn visit(&self, operator: &Operator, path: &str) {
        let status = browser::visit(&operator.page, &self.server.url(&self.test, "probe", path)).await;
        assert_eq!(status, 200, "{path}");
    }

    async fn bookings(&self) -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM booking").fetch_one(self.test.tx("probe").await.conn()).await.unwrap()
    }

    /// Ends all sessions, as an administrator can.
    async fn end_sessions(&self) {
        let mut tx = self.test.tx("probe").await;
        sqlx::query("DELETE FROM staff_session").execute(tx.conn()).await.unwrap();
        tx.commit().await.unwrap();
    }
}

impl Operator {
    async fn press(&mut self, key: &str) {
        self.keys += 1;
        self.page.keyboard().press(key, None).await.expect("a keyboard");
    }

    /// Types letter by letter; every letter counts.
    async fn types(&mut self, text: &str) {
        self.keys += text.chars().count();
        self.page.keyboard().type_text(text, None).await.expect("a keyboard");
    }

    /// Waits until the focus is on an element that matches.
    async fn at(&self, selector: &str) {
        let is_there = format!("document.activeElement.matches('{selector}')");
        for _ in 0..1200 {
            // Between two pages there is nobody to ask.
            if self.page.evaluate_value(&is_there).await.is_ok_and(|it| it == "true") {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let id = self.page.evaluate_value("document.activeElement.outerHTML.slice(0, 200)").await.expect("the focus");
        panic!("the focus is not at {selector} but at {id}");
    }

    async fn expect(&self, words: &str) {
        browser::expect_words(&self.page, words).await;
    }

    async fn look(&self, what: &str, device: Device) {
        browser::expect_no_sideways_scroll(&self.page, what).await;
        if device.scripts {
            browser::expect_accessible(&self.page, what).await;
        }
        browser::screenshot(&self.page, &format!("verwaltung-{what}-{}", device.width)).await;
    }

    /// From the search field to a name, ready to be booked.
    async fn fill_in(&mut self, name: &str) {
        self.at("#q").await;
        self.types("perso").await;
        self.press("Enter").await;
        self.expect("Zusammen").await;
        self.press("Enter").await;
        self.at("input[name=zeit]").await;
        self.press("Enter").await;
        self.at("#name").await;
        self.types(name).await;
    }
}

#[test]
fn a_caller_is_booked_by_keyboard_in_under_thirty_seconds() {
    browser::run(async {
        let desk = Switchboard::open().await;
        for device in [Device::DESK, Device::PHONE] {
            let mut operator = desk.operator(device, Role::Phone).await;
            operator.look("neu-leer", device).await;
            operator.fill_in("Müller").await;
            operator.look("neu", device).await;
            operator.press("Tab").await;
            operator.at("#tel").await;
            operator.types("0171 123456").await;
            operator.press("Enter").await;
            operator.expect("Gebucht für Müller").await;
            operator.at("#naechster").await;
            // Five letters of the concern, six of the name, eleven of the number, and five keys besides: fourteen seconds
            // for somebody who takes half a second for each. What the pages take, `bench day` measures.
            assert_eq!(operator.keys, 27);
            operator.look("neu-fertig", device).await;
            operator.press("Enter").await;
            operator.at("#q").await;
            browser::expect_quiet_console(&operator.page, "booking");
        }
        assert_eq!(desk.bookings().await, 2);
    });
}

#[test]
fn several_concerns_another_day_and_another_time_by_keyboard() {
    browser::run(async {
        let desk = Switchboard::open().await;
        let mut operator = desk.operator(Device::DESK, Role::Phone).await;
        operator.at("#q").await;
        operator.types("perso").await;
        operator.press("Enter").await;
        operator.expect("Zusammen 15 Minuten").await;
        operator.types("reispas").await;
        operator.press("Enter").await;
        operator.expect("Zusammen 35 Minuten").await;
        operator.page.locator("#tag").focus().await.expect("the day");
        operator.types("3.12.").await;
        operator.press("Enter").await;
        operator.at("input[name=zeit]").await;
        operator.expect("3. Dezember").await;
        operator.press("ArrowRight").await;
        operator.press("Enter").await;
        operator.at("#name").await;
        operator.types("Öztürk").await;
        operator.press("Control+Enter").await;
        operator.expect("Gebucht für Öztürk").await;
        operator.expect("8:05").await;
    });
}

#[test]
fn two_appointments_one_after_the_other_by_keyboard() {
    browser::run(async {
        let desk = Switchboard::open().await;
        let mut tx = desk.test.tx("probe").await;
        let apart = r#"UPDATE town SET rules = '{"combined": false, "separate": true}', version = version + 1"#;
        sqlx::query(apart).execute(tx.conn()).await.unwrap();
        tx.commit().await.unwrap();
        for device in [Device::DESK, Device::PHONE] {
            let mut operator = desk.operator(device, Role::Phone).await;
            operator.at("#q").await;
            operator.types("perso").await;
            operator.press("Enter").await;
            operator.expect("Zusammen 15 Minuten").await;
            operator.types("reispas").await;
            operator.press("Enter").await;
            operator.expect("Termin 2 von 2").await;
            operator.look("neu-zwei", device).await;
            operator.press("Enter").await;
            operator.at("input[name=zeit]").await;
            operator.press("ArrowRight").await;
            operator.press("Enter").await;
            operator.at("input[name=zeit-2]").await;
            operator.press("Enter").await;
            operator.at("#name").await;
            operator.types("Öztürk").await;
            operator.press("Enter").await;
            operator.expect("Gebucht für Öztürk").await;
            operator.look("neu-zwei-fertig", device).await;
            browser::expect_quiet_console(&operator.page, "two appointments");
        }
        let mut tx = desk.test.tx("probe").await;
        let follows =
            "SELECT count(*) FROM appointment first JOIN appointment next ON next.booking_id = first.booking_id
                        WHERE first.position = 1 AND next.position = 2 AND lower(next.during) = upper(first.during)";
        let directly: i64 = sqlx::query_scalar(follows).fetch_one(tx.conn()).await.unwrap();
        assert_eq!(directly, 2, "the second follows the first, also when another time was chosen for that one");
    });
}

/// Quick hands on a slow line: the second concern is typed and taken before the first one has arrived.
#[test]
fn typed_faster_than_the_line_answers_nothing_is_lost() {
    browser::run(async {
        let desk = Switchboard::open().await;
        let mut operator = desk.operator(Device::DESK, Role::Phone).await;
        operator.at("#q").await;
        let slow = "const line = new Promise((done) => { window.go = done; }); const real = window.fetch;
                    window.fetch = (...asked) => line.then(() => real(...asked)); true";
        operator.page.evaluate_value(slow).await.unwrap();
        operator.types("perso").await;
        operator.press("Enter").await;
        operator.types("reispas").await;
        operator.press("Enter").await;
        operator.types("Umzug").await;
        operator.page.evaluate_value("window.go(); true").await.unwrap();
        operator.expect("Zusammen 35 Minuten").await;
        operator.expect("Wohnung ummelden").await;
        let typed = operator.page.evaluate_value("document.getElementById('q').value").await.unwrap();
        assert_eq!(typed, "Umzug");
        browser::expect_quiet_console(&operator.page, "quick hands");
    });
}

#[test]
fn a_lost_connection_loses_nothing_and_books_once() {
    browser::run(async {
        let desk = Switchboard::open().await;
        let mut operator = desk.operator(Device::DESK, Role::Phone).await;
        operator.fill_in("Müller").await;
        let context = operator.page.context().expect("a context");
        context.set_offline(true).await.expect("no network");
        operator.press("Enter").await;
        operator.expect("Keine Verbindung").await;
        operator.look("neu-ohne-netz", Device::DESK).await;
        operator.at("#name").await;
        context.set_offline(false).await.expect("the network");
        operator.press("Enter").await;
        operator.expect("Gebucht für Müller").await;
        assert_eq!(desk.bookings().await, 1);
        // What is booked is not kept any longer.
        desk.visit(&operator, HOME).await;
        operator.at("#q").await;
        let kept = operator.page.evaluate_value("String(sessionStorage.length)").await.expect("the storage");
        assert_eq!(kept, "0");
    });
}

#[test]
fn an_ended_session_loses_nothing() {
    browser::run(async {
        let desk = Switchboard::open().await;
        let mut operator = desk.operator(Device::DESK, Role::Phone).await;
        operator.fill_in("Müller").await;
        desk.end_sessions().await;
        operator.press("Enter").await;
        operator.expect("Ihre Sitzung ist abgelaufen").await;
        assert_eq!(desk.bookings().await, 0);
        desk.staff(Role::Phone).await.enter(&operator.page).await;
        operator.press("Enter").await;
        operator.expect("Gebucht für Müller").await;
    });
}

#[test]
fn a_reload_brings_back_what_was_typed() {
    browser::run(async {
        let desk = Switchboard::open().await;
        let mut operator = desk.operator(Device::DESK, Role::Phone).await;
        operator.fill_in("Müller").await;
        desk.visit(&operator, HOME).await;
        operator.expect("Eine angefangene Buchung ist wieder da").await;
        let name = operator.page.locator("#name").input_value(None).await.expect("the name");
        assert_eq!(name, "Müller");
        operator.press("Control+Enter").await;
        operator.expect("Gebucht für Müller").await;
    });
}

#[test]
fn quick_hands_come_to_the_times_and_signing_out_leaves_nothing_behind() {
    browser::run(async {
        let desk = Switchboard::open().await;
        let mut operator = desk.operator(Device::DESK, Role::Phone).await;
        operator.at("#q").await;
        operator.types("perso").await;
        // Nobody waits for the answer.
        operator.press("Enter").await;
        operator.press("Enter").await;
        operator.at("input[name=zeit]").await;
        operator.press("Enter").await;
        operator.types("Müller").await;
        let kept = "String(sessionStorage.getItem('stadttermin.caller'))";
        assert!(operator.page.evaluate_value(kept).await.expect("the storage").contains("ller"));
        operator.page.locator("form[action$='/abmelden'] button").focus().await.expect("the button");
        operator.press("Enter").await;
        operator.expect("Anmelden").await;
        assert_eq!(operator.page.evaluate_value(kept).await.expect("the storage"), "null");
    });
}

#[test]
fn overbooking_warns_and_the_search_finds_on_every_screen() {
    browser::run(async {
        let desk = Switchboard::open().await;
        for device in [Device::DESK, Device::PHONE] {
            let mut operator = desk.operator(device, Role::Lead).await;
            operator.fill_in("Schmidt").await;
            operator.page.locator("#um").focus().await.expect("a time of one's own");
            operator.types("20:00").await;
            operator.press("Enter").await;
            operator.expect("Außerhalb der Öffnung").await;
            operator.at("#konflikt").await;
            operator.look("neu-konflikt", device).await;
            operator.press("Tab").await;
            operator.press("Enter").await;
            operator.expect("Gebucht für Schmidt").await;
            desk.visit(&operator, "/verwaltung/suche?q=schmitt").await;
            operator.expect("Schmidt").await;
            operator.look("suche", device).await;
            desk.visit(&operator, "/verwaltung/suche?q=niemand").await;
            operator.expect("Nichts gefunden").await;
            operator.look("suche-nichts", device).await;
        }
    });
}
