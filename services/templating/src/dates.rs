//! Days, times and months in words. The words and their order come from the texts `format.…`.

use std::borrow::Cow;
use std::sync::{Arc, PoisonError, RwLock};

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use minijinja::{Environment, Error, ErrorKind, State};

use crate::Texts;
use crate::text_functions::language;
use crate::texts::missing;

/// A day or a point in time as a template has it: `2026-12-03`, `2026-12-03T10:20:00`, `2026-12`, `10:20`, or an instant
/// (`2026-12-03T09:20:00Z`), which is shown in the zone of the context variable `zone`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment(DateTime);

/// Writes moments in one language. In templates these are filters of the same names:
///
/// `date_long` Donnerstag, 3. Dezember 2026 · `date_day` Donnerstag, 3. Dezember · `date_medium` 3. Dezember 2026 ·
/// `date_short` Do, 3. Dez. · `date_numeric` 03.12.2026 · `month_long` Dezember · `month_short` Dez. ·
/// `month_year` Dezember 2026 · `weekday_long` Donnerstag · `weekday_short` Do · `time` 10:20 Uhr · `clock` 10:20 ·
/// `datetime_long` Donnerstag, 3. Dezember 2026, 10:20 Uhr · `datetime_short` Do, 3. Dez., 10:20 Uhr
pub struct Dates<'a> {
    texts: &'a Texts,
    language: &'a str,
}

const FILTERS: &[&str] = &[
    "date_long",
    "date_day",
    "date_medium",
    "date_short",
    "date_numeric",
    "month_long",
    "month_short",
    "month_year",
    "weekday_long",
    "weekday_short",
    "time",
    "clock",
    "datetime_long",
    "datetime_short",
];

impl<'a> Dates<'a> {
    /// Dates in `language`.
    pub fn new(texts: &'a Texts, language: &'a str) -> Self {
        Self { texts, language }
    }

    /// `moment` in the given form: one of the names above.
    pub fn write(&self, form: &str, moment: Moment) -> String {
        match form {
            "clock" => moment.clock(),
            "time" => self.text("format.time", &[("time", moment.clock().into())]),
            "datetime_long" => self.day_and_time("format.datetime_long", "date_long", moment),
            "datetime_short" => self.day_and_time("format.datetime_short", "date_short", moment),
            "weekday_long" | "weekday_short" => self.name(form, moment.weekday()),
            "month_long" | "month_short" => self.name(form, moment.0.month()),
            _ => self.date(form, moment),
        }
    }

    fn date(&self, form: &str, moment: Moment) -> String {
        let key = format!("format.{form}");
        let found = self.texts.find_with(self.language, &key, |name| self.part(name, moment));
        found.unwrap_or_else(|| missing(&key))
    }

    fn day_and_time(&self, key: &str, day: &str, moment: Moment) -> String {
        let (date, time) = (self.write(day, moment), self.write("time", moment));
        self.text(key, &[("date", date.into()), ("time", time.into())])
    }

