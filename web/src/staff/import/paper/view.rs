//! The grid: kept rows, and the one that is being typed.

use axum::http::StatusCode;
use identity::Staff;
use importer::batch::Batch;
use minijinja::{Value, context};
use uuid::Uuid;

use super::kept::Rows;
use super::row::PaperRow;
use super::typed::{Typed, Wrong};
use super::{check_path, home};
use crate::Page;
use crate::extract::Site;
use crate::staff;
use crate::staff::import::step::{self, Step};

/// The list that a page shows.
pub(super) struct List<'a> {
    pub id: Uuid,
    /// None while no row is kept.
    pub batch: Option<&'a Batch>,
    pub rows: &'a Rows,
}

/// What the page has to say about the row that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said {
    Nothing,
    /// Fields that are wrong.
    Wrong(Vec<Wrong>),
    /// Somebody has changed the row meanwhile: what stands there now is shown, and the next sending replaces it.
    Changed,
    /// Somebody has struck the row out meanwhile: the next sending makes it a new one.
    Gone,
}

/// The page, with `typed` in its form.
pub(super) fn page(site: &Site, staff: &Staff, list: &List<'_>, typed: &Typed, about: &Said) -> Page {
    let List { id, batch, rows } = *list;
    let wrong: &[Wrong] = if let Said::Wrong(wrong) = about { wrong } else { &[] };
    let say = |(field, key): &Wrong| (*field, site.t(&format!("staff.import.paper.problem.{key}"), &[]));
    let said: Vec<(&str, String)> = wrong.iter().map(say).collect();
    let problems: Vec<Value> =
        said.iter().map(|(field, message)| context! { field => *field, message => message.as_str() }).collect();
    let errors: Value = said.iter().map(|(field, message)| (*field, message.as_str())).collect();
    let status = match about {
        Said::Nothing => StatusCode::OK,
        Said::Wrong(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Said::Changed | Said::Gone => StatusCode::CONFLICT,
    };
    // Who sends the form once more has seen what stands there now.
    let now = rows.get(&typed.number).filter(|_| *about == Said::Changed);
    let version = now.map_or(typed.version, |it| it.version);
    let concerns = site.town.catalog.concerns.iter().map(|it| it.name.get(&site.lang).to_owned());
    let values = context! {
        steps => batch.map_or_else(|| step::line_of_paper(site), |it| step::line(site, it, Step::Paper)),
        list => id.to_string(),
        action => site.url(&home()),
        address => site.url(&Step::Paper.path(id)),
        rows => rows.iter().map(|(number, it)| row(site, id, *number, &it.row)).collect::<Vec<_>>(),
        check => batch.filter(|_| !rows.is_empty()).map(|it| site.url(&check_path(it))),
        concerns => concerns.collect::<Vec<_>>(),
        typed => fields(typed),
        version,
        there_now => now.map(|it| row(site, id, typed.number, &it.row)),
        is_gone => *about == Said::Gone,
        is_conflict => status == StatusCode::CONFLICT,
        first_field => first_field(typed, wrong),
        errors,
        problems,
    };
    staff::page(staff, "import", "staff/import_paper.html", values).status(status)
}

fn fields(typed: &Typed) -> Value {
    context! {
        zeile => typed.number,
        is_new => typed.is_new,
        tag => typed.day.as_str(),
        zeit => typed.time.as_str(),
        anliegen => typed.concern.as_str(),
        name => typed.name.as_str(),
        telefon => typed.phone.as_str(),
        email => typed.email.as_str(),
        notiz => typed.note.as_str(),
    }
}

/// Where the typing begins: at the first mistake, else at the first field that is not filled in by the row above.
fn first_field(typed: &Typed, wrong: &[Wrong]) -> &'static str {
    match wrong.first() {
        Some((field, _)) => field,
        None if typed.day.is_empty() => "tag",
        None => "zeit",
    }
}

fn row(site: &Site, list: Uuid, number: i32, it: &PaperRow) -> Value {
    let concern = site.town.catalog.get(&it.concern).map_or(it.concern.as_str(), |it| it.name.get(&site.lang));
    context! {
        number,
        day => it.date.as_str(),
        time => it.time.as_str(),
        concern,
        name => it.name.as_str(),
        phone => it.phone.as_str(),
        email => it.email.as_str(),
        note => it.note.as_str(),
        edit => site.url(&format!("{}&zeile={number}", Step::Paper.path(list))),
    }
}
