//! A day in a text: `3.12.2026`, `Do, 03.12.26`, `12/3/2026`, `2026-12-03`, `3. Dezember 2026`, `Dec 3rd, 2026`, `20261203`.

use jiff::civil::{Date, Weekday};

use super::tokens::{Token, tokens};
use super::{DateError, serial_moment};
use crate::DateOrder;

/// A day as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// Which day.
    pub date: Date,
    /// The day of the week that was written beside it, which may be the wrong one.
    pub weekday: Option<Weekday>,
}

/// The years an appointment can be in; others are slips such as 0226.
const YEARS: std::ops::RangeInclusive<u32> = 1990..=2100;

/// German and English, by how they begin.
const MONTHS: [&[&str]; 12] = [
    &["jan"],
    &["feb"],
    &["mär", "mar", "maer", "mrz"],
    &["apr"],
    &["mai", "may"],
    &["jun"],
    &["jul"],
    &["aug"],
    &["sep"],
    &["okt", "oct"],
    &["nov"],
    &["dez", "dec"],
];

const WEEKDAYS: [(Weekday, &[&str]); 7] = [
    (Weekday::Monday, &["mo", "mon", "montag", "monday"]),
    (Weekday::Tuesday, &["di", "dienstag", "tue", "tues", "tuesday"]),
    (Weekday::Wednesday, &["mi", "mit", "mittwoch", "wed", "wednesday"]),
    (Weekday::Thursday, &["do", "don", "donnerstag", "thu", "thur", "thurs", "thursday"]),
    (Weekday::Friday, &["fr", "fre", "freitag", "fri", "friday"]),
    (Weekday::Saturday, &["sa", "sam", "samstag", "sonnabend", "sat", "saturday"]),
    (Weekday::Sunday, &["so", "son", "sonntag", "sun", "sunday"]),
];

/// Words around a day that say nothing.
const AROUND: &[&str] = &["den", "der", "am", "dem", "the", "of", "on", "st", "nd", "rd", "th", "ter", "tag", "datum"];

/// The day that a whole text names, in this order where the text itself does not tell.
///
/// # Errors
/// [`DateError`].
pub fn day(text: &str, order: Option<DateOrder>) -> Result<Day, DateError> {
    let (day, rest) = day_and_rest(text, order)?;
    if rest.chars().any(char::is_alphanumeric) { Err(DateError::Unreadable) } else { Ok(day) }
}

/// The day at the beginning of a text, and what stands after it.
pub(super) fn day_and_rest(text: &str, order: Option<DateOrder>) -> Result<(Day, &str), DateError> {
    let mut weekday = None;
    let mut parts: Vec<Token<'_>> = Vec::with_capacity(3);
    for token in tokens(text) {
        let word = token.text.to_lowercase();
        if parts.is_empty() && weekday.is_none() {
            weekday = weekday_of(&word);
            if weekday.is_some() {
                continue;
            }
        }
        if AROUND.contains(&word.as_str()) {
            continue;
        }
        let is_part = token.number().is_some() || month_of(&word).is_some();
        // `3.12. 8:30`: the third number belongs to the time.
        let is_time = parts.len() == 2 && text[token.end()..].starts_with(':');
        if !is_part || is_time {
            break;
        }
        parts.push(token);
        if parts.len() == 3 || is_alone(&token, parts.len()) {
            break;
        }
    }
    let date = match parts[..] {
        [one] => alone(one)?,
        [one, two] => return Err(without_year(one, two)),
        [one, two, three] => of_three(text, one, two, three, order)?,
        _ => return Err(DateError::Unreadable),
    };
    let end = parts.last().map_or(0, Token::end);
    Ok((Day { date, weekday }, &text[end..]))
}

/// Whether this first number is a whole day by itself: `20261203` or Excel's `46359`.
fn is_alone(token: &Token<'_>, place: usize) -> bool {
    place == 1 && matches!(token.text.len(), 5 | 8) && token.number().is_some()
}

fn alone(token: Token<'_>) -> Result<Date, DateError> {
    let number = token.number().ok_or(DateError::Unreadable)?;
    match token.text.len() {
        8 => date(number / 10_000, number / 100 % 100, number % 100),
        5 => serial_moment(number.into()).map(|moment| moment.date()).ok_or(DateError::Unreadable),
        _ => Err(DateError::Unreadable),
    }
}

/// What two parts lack; both must at least be a day and a month.
fn without_year(one: Token<'_>, two: Token<'_>) -> DateError {
    let small = |token: Token<'_>| token.number().is_some_and(|number| (1..=31).contains(&number));
    let month = |token: Token<'_>| month_of(&token.text.to_lowercase()).is_some();
    let is_day = (small(one) && (small(two) || month(two))) || (month(one) && small(two));
    if is_day { DateError::NoYear } else { DateError::Unreadable }
}

fn of_three(
    text: &str,
    one: Token<'_>,
    two: Token<'_>,
    three: Token<'_>,
    order: Option<DateOrder>,
) -> Result<Date, DateError> {
    let month = |token: Token<'_>| month_of(&token.text.to_lowercase());
    match (one.number(), two.number(), three.number()) {
        (Some(first), Some(second), Some(third)) if is_long_year(&one) => date(first, second, third),
        (Some(day), None, Some(_)) => date(year(three)?, month(two).ok_or(DateError::Unreadable)?, day),
        (None, Some(day), Some(_)) => date(year(three)?, month(one).ok_or(DateError::Unreadable)?, day),
        (Some(first), Some(second), Some(third)) => {
            let between = text[one.end()..two.start].trim();
            match order_here(between, first, second, order)? {
                DateOrder::DayMonthYear => date(year(three)?, second, first),
                DateOrder::MonthDayYear => date(year(three)?, first, second),
                DateOrder::YearMonthDay => date(year(one)?, second, third),
            }
        }
        _ => Err(DateError::Unreadable),
    }
}

