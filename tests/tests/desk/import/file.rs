//! A file from the upload to the report, and back.

use reqwest::StatusCode;

use super::{HOME, LIST, Office, batch, path};

#[tokio::test]
async fn a_list_goes_from_the_file_to_the_report_and_back() {
    let office = Office::open().await;
    let columns = office.upload("liste.csv", LIST).await;
    columns.says("Was bedeuten die Spalten?").says("Semikolon").says("Erika Mustermann");
    let chosen = columns.all("select[name^=spalte-] option[selected]");
    let chosen: Vec<_> = chosen.iter().filter_map(|it| it.attr("value")).collect();
    assert_eq!(chosen, ["tag", "zeit", "name", "telefon", "email", "betreff"]);

    let concerns = office.send(&columns, "main form", &[("fertig", "1"), ("profilname", "Bürgerbüro")]).await;
    concerns.says("Worum geht es?").says("Seltsames");
    let check = office.send(&concerns, "main form", &[]).await;
    check.says("Probelauf starten");
    let running = office.send(&check, "main form", &[]).await;
    let checked = office.wait(&running).await;
    checked.says("4 Zeilen wurden geprüft").says("Diesen Tag gibt es nicht: 30.02.2027").says("schon vorbei");
    checked.says("Niemand weiß, welches Anliegen gemeint ist").says("Ein Termin kommt neu hinzu");
    assert_eq!(office.appointments().await, 0, "the dry run changes nothing");

    let applying = office.send(&checked, "form[action$=uebernehmen]", &[]).await;
    let report = office.wait(&applying).await;
    report.says("Ein Termin neu eingetragen").says("2 Zeilen wurden nicht übernommen").says("Erika Mustermann");
    assert_eq!(office.appointments().await, 1);
    office.admin.get("/verwaltung/tag?standort=rathaus&tag=2026-12-03").await.says("Erika Mustermann");
    office.admin.get(HOME).await.says("liste.csv").says("übernommen");

    let undoing = office.send(&report, "form[action$=zuruecknehmen]", &[]).await;
    office.wait(&undoing).await.says("Zurückgenommen");
    assert_eq!(office.appointments().await, 0);
    office.server.stop().await;
}

#[tokio::test]
async fn the_same_file_once_more_changes_nothing() {
    let office = Office::open().await;
    let checked = office.checked(LIST).await;
    let applying = office.send(&checked, "form[action$=uebernehmen]", &[]).await;
    office.wait(&applying).await;
    let again = office.checked(LIST).await;
    again.says("Ein Termin ist schon übernommen und unverändert").says("Es gibt nichts zu übernehmen");
    let moved = LIST.replace("8:30", "8:50");
    let checked = office.checked(moved.replace("Erika Mustermann", "Erika Musterfrau")).await;
    let checked = office.of_the_first(&checked).await;
    checked.says("Ein früher übernommener Eintrag steht nicht mehr in der Datei");
    assert_eq!(office.appointments().await, 1);
    office.server.stop().await;
}

#[tokio::test]
async fn one_concern_serves_all_that_nobody_knows() {
    let office = Office::open().await;
    let columns = office.upload("liste.csv", LIST).await;
    let concerns = office.send(&columns, "main form", &[("fertig", "1")]).await;
    let check = office.send(&concerns, "main form", &[("unbekannt", "ummeldung")]).await;
    let running = office.send(&check, "main form", &[]).await;
    office.wait(&running).await.says("2 Termine kommen neu hinzu").says("Wohnung ummelden");
    office.server.stop().await;
}

