//! What only goes on purpose: outside the hours, at a counter that is not meant for it, on top of somebody else.
//!
//! A warning names everything that speaks against it. Its button carries what was named, so that nobody agrees to what
//! they have not read: what has come since is named anew.

use booking::desk::{Clash, DayAppointment};
use identity::{Right, Staff};
use jiff::{Timestamp, ToSpan};
use schedule::Counter;
use uuid::Uuid;

use super::card;
use super::place::{clock, day_of};
use crate::WebError;
use crate::extract::{Fields, Site};

/// What somebody agreed to after reading a warning: the value of `ueberbuchen`.
pub(super) struct Accepted<'a> {
    words: Vec<&'a str>,
    /// Appointments on top of which it shall stand.
    pub over: Vec<Uuid>,
}

/// Why the town would not offer a place to citizens.
pub(super) struct Hindrance {
    /// The last part of the key of its text.
    key: &'static str,
    /// With the place: what was read of another one counts for nothing.
    word: String,
}

impl<'a> Accepted<'a> {
    /// Reads it; nothing if no button was pressed.
    ///
    /// # Errors
    /// [`WebError::NoRight`]
    pub fn read(fields: &'a Fields, staff: &Staff) -> Result<Self, WebError> {
        let parts = fields.get("ueberbuchen").unwrap_or_default().split('+').filter(|it| !it.is_empty());
        let (mut words, mut over) = (Vec::new(), Vec::new());
        for part in parts {
            part.parse().map_or_else(|_| words.push(part), |id| over.push(id));
        }
        let is_any = !words.is_empty() || !over.is_empty();
        if is_any && !staff.may(Right::Overbook) { Err(WebError::NoRight) } else { Ok(Self { words, over }) }
    }

    /// Whether all of these were named.
    pub fn covers(&self, hindrances: &[Hindrance]) -> bool {
        hindrances.iter().all(|it| self.words.contains(&it.word.as_str()))
    }
}

/// What speaks against putting `known` there, people aside.
pub(super) fn hindrances(site: &Site, known: &DayAppointment, counter: &Counter, start: Timestamp) -> Vec<Hindrance> {
    let concerns: Vec<i32> = known.items.iter().map(|it| it.concern_id).collect();
    let end = start.checked_add(i64::from(known.minutes).minutes()).unwrap_or(start);
    let hours = site.town.index.hours(counter.location, day_of(site, start));
    let here = hours.as_ref().and_then(|it| it.counters.iter().find(|it| it.counter == counter.id));
    let is_not_served = counter.id != known.counter && !counter.serves(&concerns);
    let is_closed = here.is_some_and(|it| !it.is_open(start, end));
    let all = [(is_not_served, "not_served"), (is_closed, "outside_hours")];
    let hindrance = |key| Hindrance { key, word: format!("{key}@{}@{start}", counter.id) };
    all.into_iter().filter(|(is_so, _)| *is_so).map(|(_, key)| hindrance(key)).collect()
}

/// The words of a warning, one sentence for each.
pub(super) fn sentences(site: &Site, hindrances: &[Hindrance], with: &[Clash]) -> Vec<String> {
    let hindrances = hindrances.iter().map(|it| site.t(&format!("staff.day.problem.{}", it.key), &[]));
    hindrances.chain(with.iter().map(|it| clash(site, it))).collect()
}

/// What the button of a warning says that was named.
pub(super) fn named(hindrances: &[Hindrance], with: &[Clash]) -> String {
    let ids = with.iter().map(|it| it.id.to_string());
    hindrances.iter().map(|it| it.word.clone()).chain(ids).collect::<Vec<_>>().join("+")
}

/// Who stands there already.
fn clash(site: &Site, with: &Clash) -> String {
    let counter = site.town.former_offices.counters.iter().find(|it| it.id == with.counter);
    let name = with.name.clone().unwrap_or_else(|| site.t("staff.day.problem.somebody_typing", &[]));
    let arguments = [
        ("name", name.into()),
        ("from", clock(site, with.start).into()),
        ("until", clock(site, with.end).into()),
        ("counter", counter.map(|it| it.name.clone()).unwrap_or_default().into()),
        ("concerns", card::concerns(site, &with.items).into()),
    ];
    site.t(if with.is_own { "staff.day.problem.own" } else { "staff.day.problem.conflict" }, &arguments)
}
