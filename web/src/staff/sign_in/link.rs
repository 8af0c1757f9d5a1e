//! The links of invitations and of forgotten passwords: both let their owner choose a password.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use identity::links::{self, LinkError, Purpose};
use identity::{Account, BadPassword, Password};
use minijinja::{Value, context};

use super::let_in;
use super::onward::Onward;
use crate::extract::{Form, Segment, Site};
use crate::{AppState, Page, WebError};

/// `GET /verwaltung/einladung/{token}`.
pub(super) async fn show_invitation(
    site: Site,
    app: State<AppState>,
    token: Segment<String>,
) -> Result<Page, WebError> {
    show(&site, &app, Purpose::Invitation, &token.0).await
}

/// `POST /verwaltung/einladung/{token}`.
pub(super) async fn accept_invitation(
    site: Site,
    app: State<AppState>,
    token: Segment<String>,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, WebError> {
    accept(&site, &app, (Purpose::Invitation, &token.0), &headers, &form).await
}

/// `GET /verwaltung/passwort/{token}`.
pub(super) async fn show_reset(site: Site, app: State<AppState>, token: Segment<String>) -> Result<Page, WebError> {
    show(&site, &app, Purpose::PasswordReset, &token.0).await
}

/// `POST /verwaltung/passwort/{token}`.
pub(super) async fn accept_reset(
    site: Site,
    app: State<AppState>,
    token: Segment<String>,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, WebError> {
    accept(&site, &app, (Purpose::PasswordReset, &token.0), &headers, &form).await
}

async fn show(site: &Site, app: &AppState, purpose: Purpose, token: &str) -> Result<Page, WebError> {
    let mut tx = site.tx(app).await?;
    let found = links::find(&mut tx, token, purpose, site.now).await;
    tx.rollback().await?;
    match found {
        Ok(account) => Ok(page(site, purpose, &account, None)),
        Err(LinkError::NotGood) => Ok(gone(purpose)),
        Err(LinkError::Database(error)) => Err(error.into()),
    }
}

/// A link proves the mailbox, not the telephone: who has a second factor signs in as usual afterwards.
async fn accept(
    site: &Site,
    app: &AppState,
    (purpose, token): (Purpose, &str),
    headers: &HeaderMap,
    Form(fields): &Form,
) -> Result<Response, WebError> {
    let mut tx = site.tx(app).await?;
    let found = links::find(&mut tx, token, purpose, site.now).await;
    tx.rollback().await?;
    let account = match found {
        Ok(account) => account,
        Err(LinkError::NotGood) => return Ok(gone(purpose).into_response()),
        Err(LinkError::Database(error)) => return Err(error.into()),
    };
    let known = [account.staff.name.as_str(), &account.staff.email, &site.town.tenant.name];
    let password = match Password::choose(fields.get("passwort").unwrap_or_default(), &known) {
        Ok(password) => password.hash().await?,
        Err(bad) => {
            let words = why_not(site, bad);
            let page = page(site, purpose, &account, Some(words)).status(StatusCode::UNPROCESSABLE_ENTITY);
            return Ok(page.into_response());
        }
    };
    let mut tx = site.tx(app).await?;
    let account = match links::accept(&mut tx, &app.vault, token, purpose, &password, site.now).await {
        Ok(account) => account,
        Err(LinkError::NotGood) => return Ok(gone(purpose).into_response()),
        Err(LinkError::Database(error)) => return Err(error.into()),
    };
    tx.commit().await?;
    if account.has_second_factor {
        return Ok(site.redirect("/verwaltung/anmelden?passwort=neu"));
    }
    let_in(site, app, headers, &account.staff, &Onward::default()).await
}

/// Why a password is not good enough, in words.
pub(in crate::staff) fn why_not(site: &Site, bad: BadPassword) -> String {
    match bad {
        BadPassword::TooShort { least } => {
            site.t("staff.sign_in.password.too_short", &[("least", least.to_string().into())])
        }
        BadPassword::TooLong { most } => {
            site.t("staff.sign_in.password.too_long", &[("most", most.to_string().into())])
        }
        BadPassword::TooEasy => site.t("staff.sign_in.password.too_easy", &[]),
    }
}

fn page(site: &Site, purpose: Purpose, account: &Account, wrong: Option<String>) -> Page {
    let problems: Vec<Value> =
        wrong.iter().map(|it| context! { field => "passwort", message => it.as_str() }).collect();
    let values = context! {
        purpose => purpose.as_str(),
        action => site.url(&site.path),
        name => account.staff.name.as_str(),
        email => account.staff.email.as_str(),
        problems,
    };
    Page::new("staff/sign_in_password.html", values).private()
}

fn gone(purpose: Purpose) -> Page {
    let values = context! { purpose => purpose.as_str() };
    Page::new("staff/sign_in_gone.html", values).private().status(StatusCode::GONE)
}
