//! Inviting a colleague.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use booking::{EmailAddress, PersonName};
use identity::Role;
use identity::links::{self, InviteError, NewColleague};
use identity::people::By;
use uuid::Uuid;

use super::super::{ManageStaff, May};
use super::list;
use crate::extract::{Form, Site};
use crate::limits::Action;
use crate::{AppState, WebError};

/// The form as typed.
#[derive(Clone, Debug, Default)]
pub(super) struct Invitation {
    /// The id of the account to be: sent twice, it invites once.
    pub id: Option<Uuid>,
    pub name: String,
    pub email: String,
    pub role: String,
    pub language: String,
}

/// `POST /verwaltung/personal`.
pub(super) async fn send(
    site: Site,
    staff: May<ManageStaff>,
    State(app): State<AppState>,
    Form(fields): Form,
) -> Result<Response, WebError> {
    site.limit(&app, Action::Mail)?;
    let field = |name: &str| fields.get(name).unwrap_or_default().trim().to_owned();
    let typed = Invitation {
        id: fields.get("versuch").and_then(|it| it.parse().ok()),
        name: field("name"),
        email: field("email"),
        role: field("rolle"),
        language: field("sprache"),
    };
    let colleague = match read(&site, &typed) {
        Ok(colleague) => colleague,
        Err(problems) => return Ok(list::with(&site, &app, &staff, &typed, &problems).await?.into_response()),
    };
    let mut tx = site.tx(&app).await?;
    match links::invite(&mut tx, &app.vault, &colleague, &By::from(&*staff), site.now).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(site.redirect("/verwaltung/personal?fertig=eingeladen"))
        }
        Err(InviteError::AlreadyThere | InviteError::NotInvited) => {
            tx.rollback().await?;
            let problem = [("email", site.t("staff.people.already_there", &[]))];
            Ok(list::with(&site, &app, &staff, &typed, &problem).await?.into_response())
        }
        Err(InviteError::Database(error)) => Err(error.into()),
    }
}

/// The colleague, or what is wrong with which field.
fn read(site: &Site, typed: &Invitation) -> Result<NewColleague, Vec<(&'static str, String)>> {
    let name = PersonName::parse(&typed.name);
    let email = EmailAddress::parse(&typed.email);
    let role = Role::parse(&typed.role);
    let mut problems = Vec::new();
    if name.is_err() {
        problems.push(("name", site.t("staff.people.name_wrong", &[])));
    }
    if email.is_err() {
        problems.push(("email", site.t("staff.people.email_wrong", &[])));
    }
    if role.is_none() {
        problems.push(("rolle", site.t("staff.people.role_wrong", &[])));
    }
    let language = site.town.languages.iter().find(|it| **it == typed.language).unwrap_or(&site.lang).clone();
    match (name, email, role) {
        (Ok(name), Ok(email), Some(role)) => {
            let id = typed.id.unwrap_or_else(Uuid::new_v4);
            Ok(NewColleague { id, email: email.to_string(), name: name.to_string(), role, language })
        }
        _ => Err(problems),
    }
}
