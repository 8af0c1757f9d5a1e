//! The second factor: a code of an app, or one of the recovery codes.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use identity::second_factor;
use minijinja::{Value, context};

use super::super::session;
use super::onward::Onward;
use super::{form, let_in};
use crate::extract::{Form, Site};
use crate::{AppState, Page, WebError};

/// `GET /verwaltung/anmelden/code`: only after the password.
pub(super) async fn show(site: Site, State(app): State<AppState>, headers: HeaderMap) -> Result<Response, WebError> {
    match session::waiting(&app, &site, &headers).await? {
        Some(_) => Ok(page(&Onward::of(&site.query), None).into_response()),
        None => Ok(site.redirect("/verwaltung/anmelden")),
    }
}

/// `POST /verwaltung/anmelden/code`.
pub(super) async fn send(
    site: Site,
    State(app): State<AppState>,
    headers: HeaderMap,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let onward = Onward::of(&fields);
    let Some(id) = session::waiting(&app, &site, &headers).await? else {
        return Ok(form::too_late(&site, &onward).into_response());
    };
    let (code, client) = (fields.get("code").unwrap_or_default(), site.client.to_string());
    let mut tx = site.tx(&app).await?;
    let checked = second_factor::check(&mut tx, &app.vault, id, (code, &client), site.now).await;
    // Failures are counted, so they are kept too.
    tx.commit().await?;
    match checked {
        Ok(staff) => let_in(&site, &app, &headers, &staff, &onward).await,
        Err(error) => {
            let (status, words) = form::refusal(&site, error, "staff.sign_in.code.wrong")?;
            Ok(page(&onward, Some(words)).status(status).into_response())
        }
    }
}

/// The page that asks for the code.
pub(super) fn page(onward: &Onward, wrong: Option<String>) -> Page {
    let problems: Vec<Value> = wrong.iter().map(|it| context! { field => "code", message => it.as_str() }).collect();
    Page::new("staff/sign_in_code.html", context! { onward => onward.values(), problems, is_fleeting => true })
        .private()
}
