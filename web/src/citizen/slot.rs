//! A start at an office, as forms send it: `2026-12-03T09:20:00Z@buergerbuero`.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use schedule::{LocationId, Offices};

use crate::WebError;
use crate::extract::Fields;

/// A start at an office. That it is well-formed does not mean that it is free.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// When.
    pub start: Timestamp,
    /// Where.
    pub location: LocationId,
    key: String,
}

impl Slot {
    /// `start` at the office with this number.
    pub fn new(offices: &Offices, start: Timestamp, location: LocationId) -> Option<Self> {
        let key = offices.locations.iter().find(|it| it.id == location)?.key.clone();
        Some(Self { start, location, key })
    }

    /// Reads what a form sent; `None` for everything that no form of ours sends.
    pub fn parse(offices: &Offices, text: &str) -> Option<Self> {
        let (start, key) = text.split_once('@')?;
        let location = offices.locations.iter().find(|it| it.key == key)?;
        Some(Self { start: start.parse().ok()?, location: location.id, key: key.to_owned() })
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.start, self.key)
    }
}

/// The part of the calendar that an address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// First day of the month to show.
    pub month: Option<Date>,
    /// Day whose times to show.
    pub day: Option<Date>,
    /// Only this office.
    pub location: Option<LocationId>,
    /// Time that is ticked already.
    pub slot: Option<Slot>,
}

impl Wish {
    /// Reads `monat=2026-12`, `tag=2026-12-03`, `standort=key` and `zeit=…`.
    ///
    /// # Errors
    /// [`WebError::BadInput`] for what no link of ours contains.
    pub fn read(fields: &Fields, offices: &Offices) -> Result<Self, WebError> {
        let filled = |name: &'static str| fields.get(name).filter(|it| !it.is_empty());
        let day = |text: &str| text.parse::<Date>().map_err(|_| WebError::BadInput("citizen.problem.bad_day"));
        let location = |key: &str| {
            let found = offices.locations.iter().find(|it| it.key == key);
            found.map(|it| it.id).ok_or(WebError::BadInput("citizen.problem.bad_place"))
        };
        Ok(Self {
            month: filled("monat").map(|it| day(&format!("{it}-01"))).transpose()?,
            day: filled("tag").map(day).transpose()?,
            location: filled("standort").map(location).transpose()?,
            slot: filled("zeit").and_then(|it| Slot::parse(offices, it)),
        })
    }
}
