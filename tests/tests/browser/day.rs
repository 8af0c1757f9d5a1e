//! The day in a real browser: by keyboard, live, on a telephone and at a desk, with axe-core finding nothing.

use std::sync::Arc;
use std::time::Duration;

use e2e::browser::{self, Device};
use e2e::day::{Planned, plan};
use e2e::{Server, StaffClient, TestDb};
use identity::Role;
use jiff::{SignedDuration, Timestamp};
use playwright_rs::Page;
use uuid::Uuid;

const DAY: &str = "/verwaltung/tag?standort=rathaus&tag=2026-12-01";
/// 8 o'clock in the town.
const OPENS: &str = "2026-12-01T07:00:00Z";

/// Counter, minutes after eight, how long, who.
const APPOINTMENTS: [(i32, i64, i16, &str); 8] = [
    (1, 0, 15, "Keller, Jonas"),
    (1, 20, 30, "Öztürk, Familie"),
    (1, 80, 30, "Demir, Leyla"),
    (1, 180, 45, "Kowalska, Anna"),
    (2, 0, 20, "Richter, Sven"),
    (2, 60, 30, "Nguyen, Minh"),
    (2, 130, 30, "Petrenko, Olha"),
    (3, 70, 15, "Peters, Gerd"),
];

/// The small town on a Tuesday at 9:25.
struct Desk {
    test: TestDb,
    server: Server,
    clerk: StaffClient,
}

fn id(number: usize) -> Uuid {
    Uuid::from_u128(0xa0 + u128::try_from(number).unwrap())
}

impl Desk {
    async fn open() -> Self {
        let test = TestDb::with_town("probe").await;
        let opens: Timestamp = OPENS.parse().unwrap();
        let mut tx = test.tx("probe").await;
        for (number, (counter, after, minutes, name)) in APPOINTMENTS.into_iter().enumerate() {
            let start = opens + SignedDuration::from_mins(after);
            plan(&mut tx, Planned { id: id(number), location: 1, counter, start, minutes }, name).await;
        }
        tx.commit().await.unwrap();
        let now = opens + SignedDuration::from_mins(85);
        let server = Server::start_with(&test, Arc::new(move || now), web::Limits::off()).await;
        let clerk = server.sign_in(&test, "probe", Role::Lead).await;
        for (number, verb) in [(0, "angekommen"), (2, "angekommen"), (4, "nicht-erschienen"), (5, "bedienen")] {
            clerk.post(&format!("/verwaltung/termine/{}/{verb}", id(number)), &[("version", "0")]).await;
        }
        clerk.post(&format!("/verwaltung/termine/{}/erledigt", id(0)), &[("version", "1")]).await;
        Self { test, server, clerk }
    }

    async fn page(&self, device: Device, path: &str) -> Page {
        let page = browser::open(device).await;
        self.visit(&page, path).await;
        page
    }

    /// As the clerk.
    async fn visit(&self, page: &Page, path: &str) {
        self.clerk.enter(page).await;
        let status = browser::visit(page, &self.server.url(&self.test, "probe", path)).await;
        assert_eq!(status, 200, "{path}");
    }
}

async fn press(page: &Page, key: &str) {
    page.keyboard().press(key, None).await.expect("a keyboard");
}

