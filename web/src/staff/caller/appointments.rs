//! The appointments of one form: a single one, or one for each concern, each with its times.

use booking::Planned;
use jiff::{Timestamp, ToSpan as _};
use minijinja::{Value, context};
use schedule::LocationId;

use super::form::{Typed, time_field};
use super::times::{Asked, Times};
use crate::citizen::{Slot, Span};
use crate::extract::Site;

/// The times of each appointment, one after the other: none overlaps what is ticked for those before it, and what is
/// offered first follows directly.
pub(super) fn times(site: &Site, typed: &Typed, planned: &[Planned]) -> Vec<Times> {
    let mut before: Vec<Span> = Vec::new();
    let mut here: Option<LocationId> = None;
    let mut all = Vec::with_capacity(planned.len());
    for (planned, position) in planned.iter().zip(1..) {
        let at = |location| Asked { site, planned, location, before: &before }.times(typed, typed.slot(position));
        let near = here.filter(|id| typed.location.is_none() && serves(site, planned, *id)).map(|id| at(Some(id)));
        let times = near.filter(|it| is_same_day(site, &before, it)).unwrap_or_else(|| at(typed.location));
        if let Some(ticked) = &times.ticked {
            before.extend(span(planned, ticked));
            // Nobody is sent across the town between two appointments, if one office can do both on the day.
            here = here.or(Some(ticked.location));
        }
        all.push(times);
    }
    all
}

/// For the template, in their order.
pub(super) fn views(site: &Site, planned: &[Planned], times: Vec<Times>) -> Vec<Value> {
    let each = planned.iter().zip(times).zip(1..);
    each.map(|((planned, times), position)| {
        let names: Vec<&str> = planned.items.iter().map(|it| it.name.get(&site.lang)).collect();
        context! {
            field => time_field(position),
            position,
            name => names.join(", "),
            minutes => planned.minutes,
            days => times.days,
            nothing => times.nothing,
        }
    })
    .collect()
}

/// Whether what is ticked is on the day of the appointment before it.
fn is_same_day(site: &Site, before: &[Span], times: &Times) -> bool {
    let day = |at: Timestamp| at.to_zoned(site.zone().clone()).date();
    matches!((before.last(), &times.ticked), (Some((_, until)), Some(next)) if day(*until) == day(next.start))
}

fn serves(site: &Site, planned: &Planned, location: LocationId) -> bool {
    site.town.offices.serving(&planned.concern_ids).any(|it| it.id == location)
}

fn span(planned: &Planned, slot: &Slot) -> Option<Span> {
    Some((slot.start, slot.start.checked_add(i64::from(planned.minutes).minutes()).ok()?))
}
