//! The calendar files: one entry for each appointment, which follows it through its life.

use mail::sink::StoredMail;

use crate::post::Post;

/// The events of a mail's calendar file, each as its lines, unfolded.
fn events(mail: &StoredMail) -> Vec<Vec<String>> {
    let [file] = &mail.attachments[..] else { panic!("one file in “{}”", mail.subject) };
    assert_eq!(file.name, "termin.ics");
    assert_eq!(file.content_type, "text/calendar; charset=utf-8; method=PUBLISH");
    let text = String::from_utf8(file.content.clone()).unwrap();
    assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("END:VCALENDAR\r\n"), "{text}");
    assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
    let text = text.replace("\r\n ", "");
    assert!(text.contains("\r\nMETHOD:PUBLISH\r\n") && text.contains("\r\nTZID:Europe/Berlin\r\n"), "{text}");
    let events = text.split("BEGIN:VEVENT").skip(1).map(|rest| rest.split("END:VEVENT").next().unwrap_or_default());
    events.map(|event| event.split("\r\n").filter(|line| !line.is_empty()).map(str::to_owned).collect()).collect()
}

/// The value of a property, whatever its parameters.
fn value<'a>(event: &'a [String], name: &str) -> &'a str {
    let line = event.iter().find(|line| line.split([':', ';']).next() == Some(name));
    let line = line.unwrap_or_else(|| panic!("no {name} in {event:#?}"));
    if line.contains('"') { line } else { line.split_once(':').unwrap().1 }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_appointment_is_one_entry_through_its_life() {
    let post = Post::open().await;
    let running = post.start().await;
    let made = post.book("de", &[("personalausweis", "09:00"), ("ummeldung", "10:00")]).await;
    let booked = events(&*post.newest(1).await);
    post.move_to(&made, 0, "11:00").await;
    let moved = events(&*post.newest(2).await);
    post.cancel(&made, 0).await;
    let cancelled = events(&*post.newest(3).await);
    running.end().await;

    assert_eq!((booked.len(), moved.len(), cancelled.len()), (2, 1, 1));
    for event in booked.iter().chain(&moved).chain(&cancelled) {
        for required in ["DTSTAMP", "DTEND", "SUMMARY", "DESCRIPTION", "LOCATION", "URL", "ORGANIZER"] {
            assert!(!value(event, required).is_empty());
        }
        assert!(!event.iter().any(|line| line.starts_with("ATTENDEE")));
    }
    let life = [&booked[0], &moved[0], &cancelled[0]];
    assert!(life.iter().all(|event| value(event, "UID") == format!("{}@probe.stadttermin", made.appointments[0])));
    assert_ne!(value(&booked[0], "UID"), value(&booked[1], "UID"));
    assert_eq!(life.map(|event| value(event, "SEQUENCE")), ["0", "1", "2"]);
    assert_eq!(life.map(|event| value(event, "STATUS")), ["CONFIRMED", "CONFIRMED", "CANCELLED"]);
    assert_eq!(life.map(|event| value(event, "DTSTART")), ["20261203T090000", "20261203T110000", "20261203T110000"]);
    assert_eq!(value(&booked[0], "SUMMARY"), "Personalausweis beantragen – Stadt Probe");
    assert_eq!(value(&booked[0], "LOCATION"), "Rathaus\\, Markt 1\\, 12345 Probe");
    assert!(value(&booked[0], "DESCRIPTION").contains("- Zustimmung beider Eltern (nur für Kinder unter 16)"));
    assert!(value(&booked[0], "URL").ends_with(&format!("/termine/buchung/{}", made.token)));
    assert!(booked[0].iter().any(|line| line == "TRIGGER:-P1D"));
}
