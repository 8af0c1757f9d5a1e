//! What a calendar program must find in the file, and what must not leave its field.

use super::*;

fn sample() -> Calendar {
    Calendar {
        zone: TimeZone::get("Europe/Berlin").unwrap(),
        zone_name: "Europe/Berlin".to_owned(),
        organizer_name: "Stadt Werne – \"Terminvergabe\"".to_owned(),
        organizer_address: "termin@werne.example".to_owned(),
        language: "de".to_owned(),
        events: vec![Event {
            uid: "0190-a@werne.example".to_owned(),
            sequence: 2,
            start: "2026-12-03T09:20:00Z".parse().unwrap(),
            end: "2026-12-03T09:45:00Z".parse().unwrap(),
            summary: "Termin: Personalausweis; Reisepass, Stadt Werne".to_owned(),
            description: "Mitbringen:\n- bisheriger Ausweis\n- Geburtsurkunde für Kinder unter 16 Jahren, \
                          ausgestellt vom Standesamt"
                .to_owned(),
            location: "Bürgerbüro, Konrad-Adenauer-Platz 1, 59368 Werne".to_owned(),
            url: Some("https://www.werne.example/terminvergabe/buchung/abc".to_owned()),
            alarm: "Morgen: Termin".to_owned(),
            is_cancelled: false,
        }],
    }
}

fn written(calendar: &Calendar) -> String {
    ics(calendar, "2026-11-21T05:00:00.5Z".parse().unwrap())
}

/// Lines as a program reads them: unfolded.
fn unfolded(text: &str) -> Vec<String> {
    text.replace("\r\n ", "").split_terminator("\r\n").map(str::to_owned).collect()
}

#[test]
fn everything_required_is_there() {
    let lines = unfolded(&written(&sample()));
    for line in [
        "METHOD:PUBLISH",
        "UID:0190-a@werne.example",
        "DTSTAMP:20261121T050000Z",
        "SEQUENCE:2",
        "DTSTART;TZID=Europe/Berlin:20261203T102000",
        "DTEND;TZID=Europe/Berlin:20261203T104500",
        "STATUS:CONFIRMED",
        "SUMMARY;LANGUAGE=de:Termin: Personalausweis\\; Reisepass\\, Stadt Werne",
        "LOCATION;LANGUAGE=de:Bürgerbüro\\, Konrad-Adenauer-Platz 1\\, 59368 Werne",
        "URL:https://www.werne.example/terminvergabe/buchung/abc",
        "ORGANIZER;CN=\"Stadt Werne – 'Terminvergabe'\":mailto:termin@werne.example",
        "TRIGGER:-P1D",
    ] {
        assert!(lines.iter().any(|it| it == line), "no {line} in {lines:#?}");
    }
    assert!(!lines.iter().any(|line| line.starts_with("ATTENDEE")));
}

#[test]
fn the_zone_switches_as_europe_does() {
    let lines = unfolded(&written(&sample()));
    let zone: Vec<&str> = lines
        .iter()
        .map(String::as_str)
        .skip_while(|line| *line != "BEGIN:VTIMEZONE")
        .take_while(|line| *line != "END:VTIMEZONE")
        .skip(1)
        .collect();
    let expected = [
        "TZID:Europe/Berlin",
        "BEGIN:DAYLIGHT",
        "DTSTART:20260329T020000",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "TZNAME:CEST",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "DTSTART:20261025T030000",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
        "TZNAME:CET",
        "END:STANDARD",
    ];
    assert_eq!(zone, expected);
}

#[test]
fn no_line_is_longer_than_75_octets_and_none_breaks_a_character() {
    let mut calendar = sample();
    calendar.events[0].description = "ä€😀".repeat(200);
    let text = written(&calendar);
    assert!(text.split("\r\n").all(|line| line.len() <= 75));
    assert!(text.replace("\r\n ", "").contains(&"ä€😀".repeat(200)));
    assert!(!text.replace("\r\n", "").contains(['\r', '\n']));
}

#[test]
fn a_line_break_cannot_smuggle_a_property_in() {
    let mut calendar = sample();
    calendar.events[0].location = "Rathaus\r\nATTENDEE:mailto:x@y".to_owned();
    calendar.events[0].url = Some("https://x/\r\nATTENDEE:mailto:x@y".to_owned());
    assert!(!unfolded(&written(&calendar)).iter().any(|line| line.starts_with("ATTENDEE")));
}

#[test]
fn a_cancelled_event_says_so_and_rings_no_more() {
    let mut calendar = sample();
    calendar.events[0].is_cancelled = true;
    let lines = unfolded(&written(&calendar));
    assert!(lines.iter().any(|line| line == "STATUS:CANCELLED"));
    assert!(!lines.iter().any(|line| line == "BEGIN:VALARM"));
}

#[test]
fn another_program_reads_what_we_wrote() {
    use icalendar::{Calendar as Read, Component as _};
    let mut calendar = sample();
    calendar.events.push(Event { uid: "0190-b@werne.example".to_owned(), ..calendar.events[0].clone() });
    let read: Read = written(&calendar).parse().unwrap();
    let events: Vec<_> = read.events().collect();
    assert_eq!(events.len(), 2);
    assert_eq!(events[1].property_value("UID"), Some("0190-b@werne.example"));
    assert_eq!(events[0].property_value("SUMMARY"), Some("Termin: Personalausweis; Reisepass, Stadt Werne"));
    assert!(events[0].property_value("DESCRIPTION").unwrap().contains("Mitbringen:\n- bisheriger Ausweis"));
}
