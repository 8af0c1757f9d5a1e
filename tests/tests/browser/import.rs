//! An Outlook export of the Bürgerbüro in Werne, brought along by an admin; one of its citizens then finds their appointment
//! by the link in their mail, and a clerk finds it in the day.

#[path = "import/evening.rs"]
mod evening;

use std::sync::Arc;
use std::time::Duration;

use e2e::browser::{self, Device};
use e2e::{Keys, Server, StaffClient, TestDb};
use identity::Role;
use jiff::Timestamp;
use mail::sink::StoredMail;
use playwright_rs::{FilePayload, Page};

const HOME: &str = "/verwaltung/import";

/// The columns of an export from Outlook classic in German.
const COLUMNS: &str = r#""Betreff","Beginnt am","Beginnt um","Endet am","Endet um","Ganztägiges Ereignis","Erinnerung Ein/Aus","Erinnerung am","Erinnerung um","Besprechungsplanung","Erforderliche Teilnehmer","Optionale Teilnehmer","Besprechungsressourcen","Abrechnungsinformationen","Beschreibung","Kategorien","Ort","Priorität","Privat","Reisekilometer","Vertraulichkeit","Zeitspanne zeigen als""#;

/// Subject, day, begin, end, all day or not, private or not.
type Event<'a> = (&'a str, &'a str, &'a str, &'a str, &'a str, &'a str);

const ENTRIES: [Event<'_>; 6] = [
    ("Müller, Jörg, RP, 0170 1234567, joerg.mueller@example.org", "1.12.2026", "8:30:00", "8:50:00", "Aus", "Aus"),
    ("Demir Leyla - Anmeldung", "1.12.2026", "9:10:00", "9:30:00", "Aus", "Aus"),
    ("Weihnachtsfeier", "18.12.2026", "0:00:00", "0:00:00", "Ein", "Aus"),
    ("Zahnarzt", "2.12.2026", "15:00:00", "16:00:00", "Aus", "Ein"),
    ("Keller, RP", "30.2.2027", "10:00:00", "10:20:00", "Aus", "Aus"),
    ("Peters, RP", "3.11.2026", "10:00:00", "10:20:00", "Aus", "Aus"),
];

