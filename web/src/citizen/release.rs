//! Back to the choice of concerns: the draft's places are free at once, for others and for the one who comes back.

use axum::extract::State;
use axum::response::Response;

use crate::citizen::chosen::{Chosen, address};
use crate::citizen::link;
use crate::extract::{Segment, Site};
use crate::{AppState, WebError};

/// `POST /buchung/{token}/freigabe`: gives the draft up and shows step 1 with what was chosen.
pub async fn release(
    site: Site,
    State(app): State<AppState>,
    Segment(token): Segment<String>,
) -> Result<Response, WebError> {
    let mut tx = site.tx(&app).await?;
    let view = link::find(&mut tx, &token).await?;
    if link::is_booked(&view) {
        return Ok(site.redirect(&format!("/buchung/{token}")));
    }
    booking::release(&mut tx, view.booking.id).await?;
    tx.commit().await?;
    app.towns.touched(&site.town.tenant);
    let chosen = Chosen::of_booking(&view.booking, &site.town.town.rules);
    Ok(site.redirect(&address("/", &chosen.fields())))
}
