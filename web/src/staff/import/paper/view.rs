//! The grid: kept rows, and the one that is being typed.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use identity::Staff;
use importer::batch::Batch;
use minijinja::{Value, context};
use uuid::Uuid;

use super::row::PaperRow;
use super::typed::{Typed, Wrong};
use super::{check_path, home};
use crate::Page;
use crate::extract::Site;
use crate::staff;
use crate::staff::import::step::{self, Step};

/// The page. `batch`: none while no row is kept.
pub(super) fn page(
    site: &Site,
    staff: &Staff,
    id: Uuid,
    batch: Option<&Batch>,
    rows: &BTreeMap<i32, PaperRow>,
    typed: &Typed,
    wrong: &[Wrong],
) -> Page {
    let say = |(field, key): &Wrong| (*field, site.t(&format!("staff.import.paper.problem.{key}"), &[]));
    let said: Vec<(&str, String)> = wrong.iter().map(say).collect();
    let problems: Vec<Value> =
        said.iter().map(|(field, message)| context! { field => *field, message => message.as_str() }).collect();
    let errors: Value = said.iter().map(|(field, message)| (*field, message.as_str())).collect();
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let concerns = site.town.catalog.concerns.iter().map(|it| it.name.get(&site.lang).to_owned());
    let values = context! {
        steps => batch.map_or_else(|| step::line_of_paper(site), |it| step::line(site, it, Step::Paper)),
        list => id.to_string(),
        action => site.url(&home()),
        address => site.url(&Step::Paper.path(id)),
        rows => rows.iter().map(|(number, it)| row(site, id, *number, it)).collect::<Vec<_>>(),
        check => batch.filter(|_| !rows.is_empty()).map(|it| site.url(&check_path(it))),
        concerns => concerns.collect::<Vec<_>>(),
        typed => fields(typed),
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
