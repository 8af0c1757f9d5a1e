//! The history of a booking in words: who did what, and when.

use booking::Status;
use booking::desk::{Event, LastChange};
use minijinja::value::Serde;
use minijinja::{Value, context};
use templating::Dates;

use super::card;
use super::place::{clock, day_of};
use crate::extract::Site;

/// What we have words for; everything else “was changed”.
const KNOWN: [&str; 18] = [
    "made",
    "arrived",
    "called",
    "in_service",
    "done",
    "no_show",
    "cancelled",
    "moved",
    "changed",
    "note",
    "absorbed",
    "kept",
    "undone",
    "parked",
    "sent",
    "imported",
    "booked_again",
    "looked_at",
];

/// One line of the history.
pub(super) fn line(site: &Site, event: &Event) -> Value {
    context! {
        at => Serde(event.at),
        what => words(site, &event.kind),
        who => who(site, &event.actor, &event.staff_name),
        more => more(site, event),
    }
}

/// Who did it: the colleague by name, else the citizen or a clock of ours.
fn who(site: &Site, actor: &str, name: &str) -> String {
    match actor {
        _ if !name.is_empty() => name.to_owned(),
        "citizen" => site.t("staff.day.actor.citizen", &[]),
        _ => site.t("staff.day.actor.system", &[]),
    }
}

/// What was done, such as “verschoben”.
pub(super) fn words(site: &Site, kind: &str) -> String {
    let known = KNOWN.iter().find(|it| **it == kind).copied().unwrap_or("changed");
    site.t(&format!("staff.day.event.{known}"), &[])
}

/// What the second of two clerks is told: who did what, and when.
pub(super) fn last_change(site: &Site, change: Option<&LastChange>) -> String {
    let Some(change) = change else { return site.t("staff.day.changed_by_somebody", &[]) };
    let who = if change.who.is_empty() { site.t("staff.day.actor.other", &[]) } else { change.who.clone() };
    let arguments = [
        ("who", who.into()),
        ("what", words(site, &change.what).into()),
        ("at", clock(site, change.at).into()),
        ("day", day(site, change.at).into()),
    ];
    site.t("staff.day.changed_by", &arguments)
}

/// The parts of an event's details that say something to people: a reason, the time and place before a move, that it
/// stands on top of others since, and what is so again after a step back.
fn more(site: &Site, event: &Event) -> Vec<String> {
    let detail = &event.detail;
    let reason = detail.get("reason").and_then(|it| it.as_str()).filter(|it| !it.is_empty());
    let reason = reason.map(|it| site.t("staff.day.detail.reason", &[("reason", it.to_owned().into())]));
    let instant = |name: &str| detail.get(name)?.get("start")?.as_str()?.parse::<jiff::Timestamp>().ok();
    let counter = |name: &str| {
        let id = detail.get(name)?.get("counter")?.as_i64()?;
        let known = site.town.former_offices.counters.iter().find(|it| i64::from(it.id) == id)?;
        Some(known.name.clone())
    };
    let place = |name: &str| {
        let at = instant(name)?;
        let words = format!("{} {}", day(site, at), clock(site, at));
        Some(counter(name).map_or_else(|| words.clone(), |counter| format!("{words} ({counter})")))
    };
    let moved = place("from").zip(place("to"));
    let moved = moved.map(|(from, to)| site.t("staff.day.detail.moved", &[("from", from.into()), ("to", to.into())]));
    let on_top = detail.get("overbooked").and_then(serde_json::Value::as_bool).unwrap_or(false);
    let on_top = on_top.then(|| site.t("staff.day.detail.overbooked", &[]));
    let status = detail.get("to").and_then(|it| Status::parse(it.as_str()?)).filter(|_| event.kind == "undone");
    let again = status.map(|it| site.t("staff.day.detail.again", &[("status", card::status_words(site, it).into())]));
    [reason, moved, on_top, again].into_iter().flatten().collect()
}

fn day(site: &Site, at: jiff::Timestamp) -> String {
    let day = day_of(site, at);
    Dates::new(&site.texts, &site.lang).write("date_short", day.into())
}
