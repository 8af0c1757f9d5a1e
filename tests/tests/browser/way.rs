//! The whole way, from the concern to the cancellation, on every kind of device.

use e2e::browser::{self, Device};

use crate::citizen::{Citizen, House, manage_link};

/// Books one concern and looks at every page, reads the mail, follows its link, cancels, reads the second mail.
async fn books_and_cancels(slug: &'static str, device: Device) {
    let house = House::open().await;
    let citizen = house.citizen(slug, device).await;
    let mut citizen = if device.scripts { citizen.with_pictures() } else { citizen };

    citizen.visit("").await;
    citizen.expect_heading("Was möchten Sie erledigen?").await;
    citizen.look("1-anliegen-leer").await;
    citizen.click("label[for=anliegen-reisepass]").await;
    citizen.click("label[for=anliegen-anmeldung]").await;
    citizen.click("label[for=anliegen-anmeldung]").await;
    citizen.look("1-anliegen").await;
    citizen.press("Weiter").await;

    citizen.expect_heading("Wann passt es Ihnen?").await;
    choose_a_later_day(&mut citizen).await;
    citizen.look("2-termin").await;
    citizen.press("Weiter").await;

    citizen.expect_heading("Wie erreichen wir Sie?").await;
    citizen.look("3-angaben").await;
    citizen.press(if device.width < 960 { "Buchen" } else { "Verbindlich buchen" }).await;
    citizen.expect_text("Geben Sie Ihren Namen ein").await;
    citizen.look("3-angaben-fehler").await;
    citizen.type_into("name", "Erika Mustermann").await;
    citizen.type_into("mail", "erika@example.org").await;
    citizen.press(if device.width < 960 { "Buchen" } else { "Verbindlich buchen" }).await;

    citizen.expect_heading("Ihr Termin ist gebucht").await;
    citizen.look("4-fertig").await;
    let mails = citizen.mails("erika@example.org", 1).await;
    assert_eq!(mails[0]["tenant"], slug);
    assert!(
        mails[0]["attachments"].to_string().contains("termin.ics"),
        "no calendar file: {}",
        mails[0]["attachments"]
    );

    browser::visit(&citizen.page, &manage_link(&mails[0])).await;
    citizen.look("5-verwalten").await;
    citizen.press("Termin absagen").await;
    citizen.look("6-absagen").await;
    assert_eq!(citizen.mails("erika@example.org", 1).await.len(), 1, "looking at the page cancels nothing");
    citizen.click("form button.danger").await;
    citizen.expect_text("abgesagt").await;
    citizen.look("7-abgesagt").await;
    let mails = citizen.mails("erika@example.org", 2).await;
    assert_ne!(mails[0]["subject"], mails[1]["subject"]);
}

/// The last free day of the month shown, and its last time: suggestions are tested elsewhere.
async fn choose_a_later_day(citizen: &mut Citizen) {
    let days = citizen.find("a.day").count().await.expect("days");
    assert!(days > 0, "no free day");
    citizen.find("a.day").last().click(None).await.expect("a free day");
    citizen.expect_text("Zeiten frei").await;
    let chips = citizen.find(".chip input");
    for _ in 0..600 {
        if chips.count().await.expect("times") > 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    chips.last().check(None).await.expect("a time");
}

#[test]
fn werne_on_a_telephone() {
    browser::run(books_and_cancels("werne", Device::PHONE));
}

#[test]
fn werne_on_a_telephone_without_scripts() {
    browser::run(books_and_cancels("werne", Device::PHONE.without_scripts()));
}

#[test]
fn werne_at_a_desk() {
    browser::run(books_and_cancels("werne", Device::DESK));
}

#[test]
fn werne_at_a_desk_without_scripts() {
    browser::run(books_and_cancels("werne", Device::DESK.without_scripts()));
}

#[test]
fn porta_westfalica_on_a_telephone() {
    browser::run(books_and_cancels("porta-westfalica", Device::PHONE));
}

#[test]
fn porta_westfalica_on_a_telephone_without_scripts() {
    browser::run(books_and_cancels("porta-westfalica", Device::PHONE.without_scripts()));
}

#[test]
fn porta_westfalica_at_a_desk() {
    browser::run(books_and_cancels("porta-westfalica", Device::DESK));
}

#[test]
fn porta_westfalica_at_a_desk_without_scripts() {
    browser::run(books_and_cancels("porta-westfalica", Device::DESK.without_scripts()));
}

/// Porta Westfalica: several concerns become several appointments, in one form and one mail, each cancelled alone.
#[test]
fn several_appointments_in_one_booking() {
    browser::run(async {
        let house = House::open().await;
        let mut citizen = house.citizen("porta-westfalica", Device::DESK).await.with_pictures();
        citizen.visit("?anliegen=reisepass&anliegen=anmeldung").await;
        citizen.press("Weiter").await;
        citizen.expect_text("Termin 1 von 2").await;
        citizen.look("2-termin-1-von-2").await;
        citizen.click(".quick button").await;
        citizen.expect_text("Termin 2 von 2").await;
        citizen.expect_text("Direkt danach").await;
        citizen.look("2-termin-2-von-2").await;
        citizen.click(".quick button").await;
        citizen.expect_heading("Wie erreichen wir Sie?").await;
        citizen.type_into("name", "Max Mustermann").await;
        citizen.type_into("mail", "max@example.org").await;
        citizen.press("Verbindlich buchen").await;
        citizen.expect_heading("Ihre Termine sind gebucht").await;
        citizen.look("4-fertig-zwei").await;

        let mails = citizen.mails("max@example.org", 1).await;
        assert_eq!(mails.len(), 1, "one mail for the whole booking");
        browser::visit(&citizen.page, &manage_link(&mails[0])).await;
        citizen.look("5-verwalten-zwei").await;
        assert_eq!(citizen.find("a.danger").count().await.unwrap(), 2, "each can be cancelled alone");
        citizen.click("a.danger").await;
        citizen.click("form button.danger").await;
        citizen.expect_text("abgesagt").await;
        assert_eq!(citizen.find("a.danger").count().await.unwrap(), 1, "the other one still stands");
    });
}

/// Werne: several concerns become one appointment, and the time is moved.
#[test]
fn one_joint_appointment_moved_to_another_time() {
    browser::run(async {
        let house = House::open().await;
        let mut citizen = house.citizen("werne", Device::DESK).await.with_pictures();
        citizen.visit("?anliegen=reisepass&anzahl-reisepass=2&anliegen=anmeldung").await;
        citizen.press("Weiter").await;
        citizen.click(".quick button").await;
        citizen.type_into("name", "Erika Mustermann").await;
        citizen.type_into("mail", "erika@example.org").await;
        citizen.press("Verbindlich buchen").await;
        citizen.expect_heading("Ihr Termin ist gebucht").await;
        let before = citizen.find(".ticket-head").inner_text().await.unwrap();
        citizen.press("verschieben").await;
        citizen.expect_heading("Wann passt es besser?").await;
        citizen.look("8-verschieben").await;
        citizen.find("a.day").last().click(None).await.unwrap();
        citizen.expect_text("Zeiten frei").await;
        citizen.find(".chip input").last().check(None).await.unwrap();
        citizen.press("Auf diese Zeit verschieben").await;
        citizen.expect_text("verschoben").await;
        citizen.look("9-verschoben").await;
        assert_ne!(citizen.find(".ticket-head").inner_text().await.unwrap(), before);
        assert_eq!(citizen.mails("erika@example.org", 2).await.len(), 2, "a confirmation and the new time");
    });
}
