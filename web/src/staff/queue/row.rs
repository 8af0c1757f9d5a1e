//! A ticket as the list shows it, in the clerk's language.

use booking::Item;
use booking::queue::{Ticket, TicketKind, TicketState};
use jiff::Timestamp;
use schedule::Counter;
use serde::Serialize;
use uuid::Uuid;

use crate::extract::Site;

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Row {
    pub id: Uuid,
    pub number: String,
    pub has_appointment: bool,
    pub name: String,
    pub concerns: String,
    pub minutes: u16,
    /// The appointment's start, local.
    pub start: Option<String>,
    pub late: bool,
    pub waited_minutes: i64,
    pub priority_reason: String,
    pub state: &'static str,
    pub state_words: String,
    /// Where it is called to.
    pub counter: Option<String>,
    /// The only counter that shall call.
    pub for_counter: Option<String>,
    /// Whether the clerk's counter serves all of it.
    pub is_mine: bool,
    pub calls: u16,
    pub version: i32,
}

impl Row {
    /// `ticket`, seen from the clerk's own counter.
    pub fn new(site: &Site, ticket: &Ticket, own: Option<&Counter>) -> Self {
        let counter_name = |id: Option<i32>| find_counter(site, id?).map(|it| it.name.clone());
        let since = ticket.called_at.filter(|_| ticket.state.is_at_counter()).unwrap_or(ticket.created_at);
        let with_appointment = ticket.kind == TicketKind::Appointment;
        Self {
            id: ticket.id,
            number: ticket.label(),
            has_appointment: with_appointment,
            name: ticket.name.clone(),
            concerns: concerns(site, &ticket.items),
            minutes: ticket.minutes,
            start: (with_appointment && !ticket.late).then(|| clock(site, ticket.due_at)),
            late: ticket.late,
            waited_minutes: site.now.duration_since(since).as_mins().max(0),
            priority_reason: ticket.priority_reason.clone(),
            state: ticket.state.as_str(),
            state_words: state_words(site, ticket),
            counter: counter_name(ticket.counter),
            for_counter: counter_name(ticket.for_counter),
            is_mine: own.is_none_or(|own| serves(own, ticket)),
            calls: ticket.calls,
            version: ticket.version,
        }
    }
}

/// Whether “call next” at this counter may bring this one.
pub(super) fn serves(counter: &Counter, ticket: &Ticket) -> bool {
    let ids: Vec<i32> = ticket.items.iter().map(|it| it.concern_id).collect();
    ticket.for_counter.map_or_else(|| counter.serves(&ids), |only| only == counter.id)
}

/// What it is for, in one line; nothing: a short question.
pub(super) fn concerns(site: &Site, items: &[Item]) -> String {
    if items.is_empty() {
        return site.t("staff.queue.question", &[]);
    }
    let item = |it: &Item| match it.quantity {
        1 => it.name.get(&site.lang).to_owned(),
        quantity => format!("{} × {quantity}", it.name.get(&site.lang)),
    };
    items.iter().map(item).collect::<Vec<_>>().join(", ")
}

/// How far it is, in words.
pub(super) fn state_words(site: &Site, ticket: &Ticket) -> String {
    let counter = ticket.counter.and_then(|id| find_counter(site, id)).filter(|_| ticket.state.is_at_counter());
    let key = match ticket.state {
        TicketState::Waiting => "waiting",
        TicketState::Called => "called",
        TicketState::InService => "in_service",
        TicketState::Parked => "parked",
        TicketState::Done => "done",
        TicketState::NoShow => "no_show",
        TicketState::Withdrawn => "withdrawn",
    };
    let words = site.t(&format!("staff.queue.state.{key}"), &[]);
    counter.map_or_else(|| words.clone(), |counter| format!("{words} ({})", counter.name))
}

/// Who changed it last: a colleague, or the citizen.
pub(super) fn who_changed(site: &Site, ticket: &Ticket) -> String {
    if ticket.changed_by.is_empty() { site.t("staff.queue.citizen", &[]) } else { ticket.changed_by.clone() }
}

/// Where it waits: the office, and the counter if only that one shall call.
pub(super) fn place_words(site: &Site, ticket: &Ticket) -> String {
    let location = site.town.offices.locations.iter().find(|it| it.id == ticket.location);
    let office = location.map(|it| it.name.get(&site.lang).to_owned());
    let counter = ticket.for_counter.and_then(|id| find_counter(site, id)).map(|it| it.name.clone());
    [counter, office].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Local hours and minutes, such as `09:20`.
pub(super) fn clock(site: &Site, at: Timestamp) -> String {
    at.to_zoned(site.zone().clone()).strftime("%H:%M").to_string()
}

fn find_counter(site: &Site, id: i32) -> Option<&Counter> {
    site.town.offices.counters.iter().find(|it| it.id == id)
}
