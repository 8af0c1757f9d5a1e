//! Which number is a date: Excel says it by the format of the cell only.

use std::collections::HashMap;

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, date};
use quick_xml::events::Event;

use crate::Cell;
use crate::source::ReadError;
use crate::source::container::Container;
use crate::source::xml::{Xml, attribute};

/// Most formats that are known.
const FORMATS: usize = 65_536;

/// What a format shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Shows {
    day: bool,
    time: bool,
}

/// For each style what it shows.
pub(super) struct Styles {
    styles: Vec<Shows>,
    epoch: Date,
}

impl Styles {
    pub fn open(container: &mut Container, counts_from_1904: bool) -> Result<Self, ReadError> {
        // Excel takes 1900 for a leap year; counted from the day before its first, all days from March 1900 on are right.
        let epoch = if counts_from_1904 { date(1904, 1, 1) } else { date(1899, 12, 30) };
        let mut this = Self { styles: Vec::new(), epoch };
        let Some(part) = container.part("xl/styles.xml")? else { return Ok(this) };
        let (mut own, mut is_in_styles) = (HashMap::new(), false);
        let mut xml = Xml::new(part);
        loop {
            match xml.next()? {
                Event::Eof => return Ok(this),
                Event::Start(start) => match start.local_name().as_ref() {
                    "numFmt" if own.len() < FORMATS => {
                        if let (Some(id), Some(code)) = (attribute(&start, "numFmtId"), attribute(&start, "formatCode"))
                        {
                            own.insert(id, by_code(&code));
                        }
                    }
                    "cellXfs" => is_in_styles = true,
                    "xf" if is_in_styles && this.styles.len() < FORMATS => {
                        let id = attribute(&start, "numFmtId").unwrap_or_default();
                        this.styles.push(own.get(&id).copied().unwrap_or_else(|| built_in(&id)));
                    }
                    _ => {}
                },
                Event::End(end) if end.local_name().as_ref() == "cellXfs" => is_in_styles = false,
                _ => {}
            }
        }
    }

    /// A number as what its style shows.
    pub fn cell(&self, number: f64, style: usize) -> Cell {
        let shows = self.styles.get(style).copied().unwrap_or_default();
        if !shows.day && !shows.time {
            return Cell::Number(number);
        }
        // 24:00 as a time of day is the whole day that has passed.
        if !shows.day && number == 1.0 {
            return Cell::Text("24:00".to_owned());
        }
        let Some(at) = self.moment(number) else { return Cell::Number(number) };
        let has_time = at.time() != jiff::civil::Time::midnight();
        match shows {
            Shows { day: false, .. } => Cell::Time(at.time()),
            _ if number < 1.0 => Cell::Time(at.time()),
            Shows { time: false, .. } if !has_time => Cell::Date(at.date()),
            _ if has_time => Cell::DateTime(at),
            _ => Cell::Date(at.date()),
        }
    }

    /// Days since the epoch as a moment, to the second: halves of a second are what floating point leaves over.
    fn moment(&self, number: f64) -> Option<DateTime> {
        if !(0.0..2_958_466.0).contains(&number) {
            return None;
        }
        let seconds = (number * 86_400.0).round() as i64;
        self.epoch.at(0, 0, 0, 0).checked_add(SignedDuration::from_secs(seconds)).ok()
    }
}

/// ECMA-376 part 1, 18.8.30: the formats that need not be written down.
fn built_in(id: &str) -> Shows {
    match id.parse::<u32>().unwrap_or_default() {
        14..=17 | 27..=31 | 36 | 50..=58 => Shows { day: true, time: false },
        22 => Shows { day: true, time: true },
        18..=21 | 32..=35 | 45..=47 => Shows { day: false, time: true },
        _ => Shows::default(),
    }
}

/// What a code such as `[$-407]TT.MM.JJJJ "um" hh:mm` shows: quoted words, escaped characters and brackets but for
/// `[h]` say nothing.
fn by_code(code: &str) -> Shows {
    let mut shows = Shows::default();
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => while chars.next().is_some_and(|c| c != '"') {},
            '\\' | '_' | '*' => {
                chars.next();
            }
            '[' => {
                let inside: String = chars.by_ref().take_while(|c| *c != ']').collect();
                shows.time |= !inside.is_empty() && inside.chars().all(|c| matches!(c, 'h' | 'H' | 'm' | 's'));
            }
            'd' | 'D' | 'y' | 'Y' | 'T' | 't' | 'J' | 'j' => shows.day = true,
            'h' | 'H' | 's' | 'S' => shows.time = true,
            // Only the first part counts: the others are for negative numbers and texts.
            ';' => break,
            // `General` and `Standard` hold letters of dates.
            'G' | 'E' => return Shows::default(),
            _ => {}
        }
    }
    shows
}
