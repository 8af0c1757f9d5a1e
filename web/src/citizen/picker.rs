//! The choice of day and time as a page shows it: suggestions, months, days, times, and what to do if nothing is free.

use jiff::Timestamp;
use jiff::civil::Date;
use schedule::{Closed, DayFree, LocationId};
use serde::Serialize;

use crate::citizen::calendar::{self, Cell};
use crate::citizen::chosen::address;
use crate::citizen::concerns::today;
use crate::citizen::day_times::DayTimes;
use crate::citizen::nothing::Nothing;
use crate::citizen::search::Search;
use crate::citizen::slot::Wish;
use crate::citizen::suggestion::{Suggestion, suggestions};

/// Where the links of a calendar lead, and where its forms are sent to.
#[derive(Clone, Debug, Default)]
pub struct Target {
    /// Address of the page itself.
    pub page: String,
    /// Fields that every link and form of the page carries.
    pub fields: Vec<(String, String)>,
    /// Address that the chosen time is sent to.
    pub action: String,
    /// Makes the same form, sent twice, the same booking.
    pub attempt: Option<String>,
    /// Where fewer concerns can be chosen.
    pub fewer: Option<String>,
}

/// Everything `citizen/picker.html` shows.
#[derive(Serialize)]
pub struct Picker {
    action: String,
    address: String,
    fields: Vec<Field>,
    attempt: Option<String>,
    minutes: u16,
    suggestions: Vec<Suggestion>,
    places: Vec<PlaceLink>,
    months: Vec<Month>,
    month: Date,
    weekdays: Vec<Date>,
    weeks: Vec<Vec<Option<Cell>>>,
    day: Option<DayTimes>,
    chosen: Option<Timestamp>,
    /// The time that is ticked, and its office.
    #[serde(skip)]
    pub slot: Option<(Timestamp, LocationId)>,
    /// When the next days can be booked, as far as some are not open yet.
    released_at: Option<Timestamp>,
    nothing: Option<Nothing>,
}

#[derive(Serialize)]
struct Field {
    name: String,
    value: String,
}

#[derive(Serialize)]
struct PlaceLink {
    /// None: at all offices.
    name: Option<String>,
    href: String,
    current: bool,
}

#[derive(Serialize)]
struct Month {
    month: Date,
    free_days: usize,
    href: String,
    current: bool,
}

impl Target {
    /// A link to this page with `more` in its query, and the office that is chosen.
    pub fn link(&self, search: &Search, more: &[(&str, String)]) -> String {
        let mut fields = self.all_fields(search);
        fields.extend(more.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        address(&self.page, &fields)
    }

    fn all_fields(&self, search: &Search) -> Vec<(String, String)> {
        let mut fields = self.fields.clone();
        if let Some(place) = search.location.and_then(|id| search.find_location(id)) {
            fields.push(("standort".to_owned(), place.key.clone()));
        }
        fields
    }
}

impl Picker {
    /// What is free in `search`, as far as `wish` asks for it. `close_to`: a time that is gone and wants replacing.
    pub fn new(search: &Search, wish: &Wish, target: &Target, close_to: Option<Timestamp>) -> Self {
        let today = today(search.site);
        let days = search.days();
        let wished = wish.day.filter(|day| days.iter().any(|it| it.day == *day));
        let month = shown_month(&days, wish, wished).unwrap_or(today).first_of_month();
        let day = wished.filter(|it| it.first_of_month() == month).or_else(|| first_free(&days, month));
        let link = |name: &str, value: String| target.link(search, &[(name, value)]);
        let cell = |date: Date| cell(&days, date, day, &search.site.lang, || link("tag", date.to_string()) + "#zeiten");
        let weekdays = calendar::columns(&days);
        let times =
            day.and_then(|it| days.iter().find(|known| known.day == it)).map(|it| DayTimes::new(search, it, wish));
        let slot = times.as_ref().and_then(DayTimes::chosen);
        Self {
            action: target.action.clone(),
            address: target.page.clone(),
            fields: target.all_fields(search).into_iter().map(|(name, value)| Field { name, value }).collect(),
            attempt: target.attempt.clone(),
            minutes: search.planned.minutes,
            suggestions: suggestions(search, close_to),
            places: places(search, target),
            months: months(&days, month, |it| link("monat", it.strftime("%Y-%m").to_string())),
            month,
            weeks: calendar::weeks(month, today, &weekdays, cell),
            weekdays,
            chosen: slot.map(|(at, _)| at),
            slot,
            day: times,
            released_at: days.iter().filter_map(released_at).min(),
            nothing: days.iter().all(|it| it.free == 0).then(|| Nothing::new(search, target)),
        }
    }
}

fn released_at(day: &DayFree) -> Option<Timestamp> {
    if let Some(Closed::NotYetReleased(at)) = day.why { Some(at) } else { None }
}

/// The month asked for, else that of the day asked for, else the first in which something is free.
fn shown_month(days: &[DayFree], wish: &Wish, wished: Option<Date>) -> Option<Date> {
    let asked = wish.month.filter(|month| days.iter().any(|it| it.day.first_of_month() == *month));
    asked.or(wished).or_else(|| days.iter().find(|it| it.free > 0).map(|it| it.day))
}

fn first_free(days: &[DayFree], month: Date) -> Option<Date> {
    days.iter().find(|it| it.free > 0 && it.day.first_of_month() == month).map(|it| it.day)
}

fn cell(days: &[DayFree], date: Date, selected: Option<Date>, lang: &str, href: impl FnOnce() -> String) -> Cell {
    let known = days.iter().find(|it| it.day == date);
    let free = known.map_or(0, |it| it.free);
    let (why, reason) = match known {
        Some(day) => calendar::why(day, lang),
        None if days.first().is_some_and(|it| date < it.day) => ("past", None),
        None => ("not_yet_released", None),
    };
    Cell {
        day: date,
        number: date.day(),
        free,
        href: (free > 0).then(href),
        selected: selected == Some(date),
        why,
        reason,
    }
}

fn months(days: &[DayFree], shown: Date, href: impl Fn(Date) -> String) -> Vec<Month> {
    let mut months: Vec<Month> = Vec::new();
    for day in days {
        let month = day.day.first_of_month();
        if months.last().is_none_or(|it| it.month != month) {
            months.push(Month { month, free_days: 0, href: href(month), current: month == shown });
        }
        if let Some(last) = months.last_mut() {
            last.free_days += usize::from(day.free > 0);
        }
    }
    months
}

/// A link for each office that serves all the concerns, if there are several, and one for all of them.
fn places(search: &Search, target: &Target) -> Vec<PlaceLink> {
    let able = search.able_locations();
    if able.len() < 2 {
        return Vec::new();
    }
    let link = |key: Option<&str>| {
        let mut fields = target.fields.clone();
        fields.extend(key.map(|it| ("standort".to_owned(), it.to_owned())));
        address(&target.page, &fields)
    };
    let everywhere = PlaceLink { name: None, href: link(None), current: search.location.is_none() };
    let each = able.iter().map(|it| PlaceLink {
        name: Some(it.name.get(&search.site.lang).to_owned()),
        href: link(Some(&it.key)),
        current: search.location == Some(it.id),
    });
    std::iter::once(everywhere).chain(each).collect()
}
