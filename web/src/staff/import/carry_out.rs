//! Applying a batch, taking it back, and throwing it away.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use booking::desk::By;
use importer::batch::{self, StepError};
use uuid::Uuid;

use super::step::Step;
use super::{HOME, check, report};
use crate::extract::{Form, Segment, Site};
use crate::staff::{Import, May};
use crate::{AppState, WebError};

/// `POST /verwaltung/import/{id}/uebernehmen`: one press carries out what the dry run has shown.
pub(super) async fn apply(
    site: Site,
    staff: May<Import>,
    State(app): State<AppState>,
    Segment(id): Segment<Uuid>,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let by = By { staff_id: staff.id, name: &staff.name };
    let seen: Option<i32> = fields.get("lauf").and_then(|it| it.parse().ok());
    let mut tx = site.tx(&app).await?;
    match batch::start_apply(&mut tx, id, &by, site.now).await {
        Ok(()) => {
            let batch = batch::find(&mut tx, id).await?.ok_or(WebError::NotFound)?;
            if seen.and_then(|it| it.checked_add(1)) == Some(batch.run) {
                tx.commit().await?;
                return Ok(site.redirect(&Step::Report.path(id)));
            }
            // A colleague has made another dry run: nobody has seen here what would be carried out.
            tx.rollback().await?;
            let batch = batch::find(&mut site.tx(&app).await?, id).await?.ok_or(WebError::NotFound)?;
            Ok(check::page(&site, &staff, &app, &batch, Some("not_checked")).await?.into_response())
        }
        Err(StepError::WrongState) => {
            let batch = batch::find(&mut tx, id).await?.ok_or(WebError::NotFound)?;
            tx.rollback().await?;
            if Step::Report.is_open(&batch) {
                // Pressed twice.
                return Ok(site.redirect(&Step::Report.path(id)));
            }
            Ok(check::page(&site, &staff, &app, &batch, Some("not_checked")).await?.into_response())
        }
        Err(StepError::NotFound) => Err(WebError::NotFound),
        Err(StepError::Database(error)) => Err(error.into()),
    }
}

/// `POST /verwaltung/import/{id}/zuruecknehmen`
pub(super) async fn undo(
    site: Site,
    staff: May<Import>,
    State(app): State<AppState>,
    Segment(id): Segment<Uuid>,
) -> Result<Response, WebError> {
    let by = By { staff_id: staff.id, name: &staff.name };
    let mut tx = site.tx(&app).await?;
    match batch::start_undo(&mut tx, id, &by, site.now).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(site.redirect(&Step::Report.path(id)))
        }
        Err(StepError::WrongState) => {
            let batch = batch::find(&mut tx, id).await?.ok_or(WebError::NotFound)?;
            tx.rollback().await?;
            if !Step::Report.is_open(&batch) {
                return Ok(site.redirect(&Step::of(&batch).path(id)));
            }
            Ok(report::page(&site, &staff, &app, &batch).await?.into_response())
        }
        Err(StepError::NotFound) => Err(WebError::NotFound),
        Err(StepError::Database(error)) => Err(error.into()),
    }
}

/// `POST /verwaltung/import/{id}/verwerfen`: the file and all that was found in it are deleted. What was applied stays.
pub(super) async fn discard(
    site: Site,
    _: May<Import>,
    State(app): State<AppState>,
    Segment(id): Segment<Uuid>,
) -> Result<Response, WebError> {
    let mut tx = site.tx(&app).await?;
    batch::find(&mut tx, id).await?.ok_or(WebError::NotFound)?;
    batch::discard(&mut tx, id).await?;
    if batch::find(&mut tx, id).await?.is_some() {
        // Somebody has applied it meanwhile.
        tx.rollback().await?;
        return Ok(site.redirect(&Step::Report.path(id)));
    }
    tx.commit().await?;
    Ok(site.redirect(&format!("{HOME}?fertig=verworfen")))
}