/// Waits until `script` is true on the page.
async fn wait_for(page: &Page, what: &str, script: &str) {
    for _ in 0..1200 {
        // A page that is just being left gives no answer.
        if page.evaluate::<(), bool>(script, None).await.unwrap_or(false) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{}: not {what}", page.url());
}

/// Waits until a card has the focus with this name on it.
async fn expect_card(page: &Page, name: &str) {
    let has_it = format!("() => document.activeElement.querySelector('b')?.textContent === '{name}'");
    wait_for(page, &format!("at the card of {name}"), &has_it).await;
}

async fn look(page: &Page, name: &str, width: u32) {
    browser::expect_no_sideways_scroll(page, name).await;
    browser::expect_accessible(page, name).await;
    browser::expect_quiet_console(page, name);
    browser::screenshot(page, &format!("staff-{name}-{width}")).await;
}

#[test]
fn every_page_of_the_day_is_accessible_on_every_screen() {
    browser::run(async {
        let desk = Desk::open().await;
        let one = format!("/verwaltung/termine/{}", id(2));
        let panel = format!("{DAY}&termin={}", id(2));
        let list = format!("{DAY}&ansicht=liste");
        for device in [Device::DESK, Device::PHONE, Device { width: 320, height: 640, ..Device::PHONE }] {
            for (name, path) in [
                ("day", panel.as_str()),
                ("day-list", list.as_str()),
                ("appointment", one.as_str()),
                ("week", "/verwaltung/woche?standort=rathaus&tag=2026-12-01"),
                ("day-print", "/verwaltung/tag/druck?standort=rathaus&tag=2026-12-01"),
            ] {
                let page = desk.page(device, path).await;
                look(&page, name, device.width).await;
            }
        }
    });
}

#[test]
fn the_arrow_keys_go_through_the_timetable_and_enter_opens_the_panel() {
    browser::run(async {
        let desk = Desk::open().await;
        let page = desk.page(Device::DESK, DAY).await;
        page.locator(format!("#t-{}", id(1))).focus().await.expect("a card");
        press(&page, "ArrowDown").await;
        expect_card(&page, "Demir, Leyla").await;
        press(&page, "ArrowRight").await;
        // The nearest in time.
        expect_card(&page, "Nguyen, Minh").await;
        press(&page, "ArrowRight").await;
        expect_card(&page, "Peters, Gerd").await;
        press(&page, "ArrowLeft").await;
        press(&page, "End").await;
        expect_card(&page, "Petrenko, Olha").await;
        press(&page, "Home").await;
        expect_card(&page, "Richter, Sven").await;
        press(&page, "ArrowLeft").await;
        press(&page, "Enter").await;
        wait_for(&page, "in the panel", "() => document.activeElement.id === 'panel-h'").await;
        assert!(page.locator("#panel-h").inner_text().await.unwrap().contains("Keller"));
        press(&page, "Escape").await;
        expect_card(&page, "Keller, Jonas").await;
        browser::expect_quiet_console(&page, "keyboard");
    });
}

#[test]
fn a_step_by_keyboard_leads_back_to_the_card() {
    browser::run(async {
        let desk = Desk::open().await;
        let page = desk.page(Device::DESK, &format!("{DAY}&termin={}", id(2))).await;
        page.locator("#aufrufen").focus().await.expect("the button");
        press(&page, "Enter").await;
        wait_for(&page, "called", "() => document.querySelector('.state-mark')?.textContent.includes('aufgerufen')")
            .await;
        expect_card(&page, "Demir, Leyla").await;
    });
}

#[test]
fn moving_by_keyboard_alone_with_a_warning_that_names_the_conflict() {
    browser::run(async {
        let desk = Desk::open().await;
        let page = desk.page(Device::DESK, &format!("{DAY}&termin={}", id(3))).await;
        page.locator("#zum-verschieben").focus().await.expect("the link");
        press(&page, "Enter").await;
        wait_for(&page, "at the form", "() => location.hash === '#verschieben'").await;
        page.locator("#schalter").select_option("2", None).await.expect("a counter");
        page.locator("#uhrzeit").fill("10:10", None).await.expect("a time");
        press(&page, "Enter").await;
        wait_for(&page, "warned", "() => document.activeElement.id === 'fehler'").await;
        let text = page.locator("#fehler").inner_text().await.unwrap();
        assert!(text.contains("Petrenko, Olha") && text.contains("10:10–10:40"), "{text}");
        look(&page, "overbook", 1280).await;
        page.locator("#ueberbuchen").focus().await.expect("the button");
        press(&page, "Enter").await;
        wait_for(&page, "back at the day", "() => document.querySelectorAll('.lane-2-of-2').length === 1").await;
    });
}

#[test]
fn what_happens_elsewhere_appears_without_a_key() {
    browser::run(async {
        let desk = Desk::open().await;
        let page = browser::open(Device::DESK).await;
        // Nothing is asked for at intervals: the news comes by the stream or not at all.
        page.add_init_script("window.setInterval = () => 0").await.expect("a script");
        desk.visit(&page, DAY).await;
        page.locator(format!("#t-{}", id(6))).focus().await.expect("a card");
        let other = desk.server.sign_in(&desk.test, "probe", Role::Clerk).await;
        other.post(&format!("/verwaltung/termine/{}/angekommen", id(6)), &[("version", "0")]).await;
        let script = format!("() => document.getElementById('t-{}').closest('.appt').matches('.arrived')", id(6));
        wait_for(&page, "up to date", &script).await;
        // The focus stays where it was.
        expect_card(&page, "Petrenko, Olha").await;
    });
}

/// Drags a card over the head of counter 3, so many pixels down.
async fn drag(page: &Page, id: Uuid, down: u32) {
    let script = format!(
        "() => {{
           const card = document.getElementById('t-{id}').closest('.appt');
           const head = document.querySelectorAll('.timetable .head')[2].getBoundingClientRect();
           const box = card.getBoundingClientRect();
           const dataTransfer = new DataTransfer();
           const fire = (target, type, x, y) => target.dispatchEvent(
             new DragEvent(type, {{ bubbles: true, cancelable: true, dataTransfer, clientX: x, clientY: y }}));
           fire(card, 'dragstart', box.left + 5, box.top + 5);
           const board = document.querySelector('.timetable');
           fire(board, 'dragover', head.left + 20, box.top + 5 + {down});
           fire(board, 'drop', head.left + 20, box.top + 5 + {down});
           fire(card, 'dragend', 0, 0);
           return true;
         }}"
    );
    page.evaluate::<(), bool>(&script, None).await.expect("a drag");
}

