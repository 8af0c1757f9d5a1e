//! Times that a citizen can take with one click, without looking at the calendar.

use jiff::civil::Weekday;
use jiff::{SignedDuration, Timestamp};
use schedule::{Start, SuggestionKind};
use serde::Serialize;

use crate::citizen::search::Search;
use crate::citizen::slot::Slot;

/// How many are offered.
const MOST: usize = 3;

/// What begins so long after the former appointment is right afterwards.
const DIRECTLY_AFTER: SignedDuration = SignedDuration::from_mins(30);

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Suggestion {
    /// Last part of the key of its text.
    kind: &'static str,
    at: Timestamp,
    value: String,
    /// Named only where several offices are shown together.
    place: Option<String>,
}

/// Up to three different times: close to one that is gone, directly after the citizen's previous appointment, the
/// earliest, in the afternoon, after work or on Saturday.
pub fn suggestions(search: &Search, close_to: Option<Timestamp>) -> Vec<Suggestion> {
    let mut found: Vec<Suggestion> = Vec::new();
    let mut add = |kind: &'static str, start: Start| {
        if found.len() < MOST && found.iter().all(|it| it.at != start.start) {
            found.extend(suggestion(search, kind, &start));
        }
    };
    for start in close_to.map(|it| search.nearest(it)).unwrap_or_default() {
        add("near", start);
    }
    if let Some(start) = directly_after(search) {
        add("directly_after", start);
    }
    for kind in [SuggestionKind::Earliest, SuggestionKind::Afternoon, SuggestionKind::AfterWorkOrSaturday] {
        if let Some(start) = search.suggestion(kind) {
            add(name(kind, &start), start);
        }
    }
    found
}

/// The first start on the day of the citizen's last appointment, from its end on.
fn directly_after(search: &Search) -> Option<Start> {
    let end = search.busy.iter().map(|(_, until)| *until).max()?;
    let day = end.to_zoned(search.site.zone().clone()).date();
    let latest = end.checked_add(DIRECTLY_AFTER).ok()?;
    search.times(day).into_iter().filter(|it| (end..=latest).contains(&it.start)).min_by_key(|it| it.start)
}

fn name(kind: SuggestionKind, start: &Start) -> &'static str {
    match kind {
        SuggestionKind::Earliest => "earliest",
        SuggestionKind::Afternoon => "afternoon",
        SuggestionKind::AfterWorkOrSaturday if start.local.weekday() == Weekday::Saturday => "saturday",
        SuggestionKind::AfterWorkOrSaturday => "after_work",
    }
}

fn suggestion(search: &Search, kind: &'static str, start: &Start) -> Option<Suggestion> {
    let slot = Slot::new(&search.site.town.offices, start.start, start.location)?;
    let place = search.find_location(start.location).filter(|_| search.is_at_several_places());
    let place = place.map(|it| it.name.get(&search.site.lang).to_owned());
    Some(Suggestion { kind, at: start.start, value: slot.to_string(), place })
}
