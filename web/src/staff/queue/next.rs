//! “Next, please”: one key.

use axum::extract::State;
use axum::response::Response;
use booking::desk::By;
use booking::queue::{self, Change};

use super::notice::{self, Notice};
use super::place;
use crate::extract::{Fields, Form, Site};
use crate::staff::{May, Serve};
use crate::{AppState, WebError};

/// `POST /naechste`: calls the next one to the clerk's counter; with `fertig`, the one who is there is done first, both
/// or neither.
pub(super) async fn call(
    site: Site,
    staff: May<Serve>,
    State(app): State<AppState>,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let Some(counter) = place::counter(&site, &staff) else { return Ok(Notice::NoCounter.go(&site, None, None)) };
    let by = By { staff_id: staff.id, name: &staff.name };
    let mut tx = site.tx(&app).await?;
    if let Some(change) = finished(&fields)?
        && let Err(error) = queue::finish(&mut tx, change, &by, site.now).await
    {
        return notice::refused(&site, error);
    }
    let next = queue::next(&mut tx, counter.location, counter.id, &counter.concerns, &by, site.now).await;
    match next {
        Ok(called) => {
            tx.commit().await?;
            app.towns.touched(&site.town.tenant);
            let office = Some(counter.location);
            Ok(if called.is_some() { Notice::none(&site, office) } else { Notice::Nobody.go(&site, office, None) })
        }
        Err(error) => notice::refused(&site, error),
    }
}

fn finished(fields: &Fields) -> Result<Option<Change>, WebError> {
    let Some(id) = fields.get("fertig") else { return Ok(None) };
    let id = id.parse().map_err(|_| WebError::NotFound)?;
    let seen_version = fields.get("version").and_then(|it| it.parse().ok()).ok_or(WebError::NotFound)?;
    Ok(Some(Change { id, seen_version }))
}
