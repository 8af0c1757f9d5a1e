//! Another language for the own pages and mails.

use axum::extract::State;
use axum::http::header;
use axum::response::{AppendHeaders, IntoResponse, Response};
use identity::people;

use super::super::SignedIn;
use crate::extract::{Form, Site};
use crate::{AppState, WebError, language};

/// `POST /verwaltung/konto/sprache`: from now on, here and at each sign-in.
pub(super) async fn change(
    site: Site,
    SignedIn(staff): SignedIn,
    State(app): State<AppState>,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let wanted = fields.get("sprache").unwrap_or_default();
    let wanted = site.town.languages.iter().find(|it| *it == wanted).ok_or(WebError::BadInput("errors.no_form"))?;
    let mut tx = site.tx(&app).await?;
    people::set_language(&mut tx, staff.id, wanted).await?;
    tx.commit().await?;
    let cookie = language::remember(wanted, &site.base, site.origin.starts_with("https://"));
    let cookies = cookie.into_iter().map(|cookie| (header::SET_COOKIE, cookie));
    Ok((AppendHeaders(cookies), site.redirect("/verwaltung/konto?fertig=sprache")).into_response())
}
