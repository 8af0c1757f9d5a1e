//! The dry run: what would become of every row. It changes nothing, and its numbers are those of the import itself.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use identity::Staff;
use importer::batch::{self, Batch, BatchState, StepError};
use minijinja::context;
use uuid::Uuid;

use super::step::{Step, batch_at};
use super::{HOME, choices, edition, list, missing, numbers, rows, step, words};
use crate::extract::{Form, Segment, Site};
use crate::staff::{self, Import, May};
use crate::{AppState, Page, WebError};

/// `GET /verwaltung/import/{id}/pruefung`
pub(super) async fn show(
    site: Site,
    staff: May<Import>,
    State(app): State<AppState>,
    Segment(id): Segment<Uuid>,
) -> Result<Response, WebError> {
    match batch_at(&site, &app, id, Step::Check).await? {
        Ok(batch) => Ok(page(&site, &staff, &app, &batch, None).await?.into_response()),
        Err(elsewhere) => Ok(elsewhere),
    }
}

/// `POST /verwaltung/import/{id}/pruefung`: begins it, with what was decided.
pub(super) async fn start(
    site: Site,
    _: May<Import>,
    State(app): State<AppState>,
    Segment(id): Segment<Uuid>,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let chosen = choices::read(&site, &fields);
    let mut tx = site.tx(&app).await?;
    match batch::start_check(&mut tx, id, &chosen, site.now).await {
        Ok(()) => {
            let batch = batch::find(&mut tx, id).await?.ok_or(WebError::NotFound)?;
            if let Some(profile) = &batch.profile {
                batch::save_profile(&mut tx, id, profile).await?;
            }
            tx.commit().await?;
        }
        // It runs already, or was applied meanwhile: the page says how it stands.
        Err(StepError::WrongState) => tx.rollback().await?,
        Err(StepError::NotFound) => return Err(WebError::NotFound),
        Err(StepError::Database(error)) => return Err(error.into()),
    }
    Ok(site.redirect(&Step::Check.path(id)))
}

/// The page, with why the last step was not taken, as the last part of the key of its text.
pub(super) async fn page(
    site: &Site,
    staff: &Staff,
    app: &AppState,
    batch: &Batch,
    refused: Option<&'static str>,
) -> Result<Page, WebError> {
    let is_checked = batch.state == BatchState::Checked;
    let rows = if is_checked { Some(rows::page(site, app, batch, &Step::Check.path(batch.id)).await?) } else { None };
    let edition = if is_checked && batch.problem.is_none() { edition::view(site, app, batch).await? } else { None };
    let missing = if is_checked { Some(missing::view(site, app, batch, Step::Check).await?) } else { None };
    let counted = &batch.numbers;
    let values = context! {
        steps => step::line(site, batch, Step::Check),
        name => list::name(site, batch),
        address => site.url(&Step::Check.path(batch.id)),
        errors => format!("{}?stand=error#zeilen", site.url(&Step::Check.path(batch.id))),
        apply => site.url(&format!("{HOME}/{}/uebernehmen", batch.id)),
        discard => site.url(&format!("{HOME}/{}/verwerfen", batch.id)),
        state => batch.state.as_str(),
        is_running => batch.state == BatchState::Checking,
        is_checked,
        done => batch.done,
        total => batch.total,
        choices => choices::view(site, &batch.choices),
        numbers => numbers::view(counted),
        // What a press of the button would do.
        changes => counted.add + counted.update + counted.close + counted.cancelled,
        problem => batch.problem.as_ref().map(|it| words::problem(site, it)),
        refused => refused.map(|key| site.t(&format!("staff.import.refused.{key}"), &[])),
        missing,
        run => batch.run,
        // The apply has broken down: what is begun is neither checked anew nor thrown away.
        is_half_way => is_checked && batch.problem.is_some(),
        rows,
        edition,
    };
    let status = if refused.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    Ok(staff::page(staff, "import", "staff/import_check.html", values).status(status))
}
