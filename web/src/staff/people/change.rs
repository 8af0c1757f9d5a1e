//! Changing a colleague's account. Each form carries the version it was made from: what somebody else has changed since is
//! not overwritten, and the same form sent twice changes once.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use identity::Role;
use identity::links::{self, InviteError};
use identity::people::{self, By, PeopleError};
use identity::provider;
use tenancy::TenantTx;
use uuid::Uuid;

use super::super::{ManageStaff, May};
use super::list;
use crate::extract::{Fields, Form, Segment, Site};
use crate::limits::Action;
use crate::{AppState, WebError};

/// What is done with an account.
#[derive(Clone, Copy, Debug)]
enum Wish {
    Role(Role),
    Disable,
    Enable,
    InviteAgain,
    ForgetSecondFactor,
    ForgetProvider,
}

/// `POST /verwaltung/personal/{id}/rolle`.
pub(super) async fn role(
    site: Site,
    staff: May<ManageStaff>,
    app: State<AppState>,
    id: Segment<Uuid>,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let role = fields.get("rolle").and_then(Role::parse).ok_or(WebError::BadInput("staff.people.role_wrong"))?;
    change(&site, &staff, &app, (id.0, Wish::Role(role)), &fields).await
}

/// `POST /verwaltung/personal/{id}/sperren`.
pub(super) async fn disable(
    site: Site,
    staff: May<ManageStaff>,
    app: State<AppState>,
    id: Segment<Uuid>,
    Form(fields): Form,
) -> Result<Response, WebError> {
    change(&site, &staff, &app, (id.0, Wish::Disable), &fields).await
}

/// `POST /verwaltung/personal/{id}/freigeben`.
pub(super) async fn enable(
    site: Site,
    staff: May<ManageStaff>,
    app: State<AppState>,
    id: Segment<Uuid>,
    Form(fields): Form,
) -> Result<Response, WebError> {
    change(&site, &staff, &app, (id.0, Wish::Enable), &fields).await
}

/// `POST /verwaltung/personal/{id}/einladung`: once more, when the first one was lost or is too old.
pub(super) async fn invite_again(
    site: Site,
    staff: May<ManageStaff>,
    app: State<AppState>,
    id: Segment<Uuid>,
    Form(fields): Form,
) -> Result<Response, WebError> {
    site.limit(&app, Action::Mail)?;
    change(&site, &staff, &app, (id.0, Wish::InviteAgain), &fields).await
}

/// `POST /verwaltung/personal/{id}/zweiter-faktor`: for who has lost telephone and recovery codes.
pub(super) async fn forget_second_factor(
    site: Site,
    staff: May<ManageStaff>,
    app: State<AppState>,
    id: Segment<Uuid>,
    Form(fields): Form,
) -> Result<Response, WebError> {
    change(&site, &staff, &app, (id.0, Wish::ForgetSecondFactor), &fields).await
}

/// `POST /verwaltung/personal/{id}/anbieter`: for who has been entered anew at the town's identity provider.
pub(super) async fn forget_provider(
    site: Site,
    staff: May<ManageStaff>,
    app: State<AppState>,
    id: Segment<Uuid>,
    Form(fields): Form,
) -> Result<Response, WebError> {
    change(&site, &staff, &app, (id.0, Wish::ForgetProvider), &fields).await
}

async fn change(
    site: &Site,
    staff: &May<ManageStaff>,
    app: &AppState,
    (id, wish): (Uuid, Wish),
    fields: &Fields,
) -> Result<Response, WebError> {
    let seen = fields.get("stand").and_then(|it| it.parse().ok()).ok_or(WebError::BadInput("errors.no_form"))?;
    let mut tx = site.tx(app).await?;
    match carry_out(site, app, &mut tx, (id, seen, wish), &By::from(&**staff)).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(site.redirect(&format!("/verwaltung/personal?fertig={}", wish.done())))
        }
        Err(PeopleError::LastAdmin) => {
            tx.rollback().await?;
            Ok(list::refused(site, app, staff, site.t("staff.people.last_admin", &[])).await?.into_response())
        }
        Err(PeopleError::Changed(last)) => {
            tx.rollback().await?;
            let words = list::changed_meanwhile(site, staff, last.as_ref());
            Ok(list::refused(site, app, staff, words).await?.into_response())
        }
        Err(PeopleError::Own) => Ok(site.redirect("/verwaltung/konto")),
        Err(PeopleError::NotFound) => Err(WebError::NotFound),
        Err(PeopleError::Database(error)) => Err(error.into()),
    }
}

async fn carry_out(
    site: &Site,
    app: &AppState,
    tx: &mut TenantTx,
    (id, seen, wish): (Uuid, i32, Wish),
    by: &By,
) -> Result<(), PeopleError> {
    people::expect_unchanged(tx, id, seen).await?;
    match wish {
        Wish::Role(role) => people::change_role(tx, id, role, by, site.now).await,
        Wish::Disable => people::disable(tx, id, by, site.now).await,
        Wish::Enable => people::enable(tx, id, by, site.now).await,
        Wish::ForgetSecondFactor => people::forget_second_factor(tx, id, by, site.now).await,
        Wish::ForgetProvider => provider::forget(tx, id, by, site.now).await,
        Wish::InviteAgain => match links::invite_again(tx, &app.vault, id, by, site.now).await {
            Ok(()) => Ok(()),
            Err(InviteError::AlreadyThere | InviteError::NotInvited) => Err(PeopleError::NotFound),
            Err(InviteError::Database(error)) => Err(error.into()),
        },
    }
}

impl Wish {
    /// What the list then says, as its address does.
    fn done(self) -> &'static str {
        match self {
            Self::Role(_) => "rolle",
            Self::Disable => "gesperrt",
            Self::Enable => "freigegeben",
            Self::InviteAgain => "eingeladen",
            Self::ForgetSecondFactor => "faktor",
            Self::ForgetProvider => "anbieter",
        }
    }
}
