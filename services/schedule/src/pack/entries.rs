//! `offices.toml`: locations, counters, opening rules, closures.

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};
use tenancy::i18n::I18n;

use crate::Channel;

/// The file `offices.toml`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfficesFile {
    /// Offices.
    #[serde(default)]
    pub location: Vec<LocationEntry>,
    /// Counters.
    #[serde(default)]
    pub counter: Vec<CounterEntry>,
    /// Opening rules.
    #[serde(default)]
    pub opening: Vec<OpeningEntry>,
    /// Closures.
    #[serde(default)]
    pub closure: Vec<ClosureEntry>,
}

/// One `[[location]]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocationEntry {
    /// Stable name, used in addresses.
    pub key: String,
    /// Shown name.
    pub name: I18n,
    /// Street and number.
    pub street: String,
    /// Postal code.
    pub zip: String,
    /// Place.
    pub city: String,
    /// The way inside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub how_to_find: Option<I18n>,
    /// Step-free entrance, parking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<I18n>,
    /// Telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Keys that the town has yet to confirm.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to_confirm: Vec<String>,
}

/// One `[[counter]]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CounterEntry {
    /// Stable name.
    pub key: String,
    /// Key of its office.
    pub location: String,
    /// Shown name.
    pub name: String,
    /// Keys of the concerns it can serve; `*` means all.
    #[serde(default = "all")]
    pub concerns: Vec<String>,
    /// Keys of concerns it cannot serve all the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<String>,
    /// Keys that the town has yet to confirm.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to_confirm: Vec<String>,
}

/// A weekday by its German short name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Day {
    /// Monday.
    #[serde(rename = "mo")]
    Monday = 1,
    /// Tuesday.
    #[serde(rename = "di")]
    Tuesday,
    /// Wednesday.
    #[serde(rename = "mi")]
    Wednesday,
    /// Thursday.
    #[serde(rename = "do")]
    Thursday,
    /// Friday.
    #[serde(rename = "fr")]
    Friday,
    /// Saturday.
    #[serde(rename = "sa")]
    Saturday,
    /// Sunday.
    #[serde(rename = "so")]
    Sunday,
}

/// One `[[opening]]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpeningEntry {
    /// Key of the office.
    pub location: String,
    /// Keys of its counters; `*` means all.
    #[serde(default = "all")]
    pub counters: Vec<String>,
    /// Weekdays.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weekdays: Vec<Day>,
    /// Only the nth of the month, -1 = the last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nth: Vec<i8>,
    /// Only every so many weeks, counted from the week of `valid_from`.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub every_weeks: i16,
    /// Single days.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dates: Vec<Date>,
    /// From then on.
    #[serde(with = "clock")]
    pub from: Time,
    /// Until then.
    #[serde(with = "clock")]
    pub until: Time,
    /// First day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Date>,
    /// Last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
    /// Minutes between starts.
    #[serde(default = "five", skip_serializing_if = "is_five")]
    pub step_minutes: u16,
    /// Who may book.
    #[serde(default = "online", skip_serializing_if = "is_online")]
    pub channel: Channel,
    /// Released so many days before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub released_days_before: Option<u16>,
    /// At this time of that day.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "maybe_clock")]
    pub released_at: Option<Time>,
    /// Online until so many minutes before the start.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub closes_minutes_before: u32,
    /// Staff rules: online from so many hours before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub falls_online_hours_before: Option<u32>,
    /// Keys that the town has yet to confirm.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to_confirm: Vec<String>,
}

/// One `[[closure]]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClosureEntry {
    /// Key of the office; left out: the whole town.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// Key of the counter; left out: the whole office.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counter: Option<String>,
    /// First day.
    pub first: Date,
    /// Last day.
    pub last: Date,
    /// From then on each day; left out: all day.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "maybe_clock")]
    pub from: Option<Time>,
    /// Until then.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "maybe_clock")]
    pub until: Option<Time>,
    /// Shown to citizens.
    pub reason: I18n,
    /// Keys that the town has yet to confirm.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to_confirm: Vec<String>,
}

impl OpeningEntry {
    /// Tells it from its neighbours, for people.
    pub fn label(&self) -> String {
        format!("{} {} {}", self.location, self.counters.join(","), self.from.strftime("%H:%M"))
    }
}

/// `07:30` rather than `07:30:00`.
mod clock {
    use jiff::civil::Time;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(time: &Time, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&time.strftime("%H:%M"))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Time, D::Error> {
        let text = String::deserialize(deserializer)?;
        let message = || format!("“{text}” is no time of day; expected such as 08:00");
        Time::strptime("%H:%M", &text).map_err(|_| serde::de::Error::custom(message()))
    }
}

/// The same for a time that may be left out.
mod maybe_clock {
    use jiff::civil::Time;
    use serde::{Deserializer, Serializer};

    pub fn serialize<S: Serializer>(time: &Option<Time>, serializer: S) -> Result<S::Ok, S::Error> {
        match time {
            Some(time) => super::clock::serialize(time, serializer),
            None => serializer.serialize_none(),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Time>, D::Error> {
        super::clock::deserialize(deserializer).map(Some)
    }
}

fn all() -> Vec<String> {
    vec!["*".to_owned()]
}

fn one() -> i16 {
    1
}

fn five() -> u16 {
    5
}

fn online() -> Channel {
    Channel::Online
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_one(number: &i16) -> bool {
    *number == 1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_five(number: &u16) -> bool {
    *number == 5
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_online(channel: &Channel) -> bool {
    *channel == Channel::Online
}
