//! Rows of a batch, with what becomes of each and why, a page at a time.

use importer::State;
use importer::batch::{self, Batch, Row};
use minijinja::{Value, context};
use uuid::Uuid;

use super::filter::Filter;
use super::stage::Stage;
use super::{changes, words};
use crate::extract::Site;
use crate::{AppState, WebError};

/// So many rows stand on a page.
const ON_A_PAGE: i64 = 50;

/// The rows that the address asks for ([`Filter`]), after the one with number `nach`.
///
/// # Errors
/// The database's own.
pub(super) async fn page(site: &Site, app: &AppState, batch: &Batch, path: &str) -> Result<Value, WebError> {
    let (here, stage) = (Filter::of(site), Stage::of(batch));
    let after = site.query.get("nach").and_then(|it| it.parse().ok()).unwrap_or(0);
    let mut tx = site.tx(app).await?;
    let mut rows = here.rows(&mut tx, batch.id, after, ON_A_PAGE + 1).await?;
    let changed = batch::count_changed(&mut tx, batch.id).await?;
    tx.rollback().await?;
    let has_more = rows.len() > usize::try_from(ON_A_PAGE).unwrap_or(usize::MAX);
    if has_more {
        rows.pop();
    }
    let address = |filter: Filter, after: i64| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        if filter != Filter::All {
            query.append_pair("stand", filter.key());
        }
        if after > 0 {
            query.append_pair("nach", &after.to_string());
        }
        format!("{}?{}#zeilen", site.url(path), query.finish())
    };
    let last = rows.last().map_or(0, |it| it.number);
    let filter = |it: &Filter| {
        let (name, count) = counted(site, batch, stage, changed, *it);
        context! { key => it.key(), name, count, href => address(*it, 0), is_here => *it == here }
    };
    // Only a second edition of a file has something to change.
    let filters = Filter::EVERY.iter().filter(|it| **it != Filter::Changed || changed > 0);
    Ok(context! {
        head => stage.head(site),
        filters => filters.map(filter).collect::<Vec<_>>(),
        list => rows.iter().map(|it| view(site, it, stage)).collect::<Vec<_>>(),
        first => (after > 0).then(|| address(here, 0)),
        next => has_more.then(|| address(here, last)),
        download => download(site, batch.id, here),
    })
}

/// What some of the rows are called, and how many they are.
fn counted(site: &Site, batch: &Batch, stage: Stage, changed: i64, filter: Filter) -> (String, i64) {
    let it = &batch.numbers;
    match filter {
        Filter::All => (site.t("staff.import.state.all", &[]), it.ready + it.warning + it.error + it.skipped),
        Filter::Changed => (site.t("staff.import.state.changed", &[]), changed),
        Filter::State(state) => {
            let count = match state {
                State::Ready => it.ready,
                State::Warning => it.warning,
                State::Error => it.error,
                State::Skipped => it.skipped,
            };
            (stage.state(site, state), count)
        }
    }
}

/// Where these rows can be taken along.
fn download(site: &Site, id: Uuid, filter: Filter) -> String {
    let query = if filter == Filter::All { String::new() } else { format!("?stand={}", filter.key()) };
    site.url(&format!("{}/{id}/zeilen.csv{query}", super::HOME))
}

fn view(site: &Site, row: &Row, stage: Stage) -> Value {
    context! {
        line => row.line,
        state => words::state_key(row.state),
        state_name => stage.state(site, row.state),
        outcome => stage.outcome(site, &row.outcome, row.is_kept),
        changes => changes::view(site, row),
        is_only_wording => changes::is_only_wording(row),
        when => words::when(site, &row.entry),
        who => row.entry.name.as_str(),
        what => words::what(site, &row.entry),
        original => row.entry.original.as_str(),
        reasons => row.reasons.iter().map(|it| words::reason(site, it)).collect::<Vec<_>>(),
        href => row.appointment_id.map(|id| site.url(&format!("/verwaltung/termine/{id}"))),
        is_kept => row.is_kept,
    }
}
