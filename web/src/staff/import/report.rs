//! What an import has done, and the way back.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use identity::Staff;
use importer::batch::{Batch, BatchState};
use minijinja::context;
use uuid::Uuid;

use super::step::{Step, batch_at};
use super::{HOME, choices, list, missing, numbers, rows, step, words};
use crate::extract::{Segment, Site};
use crate::staff::{self, Import, May};
use crate::{AppState, Page, WebError};

/// `GET /verwaltung/import/{id}/bericht`
pub(super) async fn show(
    site: Site,
    staff: May<Import>,
    State(app): State<AppState>,
    Segment(id): Segment<Uuid>,
) -> Result<Response, WebError> {
    match batch_at(&site, &app, id, Step::Report).await? {
        Ok(batch) => Ok(page(&site, &staff, &app, &batch).await?.into_response()),
        Err(elsewhere) => Ok(elsewhere),
    }
}

/// The report as it stands.
pub(super) async fn page(site: &Site, staff: &Staff, app: &AppState, batch: &Batch) -> Result<Page, WebError> {
    let is_running = matches!(batch.state, BatchState::Applying | BatchState::Undoing);
    let is_done = batch.state == BatchState::Applied;
    let rows = if is_running { None } else { Some(rows::page(site, app, batch, &Step::Report.path(batch.id)).await?) };
    let missing = if is_running { None } else { Some(missing::view(site, app, batch, Step::Report).await?) };
    let values = context! {
        steps => step::line(site, batch, Step::Report),
        name => list::name(site, batch),
        address => site.url(&Step::Report.path(batch.id)),
        undo => site.url(&format!("{HOME}/{}/zuruecknehmen", batch.id)),
        state => batch.state.as_str(),
        is_running,
        is_done,
        can_undo => batch.state == BatchState::Applied,
        done => batch.done,
        total => batch.total,
        by => batch.staff_name.as_str(),
        applied_at => batch.applied_at.map(|it| it.to_string()),
        undone_at => batch.undone_at.map(|it| it.to_string()),
        choices => choices::view(site, &batch.choices),
        numbers => numbers::view(&batch.numbers),
        problem => batch.problem.as_ref().map(|it| words::problem(site, it)),
        missing,
        rows,
    };
    Ok(staff::page(staff, "import", "staff/import_report.html", values))
}
