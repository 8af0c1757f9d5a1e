//! In which order a column of dates is written.

use super::day::{is_long_year, order_of_numbers};
use super::tokens::{Token, tokens};
use crate::DateOrder;

/// The order of these texts, if one of them tells and none contradicts. Dots are always day, month, year; a number over
/// twelve cannot be a month.
pub fn order_of<'t>(texts: impl IntoIterator<Item = &'t str>) -> Option<DateOrder> {
    let mut found = None;
    for text in texts {
        match (found, order_of_one(text)) {
            (_, None) => {}
            (None, order) => found = order,
            (Some(before), Some(order)) if before == order => {}
            _ => return None,
        }
    }
    found
}

fn order_of_one(text: &str) -> Option<DateOrder> {
    let parts: Vec<Token<'_>> = tokens(text).skip_while(|token| token.number().is_none()).take(3).collect();
    let [one, two, three] = parts[..] else { return None };
    let (first, second) = (one.number()?, two.number()?);
    three.number()?;
    if is_long_year(&one) {
        return Some(DateOrder::YearMonthDay);
    }
    if !matches!(three.text.len(), 2 | 4) || first > 31 || second > 31 {
        return None;
    }
    match text[one.end()..two.start].trim() {
        "." => Some(DateOrder::DayMonthYear),
        "/" | "-" if first != second => order_of_numbers(first, second),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_telling_date_is_enough() {
        assert_eq!(order_of(["03/04/2026", "12/25/2026"]), Some(DateOrder::MonthDayYear));
        assert_eq!(order_of(["03/04/2026", "25/12/2026"]), Some(DateOrder::DayMonthYear));
        assert_eq!(order_of(["3.4.26"]), Some(DateOrder::DayMonthYear));
        assert_eq!(order_of(["2026-04-03T08:30"]), Some(DateOrder::YearMonthDay));
    }

    #[test]
    fn nothing_is_guessed() {
        assert_eq!(order_of(["03/04/2026", "4/4/2026", "", "Müller"]), None);
        assert_eq!(order_of(["25/12/2026", "12/25/2026"]), None);
        assert_eq!(order_of(["08:30:00"]), None);
    }
}
