//! Why an appointment was not changed, in words, on its own page: with how it stands now, and with what was typed.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use booking::Status;
use booking::desk::{Conflict, DeskError};
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
}

impl Problem {
    /// Something in a form is missing or makes no sense.
    pub fn input(site: &Site, field: &'static str, key: &str) -> Self {
        let message = site.t(key, &[]);
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, field, message, can_overbook: false }
    }

    fn conflict(message: String) -> Self {
        Self { status: StatusCode::CONFLICT, field: "inhalt", message, can_overbook: false }
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// For the template.
    pub fn value(&self) -> Value {
        context! { field => self.field, message => self.message.as_str(), can_overbook => self.can_overbook }
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
            DeskError::NotPossible(status) => Self::conflict(not_possible(site, status)),
            DeskError::Conflict { with } => Self::overbooking(site, staff, conflict(site, &with)),
        })
    }

    /// A place that only goes on purpose, and only for those who may.
    pub fn overbooking(site: &Site, staff: &Staff, message: String) -> Self {
        let can_overbook = staff.may(Right::Overbook);
        let more = if can_overbook { "staff.day.problem.overbook" } else { "staff.day.problem.may_not_overbook" };
        let message = format!("{message} {}", site.t(more, &[]));
        Self { status: StatusCode::CONFLICT, field: "uhrzeit", message, can_overbook }
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

/// Who stands there already.
fn conflict(site: &Site, with: &Conflict) -> String {
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
