//! The door of every town: finds the town of a request, checks what holds for all pages, and turns what the handler
//! returned into what the browser gets.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, Uri, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};
use futures::{FutureExt, StreamExt};
use minijinja::context;
use tenancy::Tenant;

use crate::arrival::Arrival;
use crate::error::Failure;
use crate::extract::{Fields, MAX_BODY_BYTES, Site, SiteParts, decode};
use crate::limits::Action;
use crate::log::RequestId;
use crate::page::Page;
use crate::staff::SignedIn;
use crate::{AppState, WebError, language, neutral, page, security, staff};

/// How long a request may take, body included.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long a file may take to come in, over the slowest line that a town hall has.
const PATIENCE_WITH_FILES: Duration = Duration::from_mins(10);

/// How much of a too large body is read and thrown away, so that the browser comes to read our answer.
const MOST_THROWN_AWAY_BYTES: usize = 8 * 1024 * 1024;

/// Finds the town, runs the request there, renders the answer.
pub(crate) async fn enter(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let arrival = Arrival::of(&request, &app.trusted_proxies);
    let Some(resolved) = app.directory.resolve(&arrival.host, request.uri().path()) else {
        return elsewhere(&app, &arrival.host, request.uri().path());
    };
    let now = (app.clock)();
    let town = match app.towns.get(&resolved.tenant, now).await {
        Ok(town) => town,
        Err(error) => {
            tracing::error!(town = %resolved.tenant.slug, error = format!("{error:#}"), "a town could not be loaded");
            return neutral::unavailable(&app);
        }
    };
    let raw_query = request.uri().query().unwrap_or_default().to_owned();
    let query = Fields::parse(raw_query.as_bytes());
    let site = Site::new(SiteParts {
        lang: language::choose(request.headers(), &town.languages),
        town,
        base: resolved.base_path,
        origin: arrival.origin(),
        path: resolved.rest,
        query: query.clone().unwrap_or_default(),
        raw_query,
        now,
        client: arrival.client,
        request_id: request.extensions().get::<RequestId>().map(|it| it.0.clone()).unwrap_or_default(),
        texts: Arc::clone(app.renderer.texts()),
    });
    let edition = site.town.index.edition();
    let response = if query.is_err() || decode(site.path.as_bytes(), false).is_err() {
        WebError::BadInput("errors.bad_address").into_response()
    } else {
        run(&app, &site, edition, &arrival, request, next).await.unwrap_or_else(WebError::into_response)
    };
    finish(&app, &site, edition, response)
}

/// No town at this path. Where a town has a host of its own, its root leads on to the town, and its `/verwaltung` to the
/// town's back office.
fn elsewhere(app: &AppState, host: &str, path: &str) -> Response {
    let own = |tenant: &Arc<Tenant>| tenant.hosts.iter().find(|it| it.host == host).map(|it| it.base_path.clone());
    match app.directory.all().iter().filter(|it| it.is_active).find_map(own) {
        Some(base_path) if path == "/" => Redirect::to(&base_path).into_response(),
        // What staff type from memory; all else of theirs lies below the town's path too.
        Some(base_path) if path == "/verwaltung" || path == "/verwaltung/" => {
            Redirect::to(&format!("{base_path}/verwaltung")).into_response()
        }
        _ => neutral::not_found(app),
    }
}

/// Checks what holds for all pages, then lets the handler work.
async fn run(
    app: &AppState,
    site: &Site,
    edition: u64,
    arrival: &Arrival,
    request: Request,
    next: Next,
) -> Result<Response, WebError> {
    site.limit(app, action(site, request.method()))?;
    if !security::is_from_here(request.method(), request.headers(), &arrival.host) {
        return Err(WebError::Forbidden);
    }
    if request.method() == Method::GET && site.query.get(language::COOKIE).is_some() {
        return Ok(switch_language(site, arrival.is_https));
    }
    if request.method() == Method::GET
        && let Some(html) = app.recent.get(site, edition)
    {
        return Ok(([(header::CACHE_CONTROL, page::NO_CACHE)], Html(html)).into_response());
    }
    let is_upload = staff::is_upload(request.method(), request.headers(), &site.path);
    let patience = if is_upload { PATIENCE_WITH_FILES } else { PATIENCE };
    let answer = async {
        let mut request = below_base(request, site)?;
        if !is_upload {
            request = whole(request).await?;
        }
        request.extensions_mut().insert(site.clone());
        caught(next.run(request)).await
    };
    tokio::time::timeout(patience, answer).await.map_err(|_| WebError::Busy)?
}

/// As what a request counts. Staff are counted by their own door too (`staff::layer`).
fn action(site: &Site, method: &Method) -> Action {
    match method {
        _ if staff::is_here(&site.path) => Action::Desk,
        safe if safe.is_safe() => Action::View,
        _ => Action::Change,
    }
}

/// What the handler answers; a panic is our failure like any other, and the next request is served as usual.
async fn caught(handling: impl Future<Output = Response>) -> Result<Response, WebError> {
    let panicked = |_| WebError::Other(anyhow::anyhow!("a handler panicked; the panic itself is on standard error"));
    AssertUnwindSafe(handling).catch_unwind().await.map_err(panicked)
}

