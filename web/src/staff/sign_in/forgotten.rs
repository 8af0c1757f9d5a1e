//! The way back for who has forgotten their password.

use axum::extract::State;
use identity::links;
use minijinja::context;

use crate::extract::{Form, Site};
use crate::limits::Action;
use crate::{AppState, Page, WebError};

/// `GET /verwaltung/passwort-vergessen`.
pub(super) async fn show() -> Page {
    Page::new("staff/sign_in_forgotten.html", context! { is_sent => false }).private()
}

/// `POST /verwaltung/passwort-vergessen`: the answer is the same whether there is such an account or not.
pub(super) async fn send(site: Site, State(app): State<AppState>, Form(fields): Form) -> Result<Page, WebError> {
    site.limit(&app, Action::Mail)?;
    let mut tx = site.tx(&app).await?;
    links::request_reset(&mut tx, &app.vault, fields.get("email").unwrap_or_default(), site.now).await?;
    tx.commit().await?;
    Ok(Page::new("staff/sign_in_forgotten.html", context! { is_sent => true }).private())
}
