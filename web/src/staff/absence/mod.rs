//! “Someone is missing today”: a counter or an office is closed, and everybody concerned looked after.
//!
//! | address below `/verwaltung/ausfall` | here |
//! |---|---|
//! | `/`: who is missing, and what is closed already | [`begin`] |
//! | `/vorschau`: whom it concerns, with a proposal for each; POST does it | [`preview`] |
//! | `/{id}` with `POST /{id}/zuruecknehmen`, `/{id}/oeffnen` and `/{id}/angerufen` | [`show`] |

mod begin;
mod decision;
mod place;
mod preview;
mod show;
mod wish;

use axum::Router;
use axum::routing::{get, post};

use crate::AppState;

/// Where all of these pages are.
const HOME: &str = "/verwaltung/ausfall";

/// All pages of absences.
pub(super) fn router() -> Router<AppState> {
    let below = |rest: &str| format!("{HOME}{rest}");
    Router::new()
        .route(HOME, get(begin::show))
        .route(&below("/vorschau"), get(preview::show).post(preview::carry_out))
        .route(&below("/{id}"), get(show::show))
        .route(&below("/{id}/zuruecknehmen"), post(show::undo))
        .route(&below("/{id}/oeffnen"), post(show::open_again))
        .route(&below("/{id}/angerufen"), post(show::phoned))
}
