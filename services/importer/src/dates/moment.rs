//! A day with a time in one text: `3.12.2026 8:30`, `2026-12-03T08:30:00Z`, `Do, 3. Dez. 2026, 8.30–8.45 Uhr`.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::day::day_and_rest;
use super::{Clock, DateError, Day, Hours, TimeError, hours};
use crate::DateOrder;

/// A day, with a time if one was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The day.
    pub day: Day,
    /// The time or range behind it; none: only a day stood there.
    pub hours: Option<Result<Hours, TimeError>>,
}

/// The moment that a text names, by the clock in `zone`.
///
/// # Errors
/// [`DateError`] if no day can be read; what is wrong with the time is in [`Moment::hours`].
pub fn moment(text: &str, order: Option<DateOrder>, zone: &TimeZone) -> Result<Moment, DateError> {
    let text = text.trim();
    if let Some(moment) = with_offset(text, zone) {
        return Ok(moment);
    }
    let (day, rest) = day_and_rest(text, order)?;
    let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || ".,;|T@-–".contains(c)).trim();
    let hours = (!rest.is_empty()).then(|| hours(rest));
    Ok(Moment { day, hours })
}

/// ISO 8601 with an offset names a point in time; what the town's clock shows then is meant.
fn with_offset(text: &str, zone: &TimeZone) -> Option<Moment> {
    if !text.starts_with(|c: char| c.is_ascii_digit()) || text.len() < 16 {
        return None;
    }
    let local = text.parse::<Timestamp>().ok()?.to_zoned(zone.clone()).datetime();
    let hours = Hours { start: Clock::from(local.time()), end: None };
    Some(Moment { day: Day { date: local.date(), weekday: None }, hours: Some(Ok(hours)) })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn read(text: &str) -> Option<(jiff::civil::Date, u16)> {
        let zone = TimeZone::get("Europe/Berlin").expect("the zone of Berlin");
        let moment = moment(text, None, &zone).ok()?;
        Some((moment.day.date, moment.hours?.ok()?.start.minutes()))
    }

    #[test]
    fn every_spelling_of_a_moment_is_read() {
        for text in [
            "3.12.2026 8:30",
            "03.12.2026, 8.30 Uhr",
            "03.12.26 - 8:30",
            "Do, 3. Dez. 2026, 8.30–8.45 Uhr",
            "3.12.2026 um 8:30 Uhr",
            "2026-12-03 08:30:00",
            "2026-12-03T08:30",
            "2026-12-03T07:30:00Z",
            "2026-12-03T08:30:00+01:00",
            "20261203T083000",
            "20261203T073000Z",
            "Dec 3, 2026 8:30 AM",
            "2026-12-03T08:30:00.000",
        ] {
            assert_eq!(read(text), Some((date(2026, 12, 3), 510)), "{text}");
        }
    }

    #[test]
    fn a_day_alone_and_a_bad_time_are_told_apart() {
        let zone = TimeZone::UTC;
        assert_eq!(moment("3.12.2026", None, &zone).map(|moment| moment.hours), Ok(None));
        let bad = moment("3.12.2026 25:00", None, &zone).map(|moment| moment.hours);
        assert_eq!(bad, Ok(Some(Err(TimeError::NoSuchTime))));
        assert_eq!(moment("3.12. 8:30", None, &zone), Err(DateError::NoYear));
    }
}
