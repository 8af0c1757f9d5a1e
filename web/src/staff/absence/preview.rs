//! Whom it concerns, with a proposal for each; and doing it, on one confirmation.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use booking::absence::{self, Affected, ApplyError, Closing, Missing, Proposal, Spot};
use booking::desk::By;
use identity::Staff;
use jiff::civil::Date;
use minijinja::{Value, context};
use uuid::Uuid;

use super::wish::Wish;
use super::{HOME, begin, decision, place};
use crate::extract::{Fields, Form, Site};
use crate::staff::{self, CloseCounters, May};
use crate::{AppState, Page, WebError};

/// `GET /verwaltung/ausfall/vorschau`
pub(super) async fn show(
    site: Site,
    staff: May<CloseCounters>,
    State(app): State<AppState>,
) -> Result<Response, WebError> {
    let wish = Wish::read(&site, &site.query);
    match wish.check(&site) {
        Ok(missing) => Ok(page(&site, &staff, &app, &wish, &missing, None).await?.into_response()),
        Err(wrong) => Ok(begin::page(&site, &staff, &app, &wish, wrong).await?.into_response()),
    }
}

/// `POST /verwaltung/ausfall/vorschau`: closes, moves, prepares the mails.
pub(super) async fn carry_out(
    site: Site,
    staff: May<CloseCounters>,
    State(app): State<AppState>,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let wish = Wish::read(&site, &fields);
    let missing = match wish.check(&site) {
        Ok(missing) => missing,
        Err(wrong) => return Ok(begin::page(&site, &staff, &app, &wish, wrong).await?.into_response()),
    };
    let id: Uuid = fields.get("versuch").and_then(|it| it.parse().ok()).ok_or(WebError::BadInput("errors.no_form"))?;
    match apply(&site, &staff, &app, &fields, (id, &wish, &missing)).await? {
        Ok(()) => {
            app.towns.touched(&site.town.tenant);
            Ok(site.redirect(&format!("{HOME}/{id}")))
        }
        Err(what) => {
            let page = page(&site, &staff, &app, &wish, &missing, Some((what, &fields))).await?;
            Ok(page.status(StatusCode::CONFLICT).into_response())
        }
    }
}

/// Why the preview has to be shown once more, as the last part of the key of its text.
async fn apply(
    site: &Site,
    staff: &Staff,
    app: &AppState,
    fields: &Fields,
    (id, wish, missing): (Uuid, &Wish, &Missing),
) -> Result<Result<(), &'static str>, WebError> {
    let mut tx = site.tx(app).await?;
    let affected = absence::affected(&mut tx, missing, site.now).await?;
    let decided = decision::read(site, fields, &affected);
    let closing = Closing { id, missing, reason: wish.reason(), decided: &decided };
    let by = By { staff_id: staff.id, name: &staff.name };
    match absence::apply(&mut tx, &closing, &by, &site.town.town.rules, site.now).await {
        Ok(_) => {
            tx.commit().await?;
            Ok(Ok(()))
        }
        Err(ApplyError::Outdated(_)) => Ok(Err("outdated")),
        Err(ApplyError::Taken(_)) => Ok(Err("taken")),
        Err(ApplyError::Database(error)) => Err(error.into()),
    }
}

async fn page(
    site: &Site,
    staff: &Staff,
    app: &AppState,
    wish: &Wish,
    missing: &Missing,
    refused: Option<(&'static str, &Fields)>,
) -> Result<Page, WebError> {
    let mut tx = site.tx(app).await?;
    let affected = absence::affected(&mut tx, missing, site.now).await?;
    tx.rollback().await?;
    // What is offered shall be free as of now.
    let mut tx = site.tx(app).await?;
    site.town.index.refresh(&mut tx, site.now).await?;
    tx.rollback().await?;
    let rules = &site.town.town.rules;
    let proposals = absence::propose(&site.town.index, missing, &affected, rules, site.zone(), site.now);
    let decided = refused.map(|(_, fields)| fields);
    let count = |wanted: fn(&Proposal) -> bool| proposals.iter().filter(|it| wanted(it)).count();
    let values = context! {
        what => place::missing(site, missing),
        typed => wish.view(),
        attempt => Uuid::new_v4().to_string(),
        back => site.url(&format!("{HOME}?{}", wish.query())),
        absorbed => count(|it| matches!(it, Proposal::Absorb(_))),
        moved => count(|it| matches!(it, Proposal::Move(_))),
        nothing => count(|it| matches!(it, Proposal::Nothing)),
        unreachable => affected.iter().zip(&proposals).filter(|(it, to)| must_be_called(it, to)).count(),
        refused => refused.map(|(key, _)| site.t(&format!("staff.absence.refused.{key}"), &[])),
        undo_minutes => absence::TIME_TO_UNDO.as_mins(),
        rows => affected.iter().zip(&proposals).map(|(it, to)| row(site, it, to, decided)).collect::<Vec<_>>(),
    };
    Ok(staff::page(staff, "absence", "staff/absence_preview.html", values))
}

/// Whoever only finds another counter at the same time need not be told.
fn must_be_called(it: &Affected, proposal: &Proposal) -> bool {
    it.email.is_none() && !matches!(proposal, Proposal::Absorb(_))
}

/// One appointment with its proposal, and what `decided` had chosen for it as far as that still stands.
fn row(site: &Site, it: &Affected, proposal: &Proposal, decided: Option<&Fields>) -> Value {
    let concerns: Vec<&str> = it.items.iter().map(|it| it.name.get(&site.lang)).collect();
    let (kind, to) = match proposal {
        Proposal::Absorb(spot) => ("absorb", Some(spot)),
        Proposal::Move(spot) => ("move", Some(spot)),
        Proposal::Nothing => ("nothing", None),
    };
    let (chosen, news) = decision::chosen(it.id, proposal, decided);
    context! {
        id => it.id.to_string(),
        version => it.version,
        name => it.name.as_str(),
        email => it.email.as_deref(),
        phone => it.phone.as_deref(),
        concerns => concerns.join(", "),
        now => place::spot(site, &it.spot),
        kind,
        is_same_day => to.is_some_and(|spot| day(site, spot) == day(site, &it.spot)),
        to => to.map(|spot| place::spot(site, spot)),
        value => to.map(decision::value),
        chosen,
        news,
    }
}

fn day(site: &Site, spot: &Spot) -> Date {
    spot.start.to_zoned(site.zone().clone()).date()
}