/// The request with the path below the town's base.
fn below_base(mut request: Request, site: &Site) -> Result<Request, WebError> {
    let query = request.uri().query().map(|it| format!("?{it}")).unwrap_or_default();
    *request.uri_mut() = Uri::try_from(format!("{}{query}", site.path)).map_err(|_| WebError::NotFound)?;
    Ok(request)
}

/// The request with its body read. A file is none of these: its handler takes it in pieces as it comes.
async fn whole(request: Request) -> Result<Request, WebError> {
    let (parts, body) = request.into_parts();
    let body = read(body, &parts.headers).await?;
    Ok(Request::from_parts(parts, Body::from(body)))
}

async fn read(body: Body, headers: &HeaderMap) -> Result<Bytes, WebError> {
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|it| it.to_str().ok()).and_then(|it| it.parse().ok());
    if announced.is_some_and(|length: usize| length > MOST_THROWN_AWAY_BYTES) {
        return Err(WebError::TooLarge);
    }
    let mut chunks = body.into_data_stream();
    let mut kept = Vec::new();
    let mut seen = 0;
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| WebError::BadInput("errors.broken_off"))?;
        seen += chunk.len();
        if seen > MOST_THROWN_AWAY_BYTES {
            break;
        }
        if seen <= MAX_BODY_BYTES {
            kept.extend_from_slice(&chunk);
        }
    }
    if seen > MAX_BODY_BYTES { Err(WebError::TooLarge) } else { Ok(kept.into()) }
}

/// Remembers the language and shows the same page in it.
fn switch_language(site: &Site, is_https: bool) -> Response {
    let query = site.query_without_language();
    let query = if query.is_empty() { query } else { format!("?{query}") };
    let mut response = site.redirect(&format!("{}{query}", site.path));
    let wanted = site.query.get(language::COOKIE).unwrap_or_default();
    if let Some(code) = site.town.languages.iter().find(|it| *it == wanted)
        && let Some(cookie) = language::remember(code, &site.base, is_https)
    {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

/// Renders pages and words errors.
fn finish(app: &AppState, site: &Site, edition: u64, mut response: Response) -> Response {
    if let Some(Failure(error)) = response.extensions_mut().remove::<Failure>() {
        if let WebError::Other(cause) = &*error {
            tracing::error!(request = site.request_id, town = %site.town.tenant.slug, error = format!("{cause:#}"), "failed");
        }
        let staff = response.extensions_mut().remove::<SignedIn>();
        return fill(response, app.renderer.page(site, &error_page(site, &error, staff)), app);
    }
    let Some(page) = response.extensions_mut().remove::<Page>() else { return response };
    match app.renderer.page(site, &page) {
        Ok(html) => {
            if let Some(own) = page.own_part() {
                app.recent.keep(site, edition, &html, own);
            }
            fill(response, Ok(html), app)
        }
        Err(error) => finish(app, site, edition, WebError::Other(error).into_response()),
    }
}

fn error_page(site: &Site, error: &WebError, staff: Option<SignedIn>) -> Page {
    let (title, text) = error.words();
    let seconds = if let WebError::TooMany { seconds } = error { *seconds } else { 0 };
    let values = context! {
        title => site.t(title, &[]),
        text => site.texts.plural(&site.lang, text, seconds),
        status => error.status().as_u16(),
        reference => matches!(error, WebError::Other(_)).then_some(site.request_id.as_str()),
        is_busy => matches!(error, WebError::Busy | WebError::TooMany { .. }),
        is_signed_out => matches!(error, WebError::SignIn),
    };
    match staff {
        Some(SignedIn(staff)) => staff::page(&staff, "", "staff/error.html", values),
        None if staff::is_here(&site.path) => Page::new("staff/error.html", values),
        None => Page::new("error.html", values),
    }
}

/// Puts the page into the answer, keeping status and headers.
fn fill(response: Response, html: anyhow::Result<String>, app: &AppState) -> Response {
    let html = match html {
        Ok(html) => html,
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), "the error page itself failed");
            return neutral::unavailable(app);
        }
    };
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    let (page, body) = Html(html).into_response().into_parts();
    parts.headers.extend(page.headers);
    Response::from_parts(parts, body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_a_failure_like_any_other() {
        let error = caught(async { panic!("on purpose") }).await.unwrap_err();
        assert_eq!(error.status(), 500);
        assert!(caught(async { "fine".into_response() }).await.is_ok());
    }

    #[tokio::test]
    async fn a_body_is_kept_up_to_the_limit_and_thrown_away_behind_it() {
        let read = async |length: usize| read(Body::from(vec![b'a'; length]), &HeaderMap::new()).await;
        assert_eq!(read(MAX_BODY_BYTES).await.unwrap().len(), MAX_BODY_BYTES);
        assert_eq!(read(MAX_BODY_BYTES + 1).await.unwrap_err().status(), 413);
        assert_eq!(read(MOST_THROWN_AWAY_BYTES + 1).await.unwrap_err().status(), 413);
    }
}
