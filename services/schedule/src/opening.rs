//! When counters are offered.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::{Channel, CounterId, LocationId};

/// A rule for the hours of an office or of some of its counters, in local wall-clock time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpeningRule {
    /// The office.
    pub location: LocationId,
    /// Its counters; empty: all of them.
    pub counters: Vec<CounterId>,
    /// 1 = Monday … 7 = Sunday.
    pub weekdays: Vec<i8>,
    /// Only the nth such weekday of the month, -1 = the last; empty: every one.
    pub nth_of_month: Vec<i8>,
    /// Only every so many weeks, counted from the week of `valid_from`.
    pub every_weeks: i16,
    /// Single days, whatever weekday they are. They too must be within `valid_from` and `valid_until`.
    pub dates: Vec<Date>,
    /// From then on.
    pub opens: Time,
    /// Until then.
    pub closes: Time,
    /// First day on which the rule holds.
    pub valid_from: Option<Date>,
    /// Last day on which the rule holds.
    pub valid_until: Option<Date>,
    /// Appointments start every so many minutes from `opens` on.
    pub step_minutes: u16,
    /// Who may book.
    pub channel: Channel,
    /// Times of a day can be booked from so many days before; none: at once.
    pub released_days_before: Option<u16>,
    /// From this time of that day; none: from its beginning.
    pub released_at: Option<Time>,
    /// Online, nothing starts earlier than this after now, in minutes.
    pub closes_minutes_before: u32,
    /// A staff rule joins the online offer so many hours before it opens, each start so many hours before itself.
    pub falls_online_hours_before: Option<u32>,
}

impl OpeningRule {
    /// Whether the rule opens on `day`.
    pub fn holds_on(&self, day: Date) -> bool {
        let is_valid = self.valid_from.is_none_or(|it| it <= day) && self.valid_until.is_none_or(|it| day <= it);
        is_valid && (self.dates.contains(&day) || self.recurs_on(day))
    }

    fn recurs_on(&self, day: Date) -> bool {
        self.weekdays.contains(&day.weekday().to_monday_one_offset())
            && (self.nth_of_month.is_empty() || self.nth_of_month.iter().any(|nth| is_nth(day, *nth)))
            && self.is_in_turn(day)
    }

    fn is_in_turn(&self, day: Date) -> bool {
        let Some(first) = self.valid_from.filter(|_| self.every_weeks > 1) else { return true };
        let days = (monday(day) - monday(first)).get_days();
        (days / 7) % i32::from(self.every_weeks) == 0
    }

    /// When times of `day` can first be booked; none: they always could.
    pub fn released(&self, day: Date, zone: &TimeZone) -> Option<Timestamp> {
        let days = i64::from(self.released_days_before?);
        let release = day.saturating_sub(days.days()).to_datetime(self.released_at.unwrap_or(Time::MIN));
        release.to_zoned(zone.clone()).ok().map(|it| it.timestamp())
    }
}

/// Whether `day` is the nth of its weekday in its month; -1 means the last.
fn is_nth(day: Date, nth: i8) -> bool {
    match nth {
        1.. => (day.day() - 1) / 7 + 1 == nth,
        -1 => day.day() + 7 > day.days_in_month(),
        _ => false,
    }
}

fn monday(day: Date) -> Date {
    day.saturating_sub(i64::from(day.weekday().to_monday_zero_offset()).days())
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;

    pub(super) fn rule(weekdays: &[i8]) -> OpeningRule {
        OpeningRule {
            location: 1,
            counters: vec![],
            weekdays: weekdays.to_vec(),
            nth_of_month: vec![],
            every_weeks: 1,
            dates: vec![],
            opens: time(8, 0, 0, 0),
            closes: time(12, 0, 0, 0),
            valid_from: None,
            valid_until: None,
            step_minutes: 10,
            channel: Channel::Online,
            released_days_before: None,
            released_at: None,
            closes_minutes_before: 0,
            falls_online_hours_before: None,
        }
    }

    #[test]
    fn the_first_saturday_and_its_exception() {
        let first = OpeningRule { nth_of_month: vec![1], ..rule(&[6]) };
        assert!(first.holds_on(date(2026, 12, 5)) && !first.holds_on(date(2026, 12, 12)));
        let moved = OpeningRule { dates: vec![date(2026, 10, 10)], ..rule(&[]) };
        assert!(moved.holds_on(date(2026, 10, 10)) && !moved.holds_on(date(2026, 10, 17)));
    }

    #[test]
    fn the_last_friday_of_a_month() {
        let last = OpeningRule { nth_of_month: vec![-1], ..rule(&[5]) };
        assert!(last.holds_on(date(2026, 11, 27)) && !last.holds_on(date(2026, 11, 20)));
        assert!(last.holds_on(date(2027, 1, 29)) && !last.holds_on(date(2027, 1, 22)));
    }

    #[test]
    fn every_second_week_from_the_first_one_on() {
        let rule = OpeningRule { every_weeks: 2, valid_from: Some(date(2026, 12, 2)), ..rule(&[1, 3]) };
        assert!(rule.holds_on(date(2026, 12, 2)));
        assert!(!rule.holds_on(date(2026, 12, 7)) && !rule.holds_on(date(2026, 12, 9)));
        assert!(rule.holds_on(date(2026, 12, 14)) && rule.holds_on(date(2027, 1, 13)));
        assert!(!rule.holds_on(date(2026, 11, 30)), "before it is valid");
    }

    #[test]
    fn released_on_the_towns_clock() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let rule = OpeningRule { released_days_before: Some(7), released_at: Some(time(7, 0, 0, 0)), ..rule(&[3]) };
        let release = rule.released(date(2027, 3, 31), &berlin).unwrap();
        assert_eq!(release, "2027-03-24T07:00[Europe/Berlin]".parse::<jiff::Zoned>().unwrap().timestamp());
    }
}
