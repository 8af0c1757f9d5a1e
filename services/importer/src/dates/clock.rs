//! Times: `8:30`, `8.30 Uhr`, `08:30:00`, `8 Uhr`, `0830`, `8h30`, `12:15 a.m.`, `24:00`, `8:30–8:45`, `von 8 bis 9 Uhr`.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Time};

use super::{TimeError, serial_clock};

/// A time of day to the minute, 24:00 included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Clock(u16);

/// When something begins and, if it says so, ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    /// Beginning.
    pub start: Clock,
    /// End.
    pub end: Option<Clock>,
}

const LAST_MINUTE: u16 = 24 * 60;

/// Words around a time that say nothing. The longer ones come first.
const AROUND: &[&str] = &["o'clock", "von", "from", "uhr", "gegen", "hrs", "ca.", "ca", "um", "ab", "at", "h"];

/// Which half of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Half {
    Am,
    Pm,
}

impl Clock {
    /// So many minutes after midnight; none after 24:00.
    pub fn of_minutes(minutes: i64) -> Option<Self> {
        u16::try_from(minutes).ok().filter(|minutes| *minutes <= LAST_MINUTE).map(Self)
    }

    /// Minutes after midnight, 0 to 1440.
    pub fn minutes(self) -> u16 {
        self.0
    }

    /// This time on a day; 24:00 is midnight of the next day.
    pub fn on(self, day: Date) -> Option<DateTime> {
        day.at(0, 0, 0, 0).checked_add(i64::from(self.0).minutes()).ok()
    }
}

impl From<Time> for Clock {
    fn from(time: Time) -> Self {
        Self(u16::from(time.hour().unsigned_abs()) * 60 + u16::from(time.minute().unsigned_abs()))
    }
}

/// The time or the range of times that a text names.
///
/// # Errors
/// [`TimeError`].
pub fn hours(text: &str) -> Result<Hours, TimeError> {
    let small = text.trim().to_lowercase().replace(['–', '—', '−', '‐', '‑'], "-").replace("bis", "-");
    let small = small.replace(" to ", "-");
    let sides: Vec<&str> = small.split('-').map(str::trim).collect();
    match sides[..] {
        [start] | [start, ""] => Ok(Hours { start: single(start)?.clock(None)?, end: None }),
        [start, end] => range(single(start)?, single(end)?),
        _ => Err(TimeError::Unreadable),
    }
}

/// `11:30–1:00 p.m.`: the half of the day said last holds for both, unless the range would run backwards.
fn range(start: Written, end: Written) -> Result<Hours, TimeError> {
    let last = end.clock(None)?;
    let mut first = start.clock(end.half)?;
    if first > last && start.half.is_none() {
        first = start.clock(None)?;
    }
    Ok(Hours { start: first, end: Some(last) })
}

/// A time as it stands there.
#[derive(Clone, Copy, Debug)]
struct Written {
    hour: u16,
    minute: u16,
    half: Option<Half>,
}

impl Written {
    fn clock(self, other_half: Option<Half>) -> Result<Clock, TimeError> {
        let hour = match self.half.or(other_half.filter(|_| self.hour <= 12)) {
            Some(_) if !(1..=12).contains(&self.hour) => return Err(TimeError::NoSuchTime),
            Some(Half::Am) => self.hour % 12,
            Some(Half::Pm) => self.hour % 12 + 12,
            None => self.hour,
        };
        if self.minute > 59 {
            return Err(TimeError::NoSuchTime);
        }
        Clock::of_minutes(i64::from(hour) * 60 + i64::from(self.minute)).ok_or(TimeError::NoSuchTime)
    }
}

fn single(text: &str) -> Result<Written, TimeError> {
    let (text, half) = without_half(text);
    let core = without_words(&text);
    if core.is_empty() || !core.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(TimeError::Unreadable);
    }
    if let Some(clock) = fraction(core) {
        return Ok(Written { hour: clock.minutes() / 60, minute: clock.minutes() % 60, half: None });
    }
    let parts: Vec<&str> = core.split([':', '.', ',', 'h']).map(str::trim).collect();
    let number = |part: &str| part.parse::<u16>().map_err(|_| TimeError::Unreadable);
    let is_short = |part: &&str| matches!(part.len(), 1 | 2);
    let (hour, minute) = match parts[..] {
        // `0830` and `830`
        [digits] if matches!(digits.len(), 3 | 4) => (number(digits)? / 100, number(digits)? % 100),
        // `083000`
        [digits] if digits.len() == 6 && digits.is_ascii() => (number(&digits[..2])?, number(&digits[2..4])?),
        [hour] | [hour, ""] if is_short(&hour) => (number(hour)?, 0),
        [hour, minute] if is_short(&hour) && is_short(&minute) => (number(hour)?, number(minute)?),
        // Seconds, and Excel's parts of a second, are read and dropped: places are counted in minutes.
        [hour, minute, second] | [hour, minute, second, _] if is_short(&hour) && is_short(&minute) => {
            if number(second)? > 59 {
                return Err(TimeError::NoSuchTime);
            }
            (number(hour)?, number(minute)?)
        }
        _ => return Err(TimeError::Unreadable),
    };
    Ok(Written { hour, minute, half })
}

