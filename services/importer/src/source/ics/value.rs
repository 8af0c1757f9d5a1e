//! Dates, times and durations of a calendar.

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

use super::content::Property;
use super::zones::Zones;
use crate::source::BadRow;

/// When something is, as the file says it.
#[derive(Clone, Debug)]
pub(super) struct Moment {
    /// On the clock of its zone; midnight of a day.
    pub at: DateTime,
    /// Its zone; none: the town's, whichever that is.
    pub zone: Option<TimeZone>,
    /// A whole day.
    pub is_day: bool,
}

impl Moment {
    /// On the clock of the town. In the town's own zone the clock's time stays as it is, even one that the switch to
    /// summer time leaves out: that is for those who read the row to tell.
    pub fn in_town(&self, town: &TimeZone) -> DateTime {
        self.in_zone(town, town)
    }

    /// On the clock of a zone.
    pub fn in_zone(&self, zone: &TimeZone, town: &TimeZone) -> DateTime {
        let own = self.zone.as_ref().unwrap_or(town);
        if self.is_day || own == zone {
            return self.at;
        }
        own.to_zoned(self.at).map_or(self.at, |at| at.with_time_zone(zone.clone()).datetime())
    }
}

/// All moments of a property; `EXDATE` and `RDATE` hold several.
pub(super) fn moments(property: &Property, zones: &Zones) -> Result<Vec<Moment>, BadRow> {
    let bad = |key, detail: &str| BadRow::new(property.line, key, detail);
    let zone = match property.parameter("TZID") {
        Some(id) => Some(zones.get(id).ok_or_else(|| bad("unknown_zone", id))?),
        None => None,
    };
    let values = property.value.split(',').map(|value| value.split('/').next().unwrap_or(value).trim());
    values.map(|value| moment(value, zone.clone()).ok_or_else(|| bad("bad_value", value))).collect()
}

/// `20270301`, `20270301T083000`, `20270301T073000Z`.
pub(super) fn moment(value: &str, zone: Option<TimeZone>) -> Option<Moment> {
    let number = |range: std::ops::Range<usize>| value.get(range)?.parse::<i16>().ok();
    let small = |range| number(range).and_then(|number| i8::try_from(number).ok());
    let day = Date::new(number(0..4)?, small(4..6)?, small(6..8)?).ok()?;
    if value.len() == 8 {
        return Some(Moment { at: day.at(0, 0, 0, 0), zone: None, is_day: true });
    }
    if value.get(8..9)? != "T" {
        return None;
    }
    // Second 60 is allowed and means the last there is.
    let time = Time::new(small(9..11)?, small(11..13)?, small(13..15)?.min(59), 0).ok()?;
    // Anything else behind it, such as `+0100`, would move the hour: better told than passed over.
    let zone = match value.get(15..)? {
        "" => zone,
        "Z" | "z" => Some(TimeZone::UTC),
        _ => return None,
    };
    Some(Moment { at: day.to_datetime(time), zone, is_day: false })
}

/// `PT15M`, `P1DT2H`, `P2W`.
pub(super) fn duration(property: &Property) -> Result<SignedDuration, BadRow> {
    let bad = || BadRow::new(property.line, "bad_value", property.value.clone());
    let text = property.value.trim().strip_prefix('P').ok_or_else(bad)?;
    let (mut seconds, mut digits) = (0_i64, String::new());
    for c in text.chars() {
        let unit = match c {
            '0'..='9' if digits.len() < 9 => {
                digits.push(c);
                continue;
            }
            'T' => continue,
            'W' => 7 * 86_400,
            'D' => 86_400,
            'H' => 3_600,
            'M' => 60,
            'S' => 1,
            _ => return Err(bad()),
        };
        let more = unit * digits.parse::<i64>().map_err(|_| bad())?;
        seconds = seconds.checked_add(more).ok_or_else(bad)?;
        digits.clear();
    }
    Ok(SignedDuration::from_secs(seconds))
}
