//! Who is missing, as the form says it.

use booking::absence::Missing;
use jiff::civil::{Date, Time};
use minijinja::{Value, context};

use crate::citizen::today;
use crate::extract::{Fields, Site};

/// Longest absence that is looked after in one go, in days: whoever is away longer is a matter of the opening hours.
const MOST_DAYS: i32 = 31;
/// Most characters of a reason.
const MOST_REASON: usize = 200;

/// What was typed.
pub(super) struct Wish {
    /// Key of the office, or number of the counter: `standort:buergerbuero`, `schalter:3`.
    whom: String,
    first: String,
    last: String,
    from: String,
    until: String,
    reason: String,
}

/// What is wrong with a field.
pub(super) struct Wrong {
    pub field: &'static str,
    pub key: &'static str,
}

impl Wish {
    pub fn read(site: &Site, fields: &Fields) -> Self {
        let typed =
            |name: &str| fields.get(name).unwrap_or_default().trim().chars().take(MOST_REASON).collect::<String>();
        let today = today(site).to_string();
        let first = if typed("von").is_empty() { today } else { typed("von") };
        let last = if typed("bis").is_empty() { first.clone() } else { typed("bis") };
        Self { whom: typed("wer"), first, last, from: typed("ab"), until: typed("um"), reason: typed("grund") }
    }

    /// The absence, if every field is right.
    ///
    /// # Errors
    /// One for each field that is not.
    pub fn check(&self, site: &Site) -> Result<Missing, Vec<Wrong>> {
        let mut wrong = Vec::new();
        let place = self.place(site);
        if place.is_none() {
            wrong.push(Wrong { field: "wer", key: "whom_missing" });
        }
        let days = self.days(site, &mut wrong);
        let hours = self.hours(&mut wrong);
        match (place, days) {
            (Some((location, counter)), Some((first, last))) if wrong.is_empty() => {
                Ok(Missing { location, counter, first, last, hours })
            }
            _ => Err(wrong),
        }
    }

    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The fields as they were typed, for the template and for hidden fields.
    pub fn view(&self) -> Value {
        context! {
            wer => self.whom.as_str(), von => self.first.as_str(), bis => self.last.as_str(),
            ab => self.from.as_str(), um => self.until.as_str(), grund => self.reason.as_str(),
        }
    }

    /// The fields as they were typed, for an address.
    pub fn query(&self) -> String {
        let fields = [
            ("wer", &self.whom),
            ("von", &self.first),
            ("bis", &self.last),
            ("ab", &self.from),
            ("um", &self.until),
            ("grund", &self.reason),
        ];
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
    }

    fn place(&self, site: &Site) -> Option<(i32, Option<i32>)> {
        let offices = &site.town.offices;
        match self.whom.split_once(':')? {
            ("standort", key) => Some((offices.location(key)?.id, None)),
            ("schalter", id) => {
                let id: i32 = id.parse().ok()?;
                let counter = offices.counters.iter().find(|it| it.id == id)?;
                Some((counter.location, Some(counter.id)))
            }
            _ => None,
        }
    }

    fn days(&self, site: &Site, wrong: &mut Vec<Wrong>) -> Option<(Date, Date)> {
        let first = self.first.parse::<Date>().ok();
        let last = self.last.parse::<Date>().ok();
        if first.is_none() {
            wrong.push(Wrong { field: "von", key: "no_day" });
        }
        if last.is_none() {
            wrong.push(Wrong { field: "bis", key: "no_day" });
        }
        let (first, last) = (first?, last?);
        if last < first {
            wrong.push(Wrong { field: "bis", key: "ends_before" });
        } else if last < today(site) {
            wrong.push(Wrong { field: "bis", key: "past" });
        } else if (last - first).get_days() >= MOST_DAYS {
            wrong.push(Wrong { field: "bis", key: "too_long" });
        }
        Some((first, last))
    }

    fn hours(&self, wrong: &mut Vec<Wrong>) -> Option<(Time, Time)> {
        if self.from.is_empty() && self.until.is_empty() {
            return None;
        }
        let time = |typed: &str, otherwise: Time| {
            if typed.is_empty() { Some(otherwise) } else { typed.parse::<Time>().ok() }
        };
        let from = time(&self.from, Time::midnight());
        let until = time(&self.until, Time::constant(23, 59, 0, 0));
        if from.is_none() {
            wrong.push(Wrong { field: "ab", key: "no_time" });
        }
        if until.is_none() {
            wrong.push(Wrong { field: "um", key: "no_time" });
        }
        let (from, until) = (from?, until?);
        if until <= from {
            wrong.push(Wrong { field: "um", key: "ends_before" });
        }
        Some((from, until))
    }
}
