//! The own account: password, second factor, sessions.

mod language;
mod password;
mod second_factor;
mod sessions;
mod show;

use axum::Router;
use axum::routing::{get, post};

use crate::AppState;

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/verwaltung/konto", get(show::show))
        .route("/verwaltung/konto/passwort", post(password::change))
        .route("/verwaltung/konto/sprache", post(language::change))
        .route("/verwaltung/konto/sitzungen/{handle}", post(sessions::end))
        .route("/verwaltung/konto/zweiter-faktor", get(second_factor::show).post(second_factor::begin))
        .route("/verwaltung/konto/zweiter-faktor/pruefen", post(second_factor::confirm))
        .route("/verwaltung/konto/zweiter-faktor/codes", post(second_factor::new_codes))
        .route("/verwaltung/konto/zweiter-faktor/entfernen", post(second_factor::remove))
}
