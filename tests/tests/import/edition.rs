//! Which file is the next edition of which: told by what it holds, or by somebody – never by its name or its columns.

use importer::batch::{self, Choices, StepError};

use crate::hall::{Hall, YILDIZ, list, now};

/// What Outlook calls every calendar.
const NAME: &str = "Kalender.CSV";

/// Rows of a counter's calendar, one an hour.
fn rows(counter: &str, hours: std::ops::Range<u8>) -> Vec<String> {
    hours.map(|hour| format!("01.12.2026;{hour:02}:00;Gast {counter} {hour};;;Personalausweis;{counter};")).collect()
}

async fn upload(hall: &Hall, rows: &[String]) -> uuid::Uuid {
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    hall.upload(NAME, list(&rows).as_bytes()).await
}

async fn applied(hall: &Hall, rows: &[String]) -> uuid::Uuid {
    let id = upload(hall, rows).await;
    hall.check(id, &Choices::default()).await;
    hall.apply(id).await;
    id
}

#[tokio::test]
async fn the_calendars_of_two_counters_have_one_name_and_are_no_editions_of_each_other() {
    let hall = Hall::open().await;
    let (one, other) = (rows("Schalter 1", 8..12), rows("Schalter 2", 8..12));
    let first = applied(&hall, &one).await;
    let id = upload(&hall, &other).await;
    let batch = hall.check(id, &Choices { cancel_gone: true, ..Choices::default() }).await;
    assert_eq!((batch.numbers.add, batch.numbers.gone), (4, 0), "nothing of the first counter is gone");
    assert_eq!(batch.origin, id.to_string());
    hall.apply(id).await;
    assert_eq!(hall.booked().await.iter().filter(|it| it.status == "booked").count(), 8);
    let next = upload(&hall, &one[1..]).await;
    let batch = hall.check(next, &Choices { cancel_gone: true, ..Choices::default() }).await;
    assert_eq!((batch.origin, batch.numbers.gone), (first.to_string(), 1), "the next edition of the first alone");
    let editions = batch::editions(&mut hall.test.tx("probe").await, next).await.unwrap();
    let told: Vec<_> = editions.iter().map(|it| (it.file_name.as_deref(), it.ahead, it.shared, it.is_this)).collect();
    assert_eq!(told, [(Some(NAME), 4, 3, true), (Some(NAME), 4, 0, false)]);
    hall.apply(next).await;
    let gone: Vec<String> =
        hall.booked().await.into_iter().filter(|it| it.status == "cancelled").map(|it| it.name).collect();
    assert_eq!(gone, ["Gast Schalter 1 8"]);
}

#[tokio::test]
async fn an_extract_is_no_edition_unless_somebody_says_so_and_that_is_kept() {
    let hall = Hall::open().await;
    let all = rows("Schalter 1", 8..13);
    let first = applied(&hall, &all).await;
    let id = upload(&hall, &all[..2]).await;
    assert_eq!(hall.check(id, &Choices::default()).await.numbers.gone, 0, "three seem gone from an extract");
    let mut tx = hall.test.tx("probe").await;
    batch::choose_edition(&mut tx, id, Some(&first.to_string())).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(hall.find(id).await.numbers.gone, 3);
    let again = hall.check(id, &Choices::default()).await;
    assert_eq!((again.numbers.gone, again.origin), (3, first.to_string()), "a new dry run keeps what was said");
    let mut tx = hall.test.tx("probe").await;
    batch::choose_edition(&mut tx, id, None).await.unwrap();
    let nobodys = batch::choose_edition(&mut tx, id, Some("gibt es nicht")).await;
    assert!(matches!(nobodys, Err(StepError::NotFound)), "{nobodys:?}");
    tx.commit().await.unwrap();
    assert_eq!(hall.find(id).await.numbers.gone, 0);
    let mut tx = hall.test.tx("probe").await;
    batch::start_apply(&mut tx, id, &YILDIZ, now()).await.unwrap();
    let late = batch::choose_edition(&mut tx, id, None).await;
    assert!(matches!(late, Err(StepError::WrongState)), "{late:?}");
}

#[tokio::test]
async fn a_saved_profile_makes_no_edition_of_another_calendar() {
    let hall = Hall::open().await;
    let first = upload(&hall, &rows("Schalter 1", 8..12)).await;
    let mut tx = hall.test.tx("probe").await;
    batch::save_profile(&mut tx, first, "Outlook").await.unwrap();
    tx.commit().await.unwrap();
    hall.check(first, &Choices::default()).await;
    hall.apply(first).await;
    let id = upload(&hall, &rows("Schalter 2", 8..12)).await;
    let batch = hall.check(id, &Choices::default()).await;
    assert_eq!((batch.profile.as_deref(), batch.numbers.gone), (Some("Outlook"), 0));
}

#[tokio::test]
async fn the_same_calendar_under_another_name_is_its_next_edition() {
    let hall = Hall::open().await;
    let all = rows("Schalter 1", 8..12);
    let first = applied(&hall, &all).await;
    let rows: Vec<&str> = all[1..].iter().map(String::as_str).collect();
    let id = hall.upload("Kalender (1).CSV", list(&rows).as_bytes()).await;
    let batch = hall.check(id, &Choices::default()).await;
    assert_eq!((batch.origin, batch.numbers.gone), (first.to_string(), 1));
}
