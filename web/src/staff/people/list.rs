//! All accounts of the town, and the form that invites one more.

use axum::extract::State;
use axum::http::StatusCode;
use identity::{Account, Role, Staff, people};
use minijinja::{Value, context};

use super::super::{ManageStaff, May, page};
use super::invite::Invitation;
use crate::extract::Site;
use crate::{AppState, Page, WebError};

/// What has just been done, as the address says it, and the text that says so.
const DONE: [(&str, &str); 6] = [
    ("eingeladen", "staff.people.done.invited"),
    ("rolle", "staff.people.done.role"),
    ("gesperrt", "staff.people.done.disabled"),
    ("freigegeben", "staff.people.done.enabled"),
    ("faktor", "staff.people.done.factor"),
    ("letzte", "staff.people.last_admin"),
];

/// `GET /verwaltung/personal`.
pub(super) async fn show(site: Site, staff: May<ManageStaff>, State(app): State<AppState>) -> Result<Page, WebError> {
    with(&site, &app, &staff, &Invitation::default(), &[]).await
}

/// The page, with what was typed into the form of the invitation and what is wrong with it.
pub(super) async fn with(
    site: &Site,
    app: &AppState,
    staff: &Staff,
    typed: &Invitation,
    problems: &[(&str, String)],
) -> Result<Page, WebError> {
    let mut tx = site.tx(app).await?;
    let accounts = people::list(&mut tx).await?;
    tx.rollback().await?;
    let done = site.query.get("fertig").and_then(|done| DONE.iter().find(|it| it.0 == done));
    let said = done.map(|it| context! { text => site.t(it.1, &[]), is_good => it.0 != "letzte" });
    let problems: Vec<Value> =
        problems.iter().map(|(field, message)| context! { field => *field, message => message.as_str() }).collect();
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let values = context! {
        accounts => accounts.iter().map(|it| row(it, staff)).collect::<Vec<_>>(),
        roles => Role::ALL.map(Role::as_str).to_vec(),
        said,
        typed => context! {
            name => typed.name.as_str(),
            email => typed.email.as_str(),
            role => typed.role.as_str(),
            language => typed.language.as_str(),
        },
        problems,
    };
    Ok(page(staff, "people", "staff/people.html", values).status(status))
}

fn row(account: &Account, own: &Staff) -> Value {
    context! {
        id => account.staff.id.to_string(),
        name => account.staff.name.as_str(),
        email => account.staff.email.as_str(),
        role => account.staff.role.as_str(),
        state => account.state.as_str(),
        has_second_factor => account.has_second_factor,
        signed_in => account.signed_in_at.map(|it| it.to_string()),
        is_own => account.staff.id == own.id,
    }
}
