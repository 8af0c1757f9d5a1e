//! Signing in with a keyboard alone, on every screen; the own account, and colleagues' accounts.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use e2e::browser::{self, Device, expect_words};
use e2e::{Server, TestDb};
use identity::{Password, Role};
use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx as _;
use playwright_rs::Page;
use stadttermin::serve;
use uuid::Uuid;
use web::{Clock, Limits};

const PASSWORD: &str = "vier blaue Boote im Hafen";

struct Door {
    test: TestDb,
    server: Server,
}

impl Door {
    /// A town where Lea Beispiel has an account.
    async fn open(role: Role) -> Self {
        Self::open_with(role, serve::clock()).await
    }

    async fn open_with(role: Role, clock: Clock) -> Self {
        let test = TestDb::with_town("probe").await;
        let server = Server::start_with(&test, clock, Limits::off()).await;
        let mut tx = test.tx("probe").await;
        sqlx::query(
            "INSERT INTO staff (id, email, name, role, state, password_hash, created_at)
             VALUES ($1, 'lea@probe.example', 'Lea Beispiel', $2, 'active', $3, $4)",
        )
        .bind(Uuid::new_v4())
        .bind(role.as_str())
        .bind(Password::choose(PASSWORD, &[]).unwrap().hash().await.unwrap())
        .bind(server.now().to_sqlx())
        .execute(tx.conn())
        .await
        .unwrap();
        tx.commit().await.unwrap();
        Self { test, server }
    }

