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
/// Name of the cookie.
const COOKIE: &str = "unterwegs";
/// Largest cookie that every browser keeps, in bytes, with its name and attributes.
const LARGEST: usize = 3900;
/// So long the provider's own sign-in may take.
const PATIENCE: SignedDuration = SignedDuration::from_mins(15);

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
    let (address, journey) = match app.providers.begin(call(&site, provider, &back)).await {
        Ok(begun) => begun,
        Err(error) => return Ok(failed(&site, &onward, &error).into_response()),
    };
    let luggage = Luggage { journey, since: site.now, onward };
    let sealed = app.vault.seal_journey(&site.town.tenant.slug, &serde_json::to_vec(&luggage)?)?;
    if sealed.len() > LARGEST {
        let words = site.t("staff.sign_in.provider.too_much", &[("name", provider.name.as_str().into())]);
        return Ok(form::page(&luggage.onward, "", Some(words), false)
            .status(StatusCode::PAYLOAD_TOO_LARGE)
            .into_response());
    }
    let cookie = set_cookie(&site, &sealed, PATIENCE)?;
    let page = Page::new("staff/sign_in_provider.html", context! { address, name => provider.name.as_str() }).private();
    Ok(([(header::SET_COOKIE, cookie)], page).into_response())
}

/// `GET /verwaltung/anmelden/anbieter/zurueck`: where the provider sends people.
pub(super) async fn back(site: Site, State(app): State<AppState>, headers: HeaderMap) -> Result<Response, WebError> {
    let provider = provider_of(&site)?;
    let mut answer = match luggage(&site, &app, &headers) {
        Some(luggage) => arrive(&site, &app, &headers, (provider, luggage)).await?,
        None => {
            let words = site.t("staff.sign_in.provider.too_late", &[("name", provider.name.as_str().into())]);
            form::page(&Onward::default(), "", Some(words), false).status(StatusCode::UNAUTHORIZED).into_response()
        }
    };
    // Each journey is good for one return.
    answer.headers_mut().append(header::SET_COOKIE, set_cookie(&site, "", SignedDuration::ZERO)?);
    Ok(answer)
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
        return Ok(form::page(&onward, "", Some(words), false).status(StatusCode::UNAUTHORIZED).into_response());
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
            return Ok(form::page(&onward, "", Some(words), false).status(StatusCode::FORBIDDEN).into_response());
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
    if account.has_second_factor && !provider.second_factor {
        let cookie = session::begin_waiting(app, site, headers, account.staff.id).await?;
        return Ok((AppendHeaders([(header::SET_COOKIE, cookie)]), code::page(onward, None)).into_response());
    }
    let_in_by(site, app, headers, (&account.staff, provider.second_factor), onward).await
}

fn failed(site: &Site, onward: &Onward, error: &ProviderError) -> Page {
    tracing::warn!(town = %site.town.tenant.slug, %error, "no sign-in with the identity provider");
    let name = site.town.town.profile.oidc.as_ref().map_or("", |it| it.name.as_str());
    let (key, status) = match error {
        ProviderError::Unreachable(_) => ("staff.sign_in.provider.unreachable", StatusCode::BAD_GATEWAY),
        ProviderError::NotGood(_) => ("staff.sign_in.provider.not_good", StatusCode::UNAUTHORIZED),
    };
    form::page(onward, "", Some(site.t(key, &[("name", name.into())])), false).status(status)
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
fn set_cookie(site: &Site, value: &str, age: SignedDuration) -> Result<HeaderValue, WebError> {
    let secure = if site.origin.starts_with("https://") { "; Secure" } else { "" };
    let (path, seconds) = (site.url(THERE), age.as_secs());
    let cookie = format!("{COOKIE}={value}; Path={path}; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    Ok(HeaderValue::from_str(&cookie)?)
}
