//! When a row ends. An end that cannot be right is left out: the concern's duration is taken then.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use super::start::{clock, of_sheet};
use super::{Point, Row};
use crate::dates::{Clock, minutes, moment};
use crate::reading::cells::Named;
use crate::{Cell, Field, Reason, State};

/// When it ends; none if the row does not say so, or says something that cannot be.
pub(super) fn read(
    row: &Row<'_>,
    start: DateTime,
    range_end: Option<Clock>,
    zone: &TimeZone,
    reasons: &mut Vec<Reason>,
) -> Option<DateTime> {
    let (end, named) = match written(row, start, zone) {
        Ok(Some((end, named))) => (Some(end), Some(named)),
        Ok(None) => (range_end.and_then(|clock| clock.on(start.date())), None),
        Err(named) => {
            let reason = Reason::new(
                State::Warning,
                "unreadable_end",
                named.formula().map_or_else(|| named.text(), str::to_owned),
            );
            reasons.push(reason.about(named.column));
            return None;
        }
    };
    let end = end?;
    if end < start {
        let reason = Reason::new(State::Warning, "end_before_start", end.strftime("%Y-%m-%d %H:%M").to_string());
        reasons.push(reason.about(named.map_or("", |named| named.column)));
    }
    // Calendars write reminders and whatever has no length with the same end.
    (end > start).then_some(end)
}

/// The end as a column says it, with that column; the error is the cell that cannot be read.
fn written<'r>(row: &Row<'r>, start: DateTime, zone: &TimeZone) -> Result<Option<(DateTime, Named<'r>)>, Named<'r>> {
    if let Some(named) = row.cell(Field::End) {
        let point = point(row, named, zone).ok_or(named)?;
        let end = match point.clock {
            Some(clock) => clock.on(point.date),
            // A day without a time is its whole length.
            None => Clock::of_minutes(0).and_then(|midnight| midnight.on(point.date)).filter(|end| *end > start),
        };
        return Ok(end.map(|end| (end, named)));
    }
    if let Some(named) = row.cell(Field::EndTime) {
        let day = match row.cell(Field::EndDate) {
            Some(day) => point(row, day, zone).ok_or(day)?.date,
            None => start.date(),
        };
        let clock = clock(named).map_err(|_| named)?.start;
        return Ok(clock.on(day).map(|end| (end, named)));
    }
    let Some(named) = row.cell(Field::Minutes) else { return Ok(None) };
    let length = length(named).ok_or(named)?;
    Ok(start.checked_add(i64::from(length).minutes()).ok().map(|end| (end, named)))
}

/// The last of whole days. Outlook names the midnight behind it; lists, and our reader of iCalendar, the day itself.
pub(super) fn last_day(row: &Row<'_>, first: Date, zone: &TimeZone) -> Date {
    let Some(named) = row.cell(Field::End).or_else(|| row.cell(Field::EndDate)) else { return first };
    let Some(end) = point(row, named, zone) else { return first };
    let clock = end.clock.or_else(|| Some(clock(row.cell(Field::EndTime)?).ok()?.start));
    let is_behind = clock.is_some_and(|clock| clock.minutes() == 0);
    let last = if is_behind { end.date.yesterday().unwrap_or(first) } else { end.date };
    last.max(first)
}

fn point(row: &Row<'_>, named: Named<'_>, zone: &TimeZone) -> Option<Point> {
    if named.formula().is_some() {
        return None;
    }
    if let Cell::DateTime(moment) = named.cell {
        return Some(Point { date: moment.date(), clock: Some(Clock::from(moment.time())) });
    }
    if let Some(point) = of_sheet(named.cell) {
        return Some(point);
    }
    let read = moment(&named.text(), row.date_order(), zone).ok()?;
    let clock = read.hours.transpose().ok()?.map(|hours| hours.start);
    Some(Point { date: read.day.date, clock })
}

/// How long it takes, in minutes. A sheet keeps `0:15` as a time or as a fraction of a day.
fn length(named: Named<'_>) -> Option<u16> {
    let of_clock = |clock: Clock| Some(clock.minutes()).filter(|minutes| *minutes > 0);
    match named.cell {
        Cell::Time(time) => of_clock(Clock::from(*time)),
        Cell::DateTime(moment) => of_clock(Clock::from(moment.time())),
        Cell::Number(number) if *number < 1.0 => of_clock(crate::dates::serial_clock(*number)?),
        _ => minutes(&named.text()),
    }
}
