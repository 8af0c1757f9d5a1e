//! Answers that belong to no town: an unknown address, or a town that cannot be read. They name nobody, so that an
//! address does not tell which towns there are.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use minijinja::context;

use crate::AppState;

/// Nobody lives here.
pub(crate) fn not_found(app: &AppState) -> Response {
    page(app, StatusCode::NOT_FOUND, "errors.no_town")
}

/// Somebody does, but is out of reach.
pub(crate) fn unavailable(app: &AppState) -> Response {
    page(app, StatusCode::SERVICE_UNAVAILABLE, "errors.unavailable")
}

fn page(app: &AppState, status: StatusCode, key: &str) -> Response {
    let texts = app.renderer.texts();
    let languages: Vec<_> = texts
        .languages()
        .map(|language| {
            let text = |part: &str| texts.text(language.code(), &format!("{key}.{part}"), &[]);
            context! { code => language.code(), title => text("title"), text => text("text") }
        })
        .collect();
    let html = app.renderer.render("neutral.html", context! { lang => "de", languages }).unwrap_or_else(|error| {
        tracing::error!(error = format!("{error:#}"), "the neutral page failed");
        status.to_string()
    });
    let mut response = (status, Html(html)).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
