//! The mailbox of the demo: every mail its SMTP sink has taken, as a citizen would see it, and as JSON for tests.
//!
//! It belongs to no town and answers on a host of its own. Mails are shown in a frame in which nothing can run.

mod answer;
mod json;
mod view;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use mail::sink::{Sink, StoredMail};
use serde::Deserialize;

use crate::Renderer;
use crate::language::choose;
use crate::locales::LANGUAGES;

/// What all pages of the mailbox share.
#[derive(Clone)]
struct Mailbox {
    sink: Sink,
    renderer: Arc<Renderer>,
}

#[derive(Deserialize)]
struct Shown {
    /// `text` shows the text part, anything else the HTML part.
    #[serde(default)]
    ansicht: String,
}

/// The pages of the mailbox of `sink`.
pub fn router(sink: Sink) -> Router {
    Router::new()
        .route("/", get(list))
        .route("/mail/{number}", get(show))
        .route("/mail/{number}/html", get(html))
        .route("/mail/{number}/quelltext", get(source))
        .route("/mail/{number}/anhang/{index}", get(attachment))
        .route("/api/messages", get(json::messages))
        .route("/postfach.css", get(async || answer::file("text/css; charset=utf-8", include_str!("mailbox.css"))))
        .route("/postfach.js", get(async || answer::file("text/javascript; charset=utf-8", include_str!("mailbox.js"))))
        .fallback(async |State(mailbox): State<Mailbox>, headers: HeaderMap| mailbox.gone(&headers))
        .with_state(Mailbox { sink, renderer: Arc::new(Renderer::default()) })
}

async fn list(State(mailbox): State<Mailbox>, headers: HeaderMap) -> Response {
    mailbox.page(&headers, None, false)
}

async fn show(
    State(mailbox): State<Mailbox>,
    Path(number): Path<u64>,
    Query(shown): Query<Shown>,
    headers: HeaderMap,
) -> Response {
    match mailbox.sink.find(number) {
        Some(mail) => mailbox.page(&headers, Some(&mail), shown.ansicht == "text"),
        None => mailbox.gone(&headers),
    }
}

/// The HTML part alone, for the frame.
async fn html(State(mailbox): State<Mailbox>, Path(number): Path<u64>, headers: HeaderMap) -> Response {
    match mailbox.sink.find(number) {
        Some(mail) => answer::framed(&mail.html),
        None => mailbox.gone(&headers),
    }
}

/// The whole mail as it travelled.
async fn source(State(mailbox): State<Mailbox>, Path(number): Path<u64>, headers: HeaderMap) -> Response {
    match mailbox.sink.find(number) {
        Some(mail) => answer::source(&mail.raw),
        None => mailbox.gone(&headers),
    }
}

async fn attachment(
    State(mailbox): State<Mailbox>,
    Path((number, index)): Path<(u64, usize)>,
    headers: HeaderMap,
) -> Response {
    let mail = mailbox.sink.find(number);
    match mail.as_ref().and_then(|mail| mail.attachments.get(index)) {
        Some(file) => answer::download(file),
        None => mailbox.gone(&headers),
    }
}

impl Mailbox {
    fn page(&self, headers: &HeaderMap, mail: Option<&StoredMail>, as_text: bool) -> Response {
        let values = view::values(&language(headers), &self.sink.mails(), mail, as_text);
        self.render(StatusCode::OK, values)
    }

    fn gone(&self, headers: &HeaderMap) -> Response {
        self.render(StatusCode::NOT_FOUND, view::gone(&language(headers), &self.sink.mails()))
    }

    fn render(&self, status: StatusCode, values: minijinja::Value) -> Response {
        match self.renderer.render("mailbox/page.html", values) {
            Ok(html) => answer::page(status, html),
            Err(error) => {
                tracing::error!("the mailbox cannot be shown: {error:#}");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}

fn language(headers: &HeaderMap) -> String {
    let offered: Vec<String> = LANGUAGES.iter().map(|code| (*code).to_owned()).collect();
    choose(headers, &offered)
}
