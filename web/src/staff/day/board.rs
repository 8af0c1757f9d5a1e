//! The timetable: where each card, each closed stretch and the line of the present moment stand in the grid.
//!
//! Positions are numbers of rows and columns, which become classes of `staff-day-grid.css`: the page carries no style.

use booking::Status;
use booking::desk::{DayAppointment, Hold};
use jiff::Timestamp;
use schedule::Counter;
use serde::Serialize;

use super::card::Card;
use super::cells::{Column, Span, Stretch, Why};
use super::place::{Place, clock};
use super::show::Day;
use crate::extract::Site;

/// The first row of the grid holds the names of the counters, the first column the hours.
const HEAD: usize = 2;
/// Between two labels of the time axis: half an hour.
const ROWS_OF_TICK: usize = 6;
/// Cards of so many rows have one line, unless the rows are high.
const SHORT_ROWS: usize = 3;
/// Beyond that, cards side by side could not be read; further ones lie on the last.
const MOST_LANES: usize = 4;

/// Everything of a day at its place.
#[derive(Debug, Serialize)]
pub(super) struct Board {
    pub columns: Vec<Head>,
    pub ticks: Vec<Tick>,
    pub closed: Vec<Closed>,
    pub cards: Vec<Placed>,
    pub held: Vec<Held>,
    pub now: Option<Tick>,
    /// 1 to 3: how high a row must be for the shortest card to be read and hit.
    pub zoom: u8,
    /// Quarters of an hour that are still free.
    #[serde(skip)]
    pub free: usize,
    /// The moment of the first row, for dragging.
    pub begins: String,
}

/// A counter's name above its column.
#[derive(Debug, Serialize)]
pub(super) struct Head {
    pub column: usize,
    pub id: i32,
    pub name: String,
    pub is_own: bool,
}

/// A line across the board.
#[derive(Debug, Serialize)]
pub(super) struct Tick {
    pub row: usize,
    pub time: String,
    pub is_hour: bool,
}

/// A stretch in which a counter is closed.
#[derive(Debug, Serialize)]
pub(super) struct Closed {
    pub column: usize,
    pub row: usize,
    pub rows: usize,
    pub text: String,
}

/// A place that a citizen keeps while typing.
#[derive(Debug, Serialize)]
pub(super) struct Held {
    pub column: usize,
    pub row: usize,
    pub rows: usize,
    pub start: String,
    pub until: String,
}

/// A card at its place.
#[derive(Debug, Serialize)]
pub(super) struct Placed {
    pub column: usize,
    pub row: usize,
    pub rows: usize,
    /// Has one line: the name is cut.
    pub is_short: bool,
    /// Which part of the column's width: `""`, `lane-1-of-2`, …
    pub lane: String,
    #[serde(flatten)]
    pub card: Card,
}

impl Board {
    /// The day at this office. `own` is the counter of whoever looks.
    pub fn new(site: &Site, place: &Place<'_>, day: &Day, own: Option<i32>) -> Self {
        let (hours, appointments) = (&day.hours, day.appointments.as_slice());
        let shown: Vec<&DayAppointment> = appointments.iter().filter(|it| is_on_board(it.status)).collect();
        let begins = hours_begin(site, place);
        let span = Span::new(site, begins, hours, appointments);
        let counters = columns(site, place, &shown);
        let column = |id: i32| counters.iter().position(|it| it.id == id).map(|it| it + HEAD);
        let mut closed = Vec::new();
        let mut free = 0;
        for it in &hours.counters {
            let Some(at) = column(it.counter) else { continue };
            let cells = Column::new(&span, it);
            closed.extend(cells.stretches().into_iter().map(|it| Closed::new(site, at, it)));
            let here = shown.iter().filter(|other| other.counter == it.counter && takes_place(other.status));
            let held = day.holds.iter().filter(|hold| hold.counter == it.counter);
            let taken = here.map(|it| (it.start, it.end)).chain(held.map(|it| (it.start, it.end)));
            let taken: Vec<_> = taken.map(|(start, end)| span.rows(start, end)).collect();
            let first = span.rows(site.now.min(span.instant(span.rows)), Timestamp::MAX).start;
            free += cells.free_visits(first, &taken);
        }
        let zoom = zoom(&span, &shown);
        Self {
            columns: counters.iter().enumerate().map(|(at, it)| Head::new(at + HEAD, it, own)).collect(),
            ticks: ticks(site, &span),
            closed,
            cards: counters
                .iter()
                .enumerate()
                .flat_map(|(at, it)| cards(site, (&span, zoom), at + HEAD, it.id, &shown))
                .collect(),
            held: day.holds.iter().filter_map(|it| Held::new(site, &span, column(it.counter)?, it)).collect(),
            now: span.row(site.now).map(|row| Tick { row: row + HEAD, time: clock(site, site.now), is_hour: false }),
            zoom,
            free,
            begins: clock(site, span.begins),
        }
    }
}

