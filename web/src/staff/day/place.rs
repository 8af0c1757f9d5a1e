//! Which office and which day a page is about, as its address says.

use identity::Staff;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use minijinja::{Value, context};
use schedule::{Counter, Location};

use crate::WebError;
use crate::extract::Site;

/// An office on a day.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub location: &'a Location,
    pub day: Date,
}

impl<'a> Place<'a> {
    /// `standort` and `tag` of the address; else the office of the clerk's counter, or the town's first, and today.
    ///
    /// # Errors
    /// [`WebError::NotFound`] for an office that the town does not have, or a day that is none.
    pub fn read(site: &'a Site, staff: &Staff) -> Result<Self, WebError> {
        let offices = &site.town.offices;
        let own = offices.counters.iter().find(|it| Some(it.id) == staff.counter).map(|it| it.location);
        let location = match (site.query.get("standort").filter(|it| !it.is_empty()), own) {
            (Some(key), _) => offices.location(key),
            (None, Some(own)) => offices.locations.iter().find(|it| it.id == own),
            (None, None) => offices.locations.first(),
        };
        let day = match site.query.get("tag").filter(|it| !it.is_empty()) {
            Some(day) => day.parse().map_err(|_| WebError::NotFound)?,
            None => today(site),
        };
        Ok(Self { location: location.ok_or(WebError::NotFound)?, day })
    }

    /// The counters of the office, in the town's order.
    pub fn counters(&self, site: &'a Site) -> impl Iterator<Item = &'a Counter> {
        let id = self.location.id;
        site.town.offices.counters.iter().filter(move |it| it.location == id)
    }

    /// What every page about a day shows and leads to.
    pub fn values(&self, site: &Site) -> Value {
        let offices: Vec<Value> = site.town.offices.locations.iter().map(|it| office(site, it)).collect();
        let later = |days: i64| self.day.saturating_add(days.days()).to_string();
        context! {
            day => self.day.to_string(),
            today => today(site).to_string(),
            yesterday => later(-1),
            tomorrow => later(1),
            location => office(site, self.location),
            offices,
        }
    }
}

fn office(site: &Site, it: &Location) -> Value {
    context! { id => it.id, key => it.key.as_str(), name => it.name.get(&site.lang) }
}

/// Today, where the town lies.
pub(super) fn today(site: &Site) -> Date {
    day_of(site, site.now)
}

/// The day on which `at` lies in the town.
pub(super) fn day_of(site: &Site, at: Timestamp) -> Date {
    at.to_zoned(site.zone().clone()).date()
}

/// Local hours and minutes, such as `09:20`.
pub(super) fn clock(site: &Site, at: Timestamp) -> String {
    at.to_zoned(site.zone().clone()).strftime("%H:%M").to_string()
}
