//! The free times of one day, in the morning and in the afternoon.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use schedule::{DayFree, LocationId, Start};
use serde::Serialize;

use crate::citizen::calendar;
use crate::citizen::search::Search;
use crate::citizen::slot::{Slot, Wish};

/// Where the afternoon begins.
const NOON: Time = Time::constant(12, 0, 0, 0);

/// A day and its times.
#[derive(Serialize)]
pub struct DayTimes {
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
    /// Named only where several offices are shown together.
    place: Option<String>,
    times: Vec<FreeTime>,
}

#[derive(Serialize)]
struct FreeTime {
    value: String,
    at: Timestamp,
    chosen: bool,
    #[serde(skip)]
    location: LocationId,
}

impl DayTimes {
    /// The times of `day`, the one that `wish` names ticked.
    pub fn new(search: &Search, day: &DayFree, wish: &Wish) -> Self {
        let starts = search.times(day.day);
        let (why, reason) = calendar::why(day, &search.site.lang);
        let mut groups: Vec<Group> = Vec::new();
        for office in &search.site.town.offices.locations {
            for part in ["morning", "afternoon"] {
                let times: Vec<FreeTime> = starts
                    .iter()
                    .filter(|it| it.location == office.id && part_of_day(it) == part)
                    .filter_map(|it| free_time(search, it, wish))
                    .collect();
                if !times.is_empty() {
                    let place = search.is_at_several_places().then(|| office.name.get(&search.site.lang).to_owned());
                    groups.push(Group { part, place, times });
                }
            }
        }
        Self { day: day.day, count: starts.len(), groups, why, reason }
    }

    /// The time that is ticked, and its office.
    pub fn chosen(&self) -> Option<(Timestamp, LocationId)> {
        self.groups.iter().flat_map(|it| &it.times).find(|it| it.chosen).map(|it| (it.at, it.location))
    }
}

fn part_of_day(start: &Start) -> &'static str {
    if start.local.time() < NOON { "morning" } else { "afternoon" }
}

fn free_time(search: &Search, start: &Start, wish: &Wish) -> Option<FreeTime> {
    let slot = Slot::new(&search.site.town.offices, start.start, start.location)?;
    let chosen = wish.slot.as_ref() == Some(&slot);
    Some(FreeTime { value: slot.to_string(), at: start.start, chosen, location: start.location })
}
