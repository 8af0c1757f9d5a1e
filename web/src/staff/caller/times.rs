//! The next free times for what the caller wants, those kept for staff included.

use booking::Planned;
use jiff::civil::{Date, Time};
use jiff::{Timestamp, ToSpan as _};
use minijinja::{Value, context};
use schedule::{Channel, Closed, LocationId, Request, Start};

use super::form::Typed;
use super::wished_day::{self, WishedDay};
use crate::citizen::{Slot, Span, today};
use crate::extract::Site;

/// As many days are shown at once if none is named.
const MOST_DAYS: usize = 3;
/// As many times of each of them.
const MOST_OF_DAY: usize = 8;

/// The question for one appointment.
pub(super) struct Asked<'a> {
    pub site: &'a Site,
    pub planned: &'a Planned,
    pub location: Option<LocationId>,
    /// The caller's appointments that come before it in the form: it overlaps none of them, and best follows the last.
    pub before: &'a [Span],
}

/// What the page shows of free times.
#[derive(Default)]
pub(super) struct Times {
    /// Days with their times, for the template.
    pub days: Vec<Value>,
    /// The time that is ticked.
    pub ticked: Option<Slot>,
    /// Why there is nothing of what was asked for, in words.
    pub nothing: Option<String>,
}

impl<'a> Asked<'a> {
    /// The question as the index wants it, without a lead time.
    pub fn request(&self, location: Option<LocationId>, channel: Channel) -> Request<'a> {
        let rules = &self.site.town.town.rules;
        Request {
            location,
            concerns: &self.planned.concern_ids,
            duration_minutes: self.planned.minutes,
            channel,
            now: self.site.now,
            lead_minutes: 0,
            horizon_days: rules.staff_horizon(),
            own: None,
        }
    }

    /// The times to show for `typed`, `wanted` ticked if it is among them.
    pub fn times(&self, typed: &Typed, wanted: Option<&Slot>) -> Times {
        if self.site.town.offices.serving(&self.planned.concern_ids).next().is_none() {
            return Times { nothing: Some(self.t(self.not_served(), &[])), ..Times::default() };
        }
        let today = today(self.site);
        let last = today.saturating_add(i64::from(self.site.town.town.rules.staff_horizon()).days());
        let after = self.before.last().map(|it| it.1);
        let from = |day: Date| after.map_or(day, |it| day.max(it.to_zoned(self.site.zone().clone()).date()));
        let show = |days, nothing: &dyn Fn() -> String| self.show(typed, wanted, days, nothing);
        match wished_day::read(&typed.day, today) {
            None => Times { nothing: Some(self.t("bad_day", &[])), ..Times::default() },
            Some(WishedDay::Any) => {
                show(self.starts((from(today), last), after, wanted), &|| self.t("nothing_free", &[]))
            }
            Some(WishedDay::Between(first, last)) => {
                show(self.starts((from(first), last), after, wanted), &|| self.t("nothing_in_week", &[]))
            }
            Some(WishedDay::On(day)) => show(vec![(day, self.possible(day).collect())], &|| self.why(day)),
        }
    }

    /// Free starts of the first days that have some, from `after` on: the first of each day, and the one that is `wanted`,
    /// which must not give way because an earlier one is free now.
    fn starts(
        &self,
        (first, last): (Date, Date),
        after: Option<Timestamp>,
        wanted: Option<&Slot>,
    ) -> Vec<(Date, Vec<Start>)> {
        let request = self.request(self.location, Channel::Staff);
        let days = self.site.town.index.free_days(&request, first, last).into_iter().filter(|it| it.free > 0);
        let is_after = |start: &Start| after.is_none_or(|it| it <= start.start);
        let is_shown = |(place, start): &(usize, Start)| *place < MOST_OF_DAY || is_at(start, wanted);
        let shown =
            |starts: &mut dyn Iterator<Item = Start>| starts.enumerate().filter(is_shown).map(|it| it.1).collect();
        let times = |day: Date| (day, shown(&mut self.possible(day).filter(is_after)));
        let days = days.map(|it| times(it.day)).filter(|(_, starts): &(Date, Vec<Start>)| !starts.is_empty());
        // What follows another appointment is wanted on its day, hardly ever on a later one.
        days.take(if after.is_some() { 1 } else { MOST_DAYS }).collect()
    }

    /// Free starts of a day that leave the caller's other appointments alone.
    fn possible(&self, day: Date) -> impl Iterator<Item = Start> {
        let minutes = i64::from(self.planned.minutes).minutes();
        self.starts_of(day).into_iter().filter(move |it| {
            let end = it.start.checked_add(minutes).unwrap_or(Timestamp::MAX);
            self.before.iter().all(|(from, until)| end <= *from || *until <= it.start)
        })
    }

    /// All free starts of a day.
    fn starts_of(&self, day: Date) -> Vec<Start> {
        self.site.town.index.day_times(&self.request(self.location, Channel::Staff), day)
    }

    fn show(
        &self,
        typed: &Typed,
        wanted: Option<&Slot>,
        days: Vec<(Date, Vec<Start>)>,
        nothing: &dyn Fn() -> String,
    ) -> Times {
        let all = || days.iter().flat_map(|(_, starts)| starts);
        let is_wanted = |it: &&Start| is_at(it, wanted);
        let follows = |it: &&Start| self.before.last().is_none_or(|(_, until)| *until <= it.start);
        let Some(ticked) = all().find(is_wanted).or_else(|| all().find(follows)).or_else(|| all().next()).copied()
        else {
            return Times { nothing: Some(nothing()), ..Times::default() };
        };
        let ticked = Slot::new(&self.site.town.offices, ticked.start, ticked.location);
        let days =
            days.iter().map(|(day, starts)| self.day(*day, starts, ticked.as_ref(), !typed.clock.is_empty())).collect();
        Times { days, ticked, nothing: None }
    }

    fn not_served(&self) -> &'static str {
        match self.planned.items.len() {
            1 => "not_served_at_all",
            _ if self.site.town.town.rules.separate => "not_served_jointly",
            _ => "not_served",
        }
    }

    fn day(&self, day: Date, starts: &[Start], ticked: Option<&Slot>, has_own: bool) -> Value {
        let offices = &self.site.town.offices;
        let online = self.site.town.index.day_times(&self.request(self.location, Channel::Online), day);
        let has_choice = self.location.is_none() && offices.serving(&self.planned.concern_ids).nth(1).is_some();
        let place = |id: LocationId| {
            let found = offices.locations.iter().find(|it| has_choice && it.id == id);
            found.map(|it| it.name.get(&self.site.lang))
        };
        // All at one office: said once, above them.
        let only = starts.first().map(|it| it.location).filter(|id| starts.iter().all(|it| it.location == *id));
        let times: Vec<Value> = starts
            .iter()
            .filter_map(|it| Slot::new(offices, it.start, it.location))
            .map(|slot| {
                context! {
                    value => slot.to_string(),
                    at => slot.start.to_string(),
                    place => if only.is_some() { None } else { place(slot.location) },
                    is_internal => !online.iter().any(|it| it.start == slot.start && it.location == slot.location),
                    ticked => Some(&slot) == ticked && !has_own,
                }
            })
            .collect();
        context! { day => day.to_string(), place => only.and_then(place), times }
    }

    fn why(&self, day: Date) -> String {
        let request = self.request(self.location, Channel::Staff);
        let found = self.site.town.index.free_days(&request, day, day).into_iter().next();
        match found.and_then(|it| it.why) {
            Some(Closed::Holiday(name)) => self.t("holiday", &[("name", name.get(&self.site.lang).into())]),
            Some(Closed::Closure(reason)) => self.t("closure", &[("reason", reason.get(&self.site.lang).into())]),
            Some(Closed::NoOpening) => self.t("no_opening", &[]),
            Some(Closed::Full) => self.t("full", &[]),
            Some(Closed::NotYetReleased(_)) => self.t("not_yet_released", &[]),
            Some(Closed::Past) => self.t("past", &[]),
            None if day < today(self.site) => self.t("past", &[]),
            // Something is free, but only while the caller is elsewhere.
            None if !self.before.is_empty() && !self.starts_of(day).is_empty() => self.t("full_beside", &[]),
            None => self.t("behind_horizon", &[]),
        }
    }

    fn t(&self, key: &str, arguments: &[(&str, std::borrow::Cow<'_, str>)]) -> String {
        self.site.t(&format!("staff.caller.why.{key}"), arguments)
    }

    /// The moment that was typed instead of a free time: a day, today if there is none, and `um`.
    pub fn own_time(&self, typed: &Typed) -> Option<Timestamp> {
        let today = today(self.site);
        let day = match wished_day::read(&typed.day, today)? {
            WishedDay::On(day) => day,
            WishedDay::Any => today,
            WishedDay::Between(..) => return None,
        };
        let moment = day.to_datetime(clock(&typed.clock)?).to_zoned(self.site.zone().clone()).ok()?.timestamp();
        (moment > self.site.now).then_some(moment)
    }
}

fn is_at(start: &Start, slot: Option<&Slot>) -> bool {
    slot.is_some_and(|it| it.start == start.start && it.location == start.location)
}

/// `10:20`, `10.20`, `1020`, `9`.
pub(in crate::staff) fn clock(typed: &str) -> Option<Time> {
    let typed = typed.trim().trim_end_matches("Uhr").trim();
    let (hour, minute) = match typed.split_once([':', '.']) {
        Some(both) => both,
        None if typed.is_ascii() && typed.len() > 2 => typed.split_at(typed.len() - 2),
        None => (typed, "0"),
    };
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_time_is_read_as_people_type_it() {
        for (typed, hour, minute) in
            [("10:20", 10, 20), ("9.05", 9, 5), ("1020", 10, 20), ("905", 9, 5), ("9 Uhr", 9, 0)]
        {
            assert_eq!(clock(typed), Time::new(hour, minute, 0, 0).ok(), "{typed}");
        }
        for typed in ["", "25:00", "10:77", "zehn", "ä10"] {
            assert_eq!(clock(typed), None, "{typed}");
        }
    }
}
