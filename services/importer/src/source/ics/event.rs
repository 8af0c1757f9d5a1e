//! An event of a calendar, and the rows that come of it.

use std::collections::HashSet;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan};

use super::content::Property;
use super::people::People;
use super::series::{Rule, Steps};
use super::value::{self, Moment};
use super::zones::Zones;
use crate::source::{BadRow, Limits};
use crate::{Cell, Record};

/// Most single days that a series may leave out or add.
const MOST_SINGLE: usize = 10_000;

/// So many bytes of categories are read; nobody has more.
const MOST_CATEGORIES: usize = 500;

/// Of a series the occurrences that are told elsewhere, on the clock of the town; and whether only the day is said.
pub(super) type Moved = HashSet<(DateTime, bool)>;

/// An event.
#[derive(Default)]
pub(super) struct Event {
    line: u64,
    /// Its name, the same in every export.
    pub uid: String,
    start: Option<Moment>,
    end: Option<Moment>,
    duration: Option<SignedDuration>,
    is_all_day: bool,
    rule: Option<(u64, String)>,
    without: Vec<Moment>,
    also: Vec<Moment>,
    moved: Option<Moment>,
    subject: String,
    note: String,
    place: String,
    categories: String,
    people: People,
    is_private: bool,
    is_cancelled: bool,
    bad: Option<BadRow>,
}

impl Event {
    /// Whether it stands for one occurrence of a series.
    pub fn is_moved(&self) -> bool {
        self.moved.is_some()
    }

    /// When the occurrence that it stands for would have been, on the clock of the town; and whether only the day is said.
    pub fn moved_from(&self, limits: &Limits) -> Option<(DateTime, bool)> {
        self.moved.as_ref().map(|moment| (moment.in_town(&limits.zone), moment.is_day))
    }

    /// An event that begins in this line.
    pub fn begin(line: u64) -> Self {
        Self { line, ..Self::default() }
    }

    /// What it is about, for those who look for it.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// Takes a line that cannot be read: the event cannot either.
    pub fn spoil(&mut self, bad: BadRow) {
        self.bad.get_or_insert(bad);
    }

    /// Takes one of its properties.
    pub fn take(&mut self, property: &Property, zones: &Zones) {
        if let Err(bad) = self.read(property, zones) {
            self.spoil(bad);
        }
    }

    fn read(&mut self, property: &Property, zones: &Zones) -> Result<(), BadRow> {
        let moment = || value::moments(property, zones).map(|moments| moments.into_iter().next());
        match property.name.as_str() {
            "UID" => self.uid = property.text(),
            "DTSTART" => self.start = moment()?,
            "DTEND" => self.end = moment()?,
            "DURATION" => self.duration = Some(value::duration(property)?),
            // “This and all that follow”, and rules of what is left out: nobody writes them any more.
            "RECURRENCE-ID" if property.parameter("RANGE").is_some() => return Err(no_series(property)),
            "EXRULE" => return Err(no_series(property)),
            "RRULE" if self.rule.is_some() => return Err(no_series(property)),
            // Days with a length of their own: it would be lost.
            "RDATE" if property.value.contains('/') => return Err(no_series(property)),
            "RECURRENCE-ID" => self.moved = moment()?,
            "RRULE" => self.rule = Some((property.line, property.value.clone())),
            "EXDATE" => add(&mut self.without, property, zones)?,
            "RDATE" => add(&mut self.also, property, zones)?,
            "SUMMARY" => self.subject = property.text(),
            "DESCRIPTION" => self.note = property.text(),
            "LOCATION" => self.place = property.text(),
            "CATEGORIES" if self.categories.is_empty() => self.categories = property.text(),
            "CATEGORIES" if self.categories.len() < MOST_CATEGORIES => {
                self.categories = format!("{},{}", self.categories, property.text());
            }
            "ORGANIZER" => self.people.organize(property),
            "ATTENDEE" => self.people.invite(property),
            "STATUS" => self.is_cancelled = property.value.trim().eq_ignore_ascii_case("CANCELLED"),
            "CLASS" => {
                let class = property.value.trim();
                self.is_private = class.eq_ignore_ascii_case("PRIVATE") || class.eq_ignore_ascii_case("CONFIDENTIAL");
            }
            "X-MICROSOFT-CDO-ALLDAYEVENT" => self.is_all_day = property.value.trim().eq_ignore_ascii_case("TRUE"),
            _ => {}
        }
        Ok(())
    }

