//! A booking that is being made: what was chosen, which places are held, what comes next.

use booking::{Appointment, BookingKey, BookingView, Planned, Status};
use jiff::civil::Date;

use crate::WebError;
use crate::citizen::chosen::Chosen;
use crate::citizen::concerns::today;
use crate::citizen::planning;
use crate::citizen::search::{Search, Span, place_of};
use crate::citizen::summary::Summary;
use crate::extract::Site;

/// A draft with what follows from its choice.
pub struct Draft {
    pub key: BookingKey,
    pub view: BookingView,
    pub chosen: Chosen,
    pub planned: Vec<Planned>,
    day: Date,
}

/// The day whose fees count: that of the first place that is held, else today.
pub fn fee_day(site: &Site, view: &BookingView) -> Date {
    let first = view.appointments.iter().filter(|it| it.status == Status::Held).map(|it| it.start).min();
    first.map_or_else(|| today(site), |it| it.to_zoned(site.zone().clone()).date())
}

impl Draft {
    /// `view`, which stands behind `token`, with the fees of `day`.
    ///
    /// # Errors
    /// [`WebError::Gone`] if the town no longer offers what was chosen.
    pub fn new(site: &Site, token: String, view: BookingView, day: Date) -> Result<Self, WebError> {
        let chosen = Chosen::of_booking(&view.booking, &site.town.town.rules);
        let planned = planning::plan(site, &chosen, day).map_err(|_| WebError::Gone)?;
        Ok(Self { key: BookingKey { id: view.booking.id, token }, view, chosen, planned, day })
    }

    /// An address of this draft.
    pub fn path(&self, rest: &str) -> String {
        format!("/buchung/{}{rest}", self.key.token)
    }

    /// The appointment at `position` (from 1 on), held or lost.
    pub fn at(&self, position: u8) -> Option<&Appointment> {
        self.view.appointments.iter().find(|it| it.position == position)
    }

    /// The position to choose a time for, as far as one is missing.
    pub fn next_position(&self) -> Option<u8> {
        self.view.next_position()
    }

    /// A search for the time of `position`, apart from the other appointments.
    pub fn search<'a>(&'a self, site: &'a Site, position: u8) -> Option<Search<'a>> {
        let planned = self.planned.get(usize::from(position).checked_sub(1)?)?;
        let others = self.held().filter(|it| it.position != position);
        let busy: Vec<Span> = others.map(|it| (it.start, it.end)).collect();
        let own = self.held().find(|it| it.position == position).and_then(place_of);
        Some(Search { busy, own, ..Search::new(site, planned) })
    }

    /// Everything chosen, with the times there are.
    pub fn summary(&self, site: &Site) -> Summary {
        let summary = Summary::of_choice(site, &self.chosen, self.day).editable(site, &self.chosen);
        let mut summary = Summary { release: Some(site.url(&self.path("/freigabe"))), ..summary };
        for held in self.held() {
            let index = usize::from(held.position.saturating_sub(1));
            summary = summary.with_time(site, index, Some((held.start, held.location)));
        }
        summary
    }

    /// Places that nobody else has got: held, be it over time.
    pub fn held(&self) -> impl Iterator<Item = &Appointment> {
        self.view.appointments.iter().filter(|it| it.status == Status::Held)
    }
}
