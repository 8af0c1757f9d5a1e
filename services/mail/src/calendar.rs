//! The calendar file of a booking (RFC 5545).

use jiff::Timestamp;

/// One calendar file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// IANA zone of the town, such as `Europe/Berlin`.
    pub zone: String,
    /// The town's sending address, as organiser.
    pub organizer_name: String,
    /// Its mail address.
    pub organizer_address: String,
    /// Language of the texts.
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

/// The file's content, with CRLF and folded lines.
pub fn ics(calendar: &Calendar, now: Timestamp) -> String {
    let _ = (calendar, now);
    String::new()
}
