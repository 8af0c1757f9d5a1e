//! After booking: move, cancel, download, have the mail sent again, find the link again.

use reqwest::StatusCode;

use crate::page::Page;
use crate::visitor::{Citizen, Towns};

async fn booked(citizen: &mut Citizen) -> Page {
    let details = citizen.reserve(&["personalausweis"]).await;
    citizen.book(details).await
}

async fn mails(towns: &Towns, kind: &str) -> i64 {
    let mut tx = towns.db.tx("werne").await;
    sqlx::query_scalar("SELECT count(*) FROM mail WHERE kind = $1").bind(kind).fetch_one(tx.conn()).await.unwrap()
}

#[tokio::test]
async fn an_appointment_moves_to_another_time() {
    let towns = Towns::open().await;
    let mut citizen = towns.citizen_of_werne();
    let done = booked(&mut citizen).await;
    let before = done.text_of(".ticket-head");
    let times = citizen.follow(&done, "Termin verschieben").await;
    times.says("Bisher:").says("Wann passt es besser?");
    let other = times.all("input[name=zeit]").last().unwrap().attr("value").unwrap().to_owned();
    let mut times = times;
    times.tick("zeit", &other, true);
    let manage = citizen.press(&times, "Auf diese Zeit verschieben").await;
    manage.says("Ihr Termin ist verschoben");
    assert_ne!(manage.text_of(".ticket-head"), before);
    assert_eq!(manage.all(".ticket").len(), 1);
    assert_eq!(mails(&towns, "move").await, 1);
}

#[tokio::test]
async fn an_appointment_moves_by_less_than_its_length() {
    let towns = Towns::open().await;
    let mut citizen = towns.citizen_of_werne();
    // Only one counter serves this: whatever overlaps with the present place is free for its owner alone.
    let times = citizen.open("/termin?anliegen=wohnberechtigungsschein&monat=2026-12").await;
    let offered = |page: &Page| -> Vec<String> {
        page.all("#zeiten input[name=zeit]").iter().map(|it| it.attr("value").unwrap().to_owned()).collect()
    };
    let before = offered(&times);
    let (first, second) = (before[0].clone(), before[1].clone());
    let details = citizen.reserve_in_december("wohnberechtigungsschein").await;
    let day = first.get(..10).unwrap();
    let others = towns.citizen_of_werne().open(&format!("/termin?anliegen=wohnberechtigungsschein&tag={day}")).await;
    assert!(!offered(&others).contains(&second), "for others it overlaps");

    let done = citizen.book(details).await;
    let mut times = citizen.follow(&done, "Termin verschieben").await;
    times = citizen.visit(format!("{}?tag={day}", times.url).parse().unwrap()).await;
    times.tick("zeit", &second, true);
    citizen.press(&times, "Auf diese Zeit verschieben").await.says("Ihr Termin ist verschoben");
    assert_eq!(mails(&towns, "move").await, 1);
}

#[tokio::test]
async fn who_stands_on_top_of_another_is_not_offered_that_ones_time() {
    let towns = Towns::open().await;
    let mut citizen = towns.citizen_of_werne();
    // Only one counter serves this.
    let details = citizen.reserve_in_december("wohnberechtigungsschein").await;
    let done = citizen.book(details).await;
    let mut tx = towns.db.tx("werne").await;
    let (location, counter, start, minutes): (i32, i32, jiff_sqlx::Timestamp, i16) = sqlx::query_as(
        "UPDATE appointment SET overbooked = true, blocks = false
         RETURNING location_id, counter_id, lower(during), duration_minutes",
    )
    .fetch_one(tx.conn())
    .await
    .unwrap();
    let below = e2e::day::Planned { id: uuid::Uuid::from_u128(1), location, counter, start: start.to_jiff(), minutes };
    e2e::day::plan(&mut tx, below, "Jonas Keller").await;
    sqlx::query("UPDATE location_day SET version = version + 1").execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
    towns.wait(1);

    let times = citizen.follow(&done, "Termin verschieben").await;
    let day = start.to_jiff().to_zoned(towns.db.tenant("werne").zone.clone()).date();
    let times = citizen.visit(format!("{}?tag={day}", times.url).parse().unwrap()).await;
    let until = start.to_jiff() + jiff::SignedDuration::from_mins(i64::from(minutes));
    let offered = times.all("#zeiten input[name=zeit]");
    assert!(!offered.is_empty());
    for it in offered {
        let value = it.attr("value").unwrap();
        let at: jiff::Timestamp = value.split('@').next().unwrap().parse().unwrap();
        assert!(at >= until, "{value} is taken");
    }
}

#[tokio::test]
async fn a_cancelled_appointment_stays_cancelled_and_is_bookable_again() {
    let towns = Towns::open().await;
    let mut citizen = towns.citizen_of_werne();
    let done = booked(&mut citizen).await;
    let question = citizen.follow(&done, "Termin absagen").await;
    let manage = citizen.press(&question, "Ja, Termin absagen").await;
    manage.says("Ihr Termin ist abgesagt");
    let twice = citizen.press(&question, "Ja, Termin absagen").await;
    assert_eq!(twice.all(".ticket.cancelled").len(), 1);
    assert_eq!(mails(&towns, "cancellation").await, 1, "told once");
    let next = booked(&mut towns.citizen_of_werne()).await;
    assert_eq!(next.text_of(".ticket-head"), done.text_of(".ticket-head"), "the place is free again");
}

#[tokio::test]
async fn a_booking_goes_into_the_calendar() {
    let towns = Towns::open().await;
    let mut citizen = towns.citizen_of_werne();
    let done = booked(&mut citizen).await;
    let (kind, file) = citizen.download(done.link("In den Kalender")).await;
    assert!(kind.starts_with("text/calendar"), "{kind}");
    for line in ["BEGIN:VCALENDAR", "BEGIN:VEVENT", "DTSTART;TZID=Europe/Berlin:", "END:VCALENDAR"] {
        assert!(file.contains(line), "{line} is missing in\n{file}");
    }
}

#[tokio::test]
async fn the_confirmation_is_sent_again_on_request() {
    let towns = Towns::open().await;
    let mut citizen = towns.citizen_of_werne();
    let done = booked(&mut citizen).await;
    let before = mails(&towns, "confirmation").await;
    let again = citizen.press(&done, "noch einmal schicken").await;
    again.says("noch einmal");
    assert_eq!(mails(&towns, "confirmation").await, before + 1);
}

#[tokio::test]
async fn looking_a_booking_up_does_not_reveal_whether_it_exists() {
    let towns = Towns::open().await;
    let mut citizen = towns.citizen_of_werne();
    let done = booked(&mut citizen).await;
    let mut answers = Vec::new();
    for (code, mail) in [
        (done.text_of(".ticket-code").to_lowercase(), "Erika.Mustermann@example.org"),
        ("7K4M-2QXH".to_owned(), "erika.mustermann@example.org"),
        (done.text_of(".ticket-code"), "somebody@example.org"),
    ] {
        let mut page = citizen.open("/verwalten").await;
        citizen.type_in(&mut page, "nummer", &code);
        citizen.type_in(&mut page, "mail", mail);
        answers.push(citizen.press(&page, "Link schicken").await.text());
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
    assert_eq!(mails(&towns, "manage_link").await, 1);

    let page = citizen.open("/verwalten").await;
    let refused = citizen.press(&page, "Link schicken").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.says("Geben Sie die Buchungsnummer ein").says("Geben Sie Ihre E-Mail-Adresse ein");
}
