//! A list on paper, row by row.

use e2e::Answer;
use reqwest::StatusCode;

use super::{HOME, Office};

/// Sends the row of the page with these fields filled in.
async fn row(office: &Office, page: &Answer, fields: &[(&str, &str)]) -> Answer {
    office.send(page, "form#zeile", fields).await
}

#[tokio::test]
async fn rows_are_kept_one_by_one_and_imported_together() {
    let office = Office::open().await;
    let empty = office.admin.get(&format!("{HOME}/papier")).await;
    empty.says("Zeile 1");
    let first = [("tag", "3.12."), ("zeit", "830"), ("anliegen", "perso"), ("name", "Erika Mustermann")];
    let one = row(&office, &empty, &first).await;
    one.says("Personalausweis beantragen").says("Zeile 2");
    assert_eq!(one.value("tag"), "03.12.2026", "the day of the row above");
    assert_eq!(one.all("[data-focus]")[0].attr("id"), Some("zeit"));
    let second =
        [("zeit", "9"), ("anliegen", "Reisepass beantragen"), ("name", "Tim Muster"), ("telefon", "0170 1234567")];
    let two = row(&office, &one, &second).await;
    two.says("Tim Muster").says("Zeile 3");

    let link = two.all("a#weiter")[0].attr("href").unwrap().strip_prefix("/termine").unwrap().to_owned();
    let check = office.admin.get(&link).await;
    let running = office.send(&check, "main form", &[]).await;
    let checked = office.wait(&running).await;
    checked.says("2 Termine kommen neu hinzu");
    let applying = office.send(&checked, "form[action$=uebernehmen]", &[]).await;
    office.wait(&applying).await.says("2 Termine neu eingetragen");
    assert_eq!(office.appointments().await, 2);

    let another = office.admin.get(&format!("{HOME}/papier")).await;
    let third = [("tag", "4.12."), ("zeit", "9"), ("anliegen", "perso"), ("name", "Lea Beispiel")];
    let kept = row(&office, &another, &third).await;
    let link = kept.all("a#weiter")[0].attr("href").unwrap().strip_prefix("/termine").unwrap().to_owned();
    let check = office.admin.get(&link).await;
    let running = office.send(&check, "main form", &[]).await;
    let checked = office.wait(&running).await;
    assert!(checked.all("section[aria-labelledby=fehlt]").is_empty(), "another list is no edition of the first");
    office.server.stop().await;
}

#[tokio::test]
async fn nothing_that_was_typed_is_lost() {
    let office = Office::open().await;
    let empty = office.admin.get(&format!("{HOME}/papier")).await;
    let wrong = [("tag", "30.2."), ("zeit", "25"), ("anliegen", "xyzzy"), ("name", ""), ("notiz", "kommt mit Kind")];
    let page = row(&office, &empty, &wrong).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.says("Geben Sie einen Tag an").says("Geben Sie eine Uhrzeit an").says("Dieses Anliegen gibt es nicht");
    assert_eq!((page.value("notiz"), page.value("zeit")), ("kommt mit Kind".to_owned(), "25".to_owned()));
    let past = [("tag", "1.11.2026"), ("zeit", "8"), ("anliegen", "perso"), ("name", "Lea")];
    row(&office, &page, &past).await.says("Der Tag ist schon vorbei");

    let right = [("tag", "3.12."), ("zeit", "8"), ("anliegen", "perso"), ("name", "Lea Beispiel")];
    let kept = row(&office, &page, &right).await;
    let again = row(&office, &page, &right).await;
    assert_eq!(again.all(".kept tbody tr").len(), 1, "sent twice, it is one row");
    let other = [("tag", "3.12."), ("zeit", "9"), ("anliegen", "perso"), ("name", "Aus dem anderen Fenster")];
    let both = row(&office, &page, &other).await;
    both.says("Lea Beispiel").says("Aus dem anderen Fenster");

    let edit = kept.all("a.change")[0].attr("href").unwrap().strip_prefix("/termine").unwrap().to_owned();
    let open = office.admin.get(&edit).await;
    open.says("Zeile 1 ändern");
    let corrected = row(&office, &open, &[("name", "Lea Berichtigt")]).await;
    corrected.says("Lea Berichtigt");
    assert_eq!(corrected.all(".kept tbody tr").len(), 2);
    let open = office.admin.get(&edit).await;
    let struck = row(&office, &open, &[("entfernen", "1")]).await;
    assert!(!struck.text().contains("Lea Berichtigt"), "{}", struck.text());
    office.server.stop().await;
}
