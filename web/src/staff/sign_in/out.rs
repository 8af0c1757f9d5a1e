//! Signing out. At the town's identity provider one may still be signed in, and the computer be everybody's: the next one
//! who takes that way is asked there who they are.

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{AppendHeaders, IntoResponse, Response};

use super::super::session;
use super::provider;
use crate::extract::Site;
use crate::{AppState, WebError};

/// `POST /verwaltung/abmelden`: the session ends here and in the database.
pub(super) async fn send(site: Site, State(app): State<AppState>, headers: HeaderMap) -> Result<Response, WebError> {
    session::end(&app, &site, &headers).await?;
    let has_provider = site.town.town.profile.oidc.is_some();
    let asked = has_provider.then(|| provider::ask_anew(&site, true)).transpose()?;
    let cookies = [Some(session::no_cookie(&site)?), asked].into_iter().flatten().map(|it| (header::SET_COOKIE, it));
    Ok((AppendHeaders(cookies), site.redirect("/verwaltung/anmelden")).into_response())
}
