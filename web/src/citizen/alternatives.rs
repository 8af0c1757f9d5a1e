//! Times close to one that is gone.

use booking::{Appointment, Status};
use jiff::Timestamp;
use serde::Serialize;

use crate::citizen::draft::Draft;
use crate::citizen::search::Search;
use crate::citizen::slot::Slot;
use crate::extract::Site;

/// How many are offered.
const MOST: usize = 4;

/// Times in place of one that was lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Alternatives {
    /// What the appointment is for.
    name: String,
    /// When it was to be.
    at: Timestamp,
    /// Where the form is sent to with the chosen time.
    action: String,
    times: Vec<Alternative>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Alternative {
    value: String,
    at: Timestamp,
    /// Named only where several offices serve this.
    place: Option<String>,
}

impl Alternatives {
    /// For the first appointment of the draft whose place somebody else has got; none if there is no such.
    pub fn find(site: &Site, draft: &Draft) -> Option<Self> {
        let lost = draft.view.appointments.iter().find(|it| is_lost(site, draft, it))?;
        let search = draft.search(site, lost.position)?;
        let time = |start: &schedule::Start| {
            let slot = Slot::new(&site.town.offices, start.start, start.location)?;
            let office = search.find_location(start.location).filter(|_| search.is_at_several_places());
            let place = office.map(|it| it.name.get(&site.lang).to_owned());
            Some(Alternative { value: slot.to_string(), at: start.start, place })
        };
        let names: Vec<&str> = lost.items.iter().map(|it| it.name.get(&site.lang)).collect();
        Some(Self {
            name: names.join(", "),
            at: lost.start,
            action: site.url(&draft.path(&format!("/termin?termin={}", lost.position))),
            times: search.nearest(lost.start).iter().take(MOST).filter_map(time).collect(),
        })
    }
}

/// Over time, and not to be had again at that time, be it at another counter.
fn is_lost(site: &Site, draft: &Draft, appointment: &Appointment) -> bool {
    let is_over = appointment.hold_until.is_some_and(|it| it <= site.now);
    let may_be_lost = appointment.status == Status::Expired || (appointment.status == Status::Held && is_over);
    let is_free = |search: Search<'_>| {
        let search = Search { lead_minutes: 0, ..search };
        !search.candidates(appointment.start, appointment.location).is_empty()
    };
    may_be_lost && !draft.search(site, appointment.position).is_some_and(is_free)
}
