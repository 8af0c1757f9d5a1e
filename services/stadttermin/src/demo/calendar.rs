//! Where the demo's other people may go: every free start of every counter on one day.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use schedule::{Channel, ConcernId, CounterId, LocationId, Request, TownIndex};

/// The shortest appointment the grid knows, in minutes.
const SHORTEST_MINUTES: u16 = 5;

/// What the engine knows about one day.
pub(super) struct Calendar<'a> {
    pub index: &'a TownIndex,
    pub now: Timestamp,
    pub horizon_days: u16,
}

/// A counter's day: when something may begin there.
pub(super) struct CounterDay {
    pub counter: CounterId,
    pub location: LocationId,
    pub starts: Vec<Timestamp>,
}

impl Calendar<'_> {
    /// The counters that are open online on `day`.
    pub fn counters(&self, day: Date) -> Vec<CounterDay> {
        let any = self.request(&[], SHORTEST_MINUTES);
        let mut found: BTreeMap<CounterId, CounterDay> = BTreeMap::new();
        for start in self.index.day_times(&any, day) {
            for candidate in self.index.candidates(&any, start.start) {
                let new =
                    || CounterDay { counter: candidate.counter, location: candidate.location, starts: Vec::new() };
                found.entry(candidate.counter).or_insert_with(new).starts.push(start.start);
            }
        }
        for counter in found.values_mut() {
            // Locations answer separately: the same moment may come twice.
            counter.starts.sort_unstable();
            counter.starts.dedup();
        }
        found.into_values().collect()
    }

    /// Whether `counter` can take `concern` for that long from `start` on.
    pub fn fits(&self, counter: CounterId, concern: ConcernId, minutes: u16, start: Timestamp) -> bool {
        let candidates = self.index.candidates(&self.request(&[concern], minutes), start);
        candidates.iter().any(|candidate| candidate.counter == counter)
    }

    fn request<'c>(&self, concerns: &'c [ConcernId], duration_minutes: u16) -> Request<'c> {
        Request {
            location: None,
            concerns,
            duration_minutes,
            channel: Channel::Online,
            now: self.now,
            lead_minutes: 0,
            horizon_days: self.horizon_days,
            own: None,
        }
    }
}
