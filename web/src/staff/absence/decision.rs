//! What was decided for each appointment, as the form of the preview says it.

use booking::absence::{Affected, Decided, Decision, Proposal, Spot};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::extract::{Fields, Site};

/// “Cancel it” in the form.
const CANCEL: &str = "absagen";

/// “Leave it and call” in the form.
const CALL: &str = "anrufen";

/// The value of a spot in the form: `2026-12-01T08:00:00Z@3`.
pub(super) fn value(spot: &Spot) -> String {
    format!("{}@{}", spot.start, spot.counter)
}

/// What is ticked when the page comes: what was `decided` before, if that is still offered. Then also what is new, as the
/// last part of the key of its text: an appointment that was not there, or a place that has gone.
pub(super) fn chosen(id: Uuid, proposal: &Proposal, decided: Option<&Fields>) -> (String, Option<&'static str>) {
    let proposed = proposed(proposal);
    let Some(fields) = decided else { return (proposed, None) };
    match fields.get(&format!("was-{id}")) {
        None => (proposed, Some("joined")),
        Some(word) if word == proposed || word == CANCEL || word == CALL => (word.to_owned(), None),
        Some(_) => (proposed, Some("other_place")),
    }
}

fn proposed(proposal: &Proposal) -> String {
    match proposal {
        Proposal::Absorb(spot) | Proposal::Move(spot) => value(spot),
        Proposal::Nothing => CALL.to_owned(),
    }
}

/// Reads every `termin-<id>=version` with its `was-<id>=…`.
pub(super) fn read(site: &Site, fields: &Fields, affected: &[Affected]) -> Vec<Decided> {
    let named = fields.iter().filter_map(|(name, version)| {
        let appointment_id: Uuid = name.strip_prefix("termin-")?.parse().ok()?;
        let seen_version = version.parse().ok()?;
        let minutes = affected.iter().find(|it| it.id == appointment_id).map_or(0, |it| it.minutes);
        let what = fields.get(&format!("was-{appointment_id}")).unwrap_or_default();
        Some(Decided { appointment_id, seen_version, decision: decision(site, what, minutes) })
    });
    named.collect()
}

/// What makes no sense is kept for a call: nothing is done to an appointment by mistake.
fn decision(site: &Site, what: &str, minutes: u16) -> Decision {
    if what == CANCEL {
        return Decision::Cancel;
    }
    let spot = || {
        let (start, counter) = what.split_once('@')?;
        let start: Timestamp = start.parse().ok().filter(|it| *it > site.now)?;
        let counter: i32 = counter.parse().ok()?;
        let counter = site.town.offices.counters.iter().find(|it| it.id == counter)?;
        let end = start.checked_add(SignedDuration::from_mins(i64::from(minutes))).ok()?;
        (minutes > 0).then_some(Spot { location: counter.location, counter: counter.id, start, end })
    };
    spot().map_or(Decision::Keep, Decision::Put)
}