#[tokio::test]
async fn what_was_found_out_can_be_corrected() {
    let office = Office::open().await;
    let columns = office.upload("liste.csv", LIST).await;
    let refused = office.send(&columns, "main form", &[("trennzeichen", "komma")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.says("sind keine Spalten zu finden");
    let anew = office.send(&refused, "main form", &[("kopfzeile", "0")]).await;
    anew.says("Die Datei wurde neu gelesen");
    assert_eq!(
        anew.all("tbody .examples")[0].text().find(|it| it.trim() == "Datum"),
        Some("Datum"),
        "a row like others"
    );
    let right = office.send(&anew, "main form", &[("kopfzeile", "1")]).await;
    assert_eq!(right.all("select[name^=spalte-]").len(), 6);

    let wrong = office.send(&right, "main form", &[("spalte-0", ""), ("spalte-2", "zeit"), ("fertig", "1")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong
        .says("welche Spalte den Tag oder den Beginn enthält")
        .says("„Uhrzeit (Beginn oder von–bis)“ steht zweimal da");
    assert_eq!(wrong.all("select[name=spalte-2] option[selected]")[0].attr("value"), Some("zeit"), "kept");
    office.server.stop().await;
}

#[tokio::test]
async fn rows_are_shown_by_state_and_taken_along() {
    let office = Office::open().await;
    let checked = office.checked(LIST.replace("Erika", "=Erika")).await;
    let errors = office.admin.get(&format!("{}?stand=error", path(&checked))).await;
    errors.says("Tim Muster").says("Lea Beispiel");
    assert!(!errors.all(".import-rows")[0].text().any(|it| it.contains("Erika")), "{}", errors.text());
    let id = batch(&checked);
    let file = office.admin.open(&format!("{HOME}/{id}/zeilen.csv")).await;
    assert_eq!(file.headers()["content-type"], "text/csv; charset=utf-8");
    let text = file.text().await.unwrap();
    // What stands in the file has lines of its own inside a cell.
    assert_eq!(text.matches("\r\n").count(), 5, "{text}");
    assert!(text.starts_with('\u{feff}') && text.contains("30.02.2027") && !text.contains("\"=Erika"), "{text}");
    let errors = office.admin.open(&format!("{HOME}/{id}/zeilen.csv?stand=error")).await.text().await.unwrap();
    assert_eq!(errors.matches("\r\n").count(), 3, "{errors}");
    office.server.stop().await;
}

#[tokio::test]
async fn a_batch_is_thrown_away_and_belongs_to_one_town() {
    let office = Office::open().await;
    let columns = office.upload("liste.csv", LIST).await;
    let id = batch(&columns);
    let stranger = office.server.sign_in(&office.test, "other", identity::Role::Admin).await;
    for page in ["spalten", "anliegen", "pruefung", "bericht", "zeilen.csv"] {
        assert_eq!(stranger.get(&format!("{HOME}/{id}/{page}")).await.status, StatusCode::NOT_FOUND, "{page}");
    }
    for step in ["uebernehmen", "zuruecknehmen", "verwerfen", "pruefung"] {
        assert_eq!(stranger.post(&format!("{HOME}/{id}/{step}"), &[]).await.status, StatusCode::NOT_FOUND, "{step}");
    }
    let too_early = office.admin.post(&format!("{HOME}/{id}/uebernehmen"), &[]).await;
    assert_eq!(too_early.status, StatusCode::CONFLICT);
    office.admin.post(&format!("{HOME}/{id}/verwerfen"), &[]).await.says("Verworfen");
    assert_eq!(office.admin.get(&path(&columns)).await.status, StatusCode::NOT_FOUND);
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM import_piece")
        .fetch_one(office.test.tx("probe").await.conn())
        .await
        .unwrap();
    assert_eq!(left, 0);
    office.server.stop().await;
}

#[tokio::test]
async fn what_somebody_should_look_at_is_marked_in_the_day() {
    let office = Office::open().await;
    let checked =
        office.checked("Datum;Uhrzeit;Name;Anliegen\r\n03.12.2026;19:00;Erika Mustermann;Reisepass\r\n").await;
    checked.says("Außerhalb der Öffnungszeiten").says("Ein Termin bekommt in der Tagesansicht ein Zeichen");
    let applying = office.send(&checked, "form[action$=uebernehmen]", &[]).await;
    let report = office.wait(&applying).await;
    let link = report.all(".import-rows a")[0].attr("href").unwrap().strip_prefix("/termine").unwrap().to_owned();
    for view in ["", "&ansicht=liste"] {
        let day = office.admin.get(&format!("/verwaltung/tag?standort=rathaus&tag=2026-12-03{view}")).await;
        day.says("importiert: prüfen");
    }
    let appointment = office.admin.get(&link).await;
    appointment.says("importiert: prüfen").says("Außerhalb der Öffnungszeiten").says("aus einer Datei übernommen");
    let settled = office.send(&appointment, "form[action$=geprueft]", &[]).await;
    settled.says("als geprüft vermerkt").says("nach dem Import geprüft");
    assert!(!settled.text().contains("importiert: prüfen"), "{}", settled.text());
    let again = office.send(&appointment, "form[action$=geprueft]", &[]).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "somebody was quicker");

    let undoing = office.send(&report, "form[action$=zuruecknehmen]", &[]).await;
    office.wait(&undoing).await.says("Geblieben: jemand hat diesen Termin inzwischen geändert");
    assert_eq!(office.appointments().await, 1, "somebody has worked on it");
    office.server.stop().await;
}
