//! When a row takes place: day, beginning, end, or whole days.

mod end;
mod start;

use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};

use super::cells::{Named, Row};
use super::what::is_yes;
use crate::dates::{Clock, DateError, TimeError};
use crate::{Cell, Field, Format, Reason, State};

/// When a row takes place.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct When {
    pub start: Option<DateTime>,
    pub end: Option<DateTime>,
    pub all_day: Option<(Date, Date)>,
}

/// A day with the time that stands beside it, if one does.
#[derive(Clone, Copy, Debug)]
struct Point {
    date: Date,
    clock: Option<Clock>,
}

/// When a row takes place; what cannot be read becomes a reason.
pub(super) fn read(row: &Row<'_>, zone: &TimeZone, reasons: &mut Vec<Reason>) -> When {
    let Some(begin) = start::read(row, zone, reasons) else { return When::default() };
    let first = begin.date;
    if is_all_day(row, begin.clock) {
        return When { all_day: Some((first, end::last_day(row, first, zone))), ..When::default() };
    }
    let Some(clock) = begin.clock else {
        if !reasons.iter().any(|reason| reason.state == State::Error) {
            reasons.push(Reason::new(State::Error, "no_time", first.to_string()));
        }
        return When::default();
    };
    let Some(start) = clock.on(first) else { return When::default() };
    let end = end::read(row, start, begin.range_end, zone, reasons);
    // A clerk's holiday from Monday 8:00 to Friday 16:00 is no appointment of four days.
    if let Some(end) = end.filter(|end| end.duration_since(start).as_hours() >= 24) {
        let is_midnight = end.time() == jiff::civil::Time::midnight();
        let last = if is_midnight { end.date().yesterday().unwrap_or(first) } else { end.date() };
        return When { all_day: Some((first, last.max(first))), ..When::default() };
    }
    if !has_hour(start, zone, reasons) {
        return When::default();
    }
    When { start: Some(start), end, all_day: None }
}

/// Whether the town's clocks show this time on that day: in March they skip an hour, in October they show one twice.
fn has_hour(start: DateTime, zone: &TimeZone, reasons: &mut Vec<Reason>) -> bool {
    let (state, key) = match zone.to_ambiguous_timestamp(start).offset() {
        AmbiguousOffset::Unambiguous { .. } => return true,
        AmbiguousOffset::Gap { .. } => (State::Error, "lost_hour"),
        AmbiguousOffset::Fold { .. } => (State::Warning, "double_hour"),
    };
    reasons.push(Reason::new(state, key, start.strftime("%Y-%m-%d %H:%M").to_string()));
    state != State::Error
}

/// Whether a row says that it takes whole days; iCalendar says so by having no time.
fn is_all_day(row: &Row<'_>, clock: Option<Clock>) -> bool {
    let says_so = row.cells(Field::AllDay).any(|named| is_yes(&named.text()));
    let has_only_a_day = row.shape.format == Format::Ics
        && clock.is_none()
        && row.cell(Field::Start).is_some_and(|named| matches!(named.cell, Cell::Date(_)));
    says_so || has_only_a_day
}

/// The reason that a day cannot be read.
fn date_reason(error: DateError, named: Named<'_>) -> Reason {
    let key = match error {
        DateError::Unreadable => "unreadable_date",
        DateError::NoSuchDay => "no_such_day",
        DateError::NoYear => "no_year",
        DateError::Unclear => "unclear_date",
        DateError::StrangeYear => "strange_year",
    };
    Reason::new(State::Error, key, named.text()).about(named.column)
}

/// The reason that a time cannot be read.
fn time_reason(error: TimeError, named: Named<'_>) -> Reason {
    let key = match error {
        TimeError::Unreadable => "unreadable_time",
        TimeError::NoSuchTime => "no_such_time",
    };
    Reason::new(State::Error, key, named.text()).about(named.column)
}
