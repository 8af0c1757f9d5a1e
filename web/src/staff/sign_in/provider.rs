//! Signing in with the town's own identity provider: the way there, and back.
//!
//! Between the two the browser keeps what we need, sealed, in a cookie for this way alone; on the server there is nothing
//! of somebody who has not proved who they are.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use identity::Account;
use identity::provider::{self, Call, EnterError, Journey, ProviderError};
use jiff::{SignedDuration, Timestamp};
use minijinja::context;
use serde::{Deserialize, Serialize};
use tenancy::town::IdentityProvider;

use super::super::{layer, session};
use super::onward::Onward;
use super::{code, form, let_in_by};
use crate::extract::{Form, Site};
use crate::{AppState, Page, WebError, cookies};

const THERE: &str = "/verwaltung/anmelden/anbieter";
const BACK: &str = "/verwaltung/anmelden/anbieter/zurueck";
const CODE: &str = "/verwaltung/anmelden/code";
/// Name of the cookie.
const COOKIE: &str = "unterwegs";
/// Name of the cookie that says that somebody has signed out in this browser.
const LEFT: &str = "abgemeldet";
/// Largest cookie, in bytes: browsers keep 4 kB, and a town's proxy takes no more of all an answer's headers together.
const LARGEST: usize = 2600;
/// So long the provider's own sign-in may take.
const PATIENCE: SignedDuration = SignedDuration::from_mins(15);
/// So long the provider is to ask anew after somebody has signed out: a long working day.
const SHARED: SignedDuration = SignedDuration::from_hours(12);

/// What the browser keeps.
#[derive(Serialize, Deserialize)]
struct Luggage {
    journey: Journey,
    since: Timestamp,
    onward: Onward,
}

/// `POST /verwaltung/anmelden/anbieter`. The browser is led on by a page, not by a redirect: what follows a form may not
/// leave this site (`form-action` of our policy).
pub(super) async fn send(
    site: Site,
    State(app): State<AppState>,
    headers: HeaderMap,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let onward = Onward::of(&fields);
    // In a second window, in the meantime.
    if let Some(account) = layer::who(&app, &site, &headers).await? {
        return Ok(onward.go(&site, &account.staff.name));
    }
    let provider = provider_of(&site)?;
    let back = address_of(&site, BACK);
    let asks_anew = cookies::find(&headers, LEFT).is_some();
    let (address, journey) = match app.providers.begin(call(&site, provider, &back), asks_anew).await {
        Ok(begun) => begun,
        Err(error) => return Ok(failed(&site, &onward, &error).into_response()),
    };
    let luggage = Luggage { journey, since: site.now, onward };
    let sealed = app.vault.seal_journey(&site.town.tenant.slug, &serde_json::to_vec(&luggage)?)?;
    if sealed.len() > LARGEST {
        let words = site.t("staff.sign_in.provider.too_much", &[("name", provider.name.as_str().into())]);
        return Ok(form::fleeting(&luggage.onward, words).status(StatusCode::PAYLOAD_TOO_LARGE).into_response());
    }
    let cookie = set_cookie(&site, (COOKIE, &sealed), PATIENCE)?;
    let values = context! { address, name => provider.name.as_str(), is_fleeting => true };
    let page = Page::new("staff/sign_in_provider.html", values).private();
    Ok(([(header::SET_COOKIE, cookie)], page).into_response())
}

/// `GET /verwaltung/anmelden/anbieter/zurueck`: where the provider sends people.
pub(super) async fn back(site: Site, State(app): State<AppState>, headers: HeaderMap) -> Result<Response, WebError> {
    let provider = provider_of(&site)?;
    let state = site.query.get("state").unwrap_or_default();
    // A stranger's link, or a second window's answer, does not end the journey that is under way.
    let Some(luggage) = luggage(&site, &app, &headers).filter(|it| it.journey.is(state)) else {
        return astray(&site, &app, &headers, provider).await;
    };
    let mut answer = arrive(&site, &app, &headers, (provider, luggage)).await?;
    // Each journey is good for one return.
    answer.headers_mut().append(header::SET_COOKIE, set_cookie(&site, (COOKIE, ""), SignedDuration::ZERO)?);
    Ok(answer)
}

/// An answer that nothing here waits for: too late, of another window, or come back to by the browser's own button.
async fn astray(
    site: &Site,
    app: &AppState,
    headers: &HeaderMap,
    provider: &IdentityProvider,
) -> Result<Response, WebError> {
    if let Some(account) = layer::who(app, site, headers).await? {
        return Ok(Onward::default().go(site, &account.staff.name));
    }
    if session::waiting(app, site, headers).await?.is_some() {
        return Ok(site.redirect(CODE));
    }
    let words = site.t("staff.sign_in.provider.too_late", &[("name", provider.name.as_str().into())]);
    Ok(form::fleeting(&Onward::default(), words).status(StatusCode::UNAUTHORIZED).into_response())
}

