//! An appointment as a card, a line of the list and the panel show it, in the clerk's language.

use booking::Item;
use booking::Status;
use booking::desk::DayAppointment;
use schedule::CounterId;
use serde::Serialize;
use uuid::Uuid;

use super::flag;
use super::place::{clock, day_of};
use crate::extract::Site;

/// One appointment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Card {
    pub id: Uuid,
    pub booking: Uuid,
    pub version: i32,
    pub code: String,
    pub day: String,
    pub start: String,
    pub end: String,
    pub minutes: u16,
    pub counter_id: CounterId,
    pub counter: String,
    pub location: String,
    pub name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub language: String,
    pub channel: String,
    /// All concerns in one line.
    pub concerns: String,
    pub note: String,
    pub ticket: Option<String>,
    pub overbooked: bool,
    /// Why somebody should look at what was imported, in words.
    pub to_check: Vec<String>,
    /// As the style sheet and the tests know it, such as `no_show`.
    pub status: &'static str,
    /// In words, with how long somebody waits.
    pub state: String,
}

impl Card {
    /// `it`, as of now.
    pub fn new(site: &Site, it: &DayAppointment) -> Self {
        let offices = &site.town.former_offices;
        let counter = offices.counters.iter().find(|counter| counter.id == it.counter);
        let location = offices.locations.iter().find(|location| location.id == it.location);
        Self {
            id: it.id,
            booking: it.booking_id,
            version: it.version,
            code: it.code.to_string(),
            day: day_of(site, it.start).to_string(),
            start: clock(site, it.start),
            end: clock(site, it.end),
            minutes: it.minutes,
            counter_id: it.counter,
            counter: counter.map_or_else(|| site.t("staff.day.former_counter", &[]), |it| it.name.clone()),
            location: location.map(|it| it.name.get(&site.lang).to_owned()).unwrap_or_default(),
            name: it.name.clone(),
            email: it.email.clone(),
            phone: it.phone.clone(),
            language: it.language.clone(),
            channel: site.t(&format!("staff.day.channel.{}", it.channel), &[]),
            concerns: concerns(site, &it.items),
            note: it.note.clone(),
            ticket: it.ticket.clone(),
            overbooked: it.overbooked,
            to_check: flag::words(site, it.import_flag.as_deref()),
            status: it.status.as_str(),
            state: state(site, it),
        }
    }
}

/// What it is for, in one line.
pub(super) fn concerns(site: &Site, items: &[Item]) -> String {
    items.iter().map(|it| concern(site, it)).collect::<Vec<_>>().join(", ")
}

/// One concern, with how often.
pub(super) fn concern(site: &Site, item: &Item) -> String {
    match item.quantity {
        1 => item.name.get(&site.lang).to_owned(),
        quantity => format!("{} × {quantity}", item.name.get(&site.lang)),
    }
}

/// How far it is, in words.
pub(super) fn state(site: &Site, it: &DayAppointment) -> String {
    let since = it.arrived_at.filter(|_| it.status == Status::Arrived);
    let minutes = since.map_or(0, |since| site.now.duration_since(since).as_mins());
    if minutes > 0 {
        return site.texts.plural(&site.lang, "staff.day.waits", u64::try_from(minutes).unwrap_or(0));
    }
    status_words(site, it.status)
}

/// A status in words.
pub(super) fn status_words(site: &Site, status: Status) -> String {
    site.t(&format!("staff.day.status.{}", status.as_str()), &[])
}
