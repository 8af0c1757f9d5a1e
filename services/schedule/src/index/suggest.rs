//! Times that somebody may like: the first of a kind, and those close to one that is gone.

use jiff::civil::{Date, Weekday};
use jiff::{Timestamp, ToSpan};

use super::ask::{Serving, start_at, starts_of_day};
use super::{Snapshot, TownIndex};
use crate::answers::{AFTER_WORK, NOON};
use crate::bits::DayBits;
use crate::request::Asked;
use crate::{DayFrame, Request, Start, SuggestionKind};

/// How many alternatives to a time that is gone. More than a page shows: it may have to leave some out.
const ALTERNATIVES: usize = 12;

impl TownIndex {
    /// The first start of a kind.
    pub fn suggestions(&self, request: &Request, kind: SuggestionKind) -> Option<Start> {
        let (snapshot, asked) = (self.snapshot.load(), Asked::new(request));
        let serving = snapshot.serving(request);
        let last = snapshot.last(request)?;
        snapshot
            .span(request, snapshot.first, last)
            .find_map(|(offset, _)| first_of_kind(&serving, &asked, offset, kind))
    }

    /// Free starts close to `start`, the closest first, a dozen at most.
    pub fn nearest(&self, request: &Request, start: Timestamp) -> Vec<Start> {
        let (snapshot, asked) = (self.snapshot.load(), Asked::new(request));
        let serving = snapshot.serving(request);
        let Some(last) = snapshot.last(request) else { return Vec::new() };
        let day = start.to_zoned(snapshot.town.zone.clone()).date().clamp(snapshot.first, last);
        let on = |day: Date| {
            snapshot.span(request, day, day).next().map(|(offset, _)| starts_of_day(&serving, &asked, offset))
        };
        let mut found = on(day).unwrap_or_default();
        for distance in 1..=snapshot.days_ahead(request) {
            let around = [day.saturating_sub(distance.days()), day.saturating_add(distance.days())];
            found.extend(around.into_iter().filter_map(on).flatten());
            // A day further away can be closer by the clock than the far end of this one, but not two days further.
            if found.len() >= ALTERNATIVES {
                break;
            }
        }
        found.sort_by_key(|it| ((it.start.as_second() - start.as_second()).abs(), *it));
        found.truncate(ALTERNATIVES);
        found
    }
}

impl Snapshot {
    /// How many days lie between the first that is known and the last that can be booked.
    fn days_ahead(&self, request: &Request) -> i64 {
        self.last(request).map_or(0, |last| i64::from((last - self.first).get_days()))
    }
}

/// The first start of a kind on a day, of any office.
fn first_of_kind(serving: &[Serving], asked: &Asked, offset: usize, kind: SuggestionKind) -> Option<Start> {
    let first = |it: &Serving| {
        let plan = it.plan(offset)?;
        let wanted = plan.free(&it.counters, asked).and_not(DayBits::before(begin(&plan.frame, kind)));
        wanted.iter().next().map(|cell| start_at(plan, cell, it.office))
    };
    serving.iter().filter_map(first).min()
}

/// The first cell of a day that is of a kind.
fn begin(frame: &DayFrame, kind: SuggestionKind) -> usize {
    match kind {
        SuggestionKind::Afternoon => frame.cell_from(frame.moment(NOON)),
        SuggestionKind::AfterWorkOrSaturday if frame.date.weekday() != Weekday::Saturday => {
            frame.cell_from(frame.moment(AFTER_WORK))
        }
        SuggestionKind::Earliest | SuggestionKind::AfterWorkOrSaturday => 0,
    }
}
