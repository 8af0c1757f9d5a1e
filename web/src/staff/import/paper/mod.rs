//! A list on paper, typed row by row with nothing but the keyboard: Enter in any field keeps the row on the server and
//! opens the next one, with the day of the row above. A kept list is a batch like any other from then on.

mod row;
mod typed;
mod view;

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use booking::desk::By;
use importer::batch::{self, Batch, StepError};
use tenancy::TenantTx;
use uuid::Uuid;

use self::row::PaperRow;
use self::typed::Typed;
use super::HOME;
use super::step::{Step, batch_at};
use crate::extract::{Form, Site};
use crate::staff::{Import, May};
use crate::{AppState, WebError};

/// More rows than this make a list that nobody finds anything in; another one can be begun.
const MOST_ROWS: i32 = 2_000;

/// `GET /verwaltung/import/papier`: an empty list, or the one called `liste`, with its row `zeile` open.
pub(super) async fn show(site: Site, staff: May<Import>, State(app): State<AppState>) -> Result<Response, WebError> {
    let Some(id) = site.query.get("liste") else {
        let id = Uuid::new_v4();
        let typed = Typed::next(&BTreeMap::new());
        return Ok(view::page(&site, &staff, id, None, &BTreeMap::new(), &typed, &[]).into_response());
    };
    let id: Uuid = id.parse().map_err(|_| WebError::NotFound)?;
    let batch = match batch_at(&site, &app, id, Step::Paper).await? {
        Ok(batch) => batch,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let rows = rows(&mut site.tx(&app).await?, id).await?;
    let wanted = site.query.get("zeile").and_then(|it| it.parse().ok()).filter(|it| rows.contains_key(it));
    let typed = match wanted.and_then(|number| Some((number, rows.get(&number)?))) {
        Some((number, row)) => Typed::of(&site, number, row),
        None => Typed::next(&rows),
    };
    Ok(view::page(&site, &staff, id, Some(&batch), &rows, &typed, &[]).into_response())
}

/// `POST /verwaltung/import/papier`: keeps row `zeile` of `liste`, or takes it out (`entfernen`).
pub(super) async fn save(
    site: Site,
    staff: May<Import>,
    State(app): State<AppState>,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let no_form = WebError::BadInput("errors.no_form");
    let Some(id) = fields.get("liste").and_then(|it| it.parse::<Uuid>().ok()) else { return Err(no_form) };
    let mut typed = Typed::read(&fields);
    if typed.number < 1 || typed.number > MOST_ROWS {
        return Err(no_form);
    }
    let mut tx = site.tx(&app).await?;
    let batch = batch::find(&mut tx, id).await?;
    if let Some(batch) = batch.as_ref().filter(|it| !Step::Paper.is_open(it)) {
        tx.rollback().await?;
        return Ok(site.redirect(&Step::of(batch).path(id)));
    }
    let rows = rows(&mut tx, id).await?;
    let row = if fields.get("entfernen").is_some() {
        None
    } else {
        match typed.check(&site, id) {
            Ok(row) => Some(row),
            Err(problems) => {
                tx.rollback().await?;
                return Ok(view::page(&site, &staff, id, batch.as_ref(), &rows, &typed, &problems).into_response());
            }
        }
    };
    if typed.is_new {
        typed.number = free_number(&rows, &typed, row.as_ref());
    }
    let by = By { staff_id: staff.id, name: &staff.name };
    keep(&mut tx, &site, (id, batch.is_none()), typed.number, row, &by).await?;
    tx.commit().await?;
    Ok(site.redirect(&Step::Paper.path(id)))
}

/// The number of a new row: the one it was given, unless somebody has kept another row under it in another window.
/// The same row once more is the same row: the answer to the first one was lost.
fn free_number(rows: &BTreeMap<i32, PaperRow>, typed: &Typed, row: Option<&PaperRow>) -> i32 {
    let is_free = rows.get(&typed.number).is_none_or(|there| row.is_some_and(|row| row.says_the_same(there)));
    if is_free { typed.number } else { rows.keys().next_back().map_or(1, |last| last + 1) }
}

async fn keep(
    tx: &mut TenantTx,
    site: &Site,
    (id, is_first): (Uuid, bool),
    number: i32,
    row: Option<PaperRow>,
    by: &By<'_>,
) -> Result<(), WebError> {
    if is_first {
        batch::begin_paper(tx, id, by, site.now).await?;
    }
    // A row that was taken out stays as an empty line, so that the others keep their numbers.
    let line = match row {
        Some(row) => serde_json::to_string(&PaperRow { id: PaperRow::id_of(id, number), ..row })?,
        None => String::new(),
    };
    match batch::put_line(tx, id, number, &line).await {
        Ok(()) => Ok(()),
        Err(StepError::Database(error)) => Err(error.into()),
        Err(StepError::NotFound | StepError::WrongState) => Err(WebError::Gone),
    }
}

/// The rows kept so far, by number.
async fn rows(tx: &mut TenantTx, id: Uuid) -> Result<BTreeMap<i32, PaperRow>, WebError> {
    let lines = batch::lines(tx, id).await?;
    let kept = lines.iter().filter(|(_, line)| !line.trim().is_empty());
    kept.map(|(number, line)| Ok((*number, serde_json::from_str(line)?))).collect()
}

/// Where the typing goes on after the dry run has found something.
fn check_path(batch: &Batch) -> String {
    Step::Check.path(batch.id)
}

/// Where these pages are.
fn home() -> String {
    format!("{HOME}/papier")
}
