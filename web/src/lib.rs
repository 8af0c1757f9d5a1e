//! What people see: routes, pages, and the door every request comes through.
//!
//! A handler takes a [`Site`], makes one call into the domain, and returns a [`Page`] or a [`WebError`]; both are values.
//! The layer [`enter`] around all handlers finds the town, guards, renders, and words what went wrong.

mod app;
mod arrival;
mod assets;
mod citizen;
mod cookies;
mod enter;
mod error;
mod extract;
mod language;
mod limits;
mod locales;
mod log;
pub mod mail;
pub mod mailbox;
mod neutral;
mod page;
mod qr;
mod recent;
mod render;
mod security;
mod serve;
mod staff;
mod texts;
mod town;

pub use app::{App, AppState, Clock, Options};
pub use arrival::{BadNetwork, Network};
pub use error::WebError;
pub use extract::{Fields, Form, Segment, Site, SiteParts};
pub use limits::{Action, ClientKey, Limits};
pub use page::Page;
pub use render::Renderer;
pub use serve::{at_host, serve};
pub use town::{TownState, Towns};

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use tower::Layer;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};

/// Everything the deployment answers, for all towns.
pub fn router(app: AppState) -> Router {
    let town = Router::new()
        // one line for each audience: citizen, staff, admin, operator
        .merge(citizen::router())
        .merge(staff::router(&app))
        .merge(texts::router())
        .merge(assets::router())
        .fallback(async || WebError::NotFound)
        .method_not_allowed_fallback(async || WebError::WrongMethod)
        .with_state(app.clone());
    let town = from_fn_with_state(app.clone(), enter::enter).layer(town);
    // Fonts and forms are compressed already.
    let gains = DefaultPredicate::new()
        .and(NotForContentType::const_new("font/"))
        .and(NotForContentType::const_new("application/pdf"));
    Router::new()
        .route("/healthz", get(health))
        .with_state(app.clone())
        .fallback_service(town)
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(gains))
        .layer(from_fn_with_state(app, log::around))
}

/// Whether this process can serve: it can reach its databases.
async fn health(State(app): State<AppState>) -> StatusCode {
    match app.db.platform_tx().await {
        Ok(_) => StatusCode::OK,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}
