//! Changing a colleague's account. Each of these can be sent twice without harm.

use axum::extract::State;
use axum::response::Response;
use identity::Role;
use identity::links::{self, InviteError};
use identity::people::{self, By, PeopleError};
use uuid::Uuid;

use super::super::{ManageStaff, May};
use crate::extract::{Form, Segment, Site};
use crate::limits::Action;
use crate::{AppState, WebError};

/// `POST /verwaltung/personal/{id}/rolle`.
pub(super) async fn role(
    site: Site,
    staff: May<ManageStaff>,
    State(app): State<AppState>,
    Segment(id): Segment<Uuid>,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let role = fields.get("rolle").and_then(Role::parse).ok_or(WebError::BadInput("staff.people.role_wrong"))?;
    let mut tx = site.tx(&app).await?;
    let done = people::change_role(&mut tx, id, role, &By::from(&*staff), site.now).await;
    tx.commit().await?;
    answer(&site, done, "rolle")
}

/// `POST /verwaltung/personal/{id}/sperren`.
pub(super) async fn disable(
    site: Site,
    staff: May<ManageStaff>,
    State(app): State<AppState>,
    Segment(id): Segment<Uuid>,
) -> Result<Response, WebError> {
    let mut tx = site.tx(&app).await?;
    let done = people::disable(&mut tx, id, &By::from(&*staff), site.now).await;
    tx.commit().await?;
    answer(&site, done, "gesperrt")
}

/// `POST /verwaltung/personal/{id}/freigeben`.
pub(super) async fn enable(
    site: Site,
    staff: May<ManageStaff>,
    State(app): State<AppState>,
    Segment(id): Segment<Uuid>,
) -> Result<Response, WebError> {
    let mut tx = site.tx(&app).await?;
    let done = people::enable(&mut tx, id, &By::from(&*staff), site.now).await;
    tx.commit().await?;
    answer(&site, done, "freigegeben")
}

/// `POST /verwaltung/personal/{id}/einladung`: once more, when the first one was lost or is too old.
pub(super) async fn invite_again(
    site: Site,
    staff: May<ManageStaff>,
    State(app): State<AppState>,
    Segment(id): Segment<Uuid>,
) -> Result<Response, WebError> {
    site.limit(&app, Action::Mail)?;
    let mut tx = site.tx(&app).await?;
    let done = links::invite_again(&mut tx, &app.vault, id, &By::from(&*staff), site.now).await;
    tx.commit().await?;
    match done {
        Ok(()) => Ok(site.redirect("/verwaltung/personal?fertig=eingeladen")),
        Err(InviteError::AlreadyThere | InviteError::NotInvited) => Err(WebError::NotFound),
        Err(InviteError::Database(error)) => Err(error.into()),
    }
}

/// `POST /verwaltung/personal/{id}/zweiter-faktor`: for who has lost telephone and recovery codes.
pub(super) async fn forget_second_factor(
    site: Site,
    staff: May<ManageStaff>,
    State(app): State<AppState>,
    Segment(id): Segment<Uuid>,
) -> Result<Response, WebError> {
    let mut tx = site.tx(&app).await?;
    let done = people::forget_second_factor(&mut tx, id, &By::from(&*staff), site.now).await;
    tx.commit().await?;
    answer(&site, done, "faktor")
}

fn answer(site: &Site, done: Result<(), PeopleError>, said: &str) -> Result<Response, WebError> {
    match done {
        Ok(()) => Ok(site.redirect(&format!("/verwaltung/personal?fertig={said}"))),
        Err(PeopleError::LastAdmin) => Ok(site.redirect("/verwaltung/personal?fertig=letzte")),
        Err(PeopleError::NotFound) => Err(WebError::NotFound),
        Err(PeopleError::Database(error)) => Err(error.into()),
    }
}