/// Takes `AM`, `p.m.`, `P M` from the end.
fn without_half(text: &str) -> (String, Option<Half>) {
    let plain = text.replace(". ", ".");
    for (ending, half) in [
        ("a.m.", Half::Am),
        ("p.m.", Half::Pm),
        ("a.m", Half::Am),
        ("p.m", Half::Pm),
        ("am", Half::Am),
        ("pm", Half::Pm),
    ] {
        if let Some(rest) = plain.strip_suffix(ending) {
            return (rest.trim().to_owned(), Some(half));
        }
    }
    (text.to_owned(), None)
}

fn without_words(text: &str) -> &str {
    let mut core = text.trim();
    loop {
        let trimmed = AROUND.iter().find_map(|word| core.strip_prefix(word).or_else(|| core.strip_suffix(word)));
        match trimmed {
            Some(rest) => core = rest.trim().trim_end_matches(['.', ',']).trim(),
            None => return core,
        }
    }
}

/// `0.354166` or `0,354166`: a time that Excel wrote as the number it is inside.
fn fraction(core: &str) -> Option<super::Clock> {
    let (whole, rest) = core.split_once(['.', ','])?;
    if whole != "0" || rest.len() < 3 || !rest.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    serial_clock(format!("0.{rest}").parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(u16, Option<u16>), TimeError> {
        hours(text).map(|hours| (hours.start.minutes(), hours.end.map(Clock::minutes)))
    }

    #[test]
    fn every_spelling_of_half_past_eight_is_read() {
        for text in [
            "8:30",
            "08:30",
            "8.30",
            "8.30 Uhr",
            "8:30Uhr",
            "08:30:00",
            "08:30:00.000",
            "8:30 h",
            "8h30",
            "0830",
            "830",
            "083000",
            "8:30 AM",
            "8:30 a.m.",
            "8:30 A. M.",
            "um 8:30 Uhr",
            "ca. 8.30 Uhr",
            "8,30 Uhr",
            "0.354166",
            "0,3541667",
        ] {
            assert_eq!(read(text), Ok((510, None)), "{text}");
        }
    }

    #[test]
    fn whole_hours_and_midnight_are_read() {
        let cases = [
            ("8 Uhr", 480),
            ("8", 480),
            ("8h", 480),
            ("12:00 p.m.", 720),
            ("12:15 AM", 15),
            ("1 PM", 780),
            ("0:00", 0),
            ("24:00", 1440),
            ("23:59", 1439),
            ("ab 14 Uhr", 840),
        ];
        for (text, minutes) in cases {
            assert_eq!(read(text), Ok((minutes, None)), "{text}");
        }
    }

    #[test]
    fn ranges_are_read() {
        for text in [
            "8:30–8:45",
            "8.30-8.45 Uhr",
            "8:30 - 8:45",
            "von 8:30 bis 8:45",
            "8:30 Uhr bis 8:45 Uhr",
            "8:30 to 8:45",
            "8:30-8:45 AM",
            "8:30 AM – 8:45 AM",
            "0830-0845",
        ] {
            assert_eq!(read(text), Ok((510, Some(525))), "{text}");
        }
        assert_eq!(read("8–9 Uhr"), Ok((480, Some(540))));
        assert_eq!(read("11:30–1:00 p.m."), Ok((690, Some(780))));
        assert_eq!(read("1–2 pm"), Ok((780, Some(840))));
        assert_eq!(read("ab 8:30 –"), Ok((510, None)));
    }

    #[test]
    fn what_is_no_time_says_why() {
        for text in ["25:00", "24:01", "8:75", "13 p.m.", "0:30 am", "8:30:75", "9999"] {
            assert_eq!(read(text), Err(TimeError::NoSuchTime), "{text}");
        }
        for text in ["", "vormittags", "n. V.", "1-2-3", "Uhr", "8:30 vielleicht", "12345", "-5:00", "08:3x"] {
            assert_eq!(read(text), Err(TimeError::Unreadable), "{text}");
        }
    }
}
