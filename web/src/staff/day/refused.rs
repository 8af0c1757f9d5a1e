//! Why an appointment was not changed, in words, on its own page: with how it stands now, and with what was typed.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use booking::Status;
use booking::desk::{Clash, DeskError};
use booking::queue::Ticket;
use identity::{Right, Staff};
use minijinja::{Value, context};
use uuid::Uuid;

use super::nevertheless::{Hindrance, named, sentences};
use super::{appointment, card, history};
use crate::extract::{Fields, Site};
use crate::{AppState, WebError};

/// What stood in the way.
#[derive(Clone, Debug)]
pub(super) struct Problem {
    status: StatusCode,
    /// The field that it is about; `inhalt`: the whole page.
    field: &'static str,
    message: String,
    /// It can be done nevertheless, on purpose.
    can_overbook: bool,
    /// What the warning names, for the button that agrees to it: hindrances as words, appointments as their ids.
    named: String,
}

impl Problem {
    /// Something in a form is missing or makes no sense.
    pub fn input(site: &Site, field: &'static str, key: &str) -> Self {
        let message = site.t(key, &[]);
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, field, message, can_overbook: false, named: String::new() }
    }

    fn conflict(message: String) -> Self {
        Self { status: StatusCode::CONFLICT, field: "inhalt", message, can_overbook: false, named: String::new() }
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// For the template.
    pub fn value(&self) -> Value {
        let (message, named) = (self.message.as_str(), self.named.as_str());
        context! { field => self.field, message, can_overbook => self.can_overbook, named }
    }

    /// What the desk said.
    ///
    /// # Errors
    /// [`WebError::NotFound`]; the database's own.
    fn of(site: &Site, staff: &Staff, error: DeskError) -> Result<Self, WebError> {
        Ok(match error {
            DeskError::NotFound => return Err(WebError::NotFound),
            DeskError::Database(error) => return Err(error.into()),
            DeskError::Changed(change) => Self::conflict(history::last_change(site, change.as_ref())),
            DeskError::Occupied(ticket) => Self::conflict(occupied(site, &ticket)),
            DeskError::NotPossible(status) => Self::conflict(not_possible(site, status)),
            DeskError::Conflict { with } => Self::hindered(site, staff, "uhrzeit", &[], &with),
        })
    }

    /// What only goes on purpose, and only for those who may; `field` tells the form.
    pub fn hindered(site: &Site, staff: &Staff, field: &'static str, other: &[Hindrance], with: &[Clash]) -> Self {
        let can_overbook = staff.may(Right::Overbook);
        let more = match (can_overbook, field) {
            (false, _) => "may_not_overbook",
            (true, "aendern") => "overbook_change",
            (true, _) => "overbook",
        };
        let more = ["nothing_changed", more].map(|key| site.t(&format!("staff.day.problem.{key}"), &[]));
        let message = sentences(site, other, with).into_iter().chain(more).collect::<Vec<_>>().join(" ");
        Self { status: StatusCode::CONFLICT, field, message, can_overbook, named: named(other, with) }
    }
}

/// The answer to a change that was not made.
///
/// # Errors
/// [`WebError::NotFound`]; the database's own.
pub(super) async fn answer(
    site: &Site,
    app: &AppState,
    staff: &Staff,
    id: Uuid,
    typed: &Fields,
    error: DeskError,
) -> Result<Response, WebError> {
    let problem = Problem::of(site, staff, error)?;
    Ok(appointment::page(site, app, staff, id, typed, Some(problem)).await?.into_response())
}

fn not_possible(site: &Site, status: Status) -> String {
    site.t("staff.day.problem.not_possible", &[("status", card::status_words(site, status).into())])
}

/// Who is at the counter that was to call.
fn occupied(site: &Site, ticket: &Ticket) -> String {
    let counter = site.town.former_offices.counters.iter().find(|it| Some(it.id) == ticket.counter);
    let counter = counter.map(|it| it.name.clone()).unwrap_or_default();
    site.t("staff.day.problem.occupied", &[("number", ticket.label().into()), ("counter", counter.into())])
}
