//! All accounts of the town, and the form that invites one more.

use axum::extract::State;
use axum::http::StatusCode;
use identity::people::{self, Change};
use identity::{Account, Role, Staff};
use minijinja::{Value, context};
use templating::Dates;
use uuid::Uuid;

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
    ("anbieter", "staff.people.done.provider"),
];

/// What is done to accounts, as their history calls it.
const KNOWN: [&str; 12] = [
    "signed_in",
    "invited",
    "role",
    "disabled",
    "enabled",
    "password",
    "second_factor",
    "second_factor_removed",
    "second_factor_forgotten",
    "recovery_codes",
    "provider",
    "provider_forgotten",
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
    let done = site.query.get("fertig").and_then(|done| DONE.iter().find(|it| it.0 == done));
    let said = done.map(|it| context! { text => site.t(it.1, &[]), is_good => true });
    page_of(site, app, staff, (typed, problems), said).await
}

/// The page after a change that was not made: how everything stands now, and why.
pub(super) async fn refused(site: &Site, app: &AppState, staff: &Staff, why: String) -> Result<Page, WebError> {
    let said = context! { text => why, is_good => false };
    let page = page_of(site, app, staff, (&Invitation::default(), &[]), Some(said)).await?;
    Ok(page.status(StatusCode::CONFLICT))
}

/// What was done, such as “gesperrt”.
pub(super) fn words(site: &Site, kind: &str) -> String {
    let known = KNOWN.into_iter().find(|it| *it == kind).unwrap_or("changed");
    site.t(&format!("staff.people.event.{known}"), &[])
}

/// What the second of two admins is told: who did what, and when.
pub(super) fn changed_meanwhile(site: &Site, staff: &Staff, change: Option<&Change>) -> String {
    let Some(change) = change else { return site.t("staff.people.changed_by_somebody", &[]) };
    let key = if change.by.id == Some(staff.id) { "staff.people.changed_by_you" } else { "staff.people.changed_by" };
    let at = change.at.to_zoned(site.zone().clone()).datetime();
    let arguments = [
        ("who", change.by.name.clone().into()),
        ("what", words(site, &change.kind).into()),
        ("when", Dates::new(&site.texts, &site.lang).write("datetime_short", at.into()).into()),
    ];
    site.t(key, &arguments)
}

async fn page_of(
    site: &Site,
    app: &AppState,
    staff: &Staff,
    (typed, problems): (&Invitation, &[(&str, String)]),
    said: Option<Value>,
) -> Result<Page, WebError> {
    let mut tx = site.tx(app).await?;
    let accounts = people::list(&mut tx).await?;
    tx.rollback().await?;
    let problems: Vec<Value> =
        problems.iter().map(|(field, message)| context! { field => *field, message => message.as_str() }).collect();
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let values = context! {
        accounts => accounts.iter().map(|it| row(it, staff)).collect::<Vec<_>>(),
        roles => Role::ALL.map(Role::as_str).to_vec(),
        said,
        typed => context! {
            id => typed.id.unwrap_or_else(Uuid::new_v4).to_string(),
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
        is_from_provider => account.is_from_provider,
        signed_in => account.signed_in_at.map(|it| it.to_string()),
        version => account.version,
        is_own => account.staff.id == own.id,
    }
}
