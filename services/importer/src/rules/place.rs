//! Finding a place for a row: the best there is, and if there is none, one all the same.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use schedule::{Counter, CounterId, LocationId};

use super::judge::MOST_SECONDS;
use super::{Rules, Target};
use crate::batch::Known;
use crate::{Entry, Reason, State};

/// A counter in question, the better the smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Choice {
    is_closed: bool,
    is_taken: bool,
    /// Where it was before stays best.
    is_other: bool,
    is_off_grid: bool,
    skills: usize,
    counter: CounterId,
    location: LocationId,
}

impl Rules<'_> {
    /// Where an appointment goes; `None` with an error among the reasons.
    pub(super) fn appointment(
        &mut self,
        entry: &Entry,
        known: Option<&Known>,
        reasons: &mut Vec<Reason>,
    ) -> Option<Target> {
        let concerns = self.concerns(entry, reasons)?;
        let (start, end) = self.span(entry, &concerns, reasons)?;
        let before = known.and_then(Known::place).map(|it| it.0);
        let Some(choice) = self.choose(entry, &concerns, (start, end), before, reasons) else {
            reasons.push(Reason::new(State::Error, "no_counters", ""));
            return None;
        };
        for (is_so, key) in [
            (choice.is_closed, "outside_hours"),
            (choice.is_off_grid && !choice.is_closed, "off_grid"),
            (choice.is_taken, "over_capacity"),
        ] {
            if is_so {
                reasons.push(Reason::new(State::Warning, key, ""));
            }
        }
        self.taken.take(choice.counter, start, end);
        let Choice { counter, location, is_taken, .. } = choice;
        Some(Target::Appointment { counter, location, start, end, concerns, is_on_top: is_taken })
    }

    /// What it is for: what the file says, else what the batch says.
    fn concerns(&self, entry: &Entry, reasons: &mut Vec<Reason>) -> Option<Vec<(String, u8)>> {
        let mut known: Vec<(String, u8)> = Vec::with_capacity(entry.concerns.len());
        for (key, many) in &entry.concerns {
            let Some(concern) = self.concern(key) else { continue };
            let most = concern.max_quantity.max(1);
            let wanted = u8::try_from(*many).unwrap_or(u8::MAX).max(1);
            if wanted > most {
                reasons.push(Reason::new(State::Warning, "too_many", format!("{many} × {key}")));
            }
            known.push((key.clone(), wanted.min(most)));
        }
        if !known.is_empty() {
            return Some(known);
        }
        let chosen = self.choices.unknown.clone().filter(|it| self.concern(it).is_some());
        let weight = if chosen.is_some() { State::Warning } else { State::Error };
        reasons.push(Reason::new(weight, "unknown_concern", entry.subject.clone()));
        chosen.map(|key| vec![(key, 1)])
    }

    /// From when until when. Without an end, as long as the concerns take.
    fn span(
        &self,
        entry: &Entry,
        concerns: &[(String, u8)],
        reasons: &mut Vec<Reason>,
    ) -> Option<(Timestamp, Timestamp)> {
        let Some(start) = entry.start.and_then(|it| self.moment(it)) else {
            reasons.push(Reason::new(State::Error, "no_start", ""));
            return None;
        };
        let minutes: i64 =
            concerns.iter().filter_map(|(key, many)| Some(i64::from(self.concern(key)?.minutes(*many)))).sum();
        let usual = start.checked_add(minutes.max(1).minutes()).ok()?;
        let end = entry.end.and_then(|it| self.moment(it)).filter(|it| *it > start).unwrap_or(usual);
        if end.as_second() - start.as_second() > MOST_SECONDS {
            reasons.push(Reason::new(State::Error, "strange_length", ""));
            return None;
        }
        Some((start, end))
    }

    fn choose(
        &mut self,
        entry: &Entry,
        concerns: &[(String, u8)],
        (start, end): (Timestamp, Timestamp),
        before: Option<CounterId>,
        reasons: &mut Vec<Reason>,
    ) -> Option<Choice> {
        let ids: Vec<i32> = concerns.iter().filter_map(|(key, _)| Some(self.concern(key)?.id)).collect();
        let named = self.named(&entry.counter);
        if !entry.counter.is_empty() && named.is_none() {
            reasons.push(Reason::new(State::Warning, "unknown_place", entry.counter.clone()));
        }
        let (location, counter) = named.unwrap_or((None, None));
        let here = |it: &&Counter| {
            location.is_none_or(|asked| asked == it.location) && counter.is_none_or(|asked| asked == it.id)
        };
        let counters: Vec<Counter> = self.town.offices.counters.iter().filter(here).cloned().collect();
        let able: Vec<&Counter> = counters.iter().filter(|it| it.serves(&ids)).collect();
        if able.is_empty() {
            reasons.push(Reason::new(State::Warning, "no_counter", ""));
        }
        let able = if able.is_empty() { counters.iter().collect() } else { able };
        able.into_iter().map(|it| self.weigh(it, (start, end), before)).min()
    }

    fn weigh(&mut self, counter: &Counter, (start, end): (Timestamp, Timestamp), before: Option<CounterId>) -> Choice {
        let day = start.to_zoned(self.town.zone.clone()).date();
        Choice {
            is_closed: !self.is_open(counter, day, start, end),
            is_taken: !self.taken.is_free(counter.id, start, end),
            is_other: before.is_some_and(|it| it != counter.id),
            is_off_grid: !self.is_on_grid(counter, day, start),
            skills: counter.concerns.len(),
            counter: counter.id,
            location: counter.location,
        }
    }

    fn is_open(&mut self, counter: &Counter, day: Date, start: Timestamp, end: Timestamp) -> bool {
        let town = &self.town;
        let hours = self.hours.entry((counter.location, day)).or_insert_with(|| town.hours(counter.location, day));
        let here = hours.as_ref().and_then(|it| it.counters.iter().find(|it| it.counter == counter.id));
        here.is_some_and(|it| it.is_open(start, end))
    }

    /// Whether some rule offers this very start.
    fn is_on_grid(&self, counter: &Counter, day: Date, start: Timestamp) -> bool {
        let at = start.to_zoned(self.town.zone.clone()).time();
        let minute = |it: jiff::civil::Time| i64::from(it.hour()) * 60 + i64::from(it.minute());
        let rules = self.town.rules.iter().filter(|it| it.location == counter.location && it.holds_on(day));
        let mut here = rules.filter(|it| it.counters.is_empty() || it.counters.contains(&counter.id));
        here.any(|it| {
            let step = i64::from(it.step_minutes.max(1));
            it.opens <= at && at < it.closes && (minute(at) - minute(it.opens)) % step == 0
        })
    }

    /// The office, and the counter if it is one, of this name or key. Case and spaces do not matter.
    pub(super) fn named(&self, words: &str) -> Option<(Option<LocationId>, Option<CounterId>)> {
        let wanted = plain(words);
        if wanted.is_empty() {
            return None;
        }
        let offices = &self.town.offices;
        let counter = offices.counters.iter().find(|it| plain(&it.name) == wanted || plain(&it.key) == wanted);
        if let Some(it) = counter {
            return Some((Some(it.location), Some(it.id)));
        }
        let is_meant = |it: &&schedule::Location| {
            plain(&it.key) == wanted || ["de", "en"].iter().any(|language| plain(it.name.get(language)) == wanted)
        };
        offices.locations.iter().find(is_meant).map(|it| (Some(it.id), None))
    }
}

fn plain(words: &str) -> String {
    catalog::fold(words).chars().filter(|c| c.is_alphanumeric()).collect()
}
