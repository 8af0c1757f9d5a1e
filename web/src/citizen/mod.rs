//! A citizen's way: choose concerns, a day and a time, say who they are, and get a ticket; later move or cancel.
//!
//! | step | address | here |
//! |---|---|---|
//! | 1 concerns | `/` | [`concerns`] |
//! | 2 day and time | `/termin`, in a draft `/buchung/{token}/termin` | [`time`], [`next`], both with [`picker`] |
//! | – | `POST /reservierung` keeps the place | [`hold`] |
//! | 3 details | `/buchung/{token}/angaben` | [`details`], [`extend`], [`save`] |
//! | – | `POST /buchung/{token}/freigabe` goes back to 1 | [`release`] |
//! | 4 done | `/buchung/{token}/fertig` | [`done`] |
//! | in the hall | `/ankunft/{location}`, `/aufruf/{location}` | [`check_in`], [`display`] |
//! | later | `/buchung/{token}` and below, `/verwalten` | [`manage`], [`cancel`], [`moving`], [`lookup`] |
//!
//! No page needs JavaScript, no GET changes anything, and what was chosen or typed survives every refusal.

mod alternatives;
mod appointment;
mod attempt;
mod calendar;
mod calendar_file;
mod cancel;
mod check_in;
mod chosen;
mod concern_view;
mod concerns;
mod day_times;
mod details;
mod details_form;
mod display;
mod done;
mod draft;
mod extend;
mod hold;
mod hold_box;
mod link;
mod lookup;
mod manage;
mod moving;
mod next;
mod nothing;
mod picker;
mod place;
mod planning;
mod problem;
mod release;
mod retake;
mod save;
mod search;
mod send_again;
mod slot;
mod suggestion;
mod summary;
mod ticket;
mod time;

pub(crate) use chosen::{Chosen, mode_name};
pub(crate) use concerns::today;
pub(crate) use details_form::{email_problem, name_problem, phone_problem};
pub(crate) use place::Place;
pub(crate) use problem::Problem;
pub(crate) use search::Span;
pub(crate) use slot::Slot;

use axum::Router;
use axum::routing::{get, post};

use crate::AppState;

/// All pages for citizens, below the town's base path.
pub(crate) fn router() -> Router<AppState> {
    Router::new()
        .route("/", get(concerns::show))
        .route("/termin", get(time::show))
        .route("/reservierung", post(hold::reserve))
        .route("/verwalten", get(lookup::show).post(lookup::send))
        .route("/aufruf/{location}", get(display::show))
        .route("/ankunft/{location}", get(check_in::show).post(check_in::arrive))
        .route("/buchung/{token}", get(manage::show))
        .route("/buchung/{token}/termin", get(next::show).post(next::choose))
        .route("/buchung/{token}/angaben", get(details::show).post(details::book))
        .route("/buchung/{token}/verlaengerung", post(extend::extend))
        .route("/buchung/{token}/entwurf", post(save::save))
        .route("/buchung/{token}/freigabe", post(release::release))
        .route("/buchung/{token}/fertig", get(done::show))
        .route("/buchung/{token}/termin.ics", get(calendar_file::download))
        .route("/buchung/{token}/mail", post(send_again::send))
        .route("/buchung/{token}/termine/{id}/absage", get(cancel::ask).post(cancel::cancel))
        .route("/buchung/{token}/termine/{id}/verschieben", get(moving::show).post(moving::move_it))
}
