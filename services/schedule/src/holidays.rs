//! Public holidays of the German Länder, computed. Sources: the Länder's holiday laws as of 2026.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday, date};
use tenancy::i18n::I18n;

/// The Länder by their ISO 3166-2 code without `DE-`.
pub const STATES: [&str; 16] =
    ["BB", "BE", "BW", "BY", "HB", "HE", "HH", "MV", "NI", "NW", "RP", "SH", "SL", "SN", "ST", "TH"];

/// When a holiday falls.
enum Falls {
    /// Month and day.
    On(i8, i8),
    /// One single day.
    Once(Date),
    /// Days after Easter Sunday.
    AfterEaster(i32),
    /// The Wednesday before 23 November (Saxony).
    BussUndBettag,
}

/// A holiday: when, what it is called in German and English, and where (empty: everywhere).
type Rule = (Falls, &'static str, &'static str, &'static [&'static str]);

const RULES: &[Rule] = &[
    (Falls::On(1, 1), "Neujahr", "New Year's Day", &[]),
    (Falls::On(1, 6), "Heilige Drei Könige", "Epiphany", &["BW", "BY", "ST"]),
    (Falls::On(3, 8), "Internationaler Frauentag", "International Women's Day", &["BE", "MV"]),
    (Falls::AfterEaster(-2), "Karfreitag", "Good Friday", &[]),
    (Falls::AfterEaster(0), "Ostersonntag", "Easter Sunday", &["BB", "HE"]),
    (Falls::AfterEaster(1), "Ostermontag", "Easter Monday", &[]),
    (Falls::On(5, 1), "Tag der Arbeit", "Labour Day", &[]),
    (Falls::AfterEaster(39), "Christi Himmelfahrt", "Ascension Day", &[]),
    (Falls::AfterEaster(49), "Pfingstsonntag", "Whit Sunday", &["BB", "HE"]),
    (Falls::AfterEaster(50), "Pfingstmontag", "Whit Monday", &[]),
    (Falls::AfterEaster(60), "Fronleichnam", "Corpus Christi", &["BW", "BY", "HE", "NW", "RP", "SL"]),
    (Falls::Once(date(2028, 6, 17)), "75. Jahrestag des Volksaufstandes", "75th anniversary of the uprising", &["BE"]),
    (Falls::On(8, 15), "Mariä Himmelfahrt", "Assumption Day", &["SL"]),
    (Falls::On(9, 20), "Weltkindertag", "Children's Day", &["TH"]),
    (Falls::On(10, 3), "Tag der Deutschen Einheit", "German Unity Day", &[]),
    (Falls::On(10, 31), "Reformationstag", "Reformation Day", &["BB", "HB", "HH", "MV", "NI", "SH", "SN", "ST", "TH"]),
    (Falls::On(11, 1), "Allerheiligen", "All Saints' Day", &["BW", "BY", "NW", "RP", "SL"]),
    (Falls::BussUndBettag, "Buß- und Bettag", "Day of Repentance and Prayer", &["SN"]),
    (Falls::On(12, 25), "1. Weihnachtstag", "Christmas Day", &[]),
    (Falls::On(12, 26), "2. Weihnachtstag", "Boxing Day", &[]),
];

/// The public holidays of a year in a Land (`NW`), by day.
pub fn holidays(year: i16, state: &str) -> BTreeMap<Date, I18n> {
    in_year(year, state).map(|(day, rule)| (day, name(rule))).collect()
}

/// The public holiday on `day`, if it is one in this Land.
pub(crate) fn holiday(day: Date, state: &str) -> Option<I18n> {
    in_year(day.year(), state).find(|(it, _)| *it == day).map(|(_, rule)| name(rule))
}

fn in_year(year: i16, state: &str) -> impl Iterator<Item = (Date, &'static Rule)> {
    let here = RULES.iter().filter(move |(_, _, _, states)| states.is_empty() || states.contains(&state));
    here.filter_map(move |rule| Some((rule.0.in_year(year)?, rule)))
}

impl Falls {
    fn in_year(&self, year: i16) -> Option<Date> {
        match self {
            Self::On(month, day) => Date::new(year, *month, *day).ok(),
            Self::Once(day) => Some(*day).filter(|it| it.year() == year),
            Self::AfterEaster(days) => easter(year).checked_add(days.days()).ok(),
            Self::BussUndBettag => date(year, 11, 23).nth_weekday(-1, Weekday::Wednesday).ok(),
        }
    }
}

fn name((_, german, english, _): &Rule) -> I18n {
    let both = [("de", *german), ("en", *english)].map(|(language, text)| (language.to_owned(), text.to_owned()));
    I18n::new(BTreeMap::from(both)).unwrap_or_else(|_| I18n::german(*german))
}

/// Easter Sunday by Butcher's rule (Nature, 20 April 1876), which holds for every year of the Gregorian calendar.
fn easter(year: i16) -> Date {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let (d, e, f) = (b / 4, b % 4, (b + 8) / 25);
    let g = (b - f + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let sum = h + l - 7 * m + 114;
    date(year, (sum / 31) as i8, (sum % 31 + 1) as i8)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The dates that the towns' calendar gives for North Rhine-Westphalia.
    #[test]
    fn north_rhine_westphalia_in_2027_and_2028() {
        let on_weekdays = |year| -> Vec<String> {
            let days = holidays(year, "NW").into_keys();
            days.filter(|day| day.weekday().to_monday_zero_offset() < 5)
                .map(|day| day.strftime("%-d.%-m.").to_string())
                .collect()
        };
        assert_eq!(on_weekdays(2027), ["1.1.", "26.3.", "29.3.", "6.5.", "17.5.", "27.5.", "1.11."]);
        assert_eq!(
            on_weekdays(2028),
            ["14.4.", "17.4.", "1.5.", "25.5.", "5.6.", "15.6.", "3.10.", "1.11.", "25.12.", "26.12."]
        );
    }

    #[test]
    fn saxony_repents_on_a_wednesday() {
        let day = date(2026, 11, 18);
        assert!(holidays(2026, "SN").contains_key(&day) && !holidays(2026, "NW").contains_key(&day));
    }
}
