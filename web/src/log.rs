//! One line in the log for each request, without personal data: no address of a client, no query, no token.

use std::borrow::Cow;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;
use uuid::Uuid;

use crate::arrival::Arrival;
use crate::{AppState, security};

/// Tells one request from another. Shown on error pages, so that a citizen can say which one it was.
#[derive(Clone, Debug)]
pub(crate) struct RequestId(pub String);

/// Gives the request its id, adds the headers every answer has, and writes the line.
pub(crate) async fn around(State(app): State<AppState>, mut request: Request, next: Next) -> Response {
    let began = Instant::now();
    let id: String = Uuid::new_v4().simple().to_string().chars().take(10).collect();
    let method = request.method().clone();
    let path = redacted(request.uri().path()).into_owned();
    let is_https = Arrival::of(&request, &app.trusted_proxies).is_https;
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut response = next.run(request).await;
    security::add_headers(response.headers_mut(), is_https);
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", value);
    }
    let micros = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
    tracing::info!(request = id, %method, path, status = response.status().as_u16(), micros, "answered");
    response
}

/// The path without the token of a citizen or of a colleague's link, and cut where it is longer than any of ours.
fn redacted(path: &str) -> Cow<'_, str> {
    const BEFORE_TOKEN: [&str; 3] = ["/buchung/", "/verwaltung/einladung/", "/verwaltung/passwort/"];
    let first = BEFORE_TOKEN.iter().filter_map(|it| path.find(it).map(|at| at + it.len())).min();
    if let Some(at) = first {
        let (before, behind) = path.split_at(at);
        let rest = behind.find('/').map_or("", |slash| &behind[slash..]);
        return Cow::Owned(format!("{before}…{}", redacted(rest)));
    }
    match path.char_indices().nth(200) {
        Some((end, _)) => Cow::Owned(format!("{}…", &path[..end])),
        None => Cow::Borrowed(path),
    }
}

#[cfg(test)]
mod tests {
    use super::redacted;

    #[test]
    fn tokens_stay_out_of_the_log() {
        assert_eq!(redacted("/terminvergabe/buchung/AbC-123/angaben"), "/terminvergabe/buchung/…/angaben");
        assert_eq!(redacted("/terminvergabe/buchung/AbC-123"), "/terminvergabe/buchung/…");
        assert_eq!(redacted("/terminvergabe/buchung/a/buchung/b/x"), "/terminvergabe/buchung/…/buchung/…/x");
        assert_eq!(redacted("/x/verwaltung/einladung/AbC-123"), "/x/verwaltung/einladung/…");
        assert_eq!(redacted("/verwaltung/passwort/AbC-123"), "/verwaltung/passwort/…");
        assert_eq!(redacted("/terminvergabe/termin"), "/terminvergabe/termin");
        assert_eq!(redacted(&"ä".repeat(300)).chars().count(), 201);
    }
}
