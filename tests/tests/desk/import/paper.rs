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

#[tokio::test]
async fn two_windows_at_one_row_lose_nothing_silently() {
    let office = Office::open().await;
    let empty = office.admin.get(&format!("{HOME}/papier")).await;
    let first = [("tag", "3.12."), ("zeit", "8"), ("anliegen", "perso"), ("name", "Lea Beispiel")];
    let kept = row(&office, &empty, &first).await;
    let edit = kept.all("a.change")[0].attr("href").unwrap().strip_prefix("/termine").unwrap().to_owned();
    let (one, two) = (office.admin.get(&edit).await, office.admin.get(&edit).await);
    row(&office, &one, &[("telefon", "02389 71123")]).await.says("02389 71123");
    row(&office, &one, &[("telefon", "02389 71123")]).await.says("Zeile 2");

    let told = row(&office, &two, &[("notiz", "kommt mit Kind")]).await;
    assert_eq!(told.status, StatusCode::CONFLICT);
    told.says("hat inzwischen jemand anders geändert").says("Lea Beispiel, 02389 71123");
    assert_eq!(told.value("notiz"), "kommt mit Kind", "what was typed stays");
    office.admin.get(&edit).await.says("02389 71123");
    let strike = row(&office, &two, &[("entfernen", "1")]).await;
    assert_eq!(strike.status, StatusCode::CONFLICT, "nobody strikes out what they have not seen");
    let replaced = row(&office, &told, &[]).await;
    replaced.says("kommt mit Kind");
    assert!(!replaced.text().contains("71123"), "who was told may replace it: {}", replaced.text());

    let three = office.admin.get(&edit).await;
    row(&office, &three, &[("entfernen", "1")]).await;
    let gone = row(&office, &three, &[("name", "Lea Berichtigt")]).await;
    assert_eq!(gone.status, StatusCode::CONFLICT);
    gone.says("hat inzwischen jemand anders gestrichen");
    row(&office, &gone, &[]).await.says("Lea Berichtigt");
    office.server.stop().await;
}

#[tokio::test]
async fn two_windows_that_type_at_the_same_moment_keep_both_rows() {
    let office = Office::open().await;
    let empty = office.admin.get(&format!("{HOME}/papier")).await;
    let typed = |name| [("tag", "3.12."), ("zeit", "8"), ("anliegen", "perso"), ("name", name)];
    let (names, more) = ((typed("Lea Eins"), typed("Tim Zwei")), (typed("Ali Drei"), typed("Eva Vier")));
    tokio::join!(row(&office, &empty, &names.0), row(&office, &empty, &names.1));
    let list = row(&office, &empty, &names.0).await;
    tokio::join!(row(&office, &list, &more.0), row(&office, &list, &more.1));
    let all = office.admin.get(&super::path(&list)).await;
    all.says("Lea Eins").says("Tim Zwei").says("Ali Drei").says("Eva Vier");
    office.server.stop().await;
}
