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

/// `POST /verwaltung/passwort-vergessen`: the answer is the same whether there is such an account or not, and comes as soon:
/// what there is to write is written behind it. Should that fail, whoever waits for the mail asks again.
pub(super) async fn send(site: Site, State(app): State<AppState>, Form(fields): Form) -> Result<Page, WebError> {
    site.limit(&app, Action::Mail)?;
    // Begun here, so that a database out of reach is said.
    let mut tx = site.tx(&app).await?;
    let email = fields.get("email").unwrap_or_default().to_owned();
    tokio::spawn(async move {
        let written = match links::request_reset(&mut tx, &app.vault, &email, site.now).await {
            Ok(()) => tx.commit().await,
            Err(error) => Err(error),
        };
        if let Err(error) = written {
            let request = &site.request_id;
            tracing::error!(request, town = %site.town.tenant.slug, error = format!("{error:#}"), "no link was sent");
        }
    });
    Ok(Page::new("staff/sign_in_forgotten.html", context! { is_sent => true }).private())
}