/// Whoever did not come stays to be seen; what was cancelled stands in the list only.
fn is_on_board(status: Status) -> bool {
    takes_place(status) || matches!(status, Status::Done | Status::NoShow)
}

fn takes_place(status: Status) -> bool {
    use Status::{Arrived, Booked, Called, InService};
    matches!(status, Booked | Arrived | Called | InService)
}

fn hours_begin(site: &Site, place: &Place<'_>) -> Timestamp {
    place.day.to_zoned(site.zone().clone()).map_or(site.now, |it| it.timestamp())
}

/// The office's counters, and those no longer in use at which there is still something.
fn columns<'a>(site: &'a Site, place: &Place<'a>, shown: &[&DayAppointment]) -> Vec<&'a Counter> {
    let mut found: Vec<&Counter> = place.counters(site).collect();
    let others = site.town.former_offices.counters.iter();
    let is_needed = |it: &&Counter| shown.iter().any(|other| other.counter == it.id);
    let more: Vec<&Counter> =
        others.filter(is_needed).filter(|it| !found.iter().any(|known| known.id == it.id)).collect();
    found.extend(more);
    found
}

fn ticks(site: &Site, span: &Span) -> Vec<Tick> {
    (0..span.rows)
        .step_by(ROWS_OF_TICK)
        .map(|row| {
            let time = clock(site, span.instant(row));
            Tick { row: row + HEAD, is_hour: time.ends_with(":00"), time }
        })
        .collect()
}

/// How high the rows are, from 1 to 3 (`staff-day.css`): the shortest card still has a line.
fn zoom(span: &Span, shown: &[&DayAppointment]) -> u8 {
    match shown.iter().map(|it| span.rows(it.start, it.end).len()).min() {
        Some(0 | 1) => 3,
        Some(2) => 2,
        _ => 1,
    }
}

/// The cards of a counter; those at the same time stand side by side.
fn cards(
    site: &Site,
    (span, zoom): (&Span, u8),
    column: usize,
    counter: i32,
    shown: &[&DayAppointment],
) -> Vec<Placed> {
    let short_rows = if zoom == 3 { 1 } else { SHORT_ROWS };
    let mut here: Vec<&DayAppointment> = shown.iter().copied().filter(|it| it.counter == counter).collect();
    here.sort_by_key(|it| (it.start, it.overbooked, it.end));
    let mut placed = Vec::with_capacity(here.len());
    let mut rest = here.as_slice();
    while !rest.is_empty() {
        let (together, others) = rest.split_at(cluster(rest));
        placed.extend(side_by_side(together).into_iter().map(|(it, lane)| {
            let rows = span.rows(it.start, it.end);
            let (row, rows) = (rows.start + HEAD, rows.len().max(1));
            Placed { column, row, rows, is_short: rows <= short_rows, lane, card: Card::new(site, it) }
        }));
        rest = others;
    }
    placed
}

/// How many of the first appointments hang together by overlapping.
fn cluster(appointments: &[&DayAppointment]) -> usize {
    let mut until = Timestamp::MIN;
    let gap = appointments.iter().enumerate().position(|(number, it)| {
        let is_gap = number > 0 && it.start >= until;
        until = until.max(it.end);
        is_gap
    });
    gap.unwrap_or(appointments.len())
}

/// The class of each one's lane: the first that is free at its start.
fn side_by_side<'a>(together: &[&'a DayAppointment]) -> Vec<(&'a DayAppointment, String)> {
    let mut ends: Vec<Timestamp> = Vec::new();
    let mut lanes = Vec::new();
    for it in together {
        let free = ends.iter().position(|end| *end <= it.start);
        let lane = free.unwrap_or_else(|| ends.len().min(MOST_LANES - 1));
        if lane == ends.len() {
            ends.push(it.end);
        } else {
            ends[lane] = it.end;
        }
        lanes.push((*it, lane + 1));
    }
    let class = |lane: usize| if ends.len() == 1 { String::new() } else { format!("lane-{lane}-of-{}", ends.len()) };
    lanes.into_iter().map(|(it, lane)| (it, class(lane))).collect()
}

impl Head {
    fn new(column: usize, counter: &Counter, own: Option<i32>) -> Self {
        Self { column, id: counter.id, name: counter.name.clone(), is_own: own == Some(counter.id) }
    }
}

impl Held {
    /// None outside of what is shown.
    fn new(site: &Site, span: &Span, column: usize, it: &Hold) -> Option<Self> {
        let rows = span.rows(it.start, it.end);
        let (start, until) = (clock(site, it.start), clock(site, it.until));
        (!rows.is_empty()).then(|| Self { column, row: rows.start + HEAD, rows: rows.len(), start, until })
    }
}

impl Closed {
    fn new(site: &Site, column: usize, it: Stretch) -> Self {
        let text = match &it.why {
            Why::Break => site.t("staff.day.break", &[]),
            Why::OutsideHours => site.t("staff.day.closed", &[]),
            Why::Closure(reason) => reason.get(&site.lang).to_owned(),
        };
        Self { column, row: it.row + HEAD, rows: it.rows, text }
    }
}
