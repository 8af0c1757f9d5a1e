//! An event of a calendar, and the rows that come of it.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan};

use super::content::{Properties, Property};
use super::rule::Rule;
use super::series;
use super::value::{self, Moment};
use super::zones::Zones;
use crate::source::{BadRow, Limits};
use crate::{Cell, Record};

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
    organizer: String,
    attendee: Option<(String, String)>,
    is_private: bool,
    is_cancelled: bool,
    bad: Option<BadRow>,
}

impl Event {
    /// Whether it stands for one occurrence of a series.
    pub fn is_moved(&self) -> bool {
        self.moved.is_some()
    }

    /// When the occurrence that it stands for would have been, on the clock of the town.
    pub fn moved_from(&self, limits: &Limits) -> Option<DateTime> {
        self.moved.as_ref().map(|moment| moment.in_town(&limits.zone))
    }

    fn take(&mut self, property: &Property, zones: &Zones) {
        if let Err(bad) = self.read(property, zones) {
            self.bad.get_or_insert(bad);
        }
    }

    fn read(&mut self, property: &Property, zones: &Zones) -> Result<(), BadRow> {
        let moment = || value::moments(property, zones).map(|moments| moments.into_iter().next());
        match property.name.as_str() {
            "UID" => self.uid = property.text(),
            "DTSTART" => self.start = moment()?,
            "DTEND" => self.end = moment()?,
            "DURATION" => self.duration = Some(value::duration(property)?),
            "RECURRENCE-ID" => self.moved = moment()?,
            "RRULE" => self.rule = Some((property.line, property.value.clone())),
            "EXDATE" => self.without.extend(value::moments(property, zones)?),
            "RDATE" => self.also.extend(value::moments(property, zones)?),
            "SUMMARY" => self.subject = property.text(),
            "DESCRIPTION" => self.note = property.text(),
            "LOCATION" => self.place = property.text(),
            "CATEGORIES" => self.categories = property.text(),
            "ORGANIZER" => self.organizer = address(property),
            "ATTENDEE" => self.attend(property),
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

    /// The first who is neither a room nor the one who invites.
    fn attend(&mut self, property: &Property) {
        let is_thing = property.parameter("CUTYPE").is_some_and(|kind| matches!(kind, "ROOM" | "RESOURCE"));
        let address = address(property);
        if !is_thing && self.attendee.is_none() && !address.eq_ignore_ascii_case(&self.organizer) {
            self.attendee = Some((property.parameter("CN").unwrap_or_default().to_owned(), address));
        }
    }

    /// The rows: one, or one for each occurrence but those that stand for themselves.
    pub fn records(&self, moved: &[DateTime], limits: &Limits) -> Result<Vec<Record>, BadRow> {
        if let Some(bad) = &self.bad {
            return Err(bad.clone());
        }
        let start = self.start.as_ref().ok_or_else(|| BadRow::new(self.line, "no_start", self.subject.clone()))?;
        if self.rule.is_none() && self.also.is_empty() {
            let occurrence = self.moved_from(limits).map(key).unwrap_or_default();
            return Ok(vec![self.record(start.at, start, occurrence, limits)]);
        }
        let zone = start.zone.clone().unwrap_or_else(|| limits.zone.clone());
        let days = self.days(start, &zone, limits)?;
        let is_left_out = |at: DateTime| {
            self.without.iter().any(|moment| {
                let without = moment.in_zone(&zone, &limits.zone);
                if moment.is_day { without.date() == at.date() } else { without == at }
            })
        };
        let mut records = Vec::new();
        for at in days {
            let town = Moment { at, ..start.clone() }.in_town(&limits.zone);
            if !is_left_out(at) && !moved.contains(&town) {
                records.push(self.record(at, start, key(town), limits));
            }
        }
        Ok(records)
    }

    /// When the occurrences are in the window, on the clock of the series; its beginning if there are none.
    fn days(&self, start: &Moment, zone: &TimeZone, limits: &Limits) -> Result<Vec<DateTime>, BadRow> {
        let mut days = match &self.rule {
            None => vec![start.at],
            Some((line, text)) => {
                let rule = Rule::parse(text, zone);
                let rule = rule.ok_or_else(|| BadRow::new(*line, "unknown_series", text.clone()))?;
                // A day more on both sides: the town's day may be another than that of the series' zone.
                let first = limits.from.saturating_sub(1.day());
                series::occurrences(start.at, &rule, first, limits.until.saturating_add(1.day()))
            }
        };
        days.extend(self.also.iter().map(|moment| moment.in_zone(zone, &limits.zone)));
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
        let (name, email) = self.attendee.clone().unwrap_or_default();
        let flag = |flag: bool| text(if flag { "true" } else { "" });
        let cells = vec![
            text(&self.uid),
            when(begin),
            end.map_or(if is_all_day { when(begin) } else { Cell::Empty }, |end| when(last(end))),
            flag(is_all_day),
            text(&self.subject),
            text(&self.note),
            text(&self.place),
            text(&name),
            text(&email),
            text(&self.categories),
            flag(self.is_private),
            flag(self.is_cancelled),
        ];
        Record { line: self.line, occurrence, cells }
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

/// `mailto:` and what follows.
fn address(property: &Property) -> String {
    let value = property.value.trim();
    let has_prefix = value.get(..7).is_some_and(|begin| begin.eq_ignore_ascii_case("mailto:"));
    if has_prefix { value[7..].to_owned() } else { String::new() }
}

/// The name of an occurrence, as in `RECURRENCE-ID`.
fn key(at: DateTime) -> String {
    at.strftime("%Y%m%dT%H%M%S").to_string()
}

fn text(text: &str) -> Cell {
    if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
}

/// The events of a file.
pub(super) struct Events {
    properties: Properties,
    zones: Zones,
    is_over: bool,
}

impl Events {
    pub fn new(properties: Properties) -> Self {
        Self { properties, zones: Zones::default(), is_over: false }
    }

    /// The event that has begun; parts of it, such as alarms, are passed over.
    fn event(&mut self, line: u64) -> Result<Event, BadRow> {
        let mut event = Event { line, ..Event::default() };
        let mut depth = 0_u32;
        for property in self.properties.by_ref() {
            let property = match property {
                Ok(property) => property,
                Err(bad) if bad.ends => return Err(bad),
                Err(bad) => {
                    event.bad.get_or_insert(bad);
                    continue;
                }
            };
            match (property.name.as_str(), property.value.trim()) {
                ("END", "VEVENT") => return Ok(event),
                ("BEGIN", _) => depth += 1,
                ("END", _) => depth = depth.saturating_sub(1),
                _ if depth == 0 => event.take(&property, &self.zones),
                _ => {}
            }
        }
        Err(BadRow::last(line, "unfinished", event.subject))
    }

    fn zone(&mut self) {
        for property in self.properties.by_ref().filter_map(Result::ok) {
            if property.name == "END" && property.value.trim() == "VTIMEZONE" {
                break;
            }
            self.zones.describe(&property);
        }
        self.zones.described();
    }
}

impl Iterator for Events {
    type Item = Result<Event, BadRow>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.is_over {
            let property = match self.properties.next()? {
                Ok(property) => property,
                Err(bad) => return Some(Err(bad)),
            };
            match (property.name.as_str(), property.value.trim()) {
                ("BEGIN", "VEVENT") => {
                    let event = self.event(property.line);
                    self.is_over = event.as_ref().is_err_and(|bad| bad.ends);
                    return Some(event);
                }
                ("BEGIN", "VTIMEZONE") => self.zone(),
                _ => {}
            }
        }
        None
    }
}
