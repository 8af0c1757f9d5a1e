//! Where the people concerned could go: pure, over the index of what is free.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use schedule::{Candidate, Channel, Request, TownIndex};
use tenancy::town::Rules;

use super::{Affected, Missing, Spot};

/// What could become of an appointment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proposal {
    /// Another counter takes it at the same time; nobody need be told.
    Absorb(Spot),
    /// It has to be at another time.
    Move(Spot),
    /// Nothing is free: somebody has to call.
    Nothing,
}

/// A proposal for each of `affected`, in their order. No two of them get the same place, and nobody one that is closed
/// too or that overlaps with another appointment of their own. A time that is as far away as only staff look stands behind
/// all that are closer, at whatever office.
pub fn propose(
    index: &TownIndex,
    missing: &Missing,
    affected: &[Affected],
    rules: &Rules,
    zone: &TimeZone,
    now: Timestamp,
) -> Vec<Proposal> {
    let mut planner = Planner { index, missing, rules, zone, now, given: Vec::new() };
    // First those who can stay at their time: nobody else shall get that place.
    let absorbed: Vec<Option<Spot>> = affected.iter().map(|it| planner.absorb(it)).collect();
    let each = affected.iter().zip(absorbed);
    each.map(|(it, spot)| match spot {
        Some(spot) => Proposal::Absorb(spot),
        None => planner.another_time(it).map_or(Proposal::Nothing, Proposal::Move),
    })
    .collect()
}

struct Planner<'a> {
    index: &'a TownIndex,
    missing: &'a Missing,
    rules: &'a Rules,
    zone: &'a TimeZone,
    now: Timestamp,
    given: Vec<Spot>,
}

impl Planner<'_> {
    fn absorb(&mut self, it: &Affected) -> Option<Spot> {
        let concerns = it.concerns();
        let request = Request { location: Some(it.spot.location), ..self.request(&concerns, it) };
        self.first_free(&request, it, it.spot.start)
    }

    /// The same office first; then whatever is closest; if that is all given away, the next days. In the days in which
    /// citizens book, counted from the appointment; else in all.
    fn another_time(&mut self, it: &Affected) -> Option<Spot> {
        let concerns = it.concerns();
        let [far_here, far] =
            [Some(it.spot.location), None].map(|location| Request { location, ..self.request(&concerns, it) });
        let horizon_days = self.near(it);
        let [here, anywhere] = [far_here, far].map(|it| Request { horizon_days, ..it });
        [here, anywhere, far_here, far].into_iter().find_map(|request| {
            let close = self.index.nearest(&request, it.spot.start).into_iter().map(|it| it.start);
            let close: Vec<Timestamp> = close.filter(|start| *start > self.now).collect();
            close
                .into_iter()
                .find_map(|start| self.first_free(&request, it, start))
                .or_else(|| self.later(&request, it))
        })
    }

    /// As many days ahead as citizens could look if they stood before their appointment.
    fn near(&self, it: &Affected) -> u16 {
        let day = |at: Timestamp| at.to_zoned(self.zone.clone()).date();
        let until = (day(it.spot.start) - day(self.now)).get_days().max(0);
        let until = u16::try_from(until).unwrap_or(u16::MAX);
        self.rules.horizon_days.saturating_add(until).min(self.rules.staff_horizon())
    }

    fn later(&mut self, request: &Request, it: &Affected) -> Option<Spot> {
        let (index, now) = (self.index, self.now);
        let first = it.spot.start.to_zoned(self.zone.clone()).date();
        let days = index.free_days(request, first, Date::MAX).into_iter().filter(|day| day.free > 0);
        days.flat_map(|day| index.day_times(request, day.day))
            .map(|start| start.start)
            .filter(|start| *start > now)
            .find_map(|start| self.first_free(request, it, start))
    }

    fn first_free(&mut self, request: &Request, it: &Affected, start: Timestamp) -> Option<Spot> {
        let end = start + SignedDuration::from_mins(i64::from(it.minutes));
        if it.others.iter().any(|(from, until)| start < *until && *from < end) {
            return None;
        }
        let spots = self.index.candidates(request, start).into_iter().map(|place: Candidate| Spot {
            location: place.location,
            counter: place.counter,
            start,
            end,
        });
        let mut open = spots.filter(|spot| !self.missing.covers(spot, self.zone));
        let free = open.find(|spot| !self.given.iter().any(|given| overlaps(given, spot)))?;
        self.given.push(free);
        Some(free)
    }

    fn request<'a>(&self, concerns: &'a [i32], it: &Affected) -> Request<'a> {
        Request {
            location: None,
            concerns,
            duration_minutes: it.minutes,
            channel: Channel::Staff,
            now: self.now,
            lead_minutes: 0,
            horizon_days: self.rules.staff_horizon(),
            own: None,
        }
    }
}

fn overlaps(one: &Spot, other: &Spot) -> bool {
    one.counter == other.counter && one.start < other.end && other.start < one.end
}
