//! The calendar file of a booking's appointments.

use std::borrow::Cow;

use booking::{Appointment, Status};
use mail::calendar::{Calendar, Event, ics};
use templating::Texts;

use super::Letter;
use super::view::{Links, documents, location};

/// The file for these appointments of the letter's booking: attached to mails, and downloaded.
///
/// # Errors
/// An appointment at an office that no longer exists, or a town without a host.
pub fn file(texts: &Texts, letter: &Letter<'_>, appointments: &[&Appointment]) -> anyhow::Result<String> {
    let sender = &letter.town.profile.mail;
    let events: anyhow::Result<Vec<Event>> = appointments.iter().map(|it| event(texts, letter, it)).collect();
    let calendar = Calendar {
        zone: letter.tenant.zone.clone(),
        zone_name: letter.tenant.zone.iana_name().unwrap_or("UTC").to_owned(),
        organizer_name: sender.from_name.clone(),
        organizer_address: sender.from_address.clone(),
        language: letter.language.to_owned(),
        events: events?,
    };
    Ok(ics(&calendar, letter.now))
}

fn event(texts: &Texts, letter: &Letter<'_>, appointment: &Appointment) -> anyhow::Result<Event> {
    let location = location(appointment, letter.offices)?;
    let place = letter.town.profile.name.as_str();
    let url = Links::new(letter.tenant)?.manage(letter.token);
    Ok(Event {
        // By the town's short name, which stays for ever: under a host that changes, a moved appointment would stand
        // in the calendar twice.
        uid: format!("{}@{}.stadttermin", appointment.id, letter.tenant.slug),
        sequence: u32::try_from(appointment.sequence).unwrap_or_default(),
        start: appointment.start,
        end: appointment.end,
        summary: say(
            texts,
            letter,
            "mail.event.summary",
            &[("about", &about(texts, letter, appointment)), ("place", place)],
        ),
        description: description(texts, letter, appointment, &url),
        location: format!(
            "{}, {}, {} {}",
            location.name.get(letter.language),
            location.street,
            location.zip,
            location.city
        ),
        url: Some(url),
        alarm: say(texts, letter, "mail.event.alarm", &[("place", place)]),
        is_cancelled: appointment.status == Status::Cancelled,
    })
}

/// The concerns, or just “appointment” if one is sensitive: calendars are shared and shown on lock screens.
fn about(texts: &Texts, letter: &Letter<'_>, appointment: &Appointment) -> String {
    if is_sensitive(appointment) {
        return say(texts, letter, "mail.event.neutral", &[]);
    }
    let names: Vec<&str> = appointment.items.iter().map(|item| item.name.get(letter.language)).collect();
    names.join(", ")
}

fn is_sensitive(appointment: &Appointment) -> bool {
    appointment.items.iter().any(|item| item.neutral)
}

/// What to bring (which would give a sensitive concern away), the booking's number and its link.
fn description(texts: &Texts, letter: &Letter<'_>, appointment: &Appointment, url: &str) -> String {
    if appointment.status == Status::Cancelled {
        return say(texts, letter, "mail.event.cancelled", &[]);
    }
    let mut lines = Vec::new();
    let mut needed = documents(&appointment.items).peekable();
    if needed.peek().is_some() && !is_sensitive(appointment) {
        lines.push(format!("{}:", say(texts, letter, "mail.bring", &[])));
        for document in needed {
            let name = document.name.get(letter.language);
            let condition = document.applies_if.as_ref().map(|it| it.get(letter.language));
            lines.push(match condition {
                Some(it) => format!("- {name} ({})", say(texts, letter, "mail.only_if", &[("condition", it)])),
                None => format!("- {name}"),
            });
        }
        lines.push(String::new());
    }
    if let Some(code) = &letter.booking.booking.code {
        lines.push(say(texts, letter, "mail.event.number", &[("code", &code.to_string())]));
    }
    lines.push(say(texts, letter, "mail.event.manage", &[("url", url)]));
    lines.join("\n")
}

fn say(texts: &Texts, letter: &Letter<'_>, key: &str, arguments: &[(&str, &str)]) -> String {
    let arguments: Vec<(&str, Cow<'_, str>)> = arguments.iter().map(|(name, it)| (*name, Cow::Borrowed(*it))).collect();
    texts.text(letter.language, key, &arguments)
}