    /// What a text such as `%{weekday}, %{day}. %{month}` may be made of.
    fn part(&self, name: &str, moment: Moment) -> Option<Cow<'static, str>> {
        let day = moment.0;
        let text = match name {
            "weekday" => self.name("weekday_long", moment.weekday()),
            "weekday_short" => self.name("weekday_short", moment.weekday()),
            "month" => self.name("month_long", day.month()),
            "month_short" => self.name("month_short", day.month()),
            "day" => day.day().to_string(),
            "day2" => format!("{:02}", day.day()),
            "month2" => format!("{:02}", day.month()),
            "year" => day.year().to_string(),
            _ => return None,
        };
        Some(text.into())
    }

    fn name(&self, list: &str, number: i8) -> String {
        self.text(&format!("format.{list}.{number}"), &[])
    }

    fn text(&self, key: &str, arguments: &[(&str, Cow<'_, str>)]) -> String {
        self.texts.text(self.language, key, arguments)
    }
}

impl Moment {
    /// Reads what a template may hold; an instant needs the `zone`.
    pub fn parse(text: &str, zone: Option<&TimeZone>) -> Option<Self> {
        if text.ends_with('Z') {
            let instant: Timestamp = text.parse().ok()?;
            return Some(Self(instant.to_zoned(zone?.clone()).datetime()));
        }
        if text.len() > 10 {
            return text.parse().ok().map(Self);
        }
        match text.len() {
            7 => format!("{text}-01").parse::<Date>().ok().map(Self::from),
            5 | 8 => text.parse::<Time>().ok().map(|time| Self(Date::MIN.to_datetime(time))),
            _ => text.parse::<Date>().ok().map(Self::from),
        }
    }

    fn clock(self) -> String {
        let digit = |number: i8| char::from(b'0' + number.unsigned_abs());
        let (hour, minute) = (self.0.hour(), self.0.minute());
        [digit(hour / 10), digit(hour % 10), ':', digit(minute / 10), digit(minute % 10)].iter().collect()
    }

    fn weekday(self) -> i8 {
        self.0.weekday().to_monday_one_offset()
    }
}

impl From<Date> for Moment {
    fn from(date: Date) -> Self {
        Self(date.to_datetime(Time::midnight()))
    }
}

impl From<DateTime> for Moment {
    fn from(local: DateTime) -> Self {
        Self(local)
    }
}

pub(crate) fn register(environment: &mut Environment<'static>, texts: &Arc<Texts>) {
    let zones = Arc::new(Zones::default());
    for form in FILTERS {
        let (texts, zones) = (Arc::clone(texts), Arc::clone(&zones));
        environment.add_filter(*form, move |state: &State, value: &str| -> Result<String, Error> {
            let moment = moment(state, &zones, value)?;
            // A page shows a hundred bare times, which are the same in every language.
            if *form == "clock" {
                return Ok(moment.clock());
            }
            let language = language(state)?;
            Ok(Dates::new(&texts, language.as_str().unwrap_or_default()).write(form, moment))
        });
    }
}

fn moment(state: &State, zones: &Zones, value: &str) -> Result<Moment, Error> {
    let zone = if value.ends_with('Z') { Some(zones.of(state)?) } else { None };
    Moment::parse(value, zone.as_ref())
        .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("“{value}” is no date and no time")))
}

/// The zones that were used so far: a page with a hundred times would ask the time zone database a hundred times.
#[derive(Default)]
struct Zones(RwLock<Vec<(String, TimeZone)>>);

impl Zones {
    /// The town's zone, of which a template only needs to know the name.
    fn of(&self, state: &State) -> Result<TimeZone, Error> {
        let missing = || Error::new(ErrorKind::UndefinedError, "the context has no `zone`, so no instant can be shown");
        let name = state.lookup("zone").ok_or_else(missing)?;
        let name = name.as_str().ok_or_else(missing)?;
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, zone)) = known.iter().find(|(known, _)| known == name) {
            return Ok(zone.clone());
        }
        drop(known);
        let zone = TimeZone::get(name).map_err(|_| missing())?;
        self.0.write().unwrap_or_else(PoisonError::into_inner).push((name.to_owned(), zone.clone()));
        Ok(zone)
    }
}

#[cfg(test)]
mod tests {
    use minijinja::context;

    use crate::sample::render;

    #[test]
    fn days_and_times_are_written_as_the_language_wants() {
        let template = "{{ at|date_long }} | {{ at|datetime_short }} | {{ at|clock }}";
        let at = "2026-12-03T10:20:00";
        assert_eq!(
            render(template, &context! { lang => "de", at }).unwrap(),
            "Donnerstag, 3. Dezember 2026 | Do, 3. Dez., 10:20 Uhr | 10:20"
        );
        assert_eq!(
            render(template, &context! { lang => "en", at }).unwrap(),
            "Thursday, 3 December 2026 | Thu, 3 Dec, 10:20 | 10:20"
        );
    }

    #[test]
    fn an_instant_is_shown_on_the_towns_clock() {
        let context = context! { lang => "de", zone => "Europe/Berlin", at => "2026-12-03T09:20:00.5Z" };
        assert_eq!(render("{{ at|datetime_short }}", &context).unwrap(), "Do, 3. Dez., 10:20 Uhr");
        assert!(render("{{ at|clock }}", &context! { lang => "de", at => "2026-12-03T09:20:00Z" }).is_err());
    }

    #[test]
    fn months_and_bare_times_are_moments_too() {
        let context = context! { lang => "de" };
        assert_eq!(render("{{ '2026-12'|month_long }} {{ '08:05'|time }}", &context).unwrap(), "Dezember 08:05 Uhr");
        assert!(render("{{ 'morgen'|date_long }}", &context).is_err());
    }
}
