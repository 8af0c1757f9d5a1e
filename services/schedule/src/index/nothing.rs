//! Nothing is free: why, and when that changes.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use super::ask::{Serving, day_free};
use super::{Snapshot, TownIndex};
use crate::request::Asked;
use crate::{Closed, DayPlan, Nothing, Request, WhyNothing};

/// How far behind the horizon the next new times are looked for, in days.
const FURTHER_DAYS: i64 = 62;

impl TownIndex {
    /// Why nothing is free in all the days that can be booked, and when new times can be. Appointments that somebody
    /// may yet cancel, and holds that may lapse, are not counted on.
    pub fn nothing_free(&self, request: &Request) -> Nothing {
        let (snapshot, asked) = (self.snapshot.load(), Asked::new(request));
        let serving = snapshot.serving(request);
        if serving.is_empty() {
            return Nothing { why: WhyNothing::NotServed, released_at: None };
        }
        let last = snapshot.last(request).unwrap_or(snapshot.first);
        let days = snapshot.span(request, snapshot.first, last);
        let reasons: Vec<_> = days.filter_map(|(offset, day)| day_free(&serving, &asked, offset, day).why).collect();
        let why = if reasons.contains(&Closed::Full) {
            WhyNothing::Full
        } else if reasons.iter().any(|it| matches!(it, Closed::NotYetReleased(_))) {
            WhyNothing::NotYetReleased
        } else {
            WhyNothing::NoOpening
        };
        Nothing { why, released_at: snapshot.next_release(&serving, request, &asked) }
    }
}

impl Snapshot {
    /// When something can be booked that cannot be now: a rule is released, a staff rule falls online, a day joins the
    /// horizon.
    fn next_release(&self, serving: &[Serving], request: &Request, asked: &Asked) -> Option<Timestamp> {
        let today = request.now.to_zoned(self.town.zone.clone()).date();
        let horizon = i64::from(request.horizon_days);
        let mut found: Option<Timestamp> = None;
        for ahead in 0..=horizon + FURTHER_DAYS {
            let day = today.checked_add(ahead.days()).ok()?;
            let joins = if ahead > horizon { self.begin_of(day.saturating_sub(horizon.days())) } else { None };
            let is_late = |joins: Timestamp| found.is_some_and(|it| it <= joins);
            if joins.is_some_and(is_late) {
                break;
            }
            for it in serving {
                let release = match self.offset(day).and_then(|offset| it.plan(offset)) {
                    Some(plan) => next_free(plan, it, asked, joins),
                    None => {
                        let plan = self.town.plan(it.office.location, day, &[]);
                        plan.and_then(|plan| next_free(&plan, it, asked, joins))
                    }
                };
                found = release.into_iter().chain(found).min();
            }
        }
        found
    }

    fn begin_of(&self, day: Date) -> Option<Timestamp> {
        day.to_zoned(self.town.zone.clone()).ok().map(|it| it.timestamp())
    }
}

/// When something on this day is free for the first time after now, or after it `joins` the days that can be booked.
fn next_free(plan: &DayPlan, serving: &Serving, asked: &Asked, joins: Option<Timestamp>) -> Option<Timestamp> {
    let mut at = match joins {
        Some(joins) => asked.later(joins),
        None => asked.later(plan.opens_next(&serving.counters, asked)?),
    };
    while plan.free(&serving.counters, &at).is_empty() {
        at = at.later(plan.opens_next(&serving.counters, &at)?);
    }
    Some(at.now)
}
