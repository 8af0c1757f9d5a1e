//! A day as people type it on the telephone: `3.12.`, `morgen`, `do`, `nächste woche`, `+14`.

use catalog::fold;
use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};

/// Which days somebody asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::staff) enum WishedDay {
    /// As soon as possible.
    Any,
    /// On this day.
    On(Date),
    /// Between these, both included.
    Between(Date, Date),
}

/// Reads what was typed. `None`: nothing that could be understood.
pub(in crate::staff) fn read(typed: &str, today: Date) -> Option<WishedDay> {
    let word = fold(typed.trim());
    let word = word.trim();
    if word.is_empty() {
        return Some(WishedDay::Any);
    }
    let on = |days: i64| Some(WishedDay::On(today.checked_add(days.days()).ok()?));
    match word {
        "heute" | "today" | "h" => return on(0),
        "morgen" | "tomorrow" | "m" => return on(1),
        "ubermorgen" => return on(2),
        "nachste woche" | "kommende woche" | "next week" | "nw" => {
            let monday = today.checked_add((8 - i64::from(today.weekday().to_monday_one_offset())).days()).ok()?;
            return Some(WishedDay::Between(monday, monday.checked_add(6.days()).ok()?));
        }
        _ => {}
    }
    if let Some(days) = word.strip_prefix('+').and_then(|it| it.trim().parse::<u16>().ok()) {
        return on(i64::from(days));
    }
    if let Some(weekday) = weekday(word) {
        let ahead = (i64::from(weekday.to_monday_zero_offset()) - i64::from(today.weekday().to_monday_zero_offset()))
            .rem_euclid(7);
        // “Thursday” said on a Thursday is the next one.
        return on(if ahead == 0 { 7 } else { ahead });
    }
    word.parse::<Date>().ok().or_else(|| german(word, today)).map(WishedDay::On)
}

fn weekday(word: &str) -> Option<Weekday> {
    const NAMES: [(&str, &str, &str, Weekday); 7] = [
        ("mo", "montag", "monday", Weekday::Monday),
        ("di", "dienstag", "tuesday", Weekday::Tuesday),
        ("mi", "mittwoch", "wednesday", Weekday::Wednesday),
        ("do", "donnerstag", "thursday", Weekday::Thursday),
        ("fr", "freitag", "friday", Weekday::Friday),
        ("sa", "samstag", "saturday", Weekday::Saturday),
        ("so", "sonntag", "sunday", Weekday::Sunday),
    ];
    let word = word.trim_end_matches('.');
    NAMES.iter().find(|(short, german, english, _)| [*short, *german, *english].contains(&word)).map(|it| it.3)
}

/// `3.12.`, `3.12.26`, `03.12.2026`, `3 12`, `3.`; without a year the next such day.
fn german(word: &str, today: Date) -> Option<Date> {
    let parts: Vec<&str> = word.split(['.', ' ', '/']).filter(|it| !it.is_empty()).collect();
    let number = |text: &str| text.parse::<i16>().ok();
    match parts.as_slice() {
        [day, month, year] => {
            let year = number(year)?;
            let year = if year < 100 { 2000 + year } else { year };
            Date::new(year, number(month)?.try_into().ok()?, number(day)?.try_into().ok()?).ok()
        }
        [day, month] => {
            let (day, month) = (number(day)?.try_into().ok()?, number(month)?.try_into().ok()?);
            let in_year = |year: i16| Date::new(year, month, day).ok();
            in_year(today.year()).filter(|it| *it >= today).or_else(|| in_year(today.year() + 1))
        }
        [day] if word.ends_with('.') => {
            let day: i8 = number(day)?.try_into().ok()?;
            let first = today.first_of_month();
            let in_month = |months: i64| {
                let month = first.checked_add(months.months()).ok()?;
                Date::new(month.year(), month.month(), day).ok()
            };
            (0..3).filter_map(in_month).find(|it| *it >= today)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    /// A Tuesday.
    const TODAY: Date = date(2026, 12, 1);

    #[test]
    fn days_are_read_as_people_type_them() {
        for (typed, expected) in [
            ("3.12.", date(2026, 12, 3)),
            ("3.12", date(2026, 12, 3)),
            ("03.12.2026", date(2026, 12, 3)),
            ("3.12.26", date(2026, 12, 3)),
            ("2026-12-03", date(2026, 12, 3)),
            ("4.1.", date(2027, 1, 4)),
            ("30.11.", date(2027, 11, 30)),
            ("5.", date(2026, 12, 5)),
            ("heute", TODAY),
            ("Morgen", date(2026, 12, 2)),
            ("übermorgen", date(2026, 12, 3)),
            ("Do", date(2026, 12, 3)),
            ("Dienstag", date(2026, 12, 8)),
            ("+14", date(2026, 12, 15)),
        ] {
            assert_eq!(read(typed, TODAY), Some(WishedDay::On(expected)), "{typed}");
        }
    }

    #[test]
    fn next_week_is_a_week_and_nothing_is_as_soon_as_possible() {
        let week = WishedDay::Between(date(2026, 12, 7), date(2026, 12, 13));
        for typed in ["nächste Woche", "naechste woche", "nw", "next week"] {
            assert_eq!(read(typed, TODAY), Some(week), "{typed}");
        }
        assert_eq!(read("  ", TODAY), Some(WishedDay::Any));
    }

    #[test]
    fn what_is_no_day_is_not_guessed() {
        for typed in ["32.12.", "31.2.", "bald", "12", "1.2.3.4", "+x", "-3.12."] {
            assert_eq!(read(typed, TODAY), None, "{typed}");
        }
    }
}
