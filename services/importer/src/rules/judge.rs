//! One row before the rules.

use jiff::Timestamp;
use jiff::civil::Date;
use schedule::Closure;

use super::{Rules, Target};
use crate::batch::AllDay;
use crate::batch::Known;
use crate::{Entry, Outcome, Reason, State};

/// Longest appointment that is believed.
pub(super) const MOST_SECONDS: i64 = 12 * 3600;

/// What becomes of a row.
#[derive(Clone, Debug)]
pub(crate) struct Verdict {
    /// The heaviest of the reasons'.
    pub state: State,
    /// What is done.
    pub outcome: Outcome,
    /// Where it goes, if anywhere.
    pub target: Option<Target>,
    /// Why.
    pub reasons: Vec<Reason>,
}

impl Rules<'_> {
    /// What becomes of `entry`, of which an earlier run may have imported an edition. Its place is taken from then on.
    pub fn judge(&mut self, entry: &Entry, known: Option<&Known>) -> Verdict {
        let mut reasons = entry.reasons.clone();
        if let Some(why) = self.left_out(entry) {
            // Whatever else is wrong with it does not matter then.
            return Verdict::nothing(vec![why]);
        }
        if heaviest(&reasons) >= State::Error {
            return Verdict::nothing(reasons);
        }
        if let Some(known) = known {
            if !known.stands() && !known.is_withdrawn() {
                reasons.push(Reason::new(State::Skipped, "gone_here", ""));
                return Verdict::nothing(reasons);
            }
            if known.stands() && known.content_hash == entry.content_hash {
                return Verdict { state: State::Ready, outcome: Outcome::Same, target: None, reasons: Vec::new() };
            }
            // A closure that goes on has no need of the appointment that it was once.
            let is_closure = known.closed().is_some() && entry.all_day.is_some();
            if known.is_touched() && !is_closure {
                reasons.push(Reason::new(State::Warning, "changed_here", ""));
                return Verdict::nothing(reasons);
            }
        }
        if let Some(known) = known {
            self.give_way(known);
            if known.is_withdrawn() {
                reasons.push(Reason::new(State::Ready, "came_back", ""));
            }
        }
        let target = match entry.all_day {
            Some(days) => Some(self.closure(entry, days, &mut reasons)),
            None => self.appointment(entry, known, &mut reasons),
        };
        let outcome = match &target {
            None => Outcome::Nothing,
            Some(Target::Closure { .. }) => Outcome::Close,
            Some(_) if known.is_some_and(Known::is_appointment) => Outcome::Update,
            Some(_) => Outcome::Add,
        };
        if target.is_none() {
            self.stay(known);
        }
        Verdict { state: heaviest(&reasons), outcome, target, reasons }
    }

    /// Why the row is left out on purpose, if so.
    fn left_out(&self, entry: &Entry) -> Option<Reason> {
        let skipped = |key| Some(Reason::new(State::Skipped, key, ""));
        if entry.is_private {
            return skipped("private");
        }
        if entry.is_cancelled {
            return skipped("cancelled");
        }
        let is_past = match (entry.all_day, entry.start) {
            (Some((_, last)), _) => last < self.today(),
            (None, Some(start)) => self.moment(start).is_some_and(|it| it <= self.now),
            (None, None) => false,
        };
        if is_past {
            return skipped("past");
        }
        if entry.all_day.is_some() && self.choices.all_day == AllDay::Skip { skipped("all_day") } else { None }
    }

    /// What an earlier edition of a row has taken or closed is not in the way of the next one.
    fn give_way(&mut self, known: &Known) {
        if let Some((counter, from, until)) = known.place().filter(|_| known.is_booked()) {
            self.taken.free(counter, from, until);
        }
        let Some(closed) = known.closed() else { return };
        let days = (closed.first, closed.last);
        let is_it = |it: &Closure| {
            (it.location, it.counter, (it.first, it.last), it.hours) == (closed.location, closed.counter, days, None)
        };
        if let Some(at) = self.town.closures.iter().position(is_it) {
            self.town.closures.remove(at);
            self.hours.clear();
        }
    }

    /// It keeps its place after all.
    fn stay(&mut self, known: Option<&Known>) {
        let booked = known.filter(|it| it.is_booked()).and_then(Known::place);
        if let Some((counter, from, until)) = booked {
            self.taken.take(counter, from, until);
        }
    }

    fn closure(&mut self, entry: &Entry, (first, last): (Date, Date), reasons: &mut Vec<Reason>) -> Target {
        let named = self.named(&entry.counter);
        if !entry.counter.is_empty() && named.is_none() {
            reasons.push(Reason::new(State::Warning, "unknown_place", entry.counter.clone()));
        }
        let (location, counter) = named.unwrap_or((None, None));
        if location.is_none() {
            reasons.push(Reason::new(State::Warning, "closes_town", ""));
        }
        Target::Closure { counter, location, first: first.max(self.today()), last }
    }

    fn today(&self) -> Date {
        self.now.to_zoned(self.town.zone.clone()).date()
    }

    /// The moment of a time on the town's clocks; in the hour that comes twice, the first.
    pub(super) fn moment(&self, at: jiff::civil::DateTime) -> Option<Timestamp> {
        self.town.zone.to_ambiguous_timestamp(at).compatible().ok()
    }
}

impl Verdict {
    fn nothing(reasons: Vec<Reason>) -> Self {
        Self { state: heaviest(&reasons), outcome: Outcome::Nothing, target: None, reasons }
    }

    /// A row that stands in the file a second time.
    pub fn duplicate() -> Self {
        Self::nothing(vec![Reason::new(State::Skipped, "duplicate", "")])
    }

    /// Keys of what a clerk should look at.
    pub fn flag(reasons: &[Reason]) -> Option<String> {
        let keys: Vec<&str> =
            reasons.iter().filter(|it| it.state == State::Warning).map(|it| it.key.as_str()).collect();
        (!keys.is_empty()).then(|| keys.join(" "))
    }
}

/// Being left out outweighs everything, then what is wrong.
fn heaviest(reasons: &[Reason]) -> State {
    reasons.iter().map(|it| it.state).max().unwrap_or(State::Ready)
}
