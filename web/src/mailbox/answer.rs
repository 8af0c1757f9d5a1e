//! Answers of the mailbox, each with the strictest policy it can live with.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use mail::sink::StoredAttachment;

/// Our own page: own style, own script, and a frame with the mail.
const PAGE: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; frame-src 'self'; \
                    form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/// A mail: nothing runs, nothing is loaded, its own style stands. Links open outside of the frame.
const MAIL: &str = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'self'; \
                    frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox \
                    allow-top-navigation-by-user-activation";

/// A file: nothing at all.
const FILE: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";

pub(super) fn page(status: StatusCode, html: String) -> Response {
    guarded(PAGE, (status, Html(html)))
}

/// A mail's HTML for the frame; its links lead the whole window on.
pub(super) fn framed(html: &str) -> Response {
    guarded(MAIL, Html(html.replacen("<head>", "<head><base target=\"_top\">", 1)))
}

pub(super) fn source(raw: &[u8]) -> Response {
    let text = String::from_utf8_lossy(raw).into_owned();
    guarded(FILE, ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text))
}

pub(super) fn download(file: &StoredAttachment) -> Response {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let name: String = file.name.chars().map(|c| if plain(c) { c } else { '_' }).collect();
    let content_type =
        HeaderValue::from_str(&file.content_type).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_str(&disposition).unwrap_or(HeaderValue::from_static("attachment")),
        ),
    ];
    guarded(FILE, (headers, file.content.clone()))
}

/// One of our own files.
pub(super) fn file(content_type: &'static str, content: &'static str) -> Response {
    guarded(FILE, ([(header::CONTENT_TYPE, content_type)], content))
}

fn guarded(policy: &'static str, answer: impl IntoResponse) -> Response {
    let mut response = answer.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