    /// The rows: one, or one for each occurrence but those that stand for themselves.
    pub fn records(&self, moved: &Moved, limits: &Limits, steps: &mut Steps) -> Result<Vec<Record>, BadRow> {
        if let Some(bad) = &self.bad {
            return Err(bad.clone());
        }
        let start = self.start.as_ref().ok_or_else(|| BadRow::new(self.line, "no_start", self.subject.clone()))?;
        if self.rule.is_none() && self.also.is_empty() {
            let occurrence = self.moved_from(limits).map(|(at, _)| key(at)).unwrap_or_default();
            return Ok(vec![self.record(start.at, start, occurrence, limits)]);
        }
        let zone = start.zone.clone().unwrap_or_else(|| limits.zone.clone());
        let days = self.days(start, &zone, limits, steps)?;
        let (whole, single): (Vec<&Moment>, Vec<&Moment>) = self.without.iter().partition(|moment| moment.is_day);
        let whole: HashSet<_> = whole.into_iter().map(|moment| moment.at.date()).collect();
        let single: HashSet<_> = single.into_iter().map(|moment| moment.in_zone(&zone, &limits.zone)).collect();
        let is_left_out = |at: DateTime| whole.contains(&at.date()) || single.contains(&at);
        let mut records = Vec::new();
        for at in days {
            let town = Moment { at, ..start.clone() }.in_town(&limits.zone);
            // Some name the occurrence that they have moved by its day alone.
            let is_moved = moved.contains(&(town, false)) || moved.contains(&(town.date().at(0, 0, 0, 0), true));
            if !is_left_out(at) && !is_moved {
                records.push(self.record(at, start, key(town), limits));
            }
        }
        Ok(records)
    }

    /// When the occurrences are in the window, on the clock of the series; its beginning if there are none. The
    /// beginning is one of them even if the rule does not give it: calendars show it, and somebody may come.
    fn days(
        &self,
        start: &Moment,
        zone: &TimeZone,
        limits: &Limits,
        steps: &mut Steps,
    ) -> Result<Vec<DateTime>, BadRow> {
        let mut days = vec![start.at];
        if let Some((line, text)) = &self.rule {
            let bad = |key| BadRow::new(*line, key, text.clone());
            let rule = Rule::parse(text, zone, start.is_day).ok_or_else(|| bad("unknown_series"))?;
            // A day more on both sides: the town's day may be another than that of the series' zone.
            let window = (limits.from.saturating_sub(1.day()), limits.until.saturating_add(1.day()));
            days.extend(rule.occurrences(start.at, window, steps).map_err(bad)?);
        }
        days.extend(self.also.iter().map(|moment| match moment.is_day && !start.is_day {
            // Calendars add a day alone to a series at a time of day: at that time, not at midnight.
            true => moment.at.date().to_datetime(start.at.time()),
            false => moment.in_zone(zone, &limits.zone),
        }));
        days.sort_unstable();
        days.dedup();
        days.retain(|at| {
            let day = Moment { at: *at, ..start.clone() }.in_town(&limits.zone).date();
            (limits.from..=limits.until).contains(&day)
        });
        if days.is_empty() {
            days.push(start.at);
        }
        Ok(days)
    }

    fn record(&self, at: DateTime, start: &Moment, occurrence: String, limits: &Limits) -> Record {
        let begin = Moment { at, ..start.clone() }.in_town(&limits.zone);
        let end = self.end_of(begin, start, limits);
        let midnight = |at: DateTime| at.time() == jiff::civil::Time::midnight();
        let is_all_day = start.is_day || (self.is_all_day && midnight(begin) && end.is_none_or(midnight));
        let when = |at: DateTime| if is_all_day { Cell::Date(at.date()) } else { Cell::DateTime(at) };
        // The end of whole days is the day after the last.
        let last = |end: DateTime| if is_all_day && end > begin { end.saturating_sub(1.day()) } else { end };
        let flag = |flag: bool| text(if flag { "true" } else { "" });
        let cells = vec![
            text(&self.uid),
            when(begin),
            end.map_or(if is_all_day { when(begin) } else { Cell::Empty }, |end| when(last(end))),
            flag(is_all_day),
            text(&self.subject),
            text(&self.note),
            text(&self.place),
            text(&self.people.text()),
            text(&self.categories),
            flag(self.is_private),
            flag(self.is_cancelled),
        ];
        Record { occurrence, ..Record::new(self.line, cells) }
    }

    /// The end on the clock of the town: as far from the beginning as that of the first occurrence, on the clock.
    fn end_of(&self, begin: DateTime, start: &Moment, limits: &Limits) -> Option<DateTime> {
        let first = start.in_town(&limits.zone);
        let lasts = match (&self.end, self.duration) {
            (Some(end), _) => end.in_town(&limits.zone).duration_since(first),
            (None, duration) => duration?,
        };
        begin.checked_add(lasts).ok()
    }
}

/// A series that we do not expand.
fn no_series(property: &Property) -> BadRow {
    BadRow::new(property.line, "unknown_series", format!("{}: {}", property.name, property.value))
}

fn add(moments: &mut Vec<Moment>, property: &Property, zones: &Zones) -> Result<(), BadRow> {
    moments.extend(value::moments(property, zones)?);
    if moments.len() > MOST_SINGLE {
        moments.clear();
        return Err(BadRow::new(property.line, "endless_series", property.name.clone()));
    }
    Ok(())
}

/// The name of an occurrence, as in `RECURRENCE-ID`.
fn key(at: DateTime) -> String {
    at.strftime("%Y%m%dT%H%M%S").to_string()
}

fn text(text: &str) -> Cell {
    if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
}
