//! Step 3: who are you, and where do we send the confirmation? The place is kept meanwhile.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use booking::{ConfirmError, Typed};
use minijinja::value::Serde;
use minijinja::{Value, context};
use tenancy::TenantTx;

use crate::citizen::alternatives::Alternatives;
use crate::citizen::draft::{Draft, fee_day};
use crate::citizen::hold_box::HoldBox;
use crate::citizen::problem::Problem;
use crate::citizen::retake::retake;
use crate::citizen::summary::{CallToAction, Summary};
use crate::citizen::{details_form, link};
use crate::extract::{Form, Segment, Site};
use crate::{Action, AppState, Page, WebError};

/// `GET /buchung/{token}/angaben`
pub async fn show(
    site: Site,
    State(app): State<AppState>,
    Segment(token): Segment<String>,
) -> Result<Response, WebError> {
    let view = link::read(&site, &app, &token).await?;
    if link::is_booked(&view) {
        return Ok(site.redirect(&format!("/buchung/{token}/fertig")));
    }
    let day = fee_day(&site, &view);
    let draft = Draft::new(&site, token, view, day)?;
    if draft.next_position().is_some_and(|it| draft.at(it).is_none()) {
        return Ok(site.redirect(&draft.path("/termin")));
    }
    let typed = details_form::kept(&draft.view.booking);
    Ok(page(&site, &draft, &typed, Vec::new()).into_response())
}

/// `POST /buchung/{token}/angaben`: books.
pub async fn book(
    site: Site,
    State(app): State<AppState>,
    Segment(token): Segment<String>,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let typed = details_form::read(&fields);
    let mut tx = site.tx(&app).await?;
    let person = match details_form::check(&site, &typed) {
        Ok(person) => person,
        Err(problems) => return mistyped(tx, &site, token, &typed, problems).await,
    };
    site.limit(&app, Action::Book)?;
    let rules = &site.town.town.rules;
    let mut booked = booking::confirm(&mut tx, &token, &person, rules, site.now).await;
    if matches!(booked, Err(ConfirmError::ExpiredAndTaken(_))) {
        tx.commit().await?;
        refresh(&app, &site).await?;
        retake(&app, &site, &token).await?;
        tx = site.tx(&app).await?;
        booked = booking::confirm(&mut tx, &token, &person, rules, site.now).await;
    }
    match booked {
        Ok(_) => {
            tx.commit().await?;
            Ok(site.redirect(&format!("/buchung/{token}/fertig")))
        }
        Err(error) => refused(&app, tx, &site, token, &typed, error).await,
    }
}

/// The page with what was typed and what is wrong with it; a booking that is made already needs nothing any more.
async fn mistyped(
    mut tx: TenantTx,
    site: &Site,
    token: String,
    typed: &Typed,
    problems: Vec<Problem>,
) -> Result<Response, WebError> {
    let view = link::find(&mut tx, &token).await?;
    if link::is_booked(&view) {
        return Ok(site.redirect(&format!("/buchung/{token}/fertig")));
    }
    let day = fee_day(site, &view);
    let draft = Draft::new(site, token, view, day)?;
    let page = page(site, &draft, typed, problems);
    Ok(page.status(StatusCode::UNPROCESSABLE_ENTITY).into_response())
}

/// What is offered in place of what is gone shall be free as of now. In a transaction of its own: the index must not learn
/// of versions that may yet be rolled back.
async fn refresh(app: &AppState, site: &Site) -> Result<(), WebError> {
    let mut tx = site.tx(app).await?;
    site.town.index.refresh(&mut tx, site.now).await?;
    tx.rollback().await?;
    Ok(())
}

/// The page for a booking that could not be made: what happened, what was typed, and what else there is.
async fn refused(
    app: &AppState,
    mut tx: TenantTx,
    site: &Site,
    token: String,
    typed: &Typed,
    error: ConfirmError,
) -> Result<Response, WebError> {
    let (field, key, max) = match error {
        ConfirmError::ExpiredAndTaken(_) => ("andere-zeiten", "expired_taken", None),
        ConfirmError::TooManyBookings { max } => ("mail", "too_many_bookings", Some(max)),
        ConfirmError::Incomplete { .. } => return Ok(site.redirect(&format!("/buchung/{token}/termin"))),
        ConfirmError::Gone => return Err(link::missing(&token)),
        ConfirmError::Database(error) => return Err(error.into()),
    };
    let arguments: Vec<_> = max.map(|it| ("max", it.to_string().into())).into_iter().collect();
    let problem = Problem::new(site, field, key, &arguments);
    let view = link::find(&mut tx, &token).await?;
    booking::save_typed(&mut tx, view.booking.id, typed).await?;
    tx.commit().await?;
    refresh(app, site).await?;
    let day = fee_day(site, &view);
    let draft = Draft::new(site, token, view, day)?;
    Ok(page(site, &draft, typed, vec![problem]).status(StatusCode::CONFLICT).into_response())
}

/// The page with what was typed and what is wrong with it.
pub fn page(site: &Site, draft: &Draft, typed: &Typed, problems: Vec<Problem>) -> Page {
    let alternatives = Alternatives::find(site, draft);
    let summary = Summary { edit_time: Some(site.url(&draft.path("/entwurf"))), ..draft.summary(site) };
    Page::new(
        "citizen/details.html",
        context! {
            step => 3,
            // What was typed would be lost by a link: the way back is by buttons.
            steps => vec![None::<String>; 4],
            language_action => site.url(&draft.path("/entwurf")),
            save => site.url(&draft.path("/entwurf")),
            here => site.url(&draft.path("/angaben")),
            action => site.url(&draft.path("/angaben")),
            hold => Serde(HoldBox::new(site, draft, alternatives.is_none())),
            alternatives => alternatives.map_or(Value::from(()), |it| Serde(it).into()),
            retention_days => site.town.town.rules.retention_days,
            form => details_form::view(site, typed, &problems),
            problems => Serde(problems),
            cta => Serde(CallToAction { label: "citizen.summary.binding", ..CallToAction::default() }),
            summary => Serde(summary),
        },
    )
    .private()
}
