//! The day at the counters: what is booked, who is here, and everything that can be done with an appointment.
//!
//! | address below `/verwaltung` | here |
//! |---|---|
//! | `/tag`, the timetable, with `ansicht=liste` the list | [`show`], made of [`board`], [`cells`], [`card`] |
//! | `/tag/druck`, `/woche` | [`print`], [`week`] |
//! | `/ereignisse`, what changes elsewhere | [`events`], with [`live`] |
//! | `/termine/{id}`, one appointment with its history | [`appointment`], [`history`] |
//! | `POST /termine/{id}/angekommen` and the like | [`steps`] |
//! | `POST /termine/{id}/notiz`, `/absagen`, `/aendern` | [`change`] |
//! | `POST /termine/{id}/verschieben` | [`moving`] |
//! | `POST /termine/{id}/geprueft` | [`flag`] |
//!
//! Every form carries the `version` that was seen. If it is another one by now, nothing is changed, and the page says
//! who did what and when, with what was typed kept ([`refused`]).

mod appointment;
mod board;
mod card;
mod cells;
mod change;
mod done;
mod events;
mod flag;
mod forms;
mod history;
mod live;
mod moving;
mod nevertheless;
mod place;
mod print;
mod refused;
mod show;
mod steps;
mod week;

pub(crate) use live::LiveDays;

use axum::Router;
use axum::routing::{get, post};

use crate::AppState;

/// All pages of the day.
pub(super) fn router() -> Router<AppState> {
    let one = |rest: &str| format!("/verwaltung/termine/{{id}}{rest}");
    Router::new()
        .route("/verwaltung/tag", get(show::show))
        .route("/verwaltung/tag/druck", get(print::show))
        .route("/verwaltung/woche", get(week::show))
        .route("/verwaltung/ereignisse", get(events::listen))
        .route(&one(""), get(appointment::show))
        .route(&one("/angekommen"), post(steps::arrive))
        .route(&one("/aufrufen"), post(steps::call))
        .route(&one("/bedienen"), post(steps::serve))
        .route(&one("/erledigt"), post(steps::finish))
        .route(&one("/nicht-erschienen"), post(steps::no_show))
        .route(&one("/zurueck"), post(steps::undo))
        .route(&one("/notiz"), post(change::note))
        .route(&one("/geprueft"), post(flag::settle))
        .route(&one("/absagen"), post(change::cancel))
        .route(&one("/aendern"), post(change::items))
        .route(&one("/verschieben"), post(moving::move_it))
}
