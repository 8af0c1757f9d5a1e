//! What stands in a column, by its first values.

use booking::EmailAddress;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::DateOrder;
use crate::dates::{DateError, Moment, hours, minutes, moment};

/// What stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing.
    Empty,
    /// Days.
    Day,
    /// Days with times.
    Moment,
    /// Times.
    Clock,
    /// Ranges of times.
    Range,
    /// Whole numbers that can be lengths.
    Minutes,
    /// Telephone numbers.
    Phone,
    /// Addresses for mails.
    Email,
    /// Something else.
    Text,
}

impl Kind {
    /// The kind that all values have, empty ones aside. Days with midnight only are days: sheets write them so.
    pub(super) fn of<'v>(values: impl Iterator<Item = &'v str> + Clone) -> Self {
        let values = values.map(str::trim).filter(|value| !value.is_empty());
        let mut kinds = values.map(of_one);
        let Some(first) = kinds.next() else { return Self::Empty };
        kinds.fold(first, |all, next| match (all, next) {
            (all, next) if all == next => all,
            (Self::Day, Self::Moment) | (Self::Moment, Self::Day) => Self::Moment,
            (Self::Clock, Self::Range) | (Self::Range, Self::Clock) => Self::Range,
            _ => Self::Text,
        })
    }
}

fn of_one(value: &str) -> Kind {
    if EmailAddress::parse(value).is_ok() {
        return Kind::Email;
    }
    if let Some(kind) = of_moment(value) {
        return kind;
    }
    if minutes(value).is_some() && !value.contains(':') {
        return Kind::Minutes;
    }
    if let Ok(hours) = hours(value) {
        return if hours.end.is_some() { Kind::Range } else { Kind::Clock };
    }
    let digits = value.chars().filter(char::is_ascii_digit).count();
    let is_phone = digits >= 5 && value.chars().all(|c| c.is_ascii_digit() || " +/-().".contains(c));
    if is_phone { Kind::Phone } else { Kind::Text }
}

/// A day or a moment; the order of its numbers does not matter here.
fn of_moment(value: &str) -> Option<Kind> {
    let is_day_like = value.chars().any(|c| c.is_ascii_digit());
    if !is_day_like {
        return None;
    }
    let read = match moment(value, None, &TimeZone::UTC) {
        Err(DateError::Unclear) => moment(value, Some(DateOrder::DayMonthYear), &TimeZone::UTC),
        read => read,
    };
    match read {
        Ok(Moment { hours: None, .. }) => Some(Kind::Day),
        Ok(Moment { hours: Some(Ok(hours)), day }) => {
            let is_midnight = hours.start.on(day.date) == Some(Date::at(day.date, 0, 0, 0, 0)) && hours.end.is_none();
            Some(if is_midnight { Kind::Day } else { Kind::Moment })
        }
        // A day that does not exist is still meant as one.
        Err(DateError::NoSuchDay | DateError::StrangeYear) if value.contains(['.', '/', '-']) => Some(Kind::Day),
        _ => None,
    }
}
