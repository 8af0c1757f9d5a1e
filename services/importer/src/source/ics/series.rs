//! The occurrences of a series (RFC 5545, 3.3.10), on the clock of its own zone. What a rule means, the crate `rrule`
//! knows; here it is kept from running away, and `UNTIL` is read as calendars write it, not only as they should.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use rrule::RRuleSet;

use super::value;

/// Most occurrences of one series in the window: one every half hour of a year's working days.
const MOST: usize = 5_000;

/// What a rule costs that finds nothing more: so many periods are looked through before it is given up.
const IN_VAIN: u32 = 100_000;

/// Longest rule, in bytes: one that lists every day of a year.
const LONGEST: usize = 2_000;

/// The weekdays as rules call them.
const WEEKDAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/// What all series of a file together may cost, in days looked at.
pub(super) struct Steps(u32);

impl Steps {
    fn take(&mut self, days: u32) -> Result<(), &'static str> {
        let left = self.0.checked_sub(days);
        self.0 = left.unwrap_or(0);
        left.map(|_| ()).ok_or("endless_series")
    }
}

impl Default for Steps {
    fn default() -> Self {
        Self(20_000_000)
    }
}

/// A rule of recurrence.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    /// Without its end.
    text: String,
    /// How many occurrences there are.
    count: Option<u32>,
    /// The last moment, on the clock of the series.
    until: Option<DateTime>,
    /// What a period costs: all of it is laid out at once.
    period: u32,
    /// What a day costs that is looked at.
    day: u32,
    /// Weeks are named, their days are not: it is the weekday of the beginning.
    has_bare_weeks: bool,
}

/// The parts of a rule that it is judged by.
#[derive(Default)]
struct Parts<'a> {
    freq: &'a str,
    weekdays: Option<&'a str>,
    has_weeks: bool,
    has_days: bool,
    hours: u32,
    minutes: u32,
}

impl Rule {
    /// Reads a rule of a series in this zone; none: it is no rule. Times of day within a rule for whole days mean nothing.
    pub fn parse(text: &str, zone: &TimeZone, is_day: bool) -> Option<Self> {
        let mut rule = Self { text: String::new(), count: None, until: None, period: 1, day: 1, has_bare_weeks: false };
        let mut parts = Parts::default();
        let upper = text.trim().trim_end_matches(';').to_ascii_uppercase();
        for part in upper.split(';') {
            let (key, value) = part.split_once('=')?;
            let (key, value) = (key.trim(), value.trim());
            parts.take(key, value);
            let is_meant = match (key, value) {
                ("UNTIL", _) => {
                    rule.until = Some(until(value, zone)?);
                    false
                }
                ("COUNT", _) => {
                    rule.count = Some(value.parse().ok()?);
                    true
                }
                // Nobody has an appointment every minute; and a day of seconds fills the memory.
                ("FREQ", "MINUTELY" | "SECONDLY") | ("INTERVAL", "0") => return None,
                ("BYSECOND", _) if value.contains(',') => return None,
                ("BYHOUR" | "BYMINUTE" | "BYSECOND", _) => !is_day,
                _ => true,
            };
            if is_meant {
                rule.text.push_str(if rule.text.is_empty() { "RRULE:" } else { ";" });
                rule.text.push_str(&format!("{key}={value}"));
            }
        }
        if !parts.has_sound_weekdays() {
            return None;
        }
        (rule.period, rule.day) = (parts.period(), if parts.freq == "HOURLY" { 24 } else { 1 });
        rule.has_bare_weeks = parts.has_weeks && !parts.has_days;
        // The crate cuts at bytes.
        (rule.text.len() <= LONGEST && rule.text.is_ascii() && !rule.text.contains(char::is_whitespace)).then_some(rule)
    }

    /// The occurrences from the first day to the last, in order. Those before the window are counted, as `COUNT` wants.
    /// The beginning is not among them if the rule does not give it.
    ///
    /// # Errors
    /// The key of a [`BadRow`](crate::BadRow): the rule is none, or has too many occurrences.
    pub fn occurrences(
        &self,
        start: DateTime,
        (first, last): (Date, Date),
        steps: &mut Steps,
    ) -> Result<Vec<DateTime>, &'static str> {
        // Clocks without a zone: the crate is told that they are UTC, so that no switch to summer time moves them.
        let mut text = format!("DTSTART:{}Z\n{}", start.strftime("%Y%m%dT%H%M%S"), self.text);
        if self.has_bare_weeks {
            text.push_str(";BYDAY=");
            text.push_str(WEEKDAYS[usize::from(start.date().weekday().to_monday_zero_offset().unsigned_abs())]);
        }
        let set: RRuleSet = text.parse().map_err(|_| "unknown_series")?;
        let (mut found, mut count, mut before) = (Vec::new(), 0, start.date());
        steps.take(self.period)?;
        for at in &set.limit() {
            let Ok(at) = Timestamp::from_second(at.timestamp()) else { break };
            let at = at.to_zoned(TimeZone::UTC).datetime();
            let days = at.date().duration_since(before).as_hours() / 24;
            steps.take(u32::try_from(days).unwrap_or(0).saturating_mul(self.day).max(1))?;
            before = at.date();
            if at.date() > last || self.until.is_some_and(|until| at > until) {
                return Ok(found);
            }
            count += 1;
            if at.date() >= first {
                found.push(at);
            }
            if found.len() > MOST {
                return Err("endless_series");
            }
        }
        if self.count != Some(count) {
            steps.0 = steps.0.saturating_sub(IN_VAIN);
        }
        Ok(found)
    }
}

impl<'a> Parts<'a> {
    fn take(&mut self, key: &str, value: &'a str) {
        let values = || u32::try_from(value.split(',').count()).unwrap_or(u32::MAX);
        match key {
            "FREQ" => self.freq = value,
            "BYDAY" => (self.weekdays, self.has_days) = (Some(value), true),
            "BYMONTHDAY" | "BYYEARDAY" => self.has_days = true,
            "BYWEEKNO" => self.has_weeks = true,
            "BYHOUR" => self.hours = values(),
            "BYMINUTE" => self.minutes = values(),
            _ => {}
        }
    }

    /// “The second Monday” is one of a month or a year. Elsewhere, and mixed with plain Mondays, the crate would
    /// silently give other days.
    fn has_sound_weekdays(&self) -> bool {
        let weekdays = || self.weekdays.into_iter().flat_map(|days| days.split(',')).map(str::trim);
        let number = |day: &str| day.trim_end_matches(|c: char| c.is_ascii_alphabetic()).to_owned();
        if weekdays().all(|day| number(day).is_empty()) {
            return true;
        }
        let is_counted = |day: &str| number(day).parse::<i32>().is_ok_and(|number| number != 0);
        matches!(self.freq, "MONTHLY" | "YEARLY") && !self.has_weeks && weekdays().all(is_counted)
    }

    /// How many days a period has, times how many times a day.
    fn period(&self) -> u32 {
        let days: u32 = match self.freq {
            "YEARLY" => 366,
            "MONTHLY" => 31,
            "WEEKLY" => 7,
            _ => 1,
        };
        days.saturating_mul(self.hours.max(1)).saturating_mul(self.minutes.max(1))
    }
}

/// A day means the whole of it.
fn until(value: &str, zone: &TimeZone) -> Option<DateTime> {
    let moment = value::moment(value, None)?;
    Some(if moment.is_day { moment.at.date().at(23, 59, 59, 0) } else { moment.in_zone(zone, zone) })
}

#[cfg(test)]
mod tests;
