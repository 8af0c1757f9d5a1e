//! What no page of ours sends is answered with a worded page in the town's look and a next step.

use reqwest::Method;

use crate::page::{Page, Sending};
use crate::visitor::{Citizen, Towns};

fn is_worded(page: &Page, what: &str) {
    assert!(page.status.is_client_error(), "{what}: {}", page.status);
    page.says("Stadt Werne");
    assert!(!page.all("h1").is_empty(), "{what} has no heading");
    assert!(!page.all("main a[href], main button").is_empty(), "{what} offers no next step:\n{}", page.text());
}

#[tokio::test]
async fn addresses_that_no_link_of_ours_has() {
    let towns = Towns::open().await;
    let citizen = towns.citizen_of_werne();
    for path in [
        "/?anliegen=gibt-es-nicht",
        "/?anliegen=%3Cscript%3E",
        "/termin",
        "/termin?anliegen=gibt-es-nicht",
        "/termin?anliegen=reisepass&anzahl-reisepass=99",
        "/termin?anliegen=reisepass&anzahl-reisepass=-1",
        "/termin?anliegen=reisepass&anzahl-reisepass=viele",
        "/termin?anliegen=reisepass&monat=2026-13",
        "/termin?anliegen=reisepass&tag=gestern",
        "/termin?anliegen=reisepass&standort=hamburg",
        "/buchung/AAAAAAAAAAAAAAAAAAAAAA",
        "/buchung/x/angaben",
        "/buchung/AAAAAAAAAAAAAAAAAAAAAA/termine/1/absage",
    ] {
        is_worded(&citizen.open(path).await, path);
    }
    let unknown = citizen.open("/?anliegen=gibt-es-nicht").await;
    unknown.says("„gibt-es-nicht“ gibt es hier nicht").says("Was möchten Sie erledigen?");
}

#[tokio::test]
async fn times_off_the_grid_in_the_past_or_at_no_office() {
    let towns = Towns::open().await;
    let citizen = towns.citizen_of_werne();
    let times = citizen.open("/termin?anliegen=reisepass").await;
    for wrong in [
        "",
        "jetzt",
        "2026-11-25T09:03:00Z@buergerbuero",
        "2026-11-25T02:00:00Z@buergerbuero",
        "2020-01-01T09:00:00Z@buergerbuero",
        "2099-01-01T09:00:00Z@buergerbuero",
        "2026-11-25T09:00:00Z@hamburg",
    ] {
        let mut sending = times.button_at(".quick button");
        sending.fields.retain(|(name, _)| name != "zeit");
        sending.fields.push(("zeit".to_owned(), wrong.to_owned()));
        let page = citizen.fetch(sending).await;
        is_worded(&page, wrong);
        page.says("Wann passt es Ihnen?");
        assert!(!page.all(".quick button").is_empty(), "{wrong}: other times are offered");
    }
}

#[tokio::test]
async fn names_and_addresses_that_cannot_be() {
    let towns = Towns::open().await;
    let mut citizen = towns.citizen_of_werne();
    let details = citizen.reserve(&["reisepass"]).await;
    let (long_name, long_mail) = ("N".repeat(300), format!("{}@example.org", "m".repeat(300)));
    for (name, mail) in [(long_name.as_str(), "a@example.org"), ("\u{7}", "a"), ("  ", "@b.de"), ("Erika", &long_mail)]
    {
        let mut sending = details.button("Verbindlich buchen");
        sending.fields.retain(|(field, _)| field != "name" && field != "mail");
        sending.fields.extend([("name".to_owned(), name.to_owned()), ("mail".to_owned(), mail.to_owned())]);
        let page = citizen.fetch(sending).await;
        is_worded(&page, name);
        assert_eq!(page.value("mail"), mail, "what was typed stays");
    }
    let mut huge = details.button("Verbindlich buchen");
    huge.fields.push(("name".to_owned(), "x".repeat(1_000_000)));
    is_worded(&citizen.fetch(huge).await, "a name of one megabyte");
}

#[tokio::test]
async fn somebody_elses_appointment_stays_out_of_reach() {
    let towns = Towns::open().await;
    let (mut erika, mut max) = (towns.citizen_of_werne(), towns.citizen_of_werne());
    let details = erika.reserve(&["reisepass"]).await;
    let of_erika = erika.book(details).await;
    let details = max.reserve(&["reisepass"]).await;
    let of_max = max.book(details).await;
    let cancel_of = |page: &Page| page.link("Termin absagen").path().to_owned();
    let (own, foreign) = (cancel_of(&of_max), cancel_of(&of_erika));
    let id = foreign.rsplit('/').nth(1).unwrap();
    let mixed = own.replace(own.rsplit('/').nth(1).unwrap(), id);
    for method in [Method::GET, Method::POST] {
        let url = of_max.url.join(&mixed).unwrap();
        let page = max.fetch(Sending { method, url, fields: Vec::new() }).await;
        is_worded(&page, "a foreign id behind one's own link");
    }
    // The same link in the other town.
    let elsewhere: Citizen = towns.citizen_of_porta();
    let token = of_erika.url.path().split('/').nth(3).unwrap();
    let page = elsewhere.open(&format!("/buchung/{token}")).await;
    assert_eq!(page.status, 410);
    erika.visit(of_erika.url.clone()).await.says("Ihr Termin ist gebucht");
}