async fn arrive(
    site: &Site,
    app: &AppState,
    headers: &HeaderMap,
    (provider, luggage): (&IdentityProvider, Luggage),
) -> Result<Response, WebError> {
    let Luggage { journey, onward, .. } = luggage;
    let name = || [("name", provider.name.as_str().into())];
    if let Some(error) = site.query.get("error") {
        tracing::info!(town = %site.town.tenant.slug, error, "the identity provider let nobody in");
        let words = site.t("staff.sign_in.provider.refused", &name());
        return Ok(form::fleeting(&onward, words).status(StatusCode::UNAUTHORIZED).into_response());
    }
    // RFC 9207: a provider that says who it is is the one that was asked.
    if site.query.get("iss").is_some_and(|it| it != provider.issuer) {
        let error = ProviderError::NotGood("another issuer".to_owned());
        return Ok(failed(site, &onward, &error).into_response());
    }
    let (state, code) = (site.query.get("state").unwrap_or_default(), site.query.get("code").unwrap_or_default());
    let back = address_of(site, BACK);
    let visitor = match app.providers.finish(call(site, provider, &back), &journey, state, code).await {
        Ok(visitor) => visitor,
        Err(error) => return Ok(failed(site, &onward, &error).into_response()),
    };
    let mut tx = site.tx(app).await?;
    let entered = provider::enter(&mut tx, &visitor, site.now).await;
    let account = match entered {
        Ok(account) => account,
        Err(EnterError::Database(error)) => return Err(error.into()),
        Err(why) => {
            tx.rollback().await?;
            let key = match why {
                EnterError::NoAddress => "staff.sign_in.provider.no_address",
                EnterError::SomebodyElse => "staff.sign_in.provider.somebody_else",
                _ => "staff.sign_in.provider.no_account",
            };
            let words = site.t(key, &name());
            return Ok(form::fleeting(&onward, words).status(StatusCode::FORBIDDEN).into_response());
        }
    };
    tx.commit().await?;
    go_in(site, app, headers, (provider, &account), &onward).await
}

/// In, unless our own second factor is still to come, since the provider asks for none.
async fn go_in(
    site: &Site,
    app: &AppState,
    headers: &HeaderMap,
    (provider, account): (&IdentityProvider, &Account),
    onward: &Onward,
) -> Result<Response, WebError> {
    let mut answer = if account.has_second_factor && !provider.second_factor {
        let cookie = session::begin_waiting(app, site, headers, account.staff.id).await?;
        let cookie = AppendHeaders([(header::SET_COOKIE, cookie)]);
        // Away from an address that is good for one look, unless something travels along.
        match onward.address(CODE) {
            Some(address) => (cookie, site.redirect(&address)).into_response(),
            None => (cookie, code::page(onward, None)).into_response(),
        }
    } else {
        let_in_by(site, app, headers, (&account.staff, provider.second_factor), onward).await?
    };
    if cookies::find(headers, LEFT).is_some() {
        answer.headers_mut().append(header::SET_COOKIE, ask_anew(site, false)?);
    }
    Ok(answer)
}

/// The cookie by which the provider is to ask for whoever comes next, or that there is no need any more.
pub(super) fn ask_anew(site: &Site, is_needed: bool) -> Result<HeaderValue, WebError> {
    set_cookie(site, (LEFT, "1"), if is_needed { SHARED } else { SignedDuration::ZERO })
}

fn failed(site: &Site, onward: &Onward, error: &ProviderError) -> Page {
    tracing::warn!(town = %site.town.tenant.slug, %error, "no sign-in with the identity provider");
    let name = site.town.town.profile.oidc.as_ref().map_or("", |it| it.name.as_str());
    let (key, status) = match error {
        ProviderError::Unreachable(_) => ("staff.sign_in.provider.unreachable", StatusCode::BAD_GATEWAY),
        ProviderError::NotGood(_) => ("staff.sign_in.provider.not_good", StatusCode::UNAUTHORIZED),
    };
    form::fleeting(onward, site.t(key, &[("name", name.into())])).status(status)
}

fn provider_of(site: &Site) -> Result<&IdentityProvider, WebError> {
    site.town.town.profile.oidc.as_ref().ok_or(WebError::NotFound)
}

fn call<'a>(site: &'a Site, provider: &'a IdentityProvider, back: &'a str) -> Call<'a> {
    Call { town: &site.town.tenant.slug, provider, back, now: site.now }
}

/// In full, as the provider knows it.
fn address_of(site: &Site, path: &str) -> String {
    format!("{}{}", site.origin, site.url(path))
}

fn luggage(site: &Site, app: &AppState, headers: &HeaderMap) -> Option<Luggage> {
    let sealed = cookies::find(headers, COOKIE)?;
    let bytes = app.vault.open_journey(&site.town.tenant.slug, sealed)?;
    let luggage: Luggage = serde_json::from_slice(&bytes).ok()?;
    Some(luggage).filter(|it| site.now.duration_since(it.since) < PATIENCE)
}

/// Sent along to the two addresses here only.
fn set_cookie(site: &Site, (name, value): (&str, &str), age: SignedDuration) -> Result<HeaderValue, WebError> {
    let secure = if site.origin.starts_with("https://") { "; Secure" } else { "" };
    let (path, seconds) = (site.url(THERE), age.as_secs());
    let cookie = format!("{name}={value}; Path={path}; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    Ok(HeaderValue::from_str(&cookie)?)
}
