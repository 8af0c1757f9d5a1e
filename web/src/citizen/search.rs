//! What is free for one appointment that a citizen is looking for a time for.

use booking::{Appointment, Planned};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use schedule::{Candidate, Channel, DayFree, Location, LocationId, OwnPlace, Request, Start, SuggestionKind};

use crate::citizen::concerns::today;
use crate::extract::Site;

/// From and until, the end excluded.
pub type Span = (Timestamp, Timestamp);

/// One appointment without a time, and the citizen's other appointments, which it must not overlap.
pub struct Search<'a> {
    pub site: &'a Site,
    pub planned: &'a Planned,
    /// Only at this office.
    pub location: Option<LocationId>,
    /// The citizen's other appointments in this booking.
    pub busy: Vec<Span>,
    /// Nothing earlier than this after now.
    pub lead_minutes: u32,
    /// The place that is given up for the new one.
    pub own: Option<OwnPlace>,
    /// When the appointment is now: nobody moves it to there.
    pub present: Option<Timestamp>,
}

impl<'a> Search<'a> {
    /// A search without other appointments, at any office.
    pub fn new(site: &'a Site, planned: &'a Planned) -> Self {
        let lead_minutes = site.town.town.rules.lead_minutes;
        Self { site, planned, location: None, busy: Vec::new(), lead_minutes, own: None, present: None }
    }

    /// First and last day that can be booked.
    pub fn span(&self) -> (Date, Date) {
        let today = today(self.site);
        (today, today.saturating_add(i64::from(self.site.town.town.rules.horizon_days).days()))
    }

    /// Every day that can be booked, with how many times are free.
    pub fn days(&self) -> Vec<DayFree> {
        let (first, last) = self.span();
        let mut days = self.site.town.index.free_days(&self.request(self.location), first, last);
        for day in days.iter_mut().filter(|it| it.free > 0 && self.is_partly_busy(it.day)) {
            day.free = u16::try_from(self.times(day.day).len()).unwrap_or(u16::MAX);
        }
        days
    }

    /// The free times of a day.
    pub fn times(&self, day: Date) -> Vec<Start> {
        let mut times = self.site.town.index.day_times(&self.request(self.location), day);
        times.retain(|it| self.is_possible(it.start));
        times
    }

    /// The first start of this kind that does not overlap.
    pub fn suggestion(&self, kind: SuggestionKind) -> Option<Start> {
        let found = self.site.town.index.suggestions(&self.request(self.location), kind)?;
        if self.is_possible(found.start) {
            return Some(found);
        }
        let days = self.days().into_iter().filter(|it| it.free > 0);
        days.flat_map(|it| self.times(it.day)).find(|it| kind.suits(it.local))
    }

    /// Free times close to `start`, the closest first.
    pub fn nearest(&self, start: Timestamp) -> Vec<Start> {
        let mut times = self.site.town.index.nearest(&self.request(self.location), start);
        times.retain(|it| self.is_possible(it.start));
        times
    }

    fn is_possible(&self, start: Timestamp) -> bool {
        !self.overlaps(start) && self.present != Some(start)
    }

    /// Counters that are free at `start`, the best first.
    pub fn candidates(&self, start: Timestamp, location: LocationId) -> Vec<Candidate> {
        self.site.town.index.candidates(&self.request(Some(location)), start)
    }

    /// Whether an appointment from `start` on would overlap another one of the same booking.
    pub fn overlaps(&self, start: Timestamp) -> bool {
        let Ok(end) = start.checked_add(i64::from(self.planned.minutes).minutes()) else { return true };
        self.busy.iter().any(|(from, until)| start < *until && *from < end)
    }

    /// Offices where some counter serves all the concerns.
    pub fn able_locations(&self) -> Vec<&'a Location> {
        self.site.town.offices.serving(&self.planned.concern_ids).collect()
    }

    /// Whether times of several offices stand side by side, so that each has to say where it is.
    pub fn is_at_several_places(&self) -> bool {
        self.location.is_none() && self.able_locations().len() > 1
    }

    /// The office with this number.
    pub fn find_location(&self, id: LocationId) -> Option<&'a Location> {
        self.site.town.offices.locations.iter().find(|it| it.id == id)
    }

    /// The question as the index wants it.
    pub fn request(&self, location: Option<LocationId>) -> Request<'a> {
        let rules = &self.site.town.town.rules;
        Request {
            location,
            concerns: &self.planned.concern_ids,
            duration_minutes: self.planned.minutes,
            channel: Channel::Online,
            now: self.site.now,
            lead_minutes: self.lead_minutes,
            horizon_days: rules.horizon_days,
            own: self.own,
        }
    }

    fn is_partly_busy(&self, day: Date) -> bool {
        let is_then = |at: &Timestamp| at.to_zoned(self.site.zone().clone()).date() == day;
        self.busy.iter().map(|(from, _)| from).chain(&self.present).any(is_then)
    }
}

/// Where and when an appointment is, as a place that its owner may give up for another one. One that stands on top of
/// another has none.
pub fn place_of(appointment: &Appointment) -> Option<OwnPlace> {
    let Appointment { counter, start: from, end: until, overbooked, .. } = *appointment;
    (!overbooked).then_some(OwnPlace { counter, from, until })
}
