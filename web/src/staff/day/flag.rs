//! The mark of an imported appointment that somebody should look at.

use axum::extract::State;
use axum::response::Response;
use booking::desk::{self, By};
use importer::{Reason, State as RowState};
use uuid::Uuid;

use super::done::Done;
use super::forms::seen_version;
use super::refused;
use crate::extract::{Form, Segment, Site};
use crate::staff::import::reason;
use crate::staff::{ChangeBookings, May};
use crate::{AppState, WebError};

/// `POST /geprueft`: somebody has looked at it.
pub(super) async fn settle(
    site: Site,
    staff: May<ChangeBookings>,
    State(app): State<AppState>,
    Segment(id): Segment<Uuid>,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let by = By { staff_id: staff.id, name: &staff.name };
    let mut tx = site.tx(&app).await?;
    if let Err(error) = desk::settle_import(&mut tx, id, seen_version(&fields)?, &by, site.now).await {
        tx.rollback().await?;
        return refused::answer(&site, &app, &staff, id, &fields, error).await;
    }
    let it = desk::appointment(&mut tx, id).await?.ok_or(WebError::NotFound)?;
    tx.commit().await?;
    Ok(Done::LookedAt.go(&site, &it, &fields))
}

/// Why somebody should look at it, in words; nothing: nobody need.
pub(super) fn words(site: &Site, flag: Option<&str>) -> Vec<String> {
    let keys = flag.into_iter().flat_map(str::split_whitespace);
    keys.map(|key| reason(site, &Reason::new(RowState::Warning, key, ""))).collect()
}
