//! Which zone a calendar means: names of the IANA, of Windows, of Thunderbird, and those that a file describes itself.

use std::collections::HashMap;

use jiff::tz::{Offset, TimeZone};

use super::content::Property;

/// Windows' names for zones that come up in calendars of German towns (CLDR, `windowsZones.xml`).
const WINDOWS: [(&str, &str); 22] = [
    ("W. Europe Standard Time", "Europe/Berlin"),
    ("Mitteleuropäische Zeit", "Europe/Berlin"),
    ("Romance Standard Time", "Europe/Paris"),
    ("Central Europe Standard Time", "Europe/Budapest"),
    ("Central European Standard Time", "Europe/Warsaw"),
    ("GMT Standard Time", "Europe/London"),
    ("Greenwich Standard Time", "Atlantic/Reykjavik"),
    ("FLE Standard Time", "Europe/Kyiv"),
    ("GTB Standard Time", "Europe/Bucharest"),
    ("E. Europe Standard Time", "Europe/Chisinau"),
    ("Turkey Standard Time", "Europe/Istanbul"),
    ("Russian Standard Time", "Europe/Moscow"),
    ("Kaliningrad Standard Time", "Europe/Kaliningrad"),
    ("Israel Standard Time", "Asia/Jerusalem"),
    ("Egypt Standard Time", "Africa/Cairo"),
    ("South Africa Standard Time", "Africa/Johannesburg"),
    ("India Standard Time", "Asia/Kolkata"),
    ("China Standard Time", "Asia/Shanghai"),
    ("Tokyo Standard Time", "Asia/Tokyo"),
    ("Eastern Standard Time", "America/New_York"),
    ("Central Standard Time", "America/Chicago"),
    ("Pacific Standard Time", "America/Los_Angeles"),
];

/// Summer times of Europe by the two offsets from UTC, in hours.
const SUMMER_TIMES: [((i32, i32), &str); 3] =
    [((1, 2), "Europe/Berlin"), ((0, 1), "Europe/London"), ((2, 3), "Europe/Helsinki")];

/// The zones that a file describes.
#[derive(Default)]
pub(super) struct Zones {
    known: HashMap<String, TimeZone>,
    id: String,
    location: Option<String>,
    is_summer: bool,
    winter: Option<Offset>,
    summer: Option<Offset>,
}

impl Zones {
    /// Takes a property that stands within `VTIMEZONE`.
    pub fn describe(&mut self, property: &Property) {
        match (property.name.as_str(), property.value.as_str()) {
            ("TZID", id) => self.id = id.to_owned(),
            ("X-LIC-LOCATION", location) => self.location = Some(location.to_owned()),
            ("BEGIN", part) => self.is_summer = part.eq_ignore_ascii_case("DAYLIGHT"),
            ("TZOFFSETTO", value) if self.is_summer => self.summer = offset(value),
            ("TZOFFSETTO", value) => self.winter = offset(value),
            _ => {}
        }
    }

    /// The description is at its end.
    pub fn described(&mut self) {
        let this = std::mem::take(self);
        self.known = this.known;
        let by_offsets = || match (this.winter?, this.summer) {
            (winter, Some(summer)) if winter != summer => {
                let hours = (winter.seconds() / 3_600, summer.seconds() / 3_600);
                SUMMER_TIMES.iter().find(|(both, _)| *both == hours).and_then(|(_, name)| TimeZone::get(name).ok())
            }
            (winter, _) => Some(winter.to_time_zone()),
        };
        let zone = by_name(&this.id).or_else(|| by_name(this.location.as_deref()?)).or_else(by_offsets);
        if let Some(zone) = zone.filter(|_| self.known.len() < 1_000) {
            self.known.insert(this.id, zone);
        }
    }

    /// The zone of this name.
    pub fn get(&self, id: &str) -> Option<TimeZone> {
        self.known.get(id).cloned().or_else(|| by_name(id))
    }
}

/// `W. Europe Standard Time`, `Europe/Berlin`, `/mozilla.org/20050126_1/Europe/Berlin`,
/// `(UTC+01:00) Amsterdam, Berlin, Bern, Rom, Stockholm, Wien`.
fn by_name(id: &str) -> Option<TimeZone> {
    let id = id.trim();
    if let Some((_, name)) = WINDOWS.iter().find(|(windows, _)| windows.eq_ignore_ascii_case(id)) {
        return TimeZone::get(name).ok();
    }
    if id.contains("Berlin") {
        return TimeZone::get("Europe/Berlin").ok();
    }
    let tail = id.rsplitn(3, '/').collect::<Vec<_>>();
    let last_two = (tail.len() == 3).then(|| format!("{}/{}", tail[1], tail[0]));
    TimeZone::get(id).ok().or_else(|| TimeZone::get(&last_two?).ok())
}

/// `+0100`
fn offset(value: &str) -> Option<Offset> {
    let (sign, digits) = value.trim().split_at_checked(1)?;
    let hours: i32 = digits.get(..2)?.parse().ok()?;
    let minutes: i32 = digits.get(2..4)?.parse().ok()?;
    let seconds = hours * 3_600 + minutes * 60;
    Offset::from_seconds(if sign == "-" { -seconds } else { seconds }).ok()
}
