//! A list on paper, typed row by row with nothing but the keyboard: Enter in any field keeps the row on the server and
//! opens the next one, with the day of the row above. A kept list is a batch like any other from then on.

mod kept;
mod row;
mod typed;
mod view;

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use booking::desk::By;
use importer::batch::{self, Batch};
use tenancy::TenantTx;
use uuid::Uuid;

use self::kept::Seen;
use self::typed::Typed;
use self::view::{List, Said};
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
        let rows = BTreeMap::new();
        let list = List { id: Uuid::new_v4(), batch: None, rows: &rows };
        return Ok(view::page(&site, &staff, &list, &Typed::next(&rows), &Said::Nothing).into_response());
    };
    let id: Uuid = id.parse().map_err(|_| WebError::NotFound)?;
    let batch = match batch_at(&site, &app, id, Step::Paper).await? {
        Ok(batch) => batch,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let rows = kept::rows(&mut site.tx(&app).await?, id).await?;
    let wanted = site.query.get("zeile").and_then(|it| it.parse().ok());
    let typed = match wanted.and_then(|number: i32| Some((number, rows.get(&number)?))) {
        Some((number, row)) => Typed::of(&site, number, row),
        None => Typed::next(&rows),
    };
    let list = List { id, batch: Some(&batch), rows: &rows };
    Ok(view::page(&site, &staff, &list, &typed, &Said::Nothing).into_response())
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
    // Locked before its rows are read: of two windows each sees what the other has kept.
    let mut tx = site.tx(&app).await?;
    let batch = batch::lock_list(&mut tx, id).await?;
    if let Some(batch) = batch.as_ref().filter(|it| !Step::Paper.is_open(it)) {
        tx.rollback().await?;
        return Ok(site.redirect(&Step::of(batch).path(id)));
    }
    let rows = kept::rows(&mut tx, id).await?;
    let said = if fields.get("entfernen").is_some() {
        match kept::seen(&rows, &typed, None) {
            Seen::AsItIs => {
                kept::put(&mut tx, id, typed.number, None).await?;
                Said::Nothing
            }
            // Struck out already.
            Seen::Gone => Said::Nothing,
            Seen::Changed => Said::Changed,
        }
    } else {
        let by = By { staff_id: staff.id, name: &staff.name };
        keep(&mut tx, &site, id, &by, &mut typed).await?
    };
    if said == Said::Nothing {
        tx.commit().await?;
        return Ok(site.redirect(&Step::Paper.path(id)));
    }
    tx.rollback().await?;
    let list = List { id, batch: batch.as_ref(), rows: &rows };
    Ok(view::page(&site, &staff, &list, &typed, &said).into_response())
}

/// Keeps what was typed, or says why not; `typed` is then what the form shows.
async fn keep(tx: &mut TenantTx, site: &Site, id: Uuid, by: &By<'_>, typed: &mut Typed) -> Result<Said, WebError> {
    let row = match typed.check(site, id) {
        Ok(row) => row,
        Err(problems) => return Ok(Said::Wrong(problems)),
    };
    batch::begin_paper(tx, id, by, site.now).await?;
    batch::lock_list(tx, id).await?.ok_or(WebError::Gone)?;
    let rows = kept::rows(tx, id).await?;
    if typed.is_new {
        typed.number = kept::free_number(&rows, typed.number, &row);
    } else {
        match kept::seen(&rows, typed, Some(&row)) {
            Seen::AsItIs => {}
            Seen::Changed => return Ok(Said::Changed),
            Seen::Gone => {
                *typed = Typed { number: Typed::next(&rows).number, is_new: true, ..std::mem::take(typed) };
                return Ok(Said::Gone);
            }
        }
    }
    kept::put(tx, id, typed.number, Some(row)).await?;
    Ok(Said::Nothing)
}

/// Where the typing goes on after the dry run has found something.
fn check_path(batch: &Batch) -> String {
    Step::Check.path(batch.id)
}

/// Where these pages are.
fn home() -> String {
    format!("{HOME}/papier")
}
