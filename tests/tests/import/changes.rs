//! What becomes different in a row, old → new: said by the dry run, and kept.

use importer::batch::{AllDay, Choices, Row};
use importer::{Change, Said, What};
use jiff::civil::{date, datetime};

use crate::hall::{Hall, list};

/// A calendar with one event, to be recognised by its id.
fn event(lines: &str) -> String {
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1@probe\r\n{lines}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
}

fn change(what: What, before: Said, after: Said) -> Change {
    Change { what, before, after }
}

fn text(text: &str) -> Said {
    Said::Text(text.to_owned())
}

async fn only(hall: &Hall, id: uuid::Uuid) -> Row {
    let mut rows = hall.rows(id).await;
    assert_eq!(rows.len(), 1);
    rows.remove(0)
}

const BEFORE: &str = "id;Datum;Von;Bis;Name;Telefon;E-Mail;Anliegen;Schalter;Bemerkung\r\n\
    7;01.12.2026;09:00;09:15;Lea Beispiel;02389 71123;lea@example.org;Personalausweis;Schalter 1;bringt Foto\r\n";
const AFTER: &str = "id;Datum;Von;Bis;Name;Telefon;E-Mail;Anliegen;Schalter;Bemerkung\r\n\
    7;02.12.2026;10:00;10:20;Lea Muster;02389 99999;;Reisepass;Schalter 2;\r\n";

#[tokio::test]
async fn a_row_says_all_that_becomes_different() {
    let hall = Hall::open().await;
    let id = hall.upload("termine.csv", BEFORE.as_bytes()).await;
    hall.check(id, &Choices::default()).await;
    assert_eq!(only(&hall, id).await.changes, [], "what is new changes nothing");
    hall.apply(id).await;
    let id = hall.upload("termine.csv", AFTER.as_bytes()).await;
    assert_eq!(hall.check(id, &Choices::default()).await.numbers.update, 1, "{:?}", hall.said(id).await);
    let concern = |key: &str| Said::Concerns(vec![(key.to_owned(), 1)]);
    let expected = [
        change(
            What::When,
            Said::Moment(datetime(2026, 12, 1, 9, 0, 0, 0)),
            Said::Moment(datetime(2026, 12, 2, 10, 0, 0, 0)),
        ),
        change(What::Length, Said::Minutes(15), Said::Minutes(20)),
        change(What::Place, text("Schalter 1"), text("Schalter 2")),
        change(What::Concerns, concern("personalausweis"), concern("reisepass")),
        change(What::Name, text("Lea Beispiel"), text("Lea Muster")),
        change(What::Phone, text("02389 71123"), text("02389 99999")),
        change(What::Email, text("lea@example.org"), Said::Nothing),
        change(What::Note, text("bringt Foto"), Said::Nothing),
    ];
    assert_eq!(only(&hall, id).await.changes, expected);
    hall.apply(id).await;
    assert_eq!(only(&hall, id).await.changes, expected, "later the report says the same");
    hall.undo(id).await;
    assert_eq!(only(&hall, id).await.changes, expected);
}

#[tokio::test]
async fn what_stays_is_not_named() {
    let hall = Hall::open().await;
    let lea = "01.12.2026;09:00;Lea Beispiel;02389 71123;;Personalausweis;Schalter 1;bringt Foto";
    let ali = "01.12.2026;09:30;Ali Muster;;;Reisepass;;";
    hall.applied(&[lea, ali]).await;
    let id = hall.upload("termine.csv", list(&[&lea.replace("Foto", "Bild"), ali]).as_bytes()).await;
    hall.check(id, &Choices::default()).await;
    let rows = hall.rows(id).await;
    assert_eq!(rows[0].changes, [change(What::Note, text("bringt Foto"), text("bringt Bild"))]);
    assert_eq!(rows[1].changes, []);
}

#[tokio::test]
async fn a_closure_says_its_days_before_and_after() {
    let hall = Hall::open().await;
    let close = Choices { all_day: AllDay::Close, ..Choices::default() };
    let days = |first: &str, end: &str| {
        event(&format!("DTSTART;VALUE=DATE:{first}\r\nDTEND;VALUE=DATE:{end}\r\nSUMMARY:Urlaub\r\nLOCATION:Schalter 2"))
    };
    let id = hall.upload("kalender.ics", days("20261202", "20261204").as_bytes()).await;
    hall.check(id, &close).await;
    hall.apply(id).await;
    let id = hall.upload("kalender.ics", days("20261203", "20261205").as_bytes()).await;
    assert_eq!(hall.check(id, &close).await.numbers.close, 1, "{:?}", hall.said(id).await);
    let days = |first: i8, last: i8| Said::Days(date(2026, 12, first), date(2026, 12, last));
    assert_eq!(only(&hall, id).await.changes, [change(What::When, days(2, 3), days(3, 4))]);
}
