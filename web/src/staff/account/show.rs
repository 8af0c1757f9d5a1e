//! The page of the own account.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use identity::sessions::{self, SessionInfo};
use identity::{Staff, second_factor};
use minijinja::{Value, context};

use super::super::{SignedIn, page, session};
use crate::extract::Site;
use crate::{AppState, Page, WebError};

/// What has just been done, as the address says it, and the text that says so.
const DONE: [(&str, &str); 5] = [
    ("passwort", "staff.account.done.password"),
    ("sitzung", "staff.account.done.session"),
    ("sitzungen", "staff.account.done.sessions"),
    ("faktor", "staff.account.done.factor"),
    ("sprache", "staff.account.done.language"),
];

/// `GET /verwaltung/konto`.
pub(super) async fn show(
    site: Site,
    SignedIn(staff): SignedIn,
    State(app): State<AppState>,
    headers: HeaderMap,
) -> Result<Page, WebError> {
    with(&site, &app, &staff, &headers, None).await
}

/// The page, with what is wrong with one of its forms: the field and the words.
pub(super) async fn with(
    site: &Site,
    app: &AppState,
    staff: &Staff,
    headers: &HeaderMap,
    wrong: Option<(&str, String)>,
) -> Result<Page, WebError> {
    let mut tx = site.tx(app).await?;
    let account = identity::find(&mut tx, staff.id).await?.ok_or(WebError::SignIn)?;
    let open = sessions::list(&mut tx, staff.id, site.now).await?;
    let codes_left = second_factor::recovery_codes_left(&mut tx, staff.id).await?;
    tx.rollback().await?;
    let own = session::sent(headers).map(sessions::handle);
    let said =
        site.query.get("fertig").and_then(|done| DONE.iter().find(|it| it.0 == done)).map(|it| site.t(it.1, &[]));
    let problems: Vec<Value> =
        wrong.iter().map(|(field, message)| context! { field => *field, message => message.as_str() }).collect();
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let values = context! {
        email => staff.email.as_str(),
        language => staff.language.as_str(),
        has_password => !account.is_from_provider,
        has_second_factor => account.has_second_factor,
        must_have_second_factor => staff.role.needs_second_factor(),
        codes_left,
        sessions => open.iter().map(|it| row(it, own.as_deref())).collect::<Vec<_>>(),
        said,
        problems,
    };
    Ok(page(staff, "account", "staff/account.html", values).status(status))
}

fn row(info: &SessionInfo, own: Option<&str>) -> Value {
    context! {
        handle => info.handle.as_str(),
        client => info.client.as_str(),
        began => info.created_at.to_string(),
        seen => info.seen_at.to_string(),
        is_own => own == Some(info.handle.as_str()),
    }
}
