//! The calendar file of a booking (RFC 5545).
//!
//! It is published, not sent as an invitation: with `METHOD:REQUEST` mail programs offer “Decline”, which people take
//! for a cancellation. The same UID with a higher SEQUENCE replaces the entry after a change.

mod lines;
mod zone;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use lines::Lines;

/// MIME type of the file, as attached to a mail and as downloaded.
pub const CONTENT_TYPE: &str = "text/calendar; charset=utf-8; method=PUBLISH";

/// Name of the file.
pub const FILE_NAME: &str = "termin.ics";

/// One calendar file.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// The town's zone; times are written as local times in it.
    pub zone: TimeZone,
    /// Its IANA name, such as `Europe/Berlin`.
    pub zone_name: String,
    /// The town's shown name, as organiser.
    pub organizer_name: String,
    /// Its mail address.
    pub organizer_address: String,
    /// Language of the texts, such as `de`.
    pub language: String,
    /// One event for each appointment.
    pub events: Vec<Event>,
}

/// One appointment in a calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Stable for the life of the appointment: `<uuid>@<domain>`.
    pub uid: String,
    /// Grows with every change.
    pub sequence: u32,
    /// Start.
    pub start: Timestamp,
    /// End.
    pub end: Timestamp,
    /// Shown in the calendar; neutral for sensitive concerns.
    pub summary: String,
    /// What to bring and how to cancel.
    pub description: String,
    /// Address in one line.
    pub location: String,
    /// The manage link.
    pub url: Option<String>,
    /// Words of the alarm a day before.
    pub alarm: String,
    /// Whether it has been cancelled.
    pub is_cancelled: bool,
}

/// The file's content, with CRLF and lines folded at 75 octets. `now` becomes DTSTAMP.
pub fn ics(calendar: &Calendar, now: Timestamp) -> String {
    let mut lines = Lines::default();
    lines.raw("BEGIN", "VCALENDAR");
    lines.raw("VERSION", "2.0");
    lines.raw("PRODID", "-//Stadttermin//Terminvergabe//DE");
    lines.raw("CALSCALE", "GREGORIAN");
    lines.raw("METHOD", "PUBLISH");
    if let Some(first) = calendar.events.iter().map(|event| event.start).min() {
        zone::write(&mut lines, &calendar.zone, &calendar.zone_name, first);
    }
    for event in &calendar.events {
        write_event(&mut lines, calendar, event, now);
    }
    lines.raw("END", "VCALENDAR");
    lines.into_text()
}

fn write_event(lines: &mut Lines, calendar: &Calendar, event: &Event, now: Timestamp) {
    let in_zone = format!(";TZID={}", calendar.zone_name);
    let language = format!(";LANGUAGE={}", calendar.language);
    let local = |instant: Timestamp| instant.to_zoned(calendar.zone.clone()).strftime("%Y%m%dT%H%M%S").to_string();
    lines.raw("BEGIN", "VEVENT");
    lines.raw("UID", &event.uid);
    lines.raw("DTSTAMP", &now.strftime("%Y%m%dT%H%M%SZ").to_string());
    lines.raw("SEQUENCE", &event.sequence.to_string());
    lines.raw(&format!("DTSTART{in_zone}"), &local(event.start));
    lines.raw(&format!("DTEND{in_zone}"), &local(event.end));
    lines.raw("STATUS", if event.is_cancelled { "CANCELLED" } else { "CONFIRMED" });
    lines.text(&format!("SUMMARY{language}"), &event.summary);
    lines.text(&format!("DESCRIPTION{language}"), &event.description);
    lines.text(&format!("LOCATION{language}"), &event.location);
    if let Some(url) = &event.url {
        lines.raw("URL", url);
    }
    let name = lines::quoted(&calendar.organizer_name);
    lines.raw(&format!("ORGANIZER;CN={name}"), &format!("mailto:{}", calendar.organizer_address));
    // An appointment at an office is nobody else's business in a shared calendar.
    lines.raw("CLASS", "PRIVATE");
    lines.raw("TRANSP", if event.is_cancelled { "TRANSPARENT" } else { "OPAQUE" });
    if !event.is_cancelled {
        lines.raw("BEGIN", "VALARM");
        lines.raw("ACTION", "DISPLAY");
        lines.text("DESCRIPTION", &event.alarm);
        lines.raw("TRIGGER", "-P1D");
        lines.raw("END", "VALARM");
    }
    lines.raw("END", "VEVENT");
}

#[cfg(test)]
mod tests;
