//! Booking for somebody who calls: one page, from the first letter of the concern to the code, without the mouse.
//!
//! | address below `/verwaltung/neu` | here |
//! |---|---|
//! | `/` with `POST /` books | [`show`], [`booking`] |
//! | `POST /zeiten`: the same page with other times; changes nothing | [`show`] |
//! | `/fertig/{booking}`, the code to read out | [`done`] |
//! | `/zettel/{booking}`, to print | [`done`] |
//!
//! What is typed goes by POST only: names and numbers stand in no address and in no log. Every answer holds all that was
//! typed, and the number of the attempt: a form sent twice books once.

mod appointments;
mod booking;
mod concerns;
mod done;
mod form;
mod notes;
mod overbooking;
mod show;
mod spelling;
mod times;
mod wished_day;

pub(in crate::staff) use times::clock;
pub(in crate::staff) use wished_day::{WishedDay, read as wished_day};

use axum::Router;
use axum::routing::{get, post};

use crate::AppState;

/// Where the page is.
const HOME: &str = "/verwaltung/neu";

/// All pages for callers.
pub(super) fn router() -> Router<AppState> {
    let below = |rest: &str| format!("{HOME}{rest}");
    Router::new()
        .route(HOME, get(show::show).post(booking::book))
        .route(&below("/zeiten"), post(show::look))
        .route(&below("/fertig/{id}"), get(done::show))
        .route(&below("/zettel/{id}"), get(done::slip))
}
