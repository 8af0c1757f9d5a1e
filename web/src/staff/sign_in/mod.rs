//! Signing in and out, and choosing a password by a link.

mod code;
mod forgotten;
mod form;
mod link;
mod onward;
mod out;

pub(super) use form::{kept, refusal};
pub(super) use link::why_not;

use axum::Router;
use axum::routing::{get, post};

use crate::AppState;

/// Pages that nobody has to be signed in for.
pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/verwaltung/anmelden", get(form::show).post(form::send))
        .route("/verwaltung/anmelden/code", get(code::show).post(code::send))
        .route("/verwaltung/abmelden", post(out::send))
        .route("/verwaltung/passwort-vergessen", get(forgotten::show).post(forgotten::send))
        .route("/verwaltung/einladung/{token}", get(link::show_invitation).post(link::accept_invitation))
        .route("/verwaltung/passwort/{token}", get(link::show_reset).post(link::accept_reset))
}
