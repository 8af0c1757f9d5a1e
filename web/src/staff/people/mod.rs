//! Colleagues: who has an account, with which role. For those who may manage staff.

mod change;
mod history;
mod invite;
mod list;

use axum::Router;
use axum::routing::{get, post};

use crate::AppState;

pub(super) fn router() -> Router<AppState> {
    Router::new()
        .route("/verwaltung/personal", get(list::show).post(invite::send))
        .route("/verwaltung/protokoll", get(history::show))
        .route("/verwaltung/personal/{id}/rolle", post(change::role))
        .route("/verwaltung/personal/{id}/sperren", post(change::disable))
        .route("/verwaltung/personal/{id}/freigeben", post(change::enable))
        .route("/verwaltung/personal/{id}/einladung", post(change::invite_again))
        .route("/verwaltung/personal/{id}/zweiter-faktor", post(change::forget_second_factor))
        .route("/verwaltung/personal/{id}/anbieter", post(change::forget_provider))
}
