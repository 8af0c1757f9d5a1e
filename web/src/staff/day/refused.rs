//! Why an appointment was not changed, in words, on its own page: with how it stands now, and with what was typed.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use booking::Status;
use booking::desk::{Clash, DeskError};
use booking::queue::Ticket;
use identity::{Right, Staff};
use minijinja::{Value, context};
use uuid::Uuid;

use super::place::clock;
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
    fn of(site: &Site, staff: &Staff, accepted: &Accepted<'_>, error: DeskError) -> Result<Self, WebError> {
        Ok(match error {
            DeskError::NotFound => return Err(WebError::NotFound),
            DeskError::Database(error) => return Err(error.into()),
            DeskError::Changed(change) => Self::conflict(history::last_change(site, change.as_ref())),
            DeskError::Occupied(ticket) => Self::conflict(occupied(site, &ticket)),
            DeskError::NotPossible(status) => Self::conflict(not_possible(site, status)),
            DeskError::Conflict { with } => {
                let names: Vec<String> = with.iter().map(|it| conflict(site, it)).collect();
                let ids = with.iter().map(|it| it.id.to_string());
                let named: Vec<String> = accepted.words.iter().map(|it| (*it).to_owned()).chain(ids).collect();
                Self::overbooking(site, staff, names.join(" "), named.join("+"))
            }
        })
    }

    /// A place that only goes on purpose, and only for those who may.
    pub fn overbooking(site: &Site, staff: &Staff, message: String, named: String) -> Self {
        let can_overbook = staff.may(Right::Overbook);
        let more = if can_overbook { "staff.day.problem.overbook" } else { "staff.day.problem.may_not_overbook" };
        let message = format!("{message} {}", site.t(more, &[]));
        Self { status: StatusCode::CONFLICT, field: "uhrzeit", message, can_overbook, named }
    }
}

/// What somebody agreed to after reading a warning: the value of `ueberbuchen`.
pub(super) struct Accepted<'a> {
    /// Hindrances.
    pub words: Vec<&'a str>,
    /// Appointments on top of which it shall stand.
    pub over: Vec<Uuid>,
}

impl<'a> Accepted<'a> {
    /// Reads it; nothing if no button was pressed.
    pub fn read(fields: &'a Fields) -> Self {
        let parts = fields.get("ueberbuchen").unwrap_or_default().split('+').filter(|it| !it.is_empty());
        let (mut words, mut over) = (Vec::new(), Vec::new());
        for part in parts {
            part.parse().map_or_else(|_| words.push(part), |id| over.push(id));
        }
        Self { words, over }
    }

    /// Whether anything was agreed to.
    pub fn is_any(&self) -> bool {
        !self.words.is_empty() || !self.over.is_empty()
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
    let problem = Problem::of(site, staff, &Accepted::read(typed), error)?;
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

/// Who stands there already.
fn conflict(site: &Site, with: &Clash) -> String {
    let counter = site.town.former_offices.counters.iter().find(|it| it.id == with.counter);
    let name = with.name.clone().unwrap_or_else(|| site.t("staff.day.problem.somebody_typing", &[]));
    let arguments = [
        ("name", name.into()),
        ("from", clock(site, with.start).into()),
        ("until", clock(site, with.end).into()),
        ("counter", counter.map(|it| it.name.clone()).unwrap_or_default().into()),
        ("concerns", card::concerns(site, &with.items).into()),
    ];
    site.t("staff.day.problem.conflict", &arguments)
}
