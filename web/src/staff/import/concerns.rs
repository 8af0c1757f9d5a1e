//! Which of the file's words mean which concern, the most frequent ones first.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use identity::Staff;
use importer::batch::{self, Batch};
use importer::concerns::{Certainty, MOST_SUGGESTIONS, Suggestion, Table};
use minijinja::{Value, context};
use uuid::Uuid;

use super::step::{Step, batch_at};
use super::{list, step};
use crate::extract::{Fields, Form, Segment, Site};
use crate::staff::{self, Import, May};
use crate::{AppState, Page, WebError};

/// So many phrases stand on a page: what follows is rare, and one concern for all unknown ones serves it better.
const ON_A_PAGE: usize = 40;
/// “Is no concern” in the form.
const NONE: &str = "-";
/// Between the keys of concerns that one phrase means together.
const AND: char = '+';

/// `GET /verwaltung/import/{id}/anliegen`, with `seite` from 1 on.
pub(super) async fn show(
    site: Site,
    staff: May<Import>,
    State(app): State<AppState>,
    Segment(id): Segment<Uuid>,
) -> Result<Response, WebError> {
    let batch = match batch_at(&site, &app, id, Step::Concerns).await? {
        Ok(batch) => batch,
        Err(elsewhere) => return Ok(elsewhere),
    };
    Ok(page(&site, &staff, &app, &batch).await?.into_response())
}

/// `POST /verwaltung/import/{id}/anliegen`: keeps what this page says, and goes on to the next one or to the dry run.
pub(super) async fn save(
    site: Site,
    _: May<Import>,
    State(app): State<AppState>,
    Segment(id): Segment<Uuid>,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let mut batch = match batch_at(&site, &app, id, Step::Concerns).await? {
        Ok(batch) => batch,
        Err(elsewhere) => return Ok(elsewhere),
    };
    read(&site, &fields, &mut batch.table);
    let unknown = fields.get("unbekannt").filter(|it| site.town.catalog.get(it).is_some());
    let mut tx = site.tx(&app).await?;
    batch::save_table(&mut tx, id, &batch.table, unknown).await?;
    if let Some(profile) = &batch.profile {
        batch::save_profile(&mut tx, id, profile).await?;
    }
    tx.commit().await?;
    let next: Option<usize> = fields.get("weiter").and_then(|it| it.parse().ok());
    Ok(match next {
        Some(next) => site.redirect(&format!("{}?seite={next}", Step::Concerns.path(id))),
        None => site.redirect(&Step::Check.path(id)),
    })
}

/// Takes `begriff-0=PA` with `anliegen-0=personalausweis` into the table. What is left open is not in it.
fn read(site: &Site, fields: &Fields, table: &mut Table) {
    for (name, phrase) in fields.iter() {
        let Some(number) = name.strip_prefix("begriff-") else { continue };
        match fields.get(&format!("anliegen-{number}")).unwrap_or_default() {
            "" => {
                table.0.remove(phrase);
            }
            NONE => {
                table.0.insert(phrase.to_owned(), Vec::new());
            }
            chosen => {
                let keys: Vec<String> = chosen.split(AND).map(str::to_owned).collect();
                if keys.iter().all(|it| site.town.catalog.get(it).is_some()) {
                    table.0.insert(phrase.to_owned(), keys);
                }
            }
        }
    }
}

async fn page(site: &Site, staff: &Staff, app: &AppState, batch: &Batch) -> Result<Page, WebError> {
    let mut tx = site.tx(app).await?;
    let phrases = batch::phrases(&mut tx, batch.id, &site.town.catalog).await?;
    tx.rollback().await?;
    let pages = phrases.len().div_ceil(ON_A_PAGE).max(1);
    let number = site.query.get("seite").and_then(|it| it.parse().ok()).unwrap_or(1).clamp(1, pages);
    let first = (number - 1) * ON_A_PAGE;
    let shown = phrases.iter().enumerate().skip(first).take(ON_A_PAGE);
    let concerns: Vec<Value> = site
        .town
        .catalog
        .concerns
        .iter()
        .map(|it| context! { key => it.key.as_str(), name => it.name.get(&site.lang) })
        .collect();
    let values = context! {
        steps => step::line(site, batch, Step::Concerns),
        name => list::name(site, batch),
        address => site.url(&Step::Concerns.path(batch.id)),
        rows => shown.map(|(index, it)| row(site, &batch.table, index, it)).collect::<Vec<_>>(),
        concerns,
        unknown => batch.choices.unknown.as_deref().unwrap_or_default(),
        page => number,
        pages,
        back => (number > 1).then(|| site.url(&format!("{}?seite={}", Step::Concerns.path(batch.id), number - 1))),
        next => (number < pages).then_some(number + 1),
        all => phrases.len(),
        // What is rarer was left out.
        is_cut => phrases.len() >= MOST_SUGGESTIONS,
    };
    Ok(staff::page(staff, "import", "staff/import_concerns.html", values))
}

/// A phrase, with what was saved for it, else with what it most likely means.
fn row(site: &Site, table: &Table, index: usize, it: &Suggestion) -> Value {
    let saved = table.0.get(&it.phrase).map(|keys| if keys.is_empty() { NONE.to_owned() } else { joined(keys) });
    let is_saved = saved.is_some();
    let proposed = it.keys.first().filter(|_| it.certainty != Certainty::Open).cloned();
    let chosen = saved.or(proposed).unwrap_or_default();
    // Several at once stand in no catalogue: such a meaning is a line of its own.
    let several = chosen.contains(AND).then(|| {
        let name = |key: &str| {
            site.town.catalog.get(key).map_or_else(|| key.to_owned(), |it| it.name.get(&site.lang).to_owned())
        };
        chosen.split(AND).map(name).collect::<Vec<_>>().join(" + ")
    });
    context! {
        index,
        phrase => it.phrase.as_str(),
        count => it.count,
        chosen,
        several,
        is_saved,
        certainty => certainty_key(it.certainty),
    }
}

fn joined(keys: &[String]) -> String {
    keys.join(&AND.to_string())
}

fn certainty_key(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Certain => "certain",
        Certainty::Likely => "likely",
        Certainty::Open => "open",
    }
}
