//! “Someone is missing today”: a counter or an office closes, and everybody who has an appointment there is looked after.
//!
//! [`affected`] finds whom it concerns, [`propose`] where they could go: to another counter at the same time, or to
//! another time. [`apply`] closes, moves and prepares the mails in one transaction; until they go out, [`undo`] takes it
//! all back; later, [`open_again`] opens without moving anybody. Who has left no address is on the phone list.

mod affected;
mod apply;
mod change;
mod decision;
mod list;
mod propose;
mod reopen;
mod step;
mod undo;

pub use affected::{Affected, affected};
pub use apply::{ApplyError, apply};
pub use decision::{Closing, Decided, Decision};
pub use list::{Absence, AbsenceChange, Outcome, find, open, phoned};
pub use propose::{Proposal, propose};
pub use reopen::open_again;
pub use undo::{UndoError, Undone, undo};

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use schedule::{CounterId, LocationId};
use serde::{Deserialize, Serialize};
/// How long mails wait, so that everything can still be taken back.
pub const TIME_TO_UNDO: SignedDuration = SignedDuration::from_mins(10);

/// Who is missing, and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The office.
    pub location: LocationId,
    /// The counter; none: the whole office.
    pub counter: Option<CounterId>,
    /// First day.
    pub first: Date,
    /// Last day.
    pub last: Date,
    /// From when until when on each of these days; none: all day.
    pub hours: Option<(Time, Time)>,
}

/// Where and when an appointment is, as it is kept to be restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spot {
    /// The office.
    pub location: LocationId,
    /// The counter.
    pub counter: CounterId,
    /// From then on.
    pub start: Timestamp,
    /// Until then.
    pub end: Timestamp,
}

impl Missing {
    /// Whether something at this counter at this time falls into it.
    pub fn covers(&self, spot: &Spot, zone: &TimeZone) -> bool {
        let is_there = spot.location == self.location && self.counter.is_none_or(|it| it == spot.counter);
        is_there && self.spans(zone).any(|(from, until)| spot.start < until && from < spot.end)
    }

    /// The time ranges that are closed, one for each day.
    pub fn spans<'a>(&'a self, zone: &'a TimeZone) -> impl Iterator<Item = (Timestamp, Timestamp)> + 'a {
        let days = self.first.series(jiff::Span::new().days(1)).take_while(|day| *day <= self.last);
        days.filter_map(move |day| {
            let at = |time: Time| day.to_datetime(time).to_zoned(zone.clone()).ok().map(|it| it.timestamp());
            match self.hours {
                Some((from, until)) => Some((at(from)?, at(until)?)),
                None => {
                    let tomorrow = day.tomorrow().ok()?.to_zoned(zone.clone()).ok()?.timestamp();
                    Some((at(Time::midnight())?, tomorrow))
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;

    #[test]
    fn hours_count_on_each_of_the_days() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let days = (date(2026, 12, 1), date(2026, 12, 2));
        let hours = Some((time(8, 0, 0, 0), time(12, 0, 0, 0)));
        let missing = Missing { location: 1, counter: Some(2), first: days.0, last: days.1, hours };
        let spot = |counter, start: &str, minutes| {
            let start: Timestamp = start.parse().unwrap();
            Spot { location: 1, counter, start, end: start + SignedDuration::from_mins(minutes) }
        };
        assert!(missing.covers(&spot(2, "2026-12-01T08:00+01", 10), &zone));
        assert!(missing.covers(&spot(2, "2026-12-02T11:55+01", 10), &zone), "in part");
        assert!(!missing.covers(&spot(2, "2026-12-02T12:00+01", 10), &zone));
        assert!(!missing.covers(&spot(3, "2026-12-01T08:00+01", 10), &zone), "another counter");
        let all = Missing { counter: None, hours: None, ..missing };
        assert!(all.covers(&spot(3, "2026-12-02T23:55+01", 10), &zone));
        assert!(!all.covers(&spot(3, "2026-12-03T00:00+01", 10), &zone));
    }
}
