//! Excel counts days since 30 December 1899, with the time as a fraction.

use jiff::ToSpan;
use jiff::civil::{DateTime, date};

use super::Clock;

/// Days that can be appointments: 1990 to 2100. A smaller number is a count, a larger one a telephone number.
const DAYS: std::ops::RangeInclusive<f64> = 32_874.0..=73_415.0;

const MINUTES_A_DAY: f64 = 1440.0;

/// The moment that such a number means, to the minute; none if it is out of reach.
pub fn serial_moment(serial: f64) -> Option<DateTime> {
    if !DAYS.contains(&serial) {
        return None;
    }
    // A fraction such as .354166 is 8:29:59.9, and means half past eight.
    let minutes = whole((serial * MINUTES_A_DAY).round())?;
    date(1899, 12, 30).at(0, 0, 0, 0).checked_add(minutes.minutes()).ok()
}

/// The time that a fraction of a day means, to the minute; none if it is no fraction.
pub fn serial_clock(fraction: f64) -> Option<Clock> {
    if !(0.0..1.0).contains(&fraction) {
        return None;
    }
    Clock::of_minutes(whole((fraction * MINUTES_A_DAY).round())?)
}

#[expect(clippy::cast_possible_truncation, reason = "checked to be in reach before")]
fn whole(number: f64) -> Option<i64> {
    (number.abs() < 1e12).then_some(number as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_excel_are_moments() {
        assert_eq!(serial_moment(46_359.0), Some(date(2026, 12, 3).at(0, 0, 0, 0)));
        assert_eq!(serial_moment(46_359.354_166), Some(date(2026, 12, 3).at(8, 30, 0, 0)));
        assert_eq!(serial_clock(0.354_166_666), Clock::of_minutes(510));
    }

    #[test]
    fn other_numbers_are_none() {
        for number in [0.0, 12.0, -5.0, 170_123_456_789.0, f64::NAN, f64::INFINITY] {
            assert_eq!(serial_moment(number), None, "{number}");
        }
        assert_eq!(serial_clock(1.5), None);
        assert_eq!(serial_clock(f64::NAN), None);
    }
}
