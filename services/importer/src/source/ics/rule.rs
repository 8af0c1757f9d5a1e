//! A rule of recurrence (RFC 5545, 3.3.10), as far as calendars of offices use them.

use jiff::civil::{DateTime, Weekday};
use jiff::tz::TimeZone;

use super::value;

/// How often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Every {
    /// Days.
    Day,
    /// Weeks.
    Week,
    /// Months.
    Month,
    /// Years.
    Year,
}

/// A rule.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub every: Every,
    /// Of how many of these one.
    pub interval: i32,
    /// How many occurrences there are.
    pub count: Option<u32>,
    /// The last moment, on the clock of the series.
    pub until: Option<DateTime>,
    /// Weekdays, with which of the month; 0: each; -1: the last.
    pub weekdays: Vec<(i8, Weekday)>,
    /// Days of the month; -1: the last.
    pub month_days: Vec<i8>,
    /// Months.
    pub months: Vec<i8>,
    /// Which of the days of one week, month or year; -1: the last.
    pub positions: Vec<i32>,
    /// First day of the week.
    pub week_start: Weekday,
}

impl Rule {
    /// Reads a rule of a series in this zone; none: it holds something that we cannot expand.
    pub fn parse(text: &str, zone: &TimeZone) -> Option<Self> {
        let mut rule = Self {
            every: Every::Day,
            interval: 1,
            count: None,
            until: None,
            weekdays: Vec::new(),
            month_days: Vec::new(),
            months: Vec::new(),
            positions: Vec::new(),
            week_start: Weekday::Monday,
        };
        let mut has_every = false;
        for part in text.trim().trim_end_matches(';').split(';') {
            let (key, value) = part.split_once('=')?;
            match key.trim().to_ascii_uppercase().as_str() {
                "FREQ" => {
                    has_every = true;
                    rule.every = match value.to_ascii_uppercase().as_str() {
                        "DAILY" => Every::Day,
                        "WEEKLY" => Every::Week,
                        "MONTHLY" => Every::Month,
                        "YEARLY" => Every::Year,
                        _ => return None,
                    };
                }
                "INTERVAL" => rule.interval = value.parse().ok().filter(|every| (1..=1_000).contains(every))?,
                "COUNT" => rule.count = Some(value.parse().ok()?),
                "UNTIL" => rule.until = Some(until(value, zone)?),
                "WKST" => rule.week_start = weekday(value)?,
                "BYDAY" => rule.weekdays = value.split(',').map(numbered).collect::<Option<_>>()?,
                "BYMONTHDAY" => rule.month_days = list(value)?,
                "BYMONTH" => rule.months = list(value)?,
                "BYSETPOS" => rule.positions = list(value)?,
                _ => return None,
            }
        }
        // The third Tuesday of a year, and numbered weekdays of a week, do not come up in offices.
        let is_numbered = rule.weekdays.iter().any(|(nth, _)| *nth != 0);
        let fits = match rule.every {
            Every::Day | Every::Week => !is_numbered,
            Every::Month => true,
            Every::Year => rule.weekdays.is_empty() || !rule.months.is_empty(),
        };
        (has_every && fits).then_some(rule)
    }
}

/// A day means the whole of it.
fn until(value: &str, zone: &TimeZone) -> Option<DateTime> {
    let moment = value::moment(value, None)?;
    Some(if moment.is_day { moment.at.date().at(23, 59, 59, 0) } else { moment.in_zone(zone, zone) })
}

fn list<T: std::str::FromStr>(value: &str) -> Option<Vec<T>> {
    value.split(',').map(|part| part.trim().parse().ok()).collect()
}

/// `TU`, `2TU`, `-1FR`.
fn numbered(value: &str) -> Option<(i8, Weekday)> {
    let value = value.trim();
    let (nth, day) = value.split_at_checked(value.len().checked_sub(2)?)?;
    Some((if nth.is_empty() { 0 } else { nth.parse().ok()? }, weekday(day)?))
}

fn weekday(value: &str) -> Option<Weekday> {
    Some(match value.trim().to_ascii_uppercase().as_str() {
        "MO" => Weekday::Monday,
        "TU" => Weekday::Tuesday,
        "WE" => Weekday::Wednesday,
        "TH" => Weekday::Thursday,
        "FR" => Weekday::Friday,
        "SA" => Weekday::Saturday,
        "SU" => Weekday::Sunday,
        _ => return None,
    })
}