/// The order of three numbers. Dots are German and mean day, month, year, whatever the file's order is.
fn order_here(between: &str, first: u32, second: u32, order: Option<DateOrder>) -> Result<DateOrder, DateError> {
    if between == "." {
        return Ok(DateOrder::DayMonthYear);
    }
    order.map_or_else(|| order_of_numbers(first, second).ok_or(DateError::Unclear), Ok)
}

/// The order that two numbers before a year can only have.
pub(super) fn order_of_numbers(first: u32, second: u32) -> Option<DateOrder> {
    match (first, second) {
        (13.., 1..=12) => Some(DateOrder::DayMonthYear),
        (1..=12, 13..) => Some(DateOrder::MonthDayYear),
        // The same either way.
        (day, month) if day == month => Some(DateOrder::DayMonthYear),
        _ => None,
    }
}

pub(super) fn is_long_year(token: &Token<'_>) -> bool {
    token.text.len() == 4 && token.number().is_some()
}

/// A year of four digits, or of two in this century.
fn year(token: Token<'_>) -> Result<u32, DateError> {
    match (token.text.len(), token.number()) {
        (4, Some(year)) => Ok(year),
        (2, Some(year)) => Ok(2000 + year),
        _ => Err(DateError::Unreadable),
    }
}

fn date(year: u32, month: u32, day: u32) -> Result<Date, DateError> {
    let small = |number: u32| i8::try_from(number).map_err(|_| DateError::NoSuchDay);
    let date = Date::new(i16::try_from(year).map_err(|_| DateError::StrangeYear)?, small(month)?, small(day)?);
    let date = date.map_err(|_| DateError::NoSuchDay)?;
    if YEARS.contains(&year) { Ok(date) } else { Err(DateError::StrangeYear) }
}

/// The month that a word in small letters begins: `dez`, `dezember`, `december`.
fn month_of(word: &str) -> Option<u32> {
    let number = MONTHS.iter().position(|starts| starts.iter().any(|start| word.starts_with(start)))?;
    u32::try_from(number + 1).ok()
}

fn weekday_of(word: &str) -> Option<Weekday> {
    WEEKDAYS.iter().find(|(_, names)| names.contains(&word)).map(|(weekday, _)| *weekday)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn every_spelling_of_a_day_is_read() {
        let spellings = [
            "3.12.2026",
            "03.12.2026",
            "03.12.26",
            "3. 12. 2026",
            "Do, 3.12.2026",
            "Donnerstag, den 3. Dezember 2026",
            "3. Dez. 26",
            "3 Dec 2026",
            "Dec 3, 2026",
            "December 3rd, 2026",
            "Thursday, December 3, 2026",
            "2026-12-03",
            "2026/12/03",
            "20261203",
            "46359",
            " 3.12.2026 ",
        ];
        for spelling in spellings {
            let read = day(spelling, None).map(|day| day.date);
            assert_eq!(read, Ok(date(2026, 12, 3)), "{spelling}");
        }
        assert_eq!(day("Thu 12/3/2026", Some(DateOrder::MonthDayYear)).map(|day| day.date), Ok(date(2026, 12, 3)));
        assert_eq!(day("3/12/2026", Some(DateOrder::DayMonthYear)).map(|day| day.date), Ok(date(2026, 12, 3)));
        assert_eq!(day("7. März 2027", None).map(|day| day.date), Ok(date(2027, 3, 7)));
        assert_eq!(day("7 Mrz 27", None).map(|day| day.date), Ok(date(2027, 3, 7)));
    }

    #[test]
    fn what_is_no_day_says_why() {
        let cases = [
            ("30.02.2027", DateError::NoSuchDay),
            ("31.04.2027", DateError::NoSuchDay),
            ("1.13.2027", DateError::NoSuchDay),
            ("20270230", DateError::NoSuchDay),
            ("29. Februar 2027", DateError::NoSuchDay),
            ("3.12.", DateError::NoYear),
            ("3. Dezember", DateError::NoYear),
            ("03/04/2026", DateError::Unclear),
            ("3.12.0226", DateError::StrangeYear),
            ("3.12.2260", DateError::StrangeYear),
            ("3.12.226", DateError::Unreadable),
            ("", DateError::Unreadable),
            ("morgen", DateError::Unreadable),
            ("3.12.2026 vielleicht", DateError::Unreadable),
            ("99999", DateError::Unreadable),
        ];
        for (text, why) in cases {
            assert_eq!(day(text, None), Err(why), "{text}");
        }
    }

    #[test]
    fn dots_are_german_even_in_an_american_file() {
        let read = day("03.04.2026", Some(DateOrder::MonthDayYear)).map(|day| day.date);
        assert_eq!(read, Ok(date(2026, 4, 3)));
    }

    #[test]
    fn the_weekday_beside_it_is_kept_for_checking() {
        assert_eq!(day("Mo 3.12.2026", None).map(|day| day.weekday), Ok(Some(Weekday::Monday)));
    }
}