#[test]
fn a_card_is_dragged_to_another_counter() {
    browser::run(async {
        let desk = Desk::open().await;
        let page = desk.page(Device::DESK, DAY).await;
        drag(&page, id(3), 0).await;
        let moved = format!("() => document.getElementById('t-{}')?.closest('.appt').matches('.c4')", id(3));
        wait_for(&page, "at counter 3", &moved).await;
        assert!(page.locator("body").inner_text().await.unwrap().contains("Der Termin ist verschoben"));
    });
}

#[test]
fn a_slip_of_the_mouse_tells_the_citizen_nothing() {
    browser::run(async {
        let desk = Desk::open().await;
        let page = desk.page(Device::DESK, DAY).await;
        drag(&page, id(3), 125).await;
        wait_for(&page, "asked", "() => document.querySelector('dialog').open").await;
        let asked = page.locator("dialog").inner_text().await.unwrap();
        assert!(asked.contains("Kowalska, Anna: 11:00 → 12:00, Schalter 3"), "{asked}");
        look(&page, "day-drag", 1280).await;
        press(&page, "Escape").await;
        wait_for(&page, "not asked any more", "() => !document.querySelector('dialog').open").await;
        let there = format!("() => document.getElementById('t-{}').closest('.appt').matches('.c2')", id(3));
        wait_for(&page, "where it was", &there).await;
        drag(&page, id(3), 125).await;
        page.locator("#ziehen").focus().await.expect("the button");
        press(&page, "Enter").await;
        let moved = format!(
            "() => document.getElementById('t-{}')?.closest('.appt').matches('.c4') && location.search.includes('verschoben')",
            id(3)
        );
        wait_for(&page, "at counter 3", &moved).await;
    });
}

#[test]
fn a_lost_connection_loses_nothing_of_an_appointment() {
    browser::run(async {
        let desk = Desk::open().await;
        let path = format!("/verwaltung/termine/{}", id(3));
        let page = desk.page(Device::DESK, &path).await;
        page.locator("#notiz").fill("kommt mit Kinderwagen", None).await.expect("a note");
        let context = page.context().expect("a context");
        context.set_offline(true).await.expect("no network");
        let lost =
            "() => [...document.querySelectorAll('[data-lost]')].filter((it) => it.checkVisibility()).length === 1";
        page.locator("#notiz ~ *, form:has(#notiz) button").last().focus().await.expect("the button");
        press(&page, "Enter").await;
        wait_for(&page, "told", lost).await;
        browser::expect_accessible(&page, "lost").await;
        browser::screenshot(&page, "staff-appointment-lost-1280").await;
        context.set_offline(false).await.expect("the network");
        press(&page, "Enter").await;
        wait_for(&page, "saved", "() => document.querySelector('.notice')?.textContent.includes('gespeichert')").await;
        assert_eq!(page.locator("#notiz").input_value(None).await.unwrap(), "kommt mit Kinderwagen");
        // Somebody else is quicker, and the session ends: both are told on a page that still has what was typed.
        desk.clerk.post(&format!("{path}/angekommen"), &[("version", "1")]).await;
        page.locator("#notiz").fill("und Hund", None).await.expect("a note");
        page.locator("form:has(#notiz) button").focus().await.expect("the button");
        press(&page, "Enter").await;
        wait_for(&page, "told who", "() => document.activeElement.id === 'fehler'").await;
        assert_eq!(page.locator("#notiz").input_value(None).await.unwrap(), "und Hund");
        let mut tx = desk.test.tx("probe").await;
        sqlx::query("DELETE FROM staff_session").execute(tx.conn()).await.unwrap();
        tx.commit().await.unwrap();
        page.locator("form:has(#notiz) button").focus().await.expect("the button");
        press(&page, "Enter").await;
        wait_for(&page, "at the sign-in", "() => document.querySelector('[name=behalten]')?.value.includes('Hund')")
            .await;
    });
}

#[test]
fn what_happens_elsewhere_never_leaves_another_one_in_the_panel() {
    browser::run(async {
        let desk = Desk::open().await;
        let page = desk.page(Device::DESK, &format!("{DAY}&termin={}", id(2))).await;
        let slow = |route: playwright_rs::Route| async move {
            tokio::time::sleep(Duration::from_secs(2)).await;
            route.continue_(None).await
        };
        page.route(&format!("**/tag?*termin={}*", id(3)), slow).await.expect("a slow line");
        page.locator(format!("#t-{}", id(3))).focus().await.expect("a card");
        press(&page, "Enter").await;
        desk.clerk.post(&format!("/verwaltung/termine/{}/angekommen", id(6)), &[("version", "0")]).await;
        wait_for(&page, "in the panel", "() => document.activeElement.id === 'panel-h'").await;
        assert_eq!(page.locator("#panel-h").inner_text().await.unwrap(), "Kowalska, Anna");
        let arrived = format!("() => document.getElementById('t-{}').closest('.appt').matches('.arrived')", id(6));
        wait_for(&page, "up to date", &arrived).await;
    });
}
