//! What the town's staff see, all of it below `/verwaltung`.
//!
//! A right is an extractor in the handler's signature: [`May`]`<SeeDay>` is somebody who is signed in and may see the
//! day; everybody else never reaches the handler.

mod absence;
mod account;
mod caller;
mod day;
mod import;
mod layer;
mod may;
mod people;
mod queue;
mod search;
mod session;
mod sign_in;

pub(crate) use day::LiveDays;
pub(crate) use import::is_upload;
pub(crate) use may::{Book, ChangeBookings, CloseCounters, Import, ManageStaff, May, SeeDay, Serve, SignedIn};

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::get;
use identity::{Right, Staff};
use minijinja::{Value, context};

use crate::extract::Site;
use crate::{AppState, Page};

/// A page of the back office: with who is signed in, what they may do, and which `area` of the navigation it belongs to.
pub(crate) fn page(staff: &Staff, area: &'static str, template: &'static str, values: Value) -> Page {
    let rights: Vec<String> =
        Right::ALL.into_iter().filter(|it| staff.may(*it)).map(|it| it.as_str().to_owned()).collect();
    let who = context! { name => staff.name.as_str(), role => staff.role.as_str(), counter => staff.counter, rights };
    Page::new(template, context! { staff => who, area, ..values }).private()
}

/// All pages for staff, below the town's base path.
pub(crate) fn router(app: &AppState) -> Router<AppState> {
    let inside = Router::new()
        .route("/verwaltung", get(home))
        .route("/verwaltung/", get(home))
        .merge(day::router())
        .merge(queue::router())
        .merge(caller::router())
        .merge(search::router())
        .merge(absence::router())
        .merge(account::router())
        .merge(people::router())
        .merge(import::router())
        .route_layer(from_fn_with_state(app.clone(), layer::guard));
    inside.merge(sign_in::router().route_layer(from_fn_with_state(app.clone(), layer::open)))
}

/// Whether a path, below the town's base, is one of the back office.
pub(crate) fn is_here(path: &str) -> bool {
    path.strip_prefix("/verwaltung").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// `GET /verwaltung`: everybody begins with the day.
async fn home(site: Site, _: May<SeeDay>) -> Response {
    site.redirect("/verwaltung/tag")
}
