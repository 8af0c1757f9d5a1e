//! The occurrences of a series, on the clock of its own zone.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Weekday};

use super::rule::{Every, Rule};

/// Most weeks, months and so on that are walked through: 100 years of days.
const PERIODS: i32 = 36_600;

/// The occurrences from the first day to the last, beginning no earlier than `start`, in order. Those before the window
/// are counted, as `COUNT` wants.
pub(super) fn occurrences(start: DateTime, rule: &Rule, first: Date, last: Date) -> Vec<DateTime> {
    let mut found = Vec::new();
    let mut count = 0;
    for period in 0..PERIODS {
        let Some(mut days) = days(start.date(), rule, period.saturating_mul(rule.interval)) else { break };
        if !rule.positions.is_empty() {
            days = picked(&days, &rule.positions);
        }
        for day in days {
            let at = day.to_datetime(start.time());
            if at < start {
                continue;
            }
            let is_after = rule.until.is_some_and(|until| at > until) || rule.count.is_some_and(|most| count >= most);
            if is_after || day > last {
                return found;
            }
            count += 1;
            if day >= first {
                found.push(at);
            }
        }
    }
    found
}

/// The days of one period, so and so many of them after the first; none: after the end of the calendar.
fn days(start: Date, rule: &Rule, after: i32) -> Option<Vec<Date>> {
    let in_months = |day: &Date| rule.months.is_empty() || rule.months.contains(&day.month());
    match rule.every {
        Every::Day => {
            let day = start.checked_add(after.days()).ok()?;
            let fits = in_months(&day)
                && (rule.weekdays.is_empty() || is_one_of(day.weekday(), rule))
                && (rule.month_days.is_empty() || is_month_day(day, &rule.month_days));
            Some(if fits { vec![day] } else { Vec::new() })
        }
        Every::Week => {
            let back = i32::from(start.weekday().since(rule.week_start));
            let monday = start.checked_sub(back.days()).ok()?.checked_add(after.saturating_mul(7).days()).ok()?;
            let week = (0..7).filter_map(|day: i32| monday.checked_add(day.days()).ok());
            let is_meant = |day: &Date| {
                if rule.weekdays.is_empty() { day.weekday() == start.weekday() } else { is_one_of(day.weekday(), rule) }
            };
            Some(week.filter(is_meant).filter(in_months).collect())
        }
        Every::Month => {
            let month = start.first_of_month().checked_add(after.months()).ok()?;
            Some(if in_months(&month) { of_month(month, start, rule) } else { Vec::new() })
        }
        Every::Year => {
            let year = start.year().checked_add(i16::try_from(after).ok()?)?;
            let mut months = if rule.months.is_empty() { vec![start.month()] } else { rule.months.clone() };
            months.sort_unstable();
            Date::new(year, 1, 1).ok()?;
            let months = months.into_iter().filter_map(|month| Date::new(year, month, 1).ok());
            Some(months.flat_map(|month| of_month(month, start, rule)).collect())
        }
    }
}

/// The days of a month that a rule means.
fn of_month(month: Date, start: Date, rule: &Rule) -> Vec<Date> {
    let all = month.last_of_month().day();
    let days = (1..=all).filter_map(|day| Date::new(month.year(), month.month(), day).ok());
    let is_meant = |day: &Date| match (rule.month_days.is_empty(), rule.weekdays.is_empty()) {
        (true, true) => day.day() == start.day(),
        (false, true) => is_month_day(*day, &rule.month_days),
        (true, false) => is_nth(*day, &rule.weekdays),
        (false, false) => is_month_day(*day, &rule.month_days) && is_nth(*day, &rule.weekdays),
    };
    days.filter(is_meant).collect()
}

fn is_one_of(weekday: Weekday, rule: &Rule) -> bool {
    rule.weekdays.iter().any(|(_, day)| *day == weekday)
}

fn is_month_day(day: Date, wanted: &[i8]) -> bool {
    let from_end = day.day() - day.days_in_month() - 1;
    wanted.iter().any(|wanted| *wanted == day.day() || *wanted == from_end)
}

/// Whether it is the second Tuesday, the last Friday, or any of a weekday.
fn is_nth(day: Date, wanted: &[(i8, Weekday)]) -> bool {
    let nth = (day.day() - 1) / 7 + 1;
    let from_end = -((day.days_in_month() - day.day()) / 7 + 1);
    wanted
        .iter()
        .any(|(which, weekday)| *weekday == day.weekday() && (*which == 0 || *which == nth || *which == from_end))
}

/// Days by their place among them.
fn picked(days: &[Date], positions: &[i32]) -> Vec<Date> {
    let place = |position: &i32| match position {
        1.. => usize::try_from(position - 1).ok(),
        _ => usize::try_from(i32::try_from(days.len()).unwrap_or(i32::MAX) + position).ok(),
    };
    let mut picked: Vec<Date> = positions.iter().filter_map(place).filter_map(|at| days.get(at).copied()).collect();
    picked.sort_unstable();
    picked.dedup();
    picked
}
