//! What `offices.toml` must say beyond its form: keys that exist, hours that open before they close.

use std::collections::BTreeSet;

use tenancy::pack::{Problem, TomlFile, is_phone};

use super::entries::{ClosureEntry, OfficesFile, OpeningEntry};
use crate::Channel;

const STEPS: [u16; 6] = [5, 10, 15, 20, 30, 60];

/// Everything wrong with the content of the file.
pub(super) fn check(file: &TomlFile<OfficesFile>, concerns: Option<&[&str]>) -> Vec<Problem> {
    let mut check = Check { file, problems: Vec::new() };
    let offices = &file.value;
    if offices.location.is_empty() {
        check.report("location", "no location; expected at least one [[location]]");
    }
    check.keys("location", offices.location.iter().map(|it| it.key.as_str()));
    check.keys("counter", offices.counter.iter().map(|it| it.key.as_str()));
    for (index, location) in offices.location.iter().enumerate() {
        if let Some(phone) = location.phone.as_ref().filter(|it| !is_phone(it)) {
            let message = format!("“{phone}” is no telephone number; expected such as 0571 791-0");
            check.report(&format!("location[{index}].phone"), message);
        }
    }
    check.counters(concerns);
    for (index, opening) in offices.opening.iter().enumerate() {
        check.opening(&format!("opening[{index}]"), opening);
    }
    for (index, closure) in offices.closure.iter().enumerate() {
        check.closure(&format!("closure[{index}]"), closure);
    }
    check.problems
}

struct Check<'a> {
    file: &'a TomlFile<OfficesFile>,
    problems: Vec<Problem>,
}

impl Check<'_> {
    fn report(&mut self, path: &str, message: impl Into<String>) {
        self.problems.push(self.file.problem(path, message));
    }

    fn keys<'k>(&mut self, table: &str, keys: impl Iterator<Item = &'k str>) {
        let mut seen = BTreeSet::new();
        for (index, key) in keys.enumerate() {
            let path = format!("{table}[{index}].key");
            if !is_key(key) {
                self.report(&path, format!("“{key}” is no key; expected small letters, digits and hyphens"));
            } else if !seen.insert(key) {
                self.report(&path, format!("another {table} has the key “{key}” already; expected each key once"));
            }
        }
    }

    fn counters(&mut self, concerns: Option<&[&str]>) {
        let offices = &self.file.value;
        for (index, counter) in offices.counter.iter().enumerate() {
            let path = format!("counter[{index}]");
            self.location(&format!("{path}.location"), &counter.location);
            for (list, keys) in [("concerns", &counter.concerns), ("except", &counter.except)] {
                let unknown = |key: &&String| {
                    concerns.is_some_and(|known| !known.contains(&key.as_str())) && !(list == "concerns" && *key == "*")
                };
                for key in keys.iter().filter(unknown) {
                    let message = format!("there is no concern “{key}”; expected a key of catalog.toml, or \"*\"");
                    self.report(&format!("{path}.{list}"), message);
                }
            }
        }
    }

    fn location(&mut self, path: &str, key: &str) {
        if !self.file.value.location.iter().any(|it| it.key == key) {
            self.report(path, format!("there is no location “{key}”; expected the key of a [[location]]"));
        }
    }

    fn opening(&mut self, path: &str, opening: &OpeningEntry) {
        self.location(&format!("{path}.location"), &opening.location);
        for key in opening.counters.iter().filter(|it| *it != "*") {
            let counter = self.file.value.counter.iter().find(|it| it.key == *key);
            let message = match counter {
                None => format!("there is no counter “{key}”; expected the key of a [[counter]], or \"*\""),
                Some(it) if it.location != opening.location => {
                    format!("the counter “{key}” stands at “{}”; expected one at “{}”", it.location, opening.location)
                }
                Some(_) => continue,
            };
            self.report(&format!("{path}.counters"), message);
        }
        if opening.counters.is_empty() || (opening.counters.len() > 1 && opening.counters.contains(&"*".to_owned())) {
            self.report(&format!("{path}.counters"), "expected keys of counters, or \"*\" alone for all of them");
        }
        if opening.weekdays.is_empty() && opening.dates.is_empty() {
            self.report(path, "nobody knows when; expected weekdays = [\"mo\", …] or dates = [\"2026-12-05\", …]");
        }
        if opening.from >= opening.until {
            let [from, until] = [opening.from, opening.until].map(|it| it.strftime("%H:%M"));
            let message = format!("closes at {until} before it opens at {from}");
            self.report(&format!("{path}.until"), message);
        }
        self.opening_numbers(path, opening);
    }

    fn opening_numbers(&mut self, path: &str, opening: &OpeningEntry) {
        if [opening.from, opening.until].iter().any(|it| it.minute() % 5 != 0) {
            self.report(&format!("{path}.from"), "hours are planned in steps of five minutes; expected such as 08:15");
        }
        if !STEPS.contains(&opening.step_minutes) {
            let message = format!("{} minutes are no step; expected 5, 10, 15, 20, 30 or 60", opening.step_minutes);
            self.report(&format!("{path}.step_minutes"), message);
        }
        if let Some(nth) = opening.nth.iter().find(|it| !matches!(it, -1 | 1..=5)) {
            self.report(
                &format!("{path}.nth"),
                format!("{nth} is no place in a month; expected 1 to 5, or -1 for the last"),
            );
        }
        if !(1..=52).contains(&opening.every_weeks) {
            self.report(&format!("{path}.every_weeks"), "expected 1 to 52 weeks");
        }
        if opening.every_weeks > 1 && opening.valid_from.is_none() {
            self.report(&format!("{path}.every_weeks"), "expected valid_from too: the weeks are counted from it");
        }
        if opening.released_days_before.is_some_and(|it| it > 400) {
            self.report(&format!("{path}.released_days_before"), "expected 0 to 400 days");
        }
        if opening.released_at.is_some() && opening.released_days_before.is_none() {
            self.report(&format!("{path}.released_at"), "expected released_days_before too");
        }
        if opening.falls_online_hours_before.is_some() && opening.channel == Channel::Online {
            let message = "only what is kept for staff can fall online; expected channel = \"staff\"";
            self.report(&format!("{path}.falls_online_hours_before"), message);
        }
        if matches!((opening.valid_from, opening.valid_until), (Some(from), Some(until)) if from > until) {
            self.report(&format!("{path}.valid_until"), "valid_until is before valid_from");
        }
    }

    fn closure(&mut self, path: &str, closure: &ClosureEntry) {
        if let Some(location) = &closure.location {
            self.location(&format!("{path}.location"), location);
        }
        if let Some(key) = &closure.counter {
            let counter = self.file.value.counter.iter().find(|it| it.key == *key);
            if counter.is_none_or(|it| closure.location.as_ref() != Some(&it.location)) {
                let message =
                    format!("there is no counter “{key}” at this location; expected both, location and counter");
                self.report(&format!("{path}.counter"), message);
            }
        }
        if closure.first > closure.last {
            self.report(
                &format!("{path}.last"),
                format!("ends on {} before it begins on {}", closure.last, closure.first),
            );
        }
        match (closure.from, closure.until) {
            (Some(from), Some(until)) if from >= until => {
                let [from, until] = [from, until].map(|it| it.strftime("%H:%M"));
                self.report(&format!("{path}.until"), format!("ends at {until} before it begins at {from}"));
            }
            (Some(_), None) | (None, Some(_)) => self.report(path, "expected both, from and until, or neither"),
            _ => {}
        }
    }
}

fn is_key(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && text.len() <= 60
}
