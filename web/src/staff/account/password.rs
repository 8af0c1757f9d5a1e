//! Another password for the own account.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use identity::people::{self, By};
use identity::{Password, confirm_password};

use super::super::sign_in::{refusal, why_not};
use super::super::{SignedIn, session};
use super::show;
use crate::extract::{Form, Site};
use crate::{AppState, WebError};

/// `POST /verwaltung/konto/passwort`: all other sessions end.
pub(super) async fn change(
    site: Site,
    SignedIn(staff): SignedIn,
    State(app): State<AppState>,
    headers: HeaderMap,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let (now_typed, client) = (fields.get("passwort").unwrap_or_default(), site.client.to_string());
    let confirmed = confirm_password(&app.db, &site.town.tenant, &app.vault, &staff, (now_typed, &client), site.now);
    if let Err(error) = confirmed.await {
        let (status, words) = refusal(&site, error, "staff.account.password.wrong")?;
        let page = show::with(&site, &app, &staff, &headers, Some(("passwort", words))).await?;
        return Ok(page.status(status).into_response());
    }
    let known = [staff.name.as_str(), &staff.email, &site.town.tenant.name];
    let hash = match Password::choose(fields.get("passwort_neu").unwrap_or_default(), &known) {
        Ok(password) => password.hash().await?,
        Err(bad) => {
            let wrong = ("passwort_neu", why_not(&site, bad));
            return Ok(show::with(&site, &app, &staff, &headers, Some(wrong)).await?.into_response());
        }
    };
    let mut tx = site.tx(&app).await?;
    people::set_password(&mut tx, staff.id, &hash, session::sent(&headers), &By::from(&staff), site.now).await?;
    tx.commit().await?;
    Ok(site.redirect("/verwaltung/konto?fertig=passwort"))
}
