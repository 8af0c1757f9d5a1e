//! The queue of an office: who is in the hall, and who is called next.
//!
//! | address below `/verwaltung/warteschlange` | here |
//! |---|---|
//! | `/` with `POST /platz`, the clerk's own counter | [`list`], [`place`] |
//! | `POST /naechste`, `POST /{id}/aufrufen` and the like | [`next`], [`steps`] |
//! | `POST /ankunft`, somebody with an appointment has come | [`arrival`] |
//! | `/neu`, a number for somebody without one | [`walk_in`] |
//! | `/{id}` with `POST /{id}/weiterleiten` and `/vorrang` | [`ticket`], [`on`] |
//! | `/{id}/zettel`, to print | [`slip`] |
//! | `/wartebereich`: the screens in the hall, and the notice for its wall | [`hall`] |
//!
//! Every POST leads back to the list; what it has to say stands in the address as a [`notice::Notice`].

mod arrival;
mod hall;
mod list;
mod next;
mod notice;
mod on;
mod place;
mod row;
mod slip;
mod steps;
mod ticket;
mod walk_in;

use axum::Router;
use axum::routing::{get, post};

use crate::AppState;

/// Where all pages of the queue are.
const HOME: &str = "/verwaltung/warteschlange";

/// All pages of the queue.
pub(super) fn router() -> Router<AppState> {
    let below = |rest: &str| format!("{HOME}{rest}");
    Router::new()
        .route(HOME, get(list::show))
        .route(&below("/platz"), post(place::sit))
        .route(&below("/naechste"), post(next::call))
        .route(&below("/ankunft"), post(arrival::arrive))
        .route(&below("/neu"), get(walk_in::show).post(walk_in::take))
        .route(&below("/wartebereich"), get(hall::show))
        .route(&below("/{id}"), get(ticket::show))
        .route(&below("/{id}/zettel"), get(slip::show))
        .route(&below("/{id}/weiterleiten"), post(on::send))
        .route(&below("/{id}/vorrang"), post(on::prefer))
        .route(&below("/{id}/aufrufen"), post(steps::call))
        .route(&below("/{id}/erneut"), post(steps::recall))
        .route(&below("/{id}/parken"), post(steps::park))
        .route(&below("/{id}/bedienen"), post(steps::serve))
        .route(&below("/{id}/erledigt"), post(steps::finish))
        .route(&below("/{id}/nicht-erschienen"), post(steps::no_show))
        .route(&below("/{id}/zurueck"), post(steps::back))
}
