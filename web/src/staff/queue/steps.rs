//! What the buttons of one ticket do. Each form carries the version that the page showed.

use axum::extract::State;
use axum::response::Response;
use booking::desk::By;
use booking::queue::{self, Change, QueueError, Ticket};
use tenancy::TenantTx;
use uuid::Uuid;

use super::notice::{self, Notice};
use super::place;
use crate::extract::{Fields, Form, Segment, Site};
use crate::staff::{May, Serve};
use crate::{AppState, WebError};

/// Handlers that differ by one call.
macro_rules! step {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        pub(super) async fn $name(
            site: Site,
            staff: May<Serve>,
            State(app): State<AppState>,
            Segment(id): Segment<Uuid>,
            Form(fields): Form,
        ) -> Result<Response, WebError> {
            let by = By { staff_id: staff.id, name: &staff.name };
            let change = change(id, &fields)?;
            let mut tx = site.tx(&app).await?;
            let done = queue::$name(&mut tx, change, &by, site.now).await;
            answer(&site, &app, tx, done).await
        }
    };
}

step!(
    /// `POST /{id}/erneut`
    recall
);
step!(
    /// `POST /{id}/parken`
    park
);
step!(
    /// `POST /{id}/bedienen`
    serve
);
step!(
    /// `POST /{id}/erledigt`
    finish
);
step!(
    /// `POST /{id}/nicht-erschienen`
    no_show
);
step!(
    /// `POST /{id}/zurueck`
    back
);

/// `POST /{id}/aufrufen`: this one, to the clerk's counter.
pub(super) async fn call(
    site: Site,
    staff: May<Serve>,
    State(app): State<AppState>,
    Segment(id): Segment<Uuid>,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let Some(counter) = place::counter(&site, &staff) else {
        return Ok(Notice::NoCounter.go(&site, place::of_form(&site, &fields), None));
    };
    let by = By { staff_id: staff.id, name: &staff.name };
    let change = change(id, &fields)?;
    let mut tx = site.tx(&app).await?;
    let done = queue::call(&mut tx, change, counter.id, &by, site.now).await;
    answer(&site, &app, tx, done).await
}

/// The ticket as the page showed it.
///
/// # Errors
/// [`WebError::BadInput`] for a form without a version: none of ours.
pub(super) fn change(id: Uuid, fields: &Fields) -> Result<Change, WebError> {
    let version = fields.get("version").and_then(|it| it.parse().ok());
    Ok(Change { id, seen_version: version.ok_or(WebError::BadInput("errors.bad_text"))? })
}

/// Keeps what was done, or says why not.
async fn answer(
    site: &Site,
    app: &AppState,
    tx: TenantTx,
    done: Result<Ticket, QueueError>,
) -> Result<Response, WebError> {
    match done {
        Ok(ticket) => {
            tx.commit().await?;
            app.towns.touched(&site.town.tenant);
            Ok(Notice::none(site, Some(ticket.location)))
        }
        Err(error) => notice::refused(site, error),
    }
}
