//! The page: empty, with other times, or with what stands in the way.

use axum::extract::State;
use booking::desk;
use identity::{Right, Staff};
use minijinja::value::Serde;
use minijinja::{Value, context};

use super::form::Typed;
use super::times::{Asked, Times};
use super::{HOME, concerns, notes};
use crate::citizen::{Problem, today};
use crate::extract::{Form, Site};
use crate::staff::{self, Book, May};
use crate::{AppState, Page, WebError};

/// What an answer says besides the form.
#[derive(Default)]
pub(super) struct Said {
    pub problems: Vec<Problem>,
    /// Citizens' rules that are exceeded and that only the database knows of.
    pub notes: Vec<String>,
    /// Counters where it could be put all the same.
    pub overbooking: Vec<Value>,
}

/// `GET /`: an empty form. An address may name concerns and a day: the day view links here.
pub(super) async fn show(site: Site, staff: May<Book>) -> Result<Page, WebError> {
    let typed = Typed::read(&site, &staff, &site.query);
    Ok(page(&site, &staff, &typed, Said::default()))
}

/// `POST /zeiten`: the form with the times for it. Changes nothing.
pub(super) async fn look(
    site: Site,
    staff: May<Book>,
    State(app): State<AppState>,
    Form(fields): Form,
) -> Result<Page, WebError> {
    let typed = Typed::read(&site, &staff, &fields);
    let mut said = Said::default();
    if typed.email.contains('@') {
        let mut tx = site.tx(&app).await?;
        said.notes.extend(notes::of_email(&site, &mut tx, &typed.email, 1).await?);
        tx.rollback().await?;
    }
    Ok(page(&site, &staff, &typed, said))
}

/// The page with all that was typed.
pub(super) fn page(site: &Site, staff: &Staff, typed: &Typed, said: Said) -> Page {
    let intake = desk::intake(&site.town.catalog, &site.town.town.rules, &typed.selection, today(site));
    let mut times = Times::default();
    let mut notes = said.notes;
    if let Some(intake) = &intake {
        let asked = Asked { site, planned: &intake.planned, location: typed.location };
        times = asked.times(typed);
        let own_time = if typed.clock.is_empty() { None } else { asked.own_time(typed) };
        let start = own_time.or(times.ticked.as_ref().map(|it| it.start));
        notes.splice(0..0, notes::notes(site, intake, start));
    }
    let places: Vec<Value> = site
        .town
        .offices
        .locations
        .iter()
        .map(|it| context! { key => it.key.as_str(), name => it.name.get(&site.lang) })
        .collect();
    let error = |field: &str| said.problems.iter().find(|it| it.field == field).map(|it| it.message.clone());
    let errors = context! {
        q => error("q"), tag => error("tag"), um => error("um"), name => error("name"), tel => error("tel"),
        mail => error("mail"), zeiten => error("zeiten"),
    };
    let values = context! {
        form => typed.view(site),
        chosen => concerns::chosen(site, typed),
        hits => concerns::hits(site, typed),
        looked_for => typed.looked_for.as_str(),
        minutes => intake.as_ref().map(|it| it.planned.minutes),
        fee_cents => intake.as_ref().map(|it| it.planned.fee_cents),
        fee_depends => intake.as_ref().is_some_and(|it| it.planned.items.iter().any(|item| item.fee_depends)),
        places,
        days => times.days,
        nothing => times.nothing,
        notes,
        overbooking => said.overbooking,
        may_overbook => staff.may(Right::Overbook),
        problems => Serde(&said.problems),
        errors,
        // The answer to a form has no address of its own.
        here => site.url(HOME),
    };
    staff::page(staff, "new", "staff/caller.html", values)
}
