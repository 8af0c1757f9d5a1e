//! Setting up a second factor, or another one in its place, and its recovery codes, which are shown once.
//!
//! Whoever finds a computer unlocked must not take the second factor over, so all of it asks for the password. Only an
//! admin who has none yet comes straight from the sign-in.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use identity::{Staff, confirm_password, second_factor};
use minijinja::{Value, context};

use super::super::sign_in::refusal;
use super::super::{SignedIn, page, session};
use super::show;
use crate::extract::{Fields, Form, Site};
use crate::{AppState, Page, WebError};

/// `GET /verwaltung/konto/zweiter-faktor`: what it is and how it begins. Nothing is changed yet.
pub(super) async fn show(site: Site, SignedIn(staff): SignedIn, State(app): State<AppState>) -> Result<Page, WebError> {
    let is_set_up = is_set_up(&site, &app, &staff).await?;
    Ok(first_page(&staff, is_set_up, None))
}

/// `POST /verwaltung/konto/zweiter-faktor`: the secret, as a picture and as text. The same again for who reloads the page.
pub(super) async fn begin(
    site: Site,
    SignedIn(staff): SignedIn,
    State(app): State<AppState>,
    headers: HeaderMap,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let is_set_up = is_set_up(&site, &app, &staff).await?;
    if asks_password(&staff, is_set_up)
        && let Some((status, words)) = refused(&site, &app, &staff, &fields).await?
    {
        return Ok(first_page(&staff, is_set_up, Some(words)).status(status).into_response());
    }
    let begun = match session::begun_factor(&app, &site, &headers).await? {
        Some(begun) => begun,
        None => {
            let begun = second_factor::begin(&app.vault, &staff)?;
            session::keep_factor(&app, &site, &headers, Some(begun.clone())).await?;
            begun
        }
    };
    Ok(set_up(&site, &app, &staff, &begun, None)?.into_response())
}

/// `POST /verwaltung/konto/zweiter-faktor/pruefen`: the app shows that it has the secret.
pub(super) async fn confirm(
    site: Site,
    SignedIn(staff): SignedIn,
    State(app): State<AppState>,
    headers: HeaderMap,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let Some(begun) = session::begun_factor(&app, &site, &headers).await? else {
        return Ok(site.redirect("/verwaltung/konto/zweiter-faktor"));
    };
    let code = fields.get("code").unwrap_or_default();
    let mut tx = site.tx(&app).await?;
    match second_factor::confirm(&mut tx, &app.vault, &staff, (&begun, code), site.now).await {
        Ok(codes) => {
            tx.commit().await?;
            session::keep_factor(&app, &site, &headers, None).await?;
            Ok(recovery_codes(&staff, codes).into_response())
        }
        Err(error) => {
            tx.rollback().await?;
            let (status, words) = refusal(&site, error, "staff.account.factor.wrong")?;
            Ok(set_up(&site, &app, &staff, &begun, Some(words))?.status(status).into_response())
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
    if let Some((status, words)) = refused(&site, &app, &staff, &fields).await? {
        return at_account(&site, &app, &staff, &headers, (status, words)).await;
    }
    if !is_set_up(&site, &app, &staff).await? {
        return Ok(site.redirect("/verwaltung/konto"));
    }
    let mut tx = site.tx(&app).await?;
    let codes = second_factor::renew_recovery_codes(&mut tx, &staff, site.now).await?;
    tx.commit().await?;
    Ok(recovery_codes(&staff, codes).into_response())
}

/// `POST /verwaltung/konto/zweiter-faktor/entfernen`. Admins only get another one in its place.
pub(super) async fn remove(
    site: Site,
    SignedIn(staff): SignedIn,
    State(app): State<AppState>,
    headers: HeaderMap,
    Form(fields): Form,
) -> Result<Response, WebError> {
    if staff.role.needs_second_factor() {
        return Ok(site.redirect("/verwaltung/konto/zweiter-faktor"));
    }
    if let Some((status, words)) = refused(&site, &app, &staff, &fields).await? {
        return at_account(&site, &app, &staff, &headers, (status, words)).await;
    }
    let mut tx = site.tx(&app).await?;
    second_factor::remove(&mut tx, &staff, site.now).await?;
    tx.commit().await?;
    Ok(site.redirect("/verwaltung/konto?fertig=faktor"))
}

fn asks_password(staff: &Staff, is_set_up: bool) -> bool {
    is_set_up || !staff.role.needs_second_factor()
}

/// Status and words, if the password is not theirs.
async fn refused(
    site: &Site,
    app: &AppState,
    staff: &Staff,
    fields: &Fields,
) -> Result<Option<(StatusCode, String)>, WebError> {
    let (typed, client) = (fields.get("passwort").unwrap_or_default(), site.client.to_string());
    let confirmed = confirm_password(&app.db, &site.town.tenant, &app.vault, staff, (typed, &client), site.now);
    let Err(error) = confirmed.await else { return Ok(None) };
    refusal(site, error, "staff.account.password.wrong").map(Some)
}

async fn at_account(
    site: &Site,
    app: &AppState,
    staff: &Staff,
    headers: &HeaderMap,
    (status, words): (StatusCode, String),
) -> Result<Response, WebError> {
    let page = show::with(site, app, staff, headers, Some(("passwort_faktor", words))).await?;
    Ok(page.status(status).into_response())
}

async fn is_set_up(site: &Site, app: &AppState, staff: &Staff) -> Result<bool, WebError> {
    let mut tx = site.tx(app).await?;
    let account = identity::find(&mut tx, staff.id).await?;
    tx.rollback().await?;
    Ok(account.is_some_and(|it| it.has_second_factor))
}

fn first_page(staff: &Staff, is_set_up: bool, wrong: Option<String>) -> Page {
    let values = context! {
        is_set_up,
        is_must => staff.role.needs_second_factor() && !is_set_up,
        asks_password => asks_password(staff, is_set_up),
        problems => problems("passwort", wrong),
    };
    page(staff, "account", "staff/account_factor_begin.html", values)
}

fn set_up(site: &Site, app: &AppState, staff: &Staff, begun: &[u8], wrong: Option<String>) -> Result<Page, WebError> {
    let setup = second_factor::setup(&app.vault, staff, begun, &site.town.tenant.name)?;
    let values = context! {
        qr => Value::from_safe_string(setup.qr),
        secret => setup.secret,
        uri => setup.uri,
        problems => problems("code", wrong),
    };
    Ok(page(staff, "account", "staff/account_factor.html", values))
}

fn problems(field: &str, wrong: Option<String>) -> Vec<Value> {
    wrong.into_iter().map(|message| context! { field, message }).collect()
}

fn recovery_codes(staff: &Staff, codes: Vec<String>) -> Page {
    page(staff, "account", "staff/account_codes.html", context! { codes })
}
