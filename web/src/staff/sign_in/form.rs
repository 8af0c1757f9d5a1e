//! Address and password.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use identity::{Attempt, Entry, SignInError};
use minijinja::{Value, context};

use super::super::{layer, session};
use super::code;
use super::let_in;
use super::onward::{Onward, wanted};
use crate::extract::{Fields, Form, Site};
use crate::{AppState, Page, WebError};

/// `GET /verwaltung/anmelden`. Who is signed in already goes on at once.
pub(super) async fn show(site: Site, State(app): State<AppState>, headers: HeaderMap) -> Result<Response, WebError> {
    let onward = Onward::of(&site.query);
    if let Some(account) = layer::who(&app, &site, &headers).await? {
        return Ok(onward.go(&site, &account.staff.name));
    }
    let is_new_password = site.query.get("passwort") == Some("neu");
    Ok(page(&onward, "", None, is_new_password).into_response())
}

/// The page in place of a form that was sent when nobody was signed in (any more): what was typed is kept.
pub(in crate::staff) fn kept(site: &Site, fields: &Fields) -> Page {
    page(&Onward::keeping(wanted(site), fields), "", None, false).status(StatusCode::UNAUTHORIZED)
}

/// The page in place of a form from somebody who must set up a second factor before anything else.
pub(in crate::staff) fn waiting_for_factor(site: &Site, fields: &Fields, name: &str) -> Response {
    match Onward::keeping(wanted(site), fields).again(site, name, true) {
        Some(page) => page.status(StatusCode::FORBIDDEN).into_response(),
        None => site.redirect(layer::SET_UP),
    }
}

/// The page for whom the code came too late: from the beginning, to where it was going.
pub(super) fn too_late(site: &Site, onward: &Onward) -> Page {
    let words = site.t("staff.sign_in.code.too_late", &[]);
    page(onward, "", Some(words), false).status(StatusCode::UNPROCESSABLE_ENTITY)
}

/// `POST /verwaltung/anmelden`.
pub(super) async fn send(
    site: Site,
    State(app): State<AppState>,
    headers: HeaderMap,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let onward = Onward::of(&fields);
    let email = fields.get("email").unwrap_or_default();
    let client = site.client.to_string();
    let attempt = Attempt { email, password: fields.get("passwort").unwrap_or_default(), client: &client };
    match identity::sign_in(&app.db, &site.town.tenant, &app.vault, attempt, site.now).await {
        Ok(Entry::In(staff) | Entry::MustSetUpCode(staff)) => let_in(&site, &app, &headers, &staff, &onward).await,
        Ok(Entry::NeedsCode(id)) => {
            let cookie = session::begin_waiting(&app, &site, &headers, id).await?;
            Ok(([(header::SET_COOKIE, cookie)], code::page(&onward, None)).into_response())
        }
        Err(error) => {
            let (status, words) = refusal(&site, error, "staff.sign_in.wrong")?;
            Ok(page(&onward, email, Some(words), false).status(status).into_response())
        }
    }
}

/// Status and words for somebody who does not come in; `wrong` is the text for what does not fit.
pub(in crate::staff) fn refusal(
    site: &Site,
    error: SignInError,
    wrong: &'static str,
) -> Result<(StatusCode, String), WebError> {
    match error {
        SignInError::Wrong => Ok((StatusCode::UNPROCESSABLE_ENTITY, site.t(wrong, &[]))),
        SignInError::Wait { seconds } => {
            let words = site.texts.plural(&site.lang, "staff.sign_in.wait", seconds);
            Ok((StatusCode::TOO_MANY_REQUESTS, words))
        }
        SignInError::Other(error) => Err(WebError::Other(error)),
    }
}

pub(super) fn page(onward: &Onward, email: &str, wrong: Option<String>, is_new_password: bool) -> Page {
    let is_fleeting = onward.kept.is_some();
    filled(onward, (email, wrong), is_new_password, is_fleeting)
}

/// The page at an address that is good for no second look.
pub(super) fn fleeting(onward: &Onward, wrong: String) -> Page {
    filled(onward, ("", Some(wrong)), false, true)
}

fn filled(onward: &Onward, (email, wrong): (&str, Option<String>), is_new_password: bool, is_fleeting: bool) -> Page {
    let problems: Vec<Value> = wrong.iter().map(|it| context! { field => "email", message => it.as_str() }).collect();
    let values = context! { onward => onward.values(), email, problems, is_new_password, is_fleeting };
    Page::new("staff/sign_in.html", values).private()
}
