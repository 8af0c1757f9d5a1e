//! Somebody with an appointment stands at the desk.

use axum::extract::State;
use axum::response::Response;
use booking::desk::{self, By, DeskError, Step};
use booking::queue;

use super::notice::Notice;
use super::place;
use crate::extract::{Form, Site};
use crate::staff::{May, Serve};
use crate::{AppState, WebError};

/// `POST /ankunft`: `termin` has come, or with `nicht` will not come any more.
pub(super) async fn arrive(
    site: Site,
    staff: May<Serve>,
    State(app): State<AppState>,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let id = fields.get("termin").and_then(|it| it.parse().ok()).ok_or(WebError::NotFound)?;
    let version = fields.get("version").and_then(|it| it.parse().ok()).ok_or(WebError::NotFound)?;
    let step = if fields.get("nicht").is_some() { Step::NoShow } else { Step::Arrive };
    let office = place::of_form(&site, &fields);
    let by = By { staff_id: staff.id, name: &staff.name };
    let mut tx = site.tx(&app).await?;
    match desk::step(&mut tx, id, step, version, &by, site.now).await {
        Ok(_) => {
            tx.commit().await?;
            app.towns.touched(&site.town.tenant);
            Ok(Notice::none(&site, office))
        }
        Err(DeskError::Database(error)) => Err(error.into()),
        Err(DeskError::NotFound) => Err(WebError::NotFound),
        // Who has a number by now was let in by a colleague, who is named with it.
        Err(_) => Ok(match queue::of_appointment(&mut tx, id).await? {
            Some(ticket) => Notice::Changed.go(&site, office, Some(ticket.id)),
            None => Notice::AppointmentChanged.go(&site, office, None),
        }),
    }
}
