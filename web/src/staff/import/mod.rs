//! Appointments made before launch come along: from a file, or typed from a list on paper.
//!
//! | address below `/verwaltung/import` | here |
//! |---|---|
//! | `/`: what was imported so far; POST takes a file | [`list`], [`upload`] |
//! | `/papier`: a list on paper, typed row by row | [`paper`] |
//! | `/{id}/spalten`: what was found out about the file, and what its columns mean | [`columns`] |
//! | `/{id}/anliegen`: which of the file's words mean which concern | [`concerns`] |
//! | `/{id}/pruefung`: the dry run, with the rows by state; `/{id}/zeilen.csv` to take along | [`check`], [`download`] |
//! | POST `/{id}/fassung`: of which earlier file it is the next edition | [`edition`] |
//! | POST `/{id}/uebernehmen`, `/{id}/zuruecknehmen`, `/{id}/verwerfen` | [`carry_out`] |
//! | `/{id}/bericht`: what was done, and the way back | [`report`] |
//!
//! A batch goes through these in order. Whoever asks for a step that cannot be taken now is led to the one that can.

mod carry_out;
mod changes;
mod check;
mod choices;
mod columns;
mod concerns;
mod correction;
mod download;
mod edition;
mod filter;
mod list;
mod missing;
mod numbers;
mod paper;
mod report;
mod rows;
mod stage;
mod step;
mod upload;
mod words;

pub(super) use words::reason;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderMap, Method, header};
use axum::routing::{get, post};

use crate::AppState;

/// Where all of these pages are.
const HOME: &str = "/verwaltung/import";

/// All pages of the importer.
pub(super) fn router() -> Router<AppState> {
    let below = |rest: &str| format!("{HOME}{rest}");
    // The handler counts for itself, and says in words what is too much.
    let home = get(list::show).post(upload::take).layer(DefaultBodyLimit::disable());
    Router::new()
        .route(HOME, home)
        .route(&below("/papier"), get(paper::show).post(paper::save))
        .route(&below("/{id}/spalten"), get(columns::show).post(columns::save))
        .route(&below("/{id}/anliegen"), get(concerns::show).post(concerns::save))
        .route(&below("/{id}/pruefung"), get(check::show).post(check::start))
        .route(&below("/{id}/zeilen.csv"), get(download::rows))
        .route(&below("/{id}/fassung"), post(edition::choose))
        .route(&below("/{id}/uebernehmen"), post(carry_out::apply))
        .route(&below("/{id}/zuruecknehmen"), post(carry_out::undo))
        .route(&below("/{id}/verwerfen"), post(carry_out::discard))
        .route(&below("/{id}/bericht"), get(report::show))
}

/// Whether a request brings a file: its body goes to the handler as it comes in, for as long as that takes.
pub(crate) fn is_upload(method: &Method, headers: &HeaderMap, path: &str) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).map_or(&b""[..], |it| it.as_bytes());
    *method == Method::POST && path == HOME && kind.starts_with(b"multipart/form-data")
}
