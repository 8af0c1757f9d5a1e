//! Minute by minute, day by day and without bits: reads like the rules, shares nothing with the engine but its input,
//! and is used for nothing else.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use schedule::{Busy, Channel, Closure, Counter, LocationId, OpeningRule, Request, Town};

const CELL: SignedDuration = SignedDuration::from_mins(5);

/// A day of a town, with what is taken on it.
pub struct Day<'a> {
    pub town: &'a Town,
    pub date: Date,
    pub busy: &'a [(LocationId, Busy)],
}

impl Day<'_> {
    /// Starts, each with its office, at which a counter that serves the concerns is free.
    pub fn free_starts(&self, request: &Request) -> Vec<(Timestamp, LocationId)> {
        let mut starts = Vec::new();
        for start in self.moments() {
            for office in &self.town.offices.locations {
                let mut counters = self.town.offices.counters.iter().filter(|it| it.location == office.id);
                if counters.any(|counter| self.is_free(request, counter, start)) {
                    starts.push((start, office.id));
                }
            }
        }
        starts
    }

    /// Whether an appointment can start at this counter.
    pub fn is_free(&self, request: &Request, counter: &Counter, start: Timestamp) -> bool {
        let today = request.now.to_zoned(self.zone()).date();
        let last = (0..request.horizon_days).fold(today, |day, _| day.tomorrow().expect("within the calendar"));
        let is_wanted = request.location.is_none_or(|it| it == counter.location)
            && request.concerns.iter().all(|it| counter.concerns.contains(it))
            && (today..=last).contains(&self.date);
        if !is_wanted || schedule::holidays(self.date.year(), &self.town.state).contains_key(&self.date) {
            return false;
        }
        let here = |it: &&OpeningRule| {
            it.location == counter.location && (it.counters.is_empty() || it.counters.contains(&counter.id))
        };
        let rules: Vec<&OpeningRule> =
            self.town.rules.iter().filter(here).filter(|it| self.holds(it) && self.is_released(it, request)).collect();
        let end = start + CELL * i32::from(request.duration_minutes.div_ceil(5).max(1));
        let mut cell = start;
        while cell < end {
            let is_open = rules.iter().any(|it| self.is_within(it, cell));
            if !is_open || self.town.closures.iter().any(|it| self.is_closed(it, counter, cell)) {
                return false;
            }
            cell += CELL;
        }
        let is_taken = |it: &Busy| {
            it.counter == counter.id
                && it.lapses.is_none_or(|until| until > request.now)
                && it.from < end
                && start < it.until
        };
        rules.iter().any(|it| self.may_start(it, request, start)) && !self.busy.iter().any(|(_, it)| is_taken(it))
    }

    /// Every five minutes of the day.
    pub fn moments(&self) -> Vec<Timestamp> {
        let mut moment = self.date.to_zoned(self.zone()).expect("within the calendar").timestamp();
        let mut moments = Vec::new();
        while moment.to_zoned(self.zone()).date() == self.date {
            moments.push(moment);
            moment += CELL;
        }
        moments
    }

    fn holds(&self, rule: &OpeningRule) -> bool {
        let date = self.date;
        if rule.valid_from.is_some_and(|it| date < it) || rule.valid_until.is_some_and(|it| date > it) {
            return false;
        }
        if rule.dates.contains(&date) {
            return true;
        }
        let alike = |day: &Date| day.weekday() == date.weekday() && day.month() == date.month();
        let up_to: Vec<Date> = (0..31).map(|back| before(date, back)).filter(alike).collect();
        let is_last = !alike(&date.checked_add(jiff::ToSpan::days(7)).expect("within the calendar"));
        let is_nth = |nth: i8| usize::try_from(nth).is_ok_and(|nth| up_to.len() == nth) || (nth == -1 && is_last);
        rule.weekdays.contains(&date.weekday().to_monday_one_offset())
            && (rule.nth_of_month.is_empty() || rule.nth_of_month.iter().any(|it| is_nth(*it)))
            && rule.valid_from.is_none_or(|first| weeks_between(first, date) % i32::from(rule.every_weeks) == 0)
    }

    fn is_released(&self, rule: &OpeningRule, request: &Request) -> bool {
        let released = rule.released_days_before.map(|days| {
            let day = before(self.date, usize::from(days));
            moment(&self.zone(), day, rule.released_at.unwrap_or(Time::midnight()))
        });
        let hours = |hours: u32| SignedDuration::from_hours(i64::from(hours));
        let to_channel = match (request.channel, rule.channel) {
            (Channel::Staff, _) | (Channel::Online, Channel::Online) => true,
            (Channel::Online, Channel::Staff) => {
                rule.falls_online_hours_before.is_some_and(|it| self.moment(rule.opens) - hours(it) <= request.now)
            }
        };
        to_channel && released.is_none_or(|it| it <= request.now)
    }

    fn may_start(&self, rule: &OpeningRule, request: &Request, start: Timestamp) -> bool {
        let since = start.as_second() - self.moment(rule.opens).as_second();
        let is_on_step = self.is_within(rule, start) && since % (i64::from(rule.step_minutes) * 60) == 0;
        let minutes = |minutes: u32| SignedDuration::from_mins(i64::from(minutes));
        let is_in_time = match request.channel {
            Channel::Staff => start >= request.now,
            Channel::Online => {
                start >= request.now + minutes(request.lead_minutes)
                    && start >= request.now + minutes(rule.closes_minutes_before)
            }
        };
        let is_kept = match (request.channel, rule.channel, rule.falls_online_hours_before) {
            (Channel::Online, Channel::Staff, Some(hours)) => start > request.now + minutes(hours * 60),
            _ => false,
        };
        is_on_step && is_in_time && !is_kept
    }

    fn is_within(&self, rule: &OpeningRule, cell: Timestamp) -> bool {
        self.moment(rule.opens) <= cell && cell + CELL <= self.moment(rule.closes)
    }

    fn is_closed(&self, closure: &Closure, counter: &Counter, cell: Timestamp) -> bool {
        closure.location.is_none_or(|it| it == counter.location)
            && closure.counter.is_none_or(|it| it == counter.id)
            && closure.first <= self.date
            && self.date <= closure.last
            && closure.hours.is_none_or(|(from, until)| cell + CELL > self.moment(from) && cell < self.moment(until))
    }

    fn moment(&self, time: Time) -> Timestamp {
        moment(&self.zone(), self.date, time)
    }

    fn zone(&self) -> TimeZone {
        self.town.zone.clone()
    }
}

fn moment(zone: &TimeZone, date: Date, time: Time) -> Timestamp {
    date.to_datetime(time).to_zoned(zone.clone()).expect("within the calendar").timestamp()
}

fn before(date: Date, days: usize) -> Date {
    (0..days).fold(date, |day, _| day.yesterday().expect("within the calendar"))
}

/// From Monday to Monday, counted day by day.
fn weeks_between(first: Date, date: Date) -> i32 {
    let (mut day, mut mondays) = (first, 0);
    while day < date {
        day = day.tomorrow().expect("within the calendar");
        mondays += i32::from(day.weekday() == jiff::civil::Weekday::Monday);
    }
    mondays
}
