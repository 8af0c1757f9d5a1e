//! The day and the time a row begins.

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;

use super::{Point, date_reason, time_reason};
use crate::dates::{Clock, Hours, TimeError, hours, moment, serial_clock, serial_moment};
use crate::reading::cells::{Named, Row};
use crate::{Cell, Field, Format, Reason, State};

/// The day, the time, and the end of a range if a range stood there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Begin {
    pub date: Date,
    pub clock: Option<Clock>,
    pub range_end: Option<Clock>,
}

/// When a row begins; none with a reason if no day can be read.
pub(super) fn read(row: &Row<'_>, zone: &TimeZone, reasons: &mut Vec<Reason>) -> Option<Begin> {
    let Some(named) = row.cell(Field::Start).or_else(|| row.cell(Field::Date)) else {
        reasons.push(Reason::new(State::Error, "no_date", ""));
        return None;
    };
    let mut begin = match point(row, named, zone) {
        Ok((begin, weekday)) => {
            if weekday.is_some_and(|weekday| weekday != begin.date.weekday()) {
                reasons.push(Reason::new(State::Warning, "other_weekday", named.text()).about(named.column));
            }
            begin
        }
        Err((reason, begin)) => {
            reasons.push(reason);
            begin?
        }
    };
    if let Some(named) = row.cell(Field::Time) {
        match clock(named) {
            Ok(hours) => (begin.clock, begin.range_end) = (Some(hours.start), hours.end),
            Err(reason) => {
                begin.clock = None;
                reasons.push(reason);
            }
        }
    }
    Some(begin)
}

/// A cell read as a day, perhaps with a time. A day whose time is wrong comes with the reason.
type Failed = (Reason, Option<Begin>);

fn point(row: &Row<'_>, named: Named<'_>, zone: &TimeZone) -> Result<(Begin, Option<Weekday>), Failed> {
    let begin = |point: Point| Begin { date: point.date, clock: point.clock, range_end: None };
    if let Some(formula) = named.formula() {
        return Err((Reason::new(State::Error, "formula", formula).about(named.column), None));
    }
    if let Some(mut point) = of_sheet(named.cell) {
        // In a calendar midnight is a time: it has days of its own.
        if let (Format::Ics, Cell::DateTime(moment)) = (row.shape.format, named.cell) {
            point.clock = Some(Clock::from(moment.time()));
        }
        return Ok((begin(point), None));
    }
    let read = moment(&named.text(), row.date_order(), zone).map_err(|error| (date_reason(error, named), None))?;
    let mut begin = begin(Point { date: read.day.date, clock: None });
    match read.hours {
        None => {}
        Some(Ok(hours)) => (begin.clock, begin.range_end) = (Some(hours.start), hours.end),
        Some(Err(error)) => return Err((time_reason(error, named), Some(begin))),
    }
    Ok((begin, read.day.weekday))
}

/// What a sheet keeps as a date or as a number. Midnight in a sheet is a day without a time.
pub(super) fn of_sheet(cell: &Cell) -> Option<Point> {
    let moment = match cell {
        Cell::Date(date) => return Some(Point { date: *date, clock: None }),
        Cell::DateTime(moment) => *moment,
        Cell::Number(serial) => serial_moment(*serial)?,
        _ => return None,
    };
    let clock = (moment.time() != Time::midnight()).then(|| Clock::from(moment.time()));
    Some(Point { date: moment.date(), clock })
}

/// A cell read as a time.
pub(super) fn clock(named: Named<'_>) -> Result<Hours, Reason> {
    if let Some(formula) = named.formula() {
        return Err(Reason::new(State::Error, "formula", formula).about(named.column));
    }
    let alone = |clock: Clock| Ok(Hours { start: clock, end: None });
    let read = match named.cell {
        Cell::Time(time) => alone(Clock::from(*time)),
        Cell::DateTime(moment) => alone(Clock::from(moment.time())),
        Cell::Number(number) => of_number(*number),
        _ => hours(&named.text()),
    };
    read.map_err(|error| time_reason(error, named))
}

/// A fraction of a day; or 8.3, which is how a sheet shows a typed “8.30”.
fn of_number(number: f64) -> Result<Hours, TimeError> {
    match serial_clock(number) {
        Some(clock) => Ok(Hours { start: clock, end: None }),
        None if number.fract() == 0.0 => hours(&format!("{number:.0}")),
        None => hours(&format!("{number:.2}")),
    }
}