/// As Outlook writes it: in Windows-1252, with CR and LF.
fn export(entries: &[Event<'_>]) -> Vec<u8> {
    let mut text = format!("{COLUMNS}\r\n");
    for (subject, day, begin, end, all_day, private) in entries {
        text += &format!(
            "\"{subject}\",\"{day}\",\"{begin}\",\"{day}\",\"{end}\",\"{all_day}\",\"Aus\",,,,,,,,,,,\"Normal\",\"{private}\",,\"Normal\",\"2\"\r\n"
        );
    }
    // Every letter here is one of Latin-1, whose numbers Windows-1252 shares.
    text.chars().map(|it| u8::try_from(u32::from(it)).unwrap()).collect()
}

/// Werne on the Thursday before.
struct Town {
    test: TestDb,
    server: Server,
    admin: StaffClient,
}

impl Town {
    async fn open() -> Self {
        let test = TestDb::new().await;
        let now: Timestamp = "2026-11-26T08:00:00Z".parse().unwrap();
        let server = Server::start_with(&test, Arc::new(move || now), web::Limits::off()).await;
        let admin = server.sign_in(&test, "werne", Role::Admin).await;
        Self { test, server, admin }
    }

    fn url(&self, path: &str) -> String {
        self.server.url(&self.test, "werne", path)
    }

    async fn mail(&self, address: &str) -> Arc<StoredMail> {
        for _ in 0..600 {
            let mails = self.server.sink().mails();
            if let Some(mail) = mails.into_iter().find(|it| it.to.iter().any(|to| to == address)) {
                return mail;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("no mail to {address}");
    }
}

async fn press(page: &Page, text: &str) {
    browser::pressable(page, text).click(None).await.unwrap_or_else(|error| panic!("{}: {text}: {error}", page.url()));
}

async fn expect(page: &Page, words: &str) {
    let mut said = String::new();
    for _ in 0..600 {
        said = page.locator("body").first().inner_text().await.unwrap_or_default().replace('\u{a0}', " ");
        if said.contains(words) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{} does not say “{words}”:\n{said}", page.url());
}

/// Accessible, not too wide, nothing in the console.
async fn look(page: &Page, name: &str) {
    browser::expect_no_sideways_scroll(page, name).await;
    browser::expect_accessible(page, name).await;
    browser::expect_quiet_console(page, name);
    browser::screenshot(page, name).await;
}

/// From the file to the report.
async fn imports(town: &Town, page: &Page) {
    assert_eq!(browser::visit(page, &town.url(HOME)).await, 200);
    look(page, "werne-import-1").await;
    let file = FilePayload::new("Kalender.CSV", "text/csv", export(&ENTRIES));
    page.locator("#datei").set_input_files_payload(file, None).await.expect("a file");
    press(page, "Hochladen").await;
    expect(page, "Was bedeuten die Spalten?").await;
    expect(page, "WINDOWS-1252").await;
    expect(page, "Müller, Jörg").await;
    look(page, "werne-import-2-spalten").await;
    press(page, "Weiter zu den Anliegen").await;
    expect(page, "Worum geht es?").await;
    look(page, "werne-import-3-anliegen").await;
    let rest = page.locator("#unbekannt");
    rest.select_option("reisepass", None).await.expect("a concern for the rest");
    press(page, "Weiter zum Probelauf").await;
    expect(page, "Probelauf starten").await;
    page.locator("label[for=mails]").click(None).await.expect("mails");
    press(page, "Probelauf starten").await;
    expect(page, "6 Zeilen wurden geprüft").await;
    expect(page, "Diesen Tag gibt es nicht").await;
    expect(page, "2 Termine kommen neu hinzu").await;
    look(page, "werne-import-4-probelauf").await;
    press(page, "2 Änderungen jetzt übernehmen").await;
    expect(page, "2 Termine neu eingetragen").await;
    look(page, "werne-import-5-bericht").await;
}

#[test]
fn an_outlook_export_in_werne() {
    browser::run(async {
        let town = Town::open().await;
        let page = browser::open(Device::DESK).await;
        town.admin.enter(&page).await;
        imports(&town, &page).await;

        let day = town.url("/verwaltung/tag?standort=buergerbuero&tag=2026-12-01");
        assert_eq!(browser::visit(&page, &day).await, 200);
        expect(&page, "Müller").await;
        look(&page, "werne-import-6-tag").await;

        let mail = town.mail("joerg.mueller@example.org").await;
        assert!(mail.subject.contains("ist jetzt online"), "{}", mail.subject);
        let link = mail.text.split_whitespace().find(|it| it.contains("/buchung/")).expect("a link to the booking");
        let citizen = browser::open(Device::PHONE).await;
        assert_eq!(browser::visit(&citizen, link.trim_matches(|it| "<>().".contains(it))).await, 200);
        expect(&citizen, "08:30").await;
        expect(&citizen, "Reisepass").await;
        look(&citizen, "werne-import-7-buchung").await;
    });
}

#[test]
fn a_list_on_paper_by_keyboard_only() {
    browser::run(async {
        let town = Town::open().await;
        let mut keys = Keys::sit_down(Device::DESK).await;
        keys.enter(&town.admin).await;
        keys.open(&town.url(HOME)).await;
        keys.follow("Eine Liste vom Papier abtippen").await;
        keys.expect_focus("#tag").await;
        for (number, fields) in [
            (1, ["1.12.", "8", "reisepass", "Erika Mustermann"].as_slice()),
            (2, ["830", "reisepass", "Tim Muster"].as_slice()),
            (3, ["9", "reisepass", "Lea Beispiel"].as_slice()),
        ] {
            for (index, typed) in fields.iter().enumerate() {
                if index > 0 {
                    keys.press("Tab").await;
                }
                keys.write(typed).await;
            }
            keys.press("Enter").await;
            keys.expect(&format!("Zeile {}", number + 1)).await;
            keys.expect_focus("#zeit").await;
        }
        keys.look_twice("werne-import-papier").await;
        // A mistake is said at its field, and the row stays.
        keys.write("25").await;
        keys.press("Enter").await;
        keys.expect_focus("#fehler").await;
        keys.expect("Geben Sie eine Uhrzeit an").await;
        keys.look_twice("werne-import-papier-fehler").await;
        keys.follow("Fertig, weiter zum Probelauf").await;
        keys.expect("Probelauf starten").await;
        keys.follow("Probelauf starten").await;
        keys.expect("3 Zeilen wurden geprüft").await;
        keys.look_twice("werne-import-papier-probelauf").await;
        keys.rest("the admin");
    });
}
