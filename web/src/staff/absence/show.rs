//! What was done: who is where now, who has to be called, and taking it back.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use booking::absence::{self, AbsenceChange, Outcome, UndoError};
use booking::desk::By;
use minijinja::{Value, context};
use uuid::Uuid;

use super::{HOME, place};
use crate::extract::{Form, Segment, Site};
use crate::staff::{self, CloseCounters, May};
use crate::{AppState, Page, WebError};

/// `GET /verwaltung/ausfall/{id}`
pub(super) async fn show(
    site: Site,
    staff: May<CloseCounters>,
    State(app): State<AppState>,
    Segment(id): Segment<Uuid>,
) -> Result<Page, WebError> {
    page(&site, &staff, &app, id, None).await
}

/// `POST /verwaltung/ausfall/{id}/zuruecknehmen`
pub(super) async fn undo(
    site: Site,
    staff: May<CloseCounters>,
    State(app): State<AppState>,
    Segment(id): Segment<Uuid>,
) -> Result<Response, WebError> {
    let mut tx = site.tx(&app).await?;
    let by = By { staff_id: staff.id, name: &staff.name };
    match absence::undo(&mut tx, id, &by, &site.town.town.rules, site.now).await {
        Ok(_) => {
            tx.commit().await?;
            app.towns.touched(&site.town.tenant);
            Ok(site.redirect(&format!("{HOME}/{id}")))
        }
        Err(UndoError::NotFound) => Err(WebError::NotFound),
        Err(UndoError::TooLate) => {
            let page = page(&site, &staff, &app, id, Some("too_late")).await?;
            Ok(page.status(StatusCode::CONFLICT).into_response())
        }
        Err(UndoError::Database(error)) => Err(error.into()),
    }
}

/// `POST /verwaltung/ausfall/{id}/oeffnen`: the colleague is back; nobody is moved again. Sent twice, it is done once.
pub(super) async fn open_again(
    site: Site,
    staff: May<CloseCounters>,
    State(app): State<AppState>,
    Segment(id): Segment<Uuid>,
) -> Result<Response, WebError> {
    let mut tx = site.tx(&app).await?;
    let by = By { staff_id: staff.id, name: &staff.name };
    absence::open_again(&mut tx, id, &by, site.now).await?.ok_or(WebError::NotFound)?;
    tx.commit().await?;
    app.towns.touched(&site.town.tenant);
    Ok(site.redirect(&format!("{HOME}/{id}")))
}

/// `POST /verwaltung/ausfall/{id}/angerufen`: `termin` has been called.
pub(super) async fn phoned(
    site: Site,
    _: May<CloseCounters>,
    State(app): State<AppState>,
    Segment(id): Segment<Uuid>,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let appointment = fields.get("termin").and_then(|it| it.parse().ok()).ok_or(WebError::NotFound)?;
    let mut tx = site.tx(&app).await?;
    if !absence::phoned(&mut tx, id, appointment, site.now).await? {
        return Err(WebError::NotFound);
    }
    tx.commit().await?;
    Ok(site.redirect(&format!("{HOME}/{id}#anrufen")))
}

async fn page(
    site: &Site,
    staff: &identity::Staff,
    app: &AppState,
    id: Uuid,
    refused: Option<&'static str>,
) -> Result<Page, WebError> {
    let mut tx = site.tx(app).await?;
    let absence = absence::find(&mut tx, id).await?.ok_or(WebError::NotFound)?;
    let is_closed = absence.undone_at.is_none() && absence.reopened_at.is_none();
    let left = if is_closed { absence::affected(&mut tx, &absence.missing, site.now).await?.len() } else { 0 };
    tx.rollback().await?;
    let rows = |wanted: &dyn Fn(&AbsenceChange) -> bool| -> Vec<Value> {
        absence.changes.iter().filter(|it| wanted(it)).map(|it| row(site, it)).collect()
    };
    let is_undone = absence.undone_at.is_some();
    let values = context! {
        address => site.url(&format!("{HOME}/{id}")),
        what => place::missing(site, &absence.missing),
        reason => absence.reason.as_str(),
        by => absence.staff_name.as_str(),
        created_at => absence.created_at.to_string(),
        send_at => absence.send_at.to_string(),
        undone_at => absence.undone_at.map(|it| it.to_string()),
        can_undo => absence.can_undo(site.now),
        can_open => absence.can_open_again(site.now, site.zone()),
        opened_at => absence.reopened_at.map(|it| it.to_string()),
        opened_by => absence.reopened_by.as_str(),
        mails => absence.changes.iter().filter(|it| it.is_mailed).count(),
        refused => refused.map(|key| site.t(&format!("staff.absence.refused.{key}"), &[])),
        left,
        to_call => rows(&|it| !is_undone && it.phone_first),
        done => rows(&|it| !is_undone && !it.phone_first),
        // Somebody had changed them, or their former place was taken: taking it back could not reach them.
        stayed => rows(&|it| is_undone && it.outcome != Outcome::Kept && !it.is_back),
    };
    Ok(staff::page(staff, "absence", "staff/absence_done.html", values))
}

fn row(site: &Site, it: &AbsenceChange) -> Value {
    context! {
        id => it.appointment_id.to_string(),
        href => site.url(&format!("/verwaltung/termine/{}", it.appointment_id)),
        name => it.name.as_str(),
        is_mailed => it.is_mailed,
        phone => it.phone.as_deref(),
        outcome => it.outcome.as_str(),
        before => place::spot(site, &it.before),
        after => place::spot(site, &it.after),
        phoned_at => it.phoned_at.map(|it| it.to_string()),
    }
}
