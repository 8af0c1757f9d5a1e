//! What a citizen has put together so far: the card that stays in sight on every step.

use booking::Mode;
use catalog::Concern;
use jiff::Timestamp;
use jiff::civil::Date;
use schedule::LocationId;
use serde::Serialize;

use crate::citizen::chosen::{Chosen, address};
use crate::citizen::place::Place;
use crate::extract::Site;

/// The card.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// One entry for each appointment.
    pub appointments: Vec<Entry>,
    /// Number of different concerns.
    pub chosen: usize,
    /// When, if there is one appointment and it has a time.
    pub at: Option<Timestamp>,
    /// All appointments together.
    pub minutes: u32,
    /// All appointments together.
    pub fee_cents: u32,
    /// More may be due in some cases.
    pub fee_depends: bool,
    /// Where, if that is the same for all.
    pub place: Option<Place>,
    /// Where the choice of concerns can be changed.
    pub edit_concerns: Option<String>,
    /// Where a form is sent to that gives the held places up before the concerns are changed.
    pub release: Option<String>,
    /// Where a form is sent to, to choose another time.
    pub edit_time: Option<String>,
    /// Nothing is computed in the browser: a button adds up.
    pub can_add_up: bool,
}

/// The button below the card.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CallToAction {
    /// Key of its text.
    pub label: &'static str,
    /// Id of its form, if the card stands outside.
    pub form: Option<&'static str>,
    /// Sent along, if it has a name.
    pub name: Option<&'static str>,
    /// Sent along under that name.
    pub value: Option<String>,
    /// What pressing it does, if that needs a word.
    pub hint: Option<String>,
}

/// One appointment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// What for.
    pub items: Vec<Line>,
    /// When.
    pub at: Option<Timestamp>,
    /// Where.
    pub place: Option<Place>,
}

/// A concern in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// In the reader's language.
    pub name: String,
    /// How often.
    pub quantity: u8,
}

impl Summary {
    /// What was chosen, with the fees of `day`; concerns that do not exist are left out.
    pub fn of_choice(site: &Site, chosen: &Chosen, day: Date) -> Self {
        let known: Vec<(&Concern, u8)> = chosen
            .selection
            .iter()
            .filter_map(|it| Some((site.town.catalog.get(&it.concern)?, it.quantity)))
            .filter(|(concern, _)| concern.is_online())
            .collect();
        let lines = known.iter().map(|(concern, quantity)| Line {
            name: concern.name.get(&site.lang).to_owned(),
            quantity: (*quantity).max(1),
        });
        let appointments = match chosen.mode {
            _ if known.is_empty() => Vec::new(),
            Mode::Combined => vec![Entry { items: lines.collect(), ..Entry::default() }],
            Mode::Separate => lines.map(|line| Entry { items: vec![line], ..Entry::default() }).collect(),
        };
        Self {
            appointments,
            chosen: known.len(),
            minutes: known.iter().map(|(concern, quantity)| u32::from(concern.minutes(*quantity))).sum(),
            fee_cents: known.iter().map(|(concern, quantity)| concern.fee_cents(*quantity, day)).sum(),
            fee_depends: known.iter().any(|(concern, _)| concern.fees_on(day).any(|fee| fee.condition.is_some())),
            place: Place::only_one(site),
            ..Self::default()
        }
    }

    /// With the time of appointment `index`, and its office.
    #[must_use]
    pub fn with_time(mut self, site: &Site, index: usize, slot: Option<(Timestamp, LocationId)>) -> Self {
        let Some((at, location)) = slot else { return self };
        if let Some(entry) = self.appointments.get_mut(index) {
            entry.at = Some(at);
            entry.place = Place::find(site, location);
        }
        if let [only] = self.appointments.as_slice() {
            self.at = only.at;
            self.place = only.place.clone();
        }
        self
    }

    /// With a link back to the choice of concerns.
    #[must_use]
    pub fn editable(mut self, site: &Site, chosen: &Chosen) -> Self {
        self.edit_concerns = Some(address(&site.url("/"), &chosen.fields()));
        self
    }
}
