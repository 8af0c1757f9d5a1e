//! Setting up a second factor, and its recovery codes, which are shown once.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use identity::{Staff, confirm_password, second_factor};
use minijinja::{Value, context};

use super::super::sign_in::refusal;
use super::super::{SignedIn, page};
use super::show;
use crate::extract::{Fields, Form, Site};
use crate::{AppState, Page, WebError};

/// `GET /verwaltung/konto/zweiter-faktor`: what it is and how it begins. Nothing is changed yet.
pub(super) async fn show(
    site: Site,
    SignedIn(staff): SignedIn,
    State(app): State<AppState>,
) -> Result<Response, WebError> {
    if is_set_up(&site, &app, &staff).await? {
        return Ok(site.redirect("/verwaltung/konto"));
    }
    let values = context! { is_must => staff.role.needs_second_factor() };
    Ok(page(&staff, "account", "staff/account_factor_begin.html", values).into_response())
}

/// `POST /verwaltung/konto/zweiter-faktor`: the secret, as a picture and as text.
pub(super) async fn begin(
    site: Site,
    SignedIn(staff): SignedIn,
    State(app): State<AppState>,
) -> Result<Response, WebError> {
    if is_set_up(&site, &app, &staff).await? {
        return Ok(site.redirect("/verwaltung/konto"));
    }
    Ok(set_up(&site, &app, &staff, None).await?.into_response())
}

/// `POST /verwaltung/konto/zweiter-faktor/pruefen`: the app shows that it has the secret.
pub(super) async fn confirm(
    site: Site,
    SignedIn(staff): SignedIn,
    State(app): State<AppState>,
    Form(fields): Form,
) -> Result<Response, WebError> {
    if is_set_up(&site, &app, &staff).await? {
        return Ok(site.redirect("/verwaltung/konto"));
    }
    let code = fields.get("code").unwrap_or_default();
    let mut tx = site.tx(&app).await?;
    match second_factor::confirm(&mut tx, &app.vault, &staff, code, site.now).await {
        Ok(codes) => {
            tx.commit().await?;
            Ok(recovery_codes(&staff, codes).into_response())
        }
        Err(error) => {
            tx.rollback().await?;
            let (status, words) = refusal(&site, error, "staff.account.factor.wrong")?;
            Ok(set_up(&site, &app, &staff, Some(words)).await?.status(status).into_response())
        }
    }
}

/// `POST /verwaltung/konto/zweiter-faktor/codes`: new recovery codes instead of the former ones.
pub(super) async fn new_codes(
    site: Site,
    SignedIn(staff): SignedIn,
    State(app): State<AppState>,
    headers: HeaderMap,
    Form(fields): Form,
) -> Result<Response, WebError> {
    if let Some(refused) = ask_password(&site, &app, &staff, &headers, &fields).await? {
        return Ok(refused);
    }
    if !is_set_up(&site, &app, &staff).await? {
        return Ok(site.redirect("/verwaltung/konto"));
    }
    let mut tx = site.tx(&app).await?;
    let codes = second_factor::new_recovery_codes(&mut tx, staff.id).await?;
    tx.commit().await?;
    Ok(recovery_codes(&staff, codes).into_response())
}

/// `POST /verwaltung/konto/zweiter-faktor/entfernen`: before another telephone is set up. Admins must set one up at once.
pub(super) async fn remove(
    site: Site,
    SignedIn(staff): SignedIn,
    State(app): State<AppState>,
    headers: HeaderMap,
    Form(fields): Form,
) -> Result<Response, WebError> {
    if let Some(refused) = ask_password(&site, &app, &staff, &headers, &fields).await? {
        return Ok(refused);
    }
    let mut tx = site.tx(&app).await?;
    second_factor::remove(&mut tx, staff.id).await?;
    tx.commit().await?;
    Ok(site.redirect("/verwaltung/konto?fertig=faktor"))
}

/// Whoever finds a computer unlocked must not take the second factor over: the page that refuses, if the password is wrong.
async fn ask_password(
    site: &Site,
    app: &AppState,
    staff: &Staff,
    headers: &HeaderMap,
    fields: &Fields,
) -> Result<Option<Response>, WebError> {
    let (typed, client) = (fields.get("passwort").unwrap_or_default(), site.client.to_string());
    let confirmed = confirm_password(&app.db, &site.town.tenant, &app.vault, staff, (typed, &client), site.now);
    let Err(error) = confirmed.await else { return Ok(None) };
    let (status, words) = refusal(site, error, "staff.account.password.wrong")?;
    let page = show::with(site, app, staff, headers, Some(("passwort_faktor", words))).await?;
    Ok(Some(page.status(status).into_response()))
}

async fn is_set_up(site: &Site, app: &AppState, staff: &Staff) -> Result<bool, WebError> {
    let mut tx = site.tx(app).await?;
    let account = identity::find(&mut tx, staff.id).await?;
    tx.rollback().await?;
    Ok(account.is_some_and(|it| it.has_second_factor))
}

async fn set_up(site: &Site, app: &AppState, staff: &Staff, wrong: Option<String>) -> Result<Page, WebError> {
    let mut tx = site.tx(app).await?;
    let setup = second_factor::begin(&mut tx, &app.vault, staff, &site.town.tenant.name).await?;
    tx.commit().await?;
    let problems: Vec<Value> = wrong.iter().map(|it| context! { field => "code", message => it.as_str() }).collect();
    let values = context! {
        qr => Value::from_safe_string(setup.qr),
        secret => setup.secret,
        uri => setup.uri,
        problems,
    };
    Ok(page(staff, "account", "staff/account_factor.html", values))
}

fn recovery_codes(staff: &Staff, codes: Vec<String>) -> Page {
    page(staff, "account", "staff/account_codes.html", context! { codes })
}
