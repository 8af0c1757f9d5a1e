//! The page: empty, with other times, or with what stands in the way.

use axum::extract::State;
use booking::Mode;
use booking::desk::Intake;
use identity::{Right, Staff};
use jiff::Timestamp;
use minijinja::value::Serde;
use minijinja::{Value, context};

use super::form::Typed;
use super::times::Asked;
use super::{HOME, appointments, concerns, notes};
use crate::citizen::{Problem, mode_name};
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
        let further = typed.intake(&site).map_or(1, |it| it.planned.len());
        said.notes.extend(notes::of_email(&site, &mut tx, &typed.email, further).await?);
        tx.rollback().await?;
    }
    Ok(page(&site, &staff, &typed, said))
}

/// The page with all that was typed.
pub(super) fn page(site: &Site, staff: &Staff, typed: &Typed, said: Said) -> Page {
    let intake = typed.intake(site);
    let mut groups = Vec::new();
    let mut notes = said.notes;
    if let Some(intake) = &intake {
        let times = appointments::times(site, typed, &intake.planned);
        let mut starts: Vec<Timestamp> = times.iter().filter_map(|it| Some(it.ticked.as_ref()?.start)).collect();
        if let ([planned], false) = (intake.planned.as_slice(), typed.clock.is_empty()) {
            let asked = Asked { site, planned, location: typed.location, before: &[] };
            starts = asked.own_time(typed).map_or(starts, |it| vec![it]);
        }
        notes.splice(0..0, notes::notes(site, intake, &starts));
        groups = appointments::views(site, &intake.planned, times);
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
        modes => modes(site, typed, intake.as_ref()),
        minutes => intake.as_ref().map(Intake::minutes),
        fee_cents => intake.as_ref().map(Intake::fee_cents),
        fee_depends => intake.iter().flat_map(|it| &it.planned).flat_map(|it| &it.items).any(|item| item.fee_depends),
        places,
        groups,
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

/// Joint or one each, where the town does one each and there are several concerns; what its own page proposes first.
fn modes(site: &Site, typed: &Typed, intake: Option<&Intake>) -> Vec<Value> {
    let concerns: usize = intake.iter().flat_map(|it| &it.planned).map(|it| it.items.len()).sum();
    let rules = &site.town.town.rules;
    if concerns < 2 || !rules.separate {
        return Vec::new();
    }
    let modes = match rules.combined {
        true => [Mode::Combined, Mode::Separate],
        false => [Mode::Separate, Mode::Combined],
    };
    modes.map(|mode| context! { value => mode_name(mode), chosen => mode == typed.mode }).to_vec()
}
