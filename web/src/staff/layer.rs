//! The door of the back office: turns the cookie into [`SignedIn`], refuses forms that do not come from our own pages, and
//! leads everybody else to the sign-in, without losing what they typed.

use axum::extract::{FromRequest as _, Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use identity::{Account, sessions};

use super::{SignedIn, is_upload, session, sign_in};
use crate::extract::{Form, Site};
use crate::limits::Action;
use crate::{AppState, WebError};

/// Where a second factor is set up.
pub(super) const SET_UP: &str = "/verwaltung/konto/zweiter-faktor";

/// A script of ours says so where nobody has asked: a timer did.
const BY_ITSELF: &str = "x-by-itself";

/// Around the pages that nobody has to be signed in for.
pub(super) async fn open(
    State(app): State<AppState>,
    site: Site,
    request: Request,
    next: Next,
) -> Result<Response, WebError> {
    expect_own_page(&site, &request)?;
    count_stranger(&app, &site, &request)?;
    Ok(next.run(request).await)
}

/// Around all other pages for staff.
pub(super) async fn guard(
    State(app): State<AppState>,
    site: Site,
    mut request: Request,
    next: Next,
) -> Result<Response, WebError> {
    expect_own_page(&site, &request)?;
    let Some(account) = who(&app, &site, request.headers()).await? else {
        count_stranger(&app, &site, &request)?;
        return Ok(shut(&app, site, request).await);
    };
    if owes_second_factor(&account)
        && !site.path.starts_with(SET_UP)
        && !is_vouched(&app, &site, request.headers()).await?
    {
        return Ok(first_the_factor(&app, &site, &account, request).await);
    }
    let staff = SignedIn(account.staff);
    request.extensions_mut().insert(staff.clone());
    let mut response = next.run(request).await;
    // If it failed, the page that says so still leads wherever they may go.
    response.extensions_mut().insert(staff);
    Ok(response)
}

/// Somebody who has to set up a second factor first: by a sign-in, or since they have become an admin in between. What they
/// have just sent waits meanwhile.
async fn first_the_factor(app: &AppState, site: &Site, account: &Account, request: Request) -> Response {
    if request.method().is_safe() || is_upload(request.method(), request.headers(), &site.path) {
        return site.redirect(SET_UP);
    }
    match Form::from_request(request, app).await {
        Ok(Form(fields)) => sign_in::waiting_for_factor(site, &fields, &account.staff.name).into_response(),
        Err(error) => error.into_response(),
    }
}

/// Who is signed in with the cookie of this request. It keeps the session going, unless the screen asks by itself: one
/// that nobody sits at any more shall not stay open all day.
pub(super) async fn who(app: &AppState, site: &Site, headers: &HeaderMap) -> Result<Option<Account>, WebError> {
    let Some(cookie) = session::sent(headers) else { return Ok(None) };
    let mut tx = site.tx(app).await?;
    let account = sessions::who(&mut tx, cookie, site.now).await?;
    if account.is_some() && !is_by_itself(headers) {
        sessions::used(&mut tx, cookie, site.now).await?;
    }
    tx.commit().await?;
    Ok(account)
}

fn is_by_itself(headers: &HeaderMap) -> bool {
    let is_listening = headers.get(header::ACCEPT).is_some_and(|it| it.as_bytes() == b"text/event-stream");
    is_listening || headers.contains_key(BY_ITSELF)
}

/// Who is not signed in is counted as citizens are.
fn count_stranger(app: &AppState, site: &Site, request: &Request) -> Result<(), WebError> {
    site.limit(app, if request.method().is_safe() { Action::View } else { Action::Change })
}

fn owes_second_factor(account: &Account) -> bool {
    account.staff.role.needs_second_factor() && !account.has_second_factor
}

/// Whether the town's identity provider has checked a second factor at this sign-in.
async fn is_vouched(app: &AppState, site: &Site, headers: &HeaderMap) -> Result<bool, WebError> {
    // The town may have changed its mind since.
    if !site.town.town.profile.oidc.as_ref().is_some_and(|it| it.second_factor) {
        return Ok(false);
    }
    let Some(cookie) = session::sent(headers) else { return Ok(false) };
    let mut tx = site.tx(app).await?;
    let is_vouched = sessions::is_vouched(&mut tx, cookie).await?;
    tx.rollback().await?;
    Ok(is_vouched)
}

/// Nobody is signed in. A page waits until that has been done; a form is kept, to be sent again; a script gets a status
/// that it can understand.
async fn shut(app: &AppState, site: Site, request: Request) -> Response {
    if is_upload(request.method(), request.headers(), &site.path) {
        // A file cannot wait in a page: it is chosen again after the sign-in.
        return WebError::SignIn.into_response();
    }
    if !request.method().is_safe() {
        return match Form::from_request(request, app).await {
            Ok(Form(fields)) => sign_in::kept(&site, &fields).into_response(),
            Err(error) => error.into_response(),
        };
    }
    let mode = request.headers().get("sec-fetch-mode").map(|it| it.as_bytes());
    if mode.is_some_and(|it| it != b"navigate") {
        return WebError::SignIn.into_response();
    }
    let mut address = url::form_urlencoded::Serializer::new(String::new());
    address.append_pair("weiter", &sign_in::wanted(&site));
    site.redirect(&format!("/verwaltung/anmelden?{}", address.finish()))
}

fn expect_own_page(site: &Site, request: &Request) -> Result<(), WebError> {
    let host = site.origin.split_once("://").map_or("", |(_, host)| host);
    if is_from_own_page(request.method(), request.headers(), host) { Ok(()) } else { Err(WebError::Forbidden) }
}

/// Stricter than for citizens (docs/decisions/0005): here a browser brings authority with it, so a form must say where it
/// comes from, and silence is refused.
fn is_from_own_page(method: &Method, headers: &HeaderMap, host: &str) -> bool {
    if method.is_safe() {
        return true;
    }
    if let Some(site) = headers.get("sec-fetch-site") {
        return site.as_bytes() == b"same-origin";
    }
    let origin = headers.get(header::ORIGIN).and_then(|it| it.to_str().ok()).unwrap_or_default();
    origin.split_once("://").is_some_and(|(_, authority)| authority.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn passes(method: Method, sent: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in sent {
            headers.insert(*name, HeaderValue::from_static(value));
        }
        is_from_own_page(&method, &headers, "www.werne.de")
    }

    #[test]
    fn a_form_has_to_say_that_it_comes_from_here() {
        assert!(passes(Method::POST, &[("sec-fetch-site", "same-origin")]));
        assert!(passes(Method::POST, &[("origin", "https://www.werne.de")]));
        for refused in [
            &[][..],
            &[("sec-fetch-site", "none")],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "cross-site"), ("origin", "https://www.werne.de")],
            &[("origin", "null")],
            &[("origin", "https://evil.example")],
        ] {
            assert!(!passes(Method::POST, refused), "{refused:?}");
            assert!(passes(Method::GET, refused), "{refused:?}");
        }
    }
}
