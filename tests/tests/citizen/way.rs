//! The straight way from a concern to a ticket.

use reqwest::StatusCode;

use crate::visitor::Towns;

#[tokio::test]
async fn one_concern_takes_four_clicks_and_two_fields() {
    let towns = Towns::open().await;
    for mut citizen in [towns.citizen_of_werne(), towns.citizen_of_porta()] {
        let details = citizen.reserve(&["personalausweis"]).await;
        let done = citizen.book(details).await;
        assert_eq!((citizen.clicks, citizen.fields), (4, 2));
        done.says("Ihr Termin ist gebucht").says("erika.mustermann@example.org").says("Personalausweis");
        assert_eq!(done.text_of(".ticket-code").len(), 9, "{}", done.text());
    }
}

#[tokio::test]
async fn a_deep_link_saves_one_click() {
    let towns = Towns::open().await;
    let mut citizen = towns.citizen_of_werne();
    let concerns = citizen.open("/?anliegen=personalausweis").await;
    let times = citizen.press(&concerns, "Weiter zum Termin").await;
    let details = citizen.take_suggestion(&times).await;
    citizen.book(details).await.says("Ihr Termin ist gebucht");
    assert_eq!((citizen.clicks, citizen.fields), (3, 2));
}

#[tokio::test]
async fn a_chosen_day_and_time_are_what_the_ticket_says() {
    let towns = Towns::open().await;
    let mut citizen = towns.citizen_of_werne();
    let times = citizen.open("/termin?anliegen=personalausweis&monat=2026-12").await;
    assert_eq!(times.text_of("caption"), "Dezember 2026");
    let day = times.all("a.day")[2].attr("href").unwrap().to_owned();
    let mut times = citizen.visit(times.url.join(&day).unwrap()).await;
    let slot = times.all("input[name=zeit]")[1].attr("value").unwrap().to_owned();
    let wanted = (times.text_of("#zeiten-h"), times.all(".chip")[1].text().collect::<String>());
    times.tick("zeit", &slot, true);
    let details = citizen.press(&times, "Weiter zu Ihren Angaben").await;
    let done = citizen.book(details).await;
    done.says(&wanted.0);
    assert_eq!(done.text_of(".time-line"), format!("{} Uhr", wanted.1.trim()));
}

#[tokio::test]
async fn several_concerns_make_one_appointment_in_werne() {
    let towns = Towns::open().await;
    let mut citizen = towns.citizen_of_werne();
    let mut page = citizen.open("/").await;
    citizen.choose(&mut page, "personalausweis");
    citizen.choose(&mut page, "anmeldung");
    page.fill("anzahl-personalausweis", "2");
    let times = citizen.press(&page, "Weiter zum Termin").await;
    times.says("Personalausweis").says("× 2");
    let details = citizen.take_suggestion(&times).await;
    let done = citizen.book(details).await;
    assert_eq!(done.all(".ticket").len(), 1);
    done.says("45 Minuten").says("92,00 €").says("Wohnungsgeberbestätigung");
}

#[tokio::test]
async fn too_much_at_once_is_explained_with_a_way_out() {
    let towns = Towns::open().await;
    let citizen = towns.citizen_of_werne();
    let query = "anliegen=personalausweis&anzahl-personalausweis=8&anliegen=anmeldung";
    let page = citizen.open(&format!("/termin?{query}")).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.says("Ein Termin darf höchstens 2 Stunden dauern").says("zweiten Termin");
    assert!(page.all("input[name=anliegen][checked]").len() == 2, "the choice is kept");
    let first_page = citizen.open(&format!("/?{query}")).await;
    assert_eq!(first_page.status, StatusCode::OK);
    first_page.says("Ein Termin darf höchstens 2 Stunden dauern");
}

#[tokio::test]
async fn the_search_forgives_typing_errors_and_never_ends_in_silence() {
    let towns = Towns::open().await;
    let mut citizen = towns.citizen_of_werne();
    for (typed, expected) in [("personlausweis", "Personalausweis"), ("fuhrungszeugniss", "Führungszeugnis")] {
        let mut page = citizen.open("/").await;
        citizen.type_in(&mut page, "q", typed);
        let found = citizen.fetch(page.enter_in("q")).await;
        assert!(found.text_of("#liste").contains(expected), "{typed}: {}", found.text());
        assert_eq!(found.value("q"), typed);
    }
    let nothing = citizen.open("/?q=xyzxyz&anliegen=reisepass").await;
    nothing.says("0 Treffer").says("Versuchen Sie ein anderes Wort").says("buergerbuero@werne.de");
    assert_eq!(nothing.all("input[value=reisepass][checked]").len(), 1, "the search keeps what was chosen");
}

#[tokio::test]
async fn every_concern_has_one_box_or_says_whom_to_call() {
    let towns = Towns::open().await;
    for citizen in [towns.citizen_of_werne(), towns.citizen_of_porta()] {
        let page = citizen.open("/").await;
        let mut keys: Vec<_> = page.all("input[name=anliegen]").iter().filter_map(|it| it.attr("value")).collect();
        let all = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), all, "a concern has two boxes");
        assert!(all >= 30, "{all} concerns");
        for concern in page.all(".by-phone") {
            let words = crate::page::text(&concern);
            assert!(words.contains("Nur telefonisch"), "{words}");
        }
    }
}

#[tokio::test]
async fn the_way_exists_in_english_too() {
    let towns = Towns::open().await;
    let mut citizen = towns.citizen_of_werne().speaking("en");
    let mut page = citizen.open("/").await;
    page.says("What would you like to do?");
    citizen.choose(&mut page, "reisepass");
    let times = citizen.press(&page, "Choose a time").await;
    let mut details = citizen.take_suggestion(&times).await;
    citizen.type_in(&mut details, "name", "Erika Mustermann");
    citizen.type_in(&mut details, "mail", "erika@example.org");
    let done = citizen.press(&details, "Book now").await;
    done.says("Your appointment is booked").says("€70.00");
}
