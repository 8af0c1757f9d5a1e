//! Signing out.

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};

use super::super::session;
use crate::extract::Site;
use crate::{AppState, WebError};

/// `POST /verwaltung/abmelden`: the session ends here and in the database.
pub(super) async fn send(site: Site, State(app): State<AppState>, headers: HeaderMap) -> Result<Response, WebError> {
    session::end(&app, &site, &headers).await?;
    let gone = [(header::SET_COOKIE, session::no_cookie(&site)?)];
    Ok((gone, site.redirect("/verwaltung/anmelden")).into_response())
}
