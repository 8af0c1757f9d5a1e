//! The choice of day and time as a page shows it: suggestions, months, days, times, and what to do if nothing is free.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use schedule::{DayFree, Start, SuggestionKind};
use serde::Serialize;

use crate::citizen::calendar::{self, Cell};
use crate::citizen::chosen::address;
use crate::citizen::concerns::today;
use crate::citizen::nothing::Nothing;
use crate::citizen::search::Search;
use crate::citizen::slot::{Slot, Wish};
use crate::citizen::suggestion::{Suggestion, suggestions};

/// Where the afternoon begins.
const NOON: Time = Time::constant(12, 0, 0, 0);

/// Where the links of a calendar lead, and where its forms are sent to.
pub struct Target {
    /// Address of the page itself.
    pub page: String,
    /// Fields that every link of the page carries.
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
    pub suggestions: Vec<Suggestion>,
    places: Vec<PlaceLink>,
    months: Vec<Month>,
    month: Date,
    weekdays: Vec<Date>,
    weeks: Vec<Vec<Option<Cell>>>,
    day: Option<Day>,
    /// The time that is ticked.
    pub chosen: Option<Timestamp>,
    nothing: Option<Nothing>,
}

#[derive(Serialize)]
struct Field {
    name: String,
    value: String,
}

#[derive(Serialize)]
struct PlaceLink {
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

#[derive(Serialize)]
struct Day {
    day: Date,
    count: usize,
    groups: Vec<Group>,
    why: &'static str,
    reason: Option<String>,
}

/// The times of one part of the day at one office.
#[derive(Serialize)]
struct Group {
    part: &'static str,
    place: Option<String>,
    times: Vec<FreeTime>,
}

#[derive(Serialize)]
struct FreeTime {
    value: String,
    at: Timestamp,
    chosen: bool,
}

impl Picker {
    /// What is free in `search`, as far as `wish` asks for it. `close_to`: a time that is gone, and wants replacing.
    pub fn new(search: &Search, wish: &Wish, target: &Target, close_to: Option<Timestamp>) -> Self {
        let site = search.site;
        let days = search.days();
        let with = |more: &[(&str, String)]| target.link(search, more);
        let first_free = days.iter().find(|it| it.free > 0).map(|it| it.day);
        let wished = wish.day.filter(|day| days.iter().any(|it| it.day == *day));
        let month = shown_month(&days, wish, wished.or(first_free)).unwrap_or_else(|| today(site));
        let month = month.first_of_month();
        let day = wished.filter(|it| it.first_of_month() == month).or_else(|| first_free_of(&days, month));
        let columns = calendar::columns(&days);
        let cell = |date: Date| cell(&days, date, day, &site.lang, today(site), || day_link(&with, date));
        let any_free = first_free.is_some();
        let day = day.and_then(|it| Day::new(search, &days, it, wish.slot.as_ref()));
        Self {
            action: target.action.clone(),
            address: target.page.clone(),
            fields: target.all_fields(search).into_iter().map(|(name, value)| Field { name, value }).collect(),
            attempt: target.attempt.clone(),
            minutes: search.planned.minutes,
            suggestions: suggestions(search, close_to),
            places: places(search, target),
            months: months(&days, month, |it| with(&[("monat", format!("{:.7}", it.to_string()))])),
            month,
            weeks: calendar::weeks(month, today(site), &columns, cell),
            weekdays: columns,
            chosen: day.as_ref().and_then(Day::chosen),
            day,
            nothing: (!any_free).then(|| Nothing::new(search, target)),
        }
    }
}
