//! Pages and mails say what is so: fees that depend, what is cancelled, where nothing has changed.

use reqwest::StatusCode;

use crate::visitor::Towns;

#[tokio::test]
async fn a_fee_that_depends_on_the_case_is_never_called_free() {
    let towns = Towns::open().await;
    let mut citizen = towns.citizen_of_werne();
    let details = citizen.reserve(&["fischereischein"]).await;
    assert!(details.text_of(".summary").contains("je nach Fall"));
    let done = citizen.book(details).await;
    done.says("je nach Fall");
    assert!(!done.text_of(".ticket").contains("kostenlos"), "{}", done.text_of(".ticket"));
}

#[tokio::test]
async fn what_is_cancelled_is_not_shown_as_booked() {
    let towns = Towns::open().await;
    let mut citizen = towns.citizen_of_werne();
    let details = citizen.reserve(&["reisepass"]).await;
    let done = citizen.book(details).await;
    let manage = citizen.follow(&done, "Termin absagen").await;
    citizen.press(&manage, "Ja, Termin absagen").await.says("abgesagt");
    let again = citizen.visit(done.url.clone()).await;
    assert!(!again.url.path().ends_with("/fertig"), "{}", again.url);
    again.says("Dieser Termin ist abgesagt");
}

#[tokio::test]
async fn the_mail_sent_again_is_told_on_the_page_of_the_booking() {
    let towns = Towns::open().await;
    let mut citizen = towns.citizen_of_werne();
    let details = citizen.reserve(&["reisepass"]).await;
    let done = citizen.book(details).await;
    let told = citizen.press(&done, "E-Mail noch einmal schicken").await;
    told.says("Die E-Mail ist noch einmal unterwegs");
}

#[tokio::test]
async fn nobody_moves_an_appointment_to_where_it_is() {
    let towns = Towns::open().await;
    let mut citizen = towns.citizen_of_werne();
    let mut times = citizen.open("/termin?anliegen=reisepass&monat=2026-12").await;
    let own = times.all("#zeiten input[name=zeit]")[0].attr("value").unwrap().to_owned();
    times.tick("zeit", &own, true);
    let details = citizen.press(&times, "Weiter zu Ihren Angaben").await;
    let done = citizen.book(details).await;
    let moving = citizen.follow(&done, "Termin verschieben").await;
    let day = &own[..10];
    let moving = citizen.visit(format!("{}?tag={day}", moving.url).parse().unwrap()).await;
    assert!(moving.all("#zeiten input[name=zeit]").len() > 3);
    assert!(moving.all(&format!("[value='{own}']")).is_empty(), "the present time is offered");
}

#[tokio::test]
async fn another_language_on_step_3_keeps_what_was_typed_and_counts_for_the_mails() {
    let towns = Towns::open().await;
    let mut citizen = towns.citizen_of_werne();
    let mut details = citizen.reserve(&["reisepass"]).await;
    citizen.type_in(&mut details, "name", "Erika Mustermann");
    citizen.type_in(&mut details, "mail", "erika@example.org");
    let english = citizen.press(&details, "English").await;
    english.says("How can we reach you?");
    assert_eq!(english.value("name"), "Erika Mustermann");
    assert_eq!(english.value("mail"), "erika@example.org");
    citizen.press(&english, "Book").await.says("Your appointment is booked");
    let mut tx = towns.db.tx("werne").await;
    let languages: Vec<String> =
        sqlx::query_scalar("SELECT DISTINCT m.language FROM mail m JOIN booking b ON b.id = m.booking_id WHERE b.email = 'erika@example.org'")
            .fetch_all(tx.conn())
            .await
            .unwrap();
    assert_eq!(languages, ["en"]);
}

#[tokio::test]
async fn looking_at_other_times_costs_no_extension_and_gives_none() {
    let towns = Towns::open().await;
    let mut citizen = towns.citizen_of_werne();
    let mut details = citizen.reserve(&["reisepass"]).await;
    let until = details.text_of(".hold time");
    for _ in 0..11 {
        let times = citizen.press(&details, "Zurück").await;
        details = citizen.visit(details.url.clone()).await;
        times.says("Wann passt es Ihnen?");
    }
    towns.wait(5);
    let mut times = citizen.press(&details, "Zurück").await;
    let own = times.all("#zeiten input[checked]").first().map(|it| it.attr("value").unwrap().to_owned());
    let own = own.unwrap_or_else(|| times.all("#zeiten input[name=zeit]")[0].attr("value").unwrap().to_owned());
    times.tick("zeit", &own, true);
    let again = citizen.press(&times, "Weiter zu Ihren Angaben").await;
    again.says("Minuten mehr");
    assert_eq!(again.text_of(".hold time"), until, "the same time is held as long as before");
}

#[tokio::test]
async fn who_goes_back_after_booking_can_book_once_more() {
    let towns = Towns::open().await;
    let mut citizen = towns.citizen_of_werne();
    let mut times = citizen.open("/termin?anliegen=reisepass&monat=2026-12").await;
    let offered: Vec<String> =
        times.all("#zeiten input[name=zeit]").iter().map(|it| it.attr("value").unwrap().to_owned()).collect();
    times.tick("zeit", &offered[0], true);
    let details = citizen.press(&times, "Weiter zu Ihren Angaben").await;
    let done = citizen.book(details).await;
    // The same form once more is the same booking; another time on the page that the browser still has is another one.
    let same = citizen.press(&times, "Weiter zu Ihren Angaben").await;
    assert_eq!(same.text_of(".ticket-head"), done.text_of(".ticket-head"));
    times.tick("zeit", &offered[3], true);
    let second = citizen.press(&times, "Weiter zu Ihren Angaben").await;
    assert_eq!(second.status, StatusCode::OK);
    assert!(second.url.path().ends_with("/angaben"), "{}", second.url);
    citizen.book(second).await.says("Ihr Termin ist gebucht");
}

#[tokio::test]
async fn where_nothing_is_free_no_button_leads_nowhere() {
    let towns = Towns::open().await;
    let mut tx = towns.db.tx("werne").await;
    sqlx::raw_sql(
        "INSERT INTO closure (first_day, last_day, reason) VALUES ('2026-11-01', '2028-12-31', '{\"de\": \"Umbau\"}');
         UPDATE town SET version = version + 1",
    )
    .execute(tx.conn())
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let citizen = towns.citizen_of_werne();
    let page = citizen.open("/termin?anliegen=reisepass").await;
    assert!(page.all("[form=zeitwahl]").is_empty(), "a button without its form");
    page.says("keine Öffnungszeiten");
}
