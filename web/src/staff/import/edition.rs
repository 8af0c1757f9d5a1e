//! Whether a file is the next edition of an earlier one: only then something can be missing from it.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use importer::batch::{self, Batch, Edition, StepError};
use minijinja::{Value, context};
use uuid::Uuid;

use super::check;
use super::step::Step;
use crate::extract::{Form, Segment, Site};
use crate::staff::{Import, May};
use crate::{AppState, WebError};

/// “Another calendar” in the form.
const ANOTHER: &str = "-";
/// So many lists are offered: the likeliest come first.
const MOST_LISTS: usize = 5;

/// `POST /verwaltung/import/{id}/fassung`: field `fassung`, the list or [`ANOTHER`].
pub(super) async fn choose(
    site: Site,
    staff: May<Import>,
    State(app): State<AppState>,
    Segment(id): Segment<Uuid>,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let chosen = fields.get("fassung").filter(|it| *it != ANOTHER);
    let mut tx = site.tx(&app).await?;
    let batch = batch::find(&mut tx, id).await?.ok_or(WebError::NotFound)?;
    match batch::choose_edition(&mut tx, id, chosen).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(site.redirect(&Step::Check.path(id)))
        }
        Err(StepError::Database(error)) => Err(error.into()),
        // Applied meanwhile, or the list was: the page says how it stands.
        Err(StepError::WrongState) if Step::Report.is_open(&batch) => Ok(site.redirect(&Step::Report.path(id))),
        Err(StepError::WrongState | StepError::NotFound) => {
            tx.rollback().await?;
            Ok(check::page(&site, &staff, &app, &batch, Some("not_checked")).await?.into_response())
        }
    }
}

/// The lists it may be an edition of; none: there is nothing to ask.
///
/// # Errors
/// The database's own.
pub(super) async fn view(site: &Site, app: &AppState, batch: &Batch) -> Result<Option<Value>, WebError> {
    // A list on paper is no edition of another.
    if batch.is_paper {
        return Ok(None);
    }
    let mut tx = site.tx(app).await?;
    let editions = batch::editions(&mut tx, batch.id).await?;
    tx.rollback().await?;
    if editions.is_empty() {
        return Ok(None);
    }
    Ok(Some(context! {
        address => site.url(&format!("{}/{}/fassung", super::HOME, batch.id)),
        another => ANOTHER,
        is_another => !editions.iter().any(|it| it.is_this),
        // Whoever wants to cancel what is gone has to see that nothing is, as long as it counts as another calendar.
        is_open => batch.choices.cancel_gone || editions.iter().any(|it| it.is_this || it.shared > 0),
        lists => editions.iter().take(MOST_LISTS).map(|it| list(site, it)).collect::<Vec<_>>(),
    }))
}

fn list(site: &Site, it: &Edition) -> Value {
    let name = match it.file_name.as_deref() {
        // What is typed from paper is called by its number.
        Some(name) if name.parse::<Uuid>().is_ok() => site.t("staff.import.paper.name", &[]),
        Some(name) => name.to_owned(),
        None => site.t("staff.import.edition.forgotten", &[]),
    };
    context! {
        origin => it.origin.as_str(),
        name,
        at => it.applied_at.map(|at| at.to_string()),
        ahead => it.ahead,
        shared => it.shared,
        is_this => it.is_this,
    }
}
