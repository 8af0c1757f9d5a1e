//! Signing in and out, and choosing a password by a link.

mod code;
mod forgotten;
mod form;
mod link;
mod onward;
mod out;
mod provider;

pub(super) use form::{kept, refusal, waiting_for_factor};
pub(super) use link::why_not;
pub(super) use onward::wanted;

use axum::Router;
use axum::http::{HeaderMap, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use axum::routing::{get, post};
use identity::Staff;

use super::session;
use crate::extract::Site;
use crate::{AppState, WebError, language};
use onward::Onward;

/// Pages that nobody has to be signed in for.
pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/verwaltung/anmelden", get(form::show).post(form::send))
        .route("/verwaltung/anmelden/code", get(code::show).post(code::send))
        .route("/verwaltung/anmelden/anbieter", post(provider::send))
        .route("/verwaltung/anmelden/anbieter/zurueck", get(provider::back))
        .route("/verwaltung/abmelden", post(out::send))
        .route("/verwaltung/passwort-vergessen", get(forgotten::show).post(forgotten::send))
        .route("/verwaltung/einladung/{token}", get(link::show_invitation).post(link::accept_invitation))
        .route("/verwaltung/passwort/{token}", get(link::show_reset).post(link::accept_reset))
}

/// Whoever has proved who they are is let in, goes on to where they wanted, and reads it in their own language.
async fn let_in(
    site: &Site,
    app: &AppState,
    headers: &HeaderMap,
    staff: &Staff,
    onward: &Onward,
) -> Result<Response, WebError> {
    let_in_by(site, app, headers, (staff, false), onward).await
}

/// As [`let_in`]; `is_vouched`: the town's identity provider has checked a second factor.
async fn let_in_by(
    site: &Site,
    app: &AppState,
    headers: &HeaderMap,
    (staff, is_vouched): (&Staff, bool),
    onward: &Onward,
) -> Result<Response, WebError> {
    let session = session::begin(app, site, headers, (staff.id, is_vouched)).await?;
    let offered = site.town.languages.iter().find(|it| **it == staff.language);
    let is_https = site.origin.starts_with("https://");
    let language = offered.and_then(|code| language::remember(code, &site.base, is_https));
    let cookies = [Some(session), language].into_iter().flatten().map(|cookie| (header::SET_COOKIE, cookie));
    Ok((AppendHeaders(cookies), onward.go(site, &staff.name)).into_response())
}
