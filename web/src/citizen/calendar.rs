//! A month as a table: one row for each week, columns only for weekdays on which the town ever opens.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use schedule::{Closed, DayFree};
use serde::Serialize;
use tenancy::i18n::I18n;

/// Names of weekdays are written from any date that falls on one: this Monday will do.
const SOME_MONDAY: Date = jiff::civil::date(2024, 1, 1);

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cell {
    pub day: Date,
    pub number: i8,
    /// Free times.
    pub free: u16,
    /// Where its times are shown.
    pub href: Option<String>,
    pub selected: bool,
    /// Why nothing is free: the last part of a text's key.
    pub why: &'static str,
    /// The holiday's name, or the reason of the closure.
    pub reason: Option<String>,
}

/// Why nothing is free on a day, as the last part of a text's key, and the town's own word for it.
pub fn why(day: &DayFree, lang: &str) -> (&'static str, Option<String>) {
    let words = |text: &I18n| Some(text.get(lang).to_owned());
    match &day.why {
        Some(Closed::Holiday(name)) => ("holiday", words(name)),
        Some(Closed::Closure(reason)) => ("closure", words(reason)),
        Some(Closed::NoOpening) => ("no_opening", None),
        Some(Closed::NotYetReleased(_)) => ("not_yet_released", None),
        Some(Closed::Past) => ("past", None),
        Some(Closed::Full) | None => ("full", None),
    }
}

/// A date for each column: Monday to Friday, and the days of the weekend if the town ever opens then.
pub fn columns(days: &[DayFree]) -> Vec<Date> {
    let opens = |weekday: Weekday| {
        days.iter().any(|it| {
            it.day.weekday() == weekday
                && (it.free > 0 || matches!(it.why, Some(Closed::Full | Closed::NotYetReleased(_))))
        })
    };
    (0..7)
        .filter_map(|offset| SOME_MONDAY.checked_add(i64::from(offset).days()).ok())
        .filter(|it| !matches!(it.weekday(), Weekday::Saturday | Weekday::Sunday) || opens(it.weekday()))
        .collect()
}

/// The weeks of the month that begins on `first`; weeks in which nothing is to come are left out.
pub fn weeks(first: Date, today: Date, columns: &[Date], cell: impl Fn(Date) -> Cell) -> Vec<Vec<Option<Cell>>> {
    let monday = first.saturating_sub(i64::from(first.weekday().to_monday_zero_offset()).days());
    (0..6)
        .filter_map(|week| monday.checked_add(i64::from(week).weeks()).ok())
        .map(|monday| {
            let day = |column: &Date| {
                let day = monday.saturating_add(i64::from(column.weekday().to_monday_zero_offset()).days());
                (day.first_of_month() == first).then(|| cell(day))
            };
            columns.iter().map(day).collect::<Vec<_>>()
        })
        .filter(|week| week.iter().flatten().any(|it| it.day > today || it.free > 0))
        .collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn free(day: Date, free: u16, why: Option<Closed>) -> DayFree {
        DayFree { day, free, why }
    }

    fn cell(day: Date) -> Cell {
        Cell { day, number: day.day(), free: 0, href: None, selected: false, why: "full", reason: None }
    }

    fn numbers(first: Date, today: Date, columns: &[Date]) -> Vec<Vec<i8>> {
        let weeks = weeks(first, today, columns, cell);
        weeks.iter().map(|week| week.iter().map(|it| it.as_ref().map_or(0, |it| it.number)).collect()).collect()
    }

    #[test]
    fn a_month_is_cut_into_weeks_of_working_days() {
        let columns = columns(&[]);
        assert_eq!(columns.len(), 5);
        let weeks = numbers(date(2026, 12, 1), date(2026, 11, 21), &columns);
        assert_eq!(
            weeks,
            [[0, 1, 2, 3, 4], [7, 8, 9, 10, 11], [14, 15, 16, 17, 18], [21, 22, 23, 24, 25], [28, 29, 30, 31, 0]]
        );
    }

    #[test]
    fn the_weekend_has_columns_only_where_it_is_worked() {
        let saturday = free(date(2026, 12, 5), 0, Some(Closed::Full));
        let sunday = free(date(2026, 12, 6), 0, Some(Closed::NoOpening));
        let columns = columns(&[saturday, sunday]);
        assert_eq!(columns.last().map(|it| it.weekday()), Some(Weekday::Saturday));
    }

    #[test]
    fn weeks_that_are_over_are_left_out() {
        let weeks = numbers(date(2026, 11, 1), date(2026, 11, 21), &columns(&[]));
        assert_eq!(weeks, [[23, 24, 25, 26, 27], [30, 0, 0, 0, 0]]);
    }
}
