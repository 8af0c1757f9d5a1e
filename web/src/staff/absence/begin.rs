//! Who is missing, and what is closed already.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use booking::absence;
use identity::Staff;
use minijinja::context;
use minijinja::value::Serde;
use serde::Serialize;

use super::wish::{Wish, Wrong};
use super::{HOME, place};
use crate::citizen::today;
use crate::extract::Site;
use crate::staff::{self, CloseCounters, May};
use crate::{AppState, Page, WebError};

/// What is wrong, for the summary and next to the field.
#[derive(Serialize)]
struct Problem {
    field: &'static str,
    message: String,
}

/// `GET /verwaltung/ausfall`
pub(super) async fn show(site: Site, staff: May<CloseCounters>, State(app): State<AppState>) -> Result<Page, WebError> {
    let wish = Wish::read(&site, &site.query);
    page(&site, &staff, &app, &wish, Vec::new()).await
}

/// The form, with what is wrong with what was typed.
pub(super) async fn page(
    site: &Site,
    staff: &Staff,
    app: &AppState,
    wish: &Wish,
    wrong: Vec<Wrong>,
) -> Result<Page, WebError> {
    let mut tx = site.tx(app).await?;
    let mut open = Vec::new();
    for location in &site.town.offices.locations {
        for it in absence::open(&mut tx, location.id, today(site)).await? {
            open.push(context! {
                href => site.url(&format!("{HOME}/{}", it.id)),
                what => place::missing(site, &it.missing),
                reason => it.reason,
                by => it.staff_name,
            });
        }
    }
    tx.rollback().await?;
    let problem =
        |it: &Wrong| Problem { field: it.field, message: site.t(&format!("staff.absence.problem.{}", it.key), &[]) };
    let problems: Vec<Problem> = wrong.iter().map(problem).collect();
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let errors: BTreeMap<&str, &str> = problems.iter().map(|it| (it.field, it.message.as_str())).collect();
    let values = context! {
        typed => wish.view(), offices => place::choices(site), errors => Serde(&errors), problems => Serde(&problems), open,
    };
    Ok(staff::page(staff, "absence", "staff/absence.html", values).status(status))
}
