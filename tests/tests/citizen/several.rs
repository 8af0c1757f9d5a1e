//! Porta Westfalica: several appointments in one booking.

use crate::page::Page;
use crate::visitor::{Citizen, Towns};

/// Two appointments, the second one directly after the first.
async fn two_appointments(citizen: &mut Citizen) -> Page {
    let second = citizen.reserve(&["personalausweis", "anmeldung"]).await;
    second.says("Termin 2 von 2").says("Direkt danach").says("reserviert");
    let details = citizen.take_suggestion(&second).await;
    citizen.book(details).await
}

#[tokio::test]
async fn one_after_the_other_in_one_booking_with_one_form() {
    let towns = Towns::open().await;
    let mut citizen = towns.citizen_of_porta();
    let done = two_appointments(&mut citizen).await;
    done.says("Ihre Termine sind gebucht");
    let times: Vec<String> = done.all(".time-line").iter().map(crate::page::text).collect();
    assert_eq!(times.len(), 2);
    assert!(times[0] < times[1], "{times:?}");
    assert_eq!((citizen.clicks, citizen.fields), (6, 2));
}

#[tokio::test]
async fn a_time_that_overlaps_the_first_appointment_is_never_offered_and_not_taken() {
    let towns = Towns::open().await;
    let mut citizen = towns.citizen_of_porta();
    let mut first = citizen.open("/").await;
    citizen.choose(&mut first, "personalausweis");
    citizen.choose(&mut first, "anmeldung");
    let first = citizen.press(&first, "Weiter zum Termin").await;
    let taken = first.all(".quick button")[0].attr("value").unwrap().to_owned();
    let second = citizen.take_suggestion(&first).await;
    let day = &taken[..10];
    let second = citizen.visit(second.url.join(&format!("?tag={day}")).unwrap()).await;
    assert!(second.all(&format!(r#"input[value="{taken}"]"#)).is_empty(), "offered although it overlaps");
    let mut sending = second.button_at(".quick button");
    sending.fields.retain(|(name, _)| name != "zeit");
    sending.fields.push(("zeit".to_owned(), taken));
    let refused = citizen.fetch(sending).await;
    assert_eq!(refused.status, 409);
    refused.says("Zu dieser Zeit haben Sie schon einen anderen Termin");
}

#[tokio::test]
async fn each_appointment_is_cancelled_alone() {
    let towns = Towns::open().await;
    let mut citizen = towns.citizen_of_porta();
    let done = two_appointments(&mut citizen).await;
    let manage = citizen.follow(&done, "Termine verschieben oder absagen").await;
    let question = citizen.follow(&manage, "Termin absagen").await;
    question.says("Möchten Sie diesen Termin absagen?");
    let manage = citizen.press(&question, "Ja, Termin absagen").await;
    manage.says("Ihr Termin ist abgesagt").says("Dieser Termin ist abgesagt");
    assert_eq!(manage.all(".ticket").len(), 2);
    assert_eq!(manage.all(".ticket.cancelled").len(), 1);
    assert_eq!(manage.all(".ticket-foot a.danger").len(), 1, "the other one still stands");
}
