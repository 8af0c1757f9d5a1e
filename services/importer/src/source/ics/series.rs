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

/// What all series of a file together may cost, in occurrences looked at.
pub(super) struct Steps(u32);

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
}

impl Rule {
    /// Reads a rule of a series in this zone; none: it is no rule. Times of day within a rule for whole days mean nothing.
    pub fn parse(text: &str, zone: &TimeZone, is_day: bool) -> Option<Self> {
        let mut rule = Self { text: String::new(), count: None, until: None };
        let upper = text.trim().trim_end_matches(';').to_ascii_uppercase();
        for part in upper.split(';') {
            let (key, value) = part.split_once('=')?;
            let (key, value) = (key.trim(), value.trim());
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
        let text = format!("DTSTART:{}Z\n{}", start.strftime("%Y%m%dT%H%M%S"), self.text);
        let set: RRuleSet = text.parse().map_err(|_| "unknown_series")?;
        let (mut found, mut count) = (Vec::new(), 0);
        for at in &set.limit() {
            steps.0 = steps.0.checked_sub(1).ok_or("endless_series")?;
            let Ok(at) = Timestamp::from_second(at.timestamp()) else { break };
            let at = at.to_zoned(TimeZone::UTC).datetime();
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

/// A day means the whole of it.
fn until(value: &str, zone: &TimeZone) -> Option<DateTime> {
    let moment = value::moment(value, None)?;
    Some(if moment.is_day { moment.at.date().at(23, 59, 59, 0) } else { moment.in_zone(zone, zone) })
}

#[cfg(test)]
mod tests;