    /// As somebody ends them elsewhere, while a form is open.
    async fn end_all_sessions(&self) {
        let mut tx = self.test.tx("probe").await;
        sqlx::query("DELETE FROM staff_session").execute(tx.conn()).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// When the latest session was last used.
    async fn seen(&self) -> Timestamp {
        let seen: jiff_sqlx::Timestamp = sqlx::query_scalar("SELECT max(seen_at) FROM staff_session")
            .fetch_one(self.test.tx("probe").await.conn())
            .await
            .unwrap();
        seen.to_jiff()
    }

    /// Something happens on 1 December; waits until the day on the screen knows.
    async fn change_the_day(&self, page: &Page) {
        let shown = page.locator("[data-swap=numbers]").first();
        let before = shown.get_attribute("data-version").await.unwrap();
        let mut tx = self.test.tx("probe").await;
        sqlx::query(
            "INSERT INTO location_day AS known (location_id, day, desk_version) VALUES (1, '2026-12-01', 1)
             ON CONFLICT (location_id, day) DO UPDATE SET desk_version = known.desk_version + 1",
        )
        .execute(tx.conn())
        .await
        .unwrap();
        tx.commit().await.unwrap();
        for _ in 0..600 {
            if shown.get_attribute("data-version").await.unwrap() != before {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the screen still shows version {before:?}");
    }

    async fn visit(&self, page: &Page, path: &str) -> u16 {
        browser::visit(page, &self.server.url(&self.test, "probe", path)).await
    }
}

async fn press(page: &Page, key: &str) {
    page.keyboard().press(key, None).await.expect("a keyboard");
}

async fn write(page: &Page, words: &str) {
    page.keyboard().type_text(words, None).await.expect("a keyboard");
}

/// Waits until the first field has the focus: on a busy machine the browser comes to that after the page.
async fn expect_address_field(page: &Page) {
    for _ in 0..1200 {
        if page.locator("#email:focus").count().await.unwrap_or_default() > 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{} does not begin with the address", page.url());
}

/// Address, password, Enter: the first field has the focus when the page comes.
async fn sign_in(page: &Page) {
    expect_address_field(page).await;
    write(page, "lea@probe.example").await;
    press(page, "Tab").await;
    write(page, PASSWORD).await;
    press(page, "Enter").await;
}

async fn look(page: &Page, what: &str) {
    browser::expect_accessible(page, what).await;
    browser::expect_no_sideways_scroll(page, what).await;
    browser::expect_quiet_console(page, what);
}

#[test]
fn signing_in_needs_no_mouse() {
    browser::run(async {
        let door = Door::open(Role::Clerk).await;
        let page = browser::open(Device::DESK).await;
        door.visit(&page, "/verwaltung/konto").await;
        look(&page, "anmelden-1280").await;
        expect_address_field(&page).await;
        write(&page, "lea@probe.example").await;
        press(&page, "Enter").await;
        expect_words(&page, "passen nicht zusammen").await;
        look(&page, "anmelden-falsch-1280").await;
        door.visit(&page, "/verwaltung/konto").await;
        sign_in(&page).await;
        expect_words(&page, "Wo Sie angemeldet sind").await;
        look(&page, "konto-1280").await;
    });
}

#[test]
fn an_admin_sets_up_the_second_factor_and_invites() {
    browser::run(async {
        let door = Door::open(Role::Admin).await;
        let page = browser::open(Device::DESK).await;
        door.visit(&page, "/verwaltung/personal").await;
        sign_in(&page).await;
        expect_words(&page, "Richten Sie deshalb zuerst").await;
        look(&page, "faktor-anfang-1280").await;
        press(&page, "Enter").await;
        expect_words(&page, "Mit der App scannen").await;
        look(&page, "faktor-1280").await;

        let chef = door.server.sign_in(&door.test, "probe", Role::Admin).await;
        for (device, name) in [(Device::DESK, "personal-1280"), (Device::PHONE, "personal-390")] {
            let page = browser::open(device).await;
            chef.enter(&page).await;
            door.visit(&page, "/verwaltung/personal").await;
            look(&page, name).await;
            // Lea is busy with her account meanwhile.
            let mut tx = door.test.tx("probe").await;
            sqlx::query("UPDATE staff SET version = version + 1").execute(tx.conn()).await.unwrap();
            tx.commit().await.unwrap();
            browser::pressable(&page, "Sperren").click(None).await.expect("a button");
            expect_words(&page, "Nichts geändert").await;
            look(&page, &format!("{name}-inzwischen")).await;
        }
    });
}

#[test]
fn what_was_typed_outlives_the_session() {
    browser::run(async {
        let door = Door::open(Role::Clerk).await;
        let page = browser::open(Device::DESK).await;
        door.visit(&page, "/verwaltung/konto").await;
        sign_in(&page).await;
        expect_words(&page, "Passwort ändern").await;
        door.end_all_sessions().await;
        page.locator("#passwort").first().focus().await.unwrap();
        press(&page, "Enter").await;
        expect_words(&page, "Was Sie eingegeben haben, ist noch da").await;
        look(&page, "anmelden-behalten-1280").await;
        sign_in(&page).await;
        expect_words(&page, "Sie sind wieder angemeldet").await;
        look(&page, "wieder-1280").await;
        press(&page, "Enter").await;
        // It was sent again, but for the passwords, which nobody keeps.
        expect_words(&page, "nicht Ihr jetziges Passwort").await;
    });
}

#[test]
fn the_pages_fit_every_screen() {
    browser::run(async {
        let door = Door::open(Role::Clerk).await;
        let narrow = Device { width: 320, height: 640, ..Device::PHONE };
        let sizes = [
            (Device::PHONE, "390", false, false),
            (narrow, "320", true, false),
            (Device::DESK, "kontrast", false, true),
            (Device::DESK, "1280", false, false),
        ];
        for (device, name, dark, forced) in sizes {
            let page = browser::open(device).await;
            browser::emulate(&page, dark, forced).await;
            door.visit(&page, "/verwaltung/passwort-vergessen").await;
            look(&page, &format!("vergessen-{name}")).await;
            door.visit(&page, "/verwaltung/konto").await;
            look(&page, &format!("anmelden-{name}")).await;
            sign_in(&page).await;
            expect_words(&page, "Wo Sie angemeldet sind").await;
            look(&page, &format!("konto-{name}")).await;
            door.visit(&page, "/verwaltung/konto/zweiter-faktor").await;
            look(&page, &format!("faktor-anfang-{name}")).await;
            write(&page, PASSWORD).await;
            press(&page, "Enter").await;
            expect_words(&page, "Mit der App scannen").await;
            look(&page, &format!("faktor-{name}")).await;
            door.visit(&page, "/verwaltung/personal").await;
            expect_words(&page, "Dafür fehlt Ihnen das Recht").await;
            look(&page, &format!("kein-recht-{name}")).await;
        }
    });
}

#[test]
fn who_becomes_an_admin_while_typing_is_led_to_the_second_factor_and_back() {
    browser::run(async {
        for (device, width) in [(Device::DESK, "1280"), (Device::PHONE, "390")] {
            let door = Door::open(Role::Lead).await;
            let page = browser::open(device).await;
            door.visit(&page, "/verwaltung/konto").await;
            sign_in(&page).await;
            expect_words(&page, "Sprache ändern").await;
            let mut tx = door.test.tx("probe").await;
            sqlx::query("UPDATE staff SET role = 'admin'").execute(tx.conn()).await.unwrap();
            tx.commit().await.unwrap();
            page.locator("#sprache").first().focus().await.unwrap();
            press(&page, "Tab").await;
            press(&page, "Enter").await;
            expect_words(&page, "Richten Sie zuerst den zweiten Faktor ein").await;
            look(&page, &format!("erst-faktor-{width}")).await;
        }
    });
}

#[test]
fn a_screen_that_nobody_touches_keeps_no_session_going() {
    browser::run(async {
        let began: Timestamp = "2026-12-01T07:00:00Z".parse().unwrap();
        let time = Arc::new(Mutex::new(began));
        let shared = Arc::clone(&time);
        let door = Door::open_with(Role::Clerk, Arc::new(move || *shared.lock().unwrap())).await;
        let page = browser::open(Device::DESK).await;
        door.visit(&page, "/verwaltung/tag?standort=rathaus&tag=2026-12-01").await;
        sign_in(&page).await;
        expect_words(&page, "Lea Beispiel").await;
        let passed = async |minutes: i64| {
            *time.lock().unwrap() += SignedDuration::from_mins(minutes);
            door.change_the_day(&page).await;
            door.seen().await.duration_since(began).as_mins()
        };
        assert_eq!(passed(10).await, 0, "the screen has looked by itself");
        press(&page, "Shift").await;
        assert_eq!(passed(10).await, 20, "somebody is there");
        assert_eq!(passed(10).await, 20);
    });
}

#[test]
fn a_colleague_at_the_same_screen_sees_what_would_be_sent_in_their_name() {
    browser::run(async {
        let door = Door::open(Role::Lead).await;
        for (device, width) in [(Device::DESK, "1280"), (Device::PHONE, "390")] {
            let page = browser::open(device).await;
            door.server.sign_in(&door.test, "probe", Role::Admin).await.enter(&page).await;
            door.visit(&page, "/verwaltung/personal").await;
            page.locator("#name").first().focus().await.unwrap();
            write(&page, "Tim Muster-Beispiel").await;
            page.locator("#email").first().focus().await.unwrap();
            write(&page, "tim.muster@probe.example").await;
            door.end_all_sessions().await;
            press(&page, "Enter").await;
            expect_words(&page, "Was Sie eingegeben haben, ist noch da").await;
            sign_in(&page).await;
            expect_words(&page, "tim.muster@probe.example").await;
            look(&page, &format!("wieder-{width}")).await;
        }
    });
}

#[test]
fn the_history_of_accounts_fits_on_every_screen_and_is_filtered_by_keyboard() {
    browser::run(async {
        let door = Door::open(Role::Clerk).await;
        let chef = door.server.sign_in(&door.test, "probe", Role::Admin).await;
        let mut tx = door.test.tx("probe").await;
        let some = "INSERT INTO staff_event (at, staff_id, actor_name, kind, detail)
                    SELECT $1, id, 'stadttermin', kind, detail FROM staff, (VALUES ('invited', '{\"role\": \"lead\"}'::jsonb),
                           ('role', '{\"from\": \"lead\", \"to\": \"clerk\"}'), ('password', '{}')) AS done (kind, detail)";
        sqlx::query(some).bind(door.server.now().to_sqlx()).execute(tx.conn()).await.unwrap();
        tx.commit().await.unwrap();
        for device in [Device::DESK, Device::PHONE] {
            let page = browser::open(device).await;
            chef.enter(&page).await;
            browser::visit(&page, &door.server.url(&door.test, "probe", "/verwaltung/personal")).await;
            page.locator("#protokoll").click(None).await.expect("a link");
            expect_words(&page, "Teamleitung → Schalterdienst").await;
            browser::expect_accessible(&page, "the history of accounts").await;
            browser::expect_no_sideways_scroll(&page, "the history of accounts").await;
            browser::expect_quiet_console(&page, "the history of accounts");
            browser::screenshot(&page, &format!("verwaltung-protokoll-{}", device.width)).await;
            page.locator("#wer").focus().await.expect("the filter");
            page.keyboard().type_text("Lea", None).await.expect("a keyboard");
            page.keyboard().press("Tab", None).await.expect("a keyboard");
            page.keyboard().press("Enter", None).await.expect("a keyboard");
            let are_three =
                "() => location.search.includes('wer=') && document.querySelectorAll('tbody tr').length === 3";
            let mut turns = 0;
            while !page.evaluate::<(), bool>(are_three, None).await.unwrap_or(false) {
                turns += 1;
                assert!(turns < 200, "{} does not show the lines of one person", page.url());
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    });
}
