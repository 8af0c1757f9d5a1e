//! What was imported so far, and the form that takes the next file.

use axum::extract::State;
use axum::http::StatusCode;
use identity::Staff;
use importer::batch::{self, Batch, BatchState};
use minijinja::{Value, context};
use uuid::Uuid;

use super::step::Step;
use super::{HOME, numbers};
use crate::extract::Site;
use crate::staff::{self, Import, May};
use crate::{AppState, Page, WebError};

/// `GET /verwaltung/import`
pub(super) async fn show(site: Site, staff: May<Import>, State(app): State<AppState>) -> Result<Page, WebError> {
    page(&site, &staff, &app, None).await
}

/// The page, with why the last file was not taken.
pub(super) async fn page(
    site: &Site,
    staff: &Staff,
    app: &AppState,
    refused: Option<(StatusCode, String)>,
) -> Result<Page, WebError> {
    let mut tx = site.tx(app).await?;
    let batches = batch::list(&mut tx).await?;
    tx.rollback().await?;
    let status = refused.as_ref().map_or(StatusCode::OK, |(status, _)| *status);
    let problems: Vec<Value> = refused.iter().map(|(_, message)| context! { field => "datei", message }).collect();
    // What is still coming in, or was broken off, is nobody's yet.
    let shown = batches.iter().filter(|it| it.state != BatchState::Uploading);
    let values = context! {
        batches => shown.map(|it| row(site, it)).collect::<Vec<_>>(),
        attempt => Uuid::new_v4().to_string(),
        most_bytes => batch::MOST_BYTES,
        most_megabytes => batch::MOST_BYTES / (1024 * 1024),
        paper => site.url(&format!("{HOME}/papier")),
        is_discarded => site.query.get("fertig") == Some("verworfen"),
        problems,
    };
    Ok(staff::page(staff, "import", "staff/import.html", values).status(status))
}

fn row(site: &Site, batch: &Batch) -> Value {
    context! {
        href => site.url(&Step::of(batch).path(batch.id)),
        name => name(site, batch),
        by => batch.staff_name.as_str(),
        at => batch.created_at.to_string(),
        state => if batch.problem.is_some() { BatchState::Failed } else { batch.state }.as_str(),
        is_begun_paper => batch.is_paper && batch.state == BatchState::Uploaded,
        numbers => numbers::view(&batch.numbers),
        is_counted => batch.checked_at.is_some(),
        discard => Step::Check.is_open(batch).then(|| site.url(&format!("{HOME}/{}/verwerfen", batch.id))),
    }
}

/// What a batch is called: its file, or “list on paper”.
pub(super) fn name(site: &Site, batch: &Batch) -> String {
    if batch.is_paper { site.t("staff.import.paper.name", &[]) } else { batch.file_name.clone() }
}
