//! Messages travel by SMTP to the sink and arrive as they were meant.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

use std::time::Duration;

use mail::sink::{Behaviour, Sink};
use mail::{Message, SendError, Sender, Transport};
use uuid::Uuid;

const SOON: Duration = Duration::from_secs(60);

fn message() -> Message {
    Message {
        id: Uuid::from_u128(7),
        tenant: "werne".to_owned(),
        date: "2026-11-21T05:00:00Z".parse().unwrap(),
        from: Sender {
            name: "Stadt Werne – Terminvergabe".to_owned(),
            address: "termin@werne.example".to_owned(),
            reply_to: "buergerbuero@werne.example".to_owned(),
        },
        to: "erika.mustermann@example.org".to_owned(),
        language: "de".to_owned(),
        subject: "Ihr Termin am Donnerstag, 3. Dezember, 10:20 Uhr – Bürgerbüro".to_owned(),
        text: "Guten Tag,\n\n.am Anfang ein Punkt\nBürgerbüro 37,00 €\n".to_owned(),
        html: "<!doctype html><html lang=\"de\"><p>Bürgerbüro 37,00 €</p></html>".to_owned(),
        calendar: Some("BEGIN:VCALENDAR\r\nX-A:Bürgerbüro\r\nEND:VCALENDAR\r\n".to_owned()),
    }
}

fn sink() -> (Sink, Transport) {
    sink_for(Duration::from_secs(60))
}

/// A server, and somebody who waits so long for its answer to a mail.
fn sink_for(limit: Duration) -> (Sink, Transport) {
    let sink = Sink::start().unwrap();
    let transport = Transport::with_limits(&sink.url(), Duration::from_secs(20), limit).unwrap();
    (sink, transport)
}

#[tokio::test]
async fn a_mail_arrives_as_it_was_meant() {
    let (sink, transport) = sink();
    transport.send(&message()).await.unwrap();
    let mails = sink.wait_for(1, SOON).await;
    let mail = &mails[0];
    assert_eq!(mail.subject, message().subject);
    assert_eq!(mail.text.replace("\r\n", "\n").trim_end(), message().text.trim_end());
    assert_eq!(mail.html.trim_end(), message().html);
    assert_eq!(mail.from, "Stadt Werne – Terminvergabe <termin@werne.example>");
    assert_eq!(
        (mail.envelope_from.as_str(), mail.to[0].as_str()),
        ("termin@werne.example", "erika.mustermann@example.org")
    );
    assert_eq!(mail.message_id, format!("{}@werne.example", Uuid::from_u128(7)));
    assert_eq!(mail.tenant, "werne");
    assert_eq!(mail.header("Reply-To").as_deref(), Some("buergerbuero@werne.example"));
    assert_eq!(mail.header("Auto-Submitted").as_deref(), Some("auto-generated"));
    assert_eq!(mail.header("X-Auto-Response-Suppress").as_deref(), Some("All"));
    assert_eq!(mail.header("Content-Language").as_deref(), Some("de"));
    assert_eq!(mail.header("List-Unsubscribe"), None);
    let file = &mail.attachments[0];
    assert_eq!((file.name.as_str(), mail.attachments.len()), ("termin.ics", 1));
    assert_eq!(file.content_type, "text/calendar; charset=utf-8; method=PUBLISH");
    assert_eq!(String::from_utf8(file.content.clone()).unwrap(), message().calendar.unwrap());
}

#[tokio::test]
async fn a_refused_recipient_is_final_and_a_busy_server_is_not() {
    let (sink, transport) = sink();
    sink.behave(Behaviour::FailPermanently);
    assert!(matches!(transport.send(&message()).await, Err(SendError::Permanent(words)) if words.contains("550")));
    for behaviour in [Behaviour::FailTemporarily, Behaviour::HangUp, Behaviour::HangUpAfterTaking] {
        sink.behave(behaviour);
        let answer = transport.send(&message()).await;
        assert!(matches!(answer, Err(SendError::Temporary(_))), "{behaviour:?}: {answer:?}");
    }
    sink.behave(Behaviour::Accept);
    transport.send(&message()).await.unwrap();
    assert_eq!(sink.wait_for(2, SOON).await.len(), 2, "one was taken without saying so");
    assert_eq!(sink.tries(), 5);
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_left() {
    let (sink, transport) = sink_for(Duration::from_secs(2));
    let answers_after = Duration::from_secs(60);
    sink.behave(Behaviour::Delay(answers_after));
    let started = std::time::Instant::now();
    assert!(matches!(transport.send(&message()).await, Err(SendError::Temporary(_))));
    assert!(started.elapsed() < answers_after);
}

#[tokio::test]
async fn the_late_answer_to_one_mail_is_not_taken_for_the_answer_to_the_next() {
    let (sink, transport) = sink_for(Duration::from_secs(2));
    sink.behave(Behaviour::Delay(Duration::from_secs(4)));
    assert!(matches!(transport.send(&message()).await, Err(SendError::Temporary(_))));
    sink.behave(Behaviour::FailPermanently);
    tokio::time::sleep(Duration::from_secs(3)).await;
    let mut refused = 0;
    for _ in 0..30 {
        match transport.send(&message()).await {
            Err(SendError::Permanent(_)) => refused += 1,
            // The machine has more to do than to answer within two seconds.
            Err(SendError::Temporary(_)) => {}
            Ok(()) => panic!("refused, and yet it is said to be sent"),
        }
        if refused == 3 {
            return;
        }
    }
    panic!("hardly ever an answer");
}

#[tokio::test]
async fn nobody_there_is_worth_another_try_and_a_bad_address_is_not() {
    // Ours, so that nobody else gets it, and nobody listens there.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let port = socket.local_addr().unwrap().port();
    let transport = Transport::new(&format!("smtp://127.0.0.1:{port}")).unwrap();
    assert!(matches!(transport.send(&message()).await, Err(SendError::Temporary(_))));
    let bad = Message { to: "erika@@example".to_owned(), ..message() };
    assert!(matches!(transport.send(&bad).await, Err(SendError::Permanent(words)) if words.contains("erika@@example")));
}

#[tokio::test]
async fn a_subject_cannot_bring_headers_of_its_own() {
    let (sink, transport) = sink();
    let subject = "Termin\r\nBcc: everybody@example.org".to_owned();
    transport.send(&Message { subject, ..message() }).await.unwrap();
    let mails = sink.wait_for(1, SOON).await;
    assert_eq!(mails[0].header("Bcc"), None);
    assert_eq!(mails[0].to, ["erika.mustermann@example.org"]);
}
