//! Who knows of an imported appointment is reminded at the right time, whatever later editions of the file do to it.

use importer::batch::{Batch, Choices};

use crate::hall::{Hall, list};

fn lea(day: &str) -> String {
    format!("{day}.12.2026;09:00;Lea Beispiel;;lea@example.org;Personalausweis;Schalter 1;")
}

/// A calendar with one event of this start, which keeps its id when it moves.
fn event(start: &str) -> String {
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1@probe\r\nDTSTART:{start}\r\nSUMMARY:Lea Beispiel, lea@example.org, Personalausweis\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
}

async fn applied(hall: &Hall, name: &str, content: &str, choices: Choices) -> Batch {
    let id = hall.upload(name, content.as_bytes()).await;
    hall.check(id, &choices).await;
    hall.apply(id).await
}

fn telling() -> Choices {
    Choices { send_mails: true, ..Choices::default() }
}

/// When reminders will go out, for appointments as they stand. Each has its job.
async fn reminders(hall: &Hall) -> Vec<String> {
    let due: Vec<String> = sqlx::query_scalar(
        "SELECT to_char(m.due_at AT TIME ZONE 'Europe/Berlin', 'MM-DD HH24:MI') FROM mail m
           JOIN appointment a ON a.id = m.appointment_id AND a.sequence = m.sequence AND a.status = 'booked'
          WHERE m.kind = 'reminder' AND m.state = 'waiting' ORDER BY m.due_at",
    )
    .fetch_all(hall.test.tx("probe").await.conn())
    .await
    .unwrap();
    let mut admin = hall.test.admin_connection().await;
    let jobs: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM apalis.jobs WHERE job_type = 'mail' AND idempotency_key LIKE '%:reminder:%'",
    )
    .fetch_one(&mut admin)
    .await
    .unwrap();
    assert_eq!(jobs, i64::try_from(due.len()).unwrap(), "none is left over");
    due
}

#[tokio::test]
async fn whom_an_import_moves_is_reminded_of_the_new_time_and_after_undoing_of_the_old_one() {
    let hall = Hall::open().await;
    applied(&hall, "kalender.ics", &event("20261203T080000Z"), telling()).await;
    assert_eq!(reminders(&hall).await, ["12-02 17:00"]);
    let moved = applied(&hall, "kalender.ics", &event("20261210T080000Z"), Choices::default()).await;
    assert_eq!((moved.numbers.update, hall.booked().await[0].at.as_str()), (1, "2026-12-10 09:00"));
    assert_eq!(reminders(&hall).await, ["12-09 17:00"]);
    hall.undo(moved.id).await;
    assert_eq!(reminders(&hall).await, ["12-02 17:00"]);
}

#[tokio::test]
async fn whose_row_changes_in_something_else_is_reminded_all_the_same_at_the_new_address() {
    let hall = Hall::open().await;
    applied(&hall, "termine.csv", &list(&[&lea("03")]), telling()).await;
    let file = list(&[&lea("03").replace("lea@", "lea.neu@")]);
    assert_eq!(applied(&hall, "termine.csv", &file, Choices::default()).await.numbers.update, 1);
    assert_eq!(reminders(&hall).await, ["12-02 17:00"]);
    let new = "SELECT count(*) FROM mail WHERE state = 'waiting' AND kind = 'reminder' AND recipient LIKE 'lea.neu@%'";
    assert_eq!(hall.count(new).await, 1);
}

#[tokio::test]
async fn whoever_was_told_nothing_is_not_reminded_of_a_move() {
    let hall = Hall::open().await;
    applied(&hall, "kalender.ics", &event("20261203T080000Z"), Choices::default()).await;
    applied(&hall, "kalender.ics", &event("20261210T080000Z"), Choices::default()).await;
    assert_eq!(reminders(&hall).await, Vec::<String>::new());
}

#[tokio::test]
async fn what_was_cancelled_as_gone_is_not_reminded_of_until_it_is_booked_again() {
    let hall = Hall::open().await;
    let ali = "04.12.2026;09:00;Ali Muster;;;Reisepass;;";
    applied(&hall, "termine.csv", &list(&[&lea("03"), ali]), telling()).await;
    let gone = Choices { cancel_gone: true, ..Choices::default() };
    let other = list(&[ali]);
    let second = applied(&hall, "termine.csv", &other, gone.clone()).await;
    assert_eq!((second.numbers.cancelled, reminders(&hall).await), (1, Vec::new()));
    hall.undo(second.id).await;
    assert_eq!(reminders(&hall).await, ["12-02 17:00"]);
    applied(&hall, "termine.csv", &other, gone).await;
    applied(&hall, "termine.csv", &list(&[&lea("03"), ali]), Choices::default()).await;
    assert_eq!(reminders(&hall).await, ["12-02 17:00"], "its row is back");
}

#[tokio::test]
async fn whoever_comes_back_after_the_retention_has_removed_them_is_reminded_all_the_same() {
    let hall = Hall::open().await;
    let ali = "04.12.2026;09:00;Ali Muster;;;Reisepass;;";
    let both = list(&[&lea("03"), ali]);
    applied(&hall, "termine.csv", &both, telling()).await;
    applied(&hall, "termine.csv", &list(&[ali]), Choices { cancel_gone: true, ..Choices::default() }).await;
    let mut tx = hall.test.tx("probe").await;
    sqlx::query("DELETE FROM booking WHERE name = 'Lea Beispiel'").execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
    let back = applied(&hall, "termine.csv", &both, Choices::default()).await;
    assert_eq!((back.numbers.add, reminders(&hall).await), (1, vec!["12-02 17:00".to_owned()]));
    let told = "SELECT count(*) FROM mail WHERE kind = 'now_online'";
    assert_eq!(hall.count(told).await, 1, "and gets no second mail");
}

#[tokio::test]
async fn what_was_undone_can_be_applied_again_with_its_mails() {
    let hall = Hall::open().await;
    let file = list(&[&lea("03")]);
    let first = applied(&hall, "termine.csv", &file, telling()).await;
    hall.undo(first.id).await;
    assert_eq!(reminders(&hall).await, Vec::<String>::new());
    applied(&hall, "termine.csv", &file, telling()).await;
    assert_eq!(reminders(&hall).await, ["12-02 17:00"]);
}
