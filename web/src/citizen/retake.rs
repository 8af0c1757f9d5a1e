//! A place that went to somebody else while its citizen was typing: the same time may be free at the next counter.

use booking::Status;

use crate::citizen::draft::Draft;
use crate::citizen::hold::{Place, keep};
use crate::citizen::link;
use crate::citizen::search::Search;
use crate::citizen::slot::Slot;
use crate::extract::Site;
use crate::{AppState, WebError};

/// Keeps the times that the draft behind `token` has lost again, as far as any counter is free then. What is too soon
/// for others is not for the one who had it.
///
/// # Errors
/// The database's own.
pub async fn retake(app: &AppState, site: &Site, token: &str) -> Result<(), WebError> {
    let view = link::read(site, app, token).await?;
    let lost: Vec<_> = view.appointments.iter().filter(|it| it.status == Status::Expired).cloned().collect();
    for lost in lost {
        // It costs what it costs on its day.
        let day = lost.start.to_zoned(site.zone().clone()).date();
        let draft = Draft::new(site, token.to_owned(), view.clone(), day)?;
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
