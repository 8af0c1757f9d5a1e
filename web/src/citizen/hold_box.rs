//! How long the places of a draft are still kept, as the pages show it.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::citizen::draft::Draft;
use crate::extract::Site;

/// The box above the form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HoldBox {
    until: Timestamp,
    now: Timestamp,
    minutes_left: i64,
    /// Minutes that one extension gives.
    extend_minutes: u16,
    can_extend: bool,
    /// The time is over; the place may still be free.
    expired: bool,
    /// Over, but nobody has taken the place yet.
    still_free: bool,
    /// Number of places that are kept.
    places: usize,
    /// Where the form is sent to, to extend.
    action: String,
    /// The box stands outside of any other form.
    own_form: bool,
}

impl HoldBox {
    /// For step 3, inside its form. `still_free`: whether every place could be had again if it is over.
    pub fn new(site: &Site, draft: &Draft, still_free: bool) -> Self {
        let rules = &site.town.town.rules;
        let until = draft.held().filter_map(|it| it.hold_until).min();
        let is_complete = draft.next_position().is_none();
        let left = until.map_or(SignedDuration::ZERO, |it| it.duration_since(site.now));
        let expired = left <= SignedDuration::ZERO || !is_complete;
        Self {
            until: until.unwrap_or(site.now),
            now: site.now,
            minutes_left: (left.as_secs() + 59) / 60,
            extend_minutes: rules.hold_minutes,
            can_extend: !expired && draft.view.booking.hold_extensions < rules.hold_extensions,
            expired,
            still_free,
            places: draft.held().count(),
            action: site.url(&draft.path("/verlaengerung")),
            own_form: false,
        }
    }

    /// For step 2 of a further appointment, as far as a place is kept already.
    pub fn of_others(site: &Site, draft: &Draft) -> Option<Self> {
        let until = draft.held().filter_map(|it| it.hold_until).min().filter(|it| *it > site.now)?;
        let rules = &site.town.town.rules;
        Some(Self {
            until,
            expired: false,
            own_form: true,
            can_extend: draft.view.booking.hold_extensions < rules.hold_extensions,
            ..Self::new(site, draft, true)
        })
    }
}
