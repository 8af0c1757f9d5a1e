//! The events of a calendar, one after the other.

use super::content::{Properties, Property};
use super::event::Event;
use super::zones::Zones;
use crate::source::BadRow;

/// The events of a file.
pub(super) struct Events {
    properties: Properties,
    zones: Zones,
    /// The line of an event that has begun before the one before it was at its end.
    begun: Option<u64>,
    is_over: bool,
}

impl Events {
    pub fn new(properties: Properties) -> Self {
        Self { properties, zones: Zones::default(), begun: None, is_over: false }
    }

    /// The event that has begun; parts of it, such as alarms, are passed over.
    fn event(&mut self, line: u64) -> Result<Event, BadRow> {
        let mut event = Event::begin(line);
        let mut depth = 0_u32;
        for property in self.properties.by_ref() {
            let property = match property {
                Ok(property) => property,
                Err(bad) if bad.ends => return Err(bad),
                Err(bad) => {
                    event.spoil(bad);
                    continue;
                }
            };
            if is(&property, "END", "VEVENT") {
                return Ok(event);
            }
            if is(&property, "BEGIN", "VEVENT") {
                self.begun = Some(property.line);
                return Err(BadRow::new(line, "unfinished", event.subject()));
            }
            match property.name.as_str() {
                "BEGIN" => depth += 1,
                "END" => depth = depth.saturating_sub(1),
                _ if depth == 0 => event.take(&property, &self.zones),
                _ => {}
            }
        }
        Err(BadRow::last(line, "unfinished", event.subject()))
    }

    fn zone(&mut self) {
        for property in self.properties.by_ref().filter_map(Result::ok) {
            if is(&property, "END", "VTIMEZONE") {
                break;
            }
            self.zones.describe(&property);
        }
        self.zones.described();
    }
}

impl Iterator for Events {
    type Item = Result<Event, BadRow>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.is_over {
            let line = match self.begun.take() {
                Some(line) => line,
                None => match self.properties.next()? {
                    Err(bad) => return Some(Err(bad)),
                    Ok(property) if is(&property, "BEGIN", "VEVENT") => property.line,
                    Ok(property) => {
                        if is(&property, "BEGIN", "VTIMEZONE") {
                            self.zone();
                        }
                        continue;
                    }
                },
            };
            let event = self.event(line);
            self.is_over = event.as_ref().is_err_and(|bad| bad.ends);
            return Some(event);
        }
        None
    }
}

fn is(property: &Property, name: &str, value: &str) -> bool {
    property.name == name && property.value.trim().eq_ignore_ascii_case(value)
}
