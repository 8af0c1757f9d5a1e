//! The grid behind the timetable: five minutes a row, a column for each counter, open or not.

use std::sync::Arc;

use booking::desk::DayAppointment;
use jiff::{Timestamp, ToSpan};
use schedule::{ClosedHours, CounterHours, DayHours};
use tenancy::i18n::I18n;

use crate::extract::Site;

/// Seconds of a row.
const ROW_SECONDS: i64 = 300;
/// Rows of an hour.
const ROWS_OF_HOUR: i64 = 12;
/// Rows of the shortest visit that is counted as still possible: a quarter of an hour.
const ROWS_OF_VISIT: usize = 3;
/// What is shown of a day on which nothing is open or booked, in hours after its beginning.
const EMPTY_DAY: (i64, i64) = (8, 16);

/// The part of a day that the timetable shows: whole hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub begins: Timestamp,
    pub rows: usize,
}

/// A stretch in which a counter is not open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    pub row: usize,
    pub rows: usize,
    pub why: Why,
}

/// Why a counter is not open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// Between two openings.
    Break,
    /// Before the first opening or after the last.
    OutsideHours,
    /// A closure.
    Closure(Arc<I18n>),
}

impl Span {
    /// From the first to the last hour in which something is open or booked.
    pub fn new(site: &Site, begins: Timestamp, hours: &DayHours, appointments: &[DayAppointment]) -> Self {
        let open = hours.counters.iter().flat_map(|it| it.open.iter().copied());
        let taken = appointments.iter().map(|it| (it.start, it.end));
        let all: Vec<(Timestamp, Timestamp)> = open.chain(taken).collect();
        let after = |hours: i64| begins.checked_add(hours.hours()).unwrap_or(begins);
        let first = all.iter().map(|it| it.0).min().unwrap_or_else(|| after(EMPTY_DAY.0));
        let last = all.iter().map(|it| it.1).max().unwrap_or_else(|| after(EMPTY_DAY.1));
        // Towns lie in zones of whole hours; elsewhere the first row is not a full hour, and its label says so.
        let first = first.to_zoned(site.zone().clone());
        let surplus = i64::from(first.minute()) * 60 + i64::from(first.second());
        let begins = Timestamp::from_second(first.timestamp().as_second() - surplus).unwrap_or(begins);
        let rows = (last.as_second() - begins.as_second() + ROW_SECONDS - 1) / ROW_SECONDS;
        let rows = (rows + ROWS_OF_HOUR - 1) / ROWS_OF_HOUR * ROWS_OF_HOUR;
        Self { begins, rows: usize::try_from(rows).unwrap_or(0) }
    }

    /// When row `row` begins, counted from 0.
    pub fn instant(&self, row: usize) -> Timestamp {
        let seconds = i64::try_from(row).unwrap_or(0) * ROW_SECONDS;
        Timestamp::from_second(self.begins.as_second() + seconds).unwrap_or(self.begins)
    }

    /// The rows from `from` until `until`, those that are only touched included; none outside of what is shown.
    pub fn rows(&self, from: Timestamp, until: Timestamp) -> std::ops::Range<usize> {
        let seconds = |at: Timestamp| at.as_second() - self.begins.as_second();
        let clamp = |row: i64| usize::try_from(row.max(0)).unwrap_or(0).min(self.rows);
        let first = clamp(seconds(from).div_euclid(ROW_SECONDS));
        first..clamp((seconds(until) + ROW_SECONDS - 1).div_euclid(ROW_SECONDS)).max(first)
    }

    /// The row in which `at` lies, if it is shown.
    pub fn row(&self, at: Timestamp) -> Option<usize> {
        let row = (at.as_second() - self.begins.as_second()).div_euclid(ROW_SECONDS);
        usize::try_from(row).ok().filter(|it| *it < self.rows)
    }
}

/// One counter's column: `None` where it is open, else which closure closes it, if one does.
pub(super) struct Column<'a> {
    cells: Vec<Option<Option<&'a ClosedHours>>>,
}

impl<'a> Column<'a> {
    /// The hours of a counter as rows.
    pub fn new(span: &Span, hours: &'a CounterHours) -> Self {
        let mut cells = vec![Some(None); span.rows];
        for (from, until) in &hours.open {
            cells[span.rows(*from, *until)].fill(None);
        }
        for closed in &hours.closed {
            cells[span.rows(closed.from, closed.until)].fill(Some(Some(closed)));
        }
        Self { cells }
    }

    /// Where it is not open.
    pub fn stretches(&self) -> Vec<Stretch> {
        let mut found: Vec<Stretch> = Vec::new();
        let mut row = 0;
        for same in self.cells.chunk_by(|a, b| a.map(reason) == b.map(reason)) {
            if let Some(closed) = same[0] {
                let is_between = row > 0 && row + same.len() < self.cells.len() && self.opens_around(row, same.len());
                let none = if is_between { Why::Break } else { Why::OutsideHours };
                let why = closed.map_or(none, |it| Why::Closure(Arc::clone(&it.reason)));
                found.push(Stretch { row, rows: same.len(), why });
            }
            row += same.len();
        }
        found
    }

    fn opens_around(&self, row: usize, rows: usize) -> bool {
        self.cells[..row].iter().any(Option::is_none) && self.cells[row + rows..].iter().any(Option::is_none)
    }

    /// How many visits of a quarter of an hour still fit from `first` on beside what is `taken`.
    pub fn free_visits(&self, first: usize, taken: &[std::ops::Range<usize>]) -> usize {
        let is_free = |row: usize| self.cells[row].is_none() && !taken.iter().any(|it| it.contains(&row));
        let free: Vec<bool> = (first.min(self.cells.len())..self.cells.len()).map(is_free).collect();
        free.chunk_by(|a, b| a == b).filter(|it| it[0]).map(|it| it.len() / ROWS_OF_VISIT).sum()
    }
}

fn reason(closed: Option<&ClosedHours>) -> Option<*const ClosedHours> {
    closed.map(std::ptr::from_ref)
}
