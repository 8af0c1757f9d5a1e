//! A place that went to somebody else while its citizen was typing: the same time may be free at the next counter.

use booking::Status;

use crate::citizen::draft::Draft;
use crate::citizen::hold::{Place, keep};
use crate::citizen::search::Search;
use crate::citizen::slot::Slot;
use crate::extract::Site;
use crate::{AppState, WebError};

/// Whether the draft has lost a place.
pub fn has_lost_any(view: &booking::BookingView) -> bool {
    view.appointments.iter().any(|it| it.status == Status::Expired)
}

/// Keeps the same times again, as far as any counter is free then. What is too soon for others is not for their owner.
///
/// # Errors
/// The database's own.
pub async fn retake(app: &AppState, site: &Site, draft: &Draft) -> Result<(), WebError> {
    for lost in draft.view.appointments.iter().filter(|it| it.status == Status::Expired) {
        let Some(search) = draft.search(site, lost.position) else { continue };
        let search = Search { lead_minutes: 0, ..search };
        let slot = Slot::new(&site.town.offices, lost.start, lost.location);
        let place = Place { key: &draft.key, position: lost.position, chosen: &draft.chosen };
        if !search.candidates(lost.start, lost.location).is_empty() {
            keep(app, &search, slot.as_ref(), &place).await?;
        }
    }
    Ok(())
}
