//! Rows of a batch, with what becomes of each and why, a page at a time.

use importer::batch::{self, Batch, Row};
use importer::{Outcome, State};
use minijinja::{Value, context};
use uuid::Uuid;

use super::words;
use crate::extract::Site;
use crate::{AppState, WebError};

/// So many rows stand on a page.
const ON_A_PAGE: i64 = 50;

/// The rows that the address asks for: `stand=error`, `nach=<number of the last row seen>`. `is_done`: they are imported.
///
/// # Errors
/// The database's own.
pub(super) async fn page(
    site: &Site,
    app: &AppState,
    batch: &Batch,
    path: &str,
    is_done: bool,
) -> Result<Value, WebError> {
    let state = site.query.get("stand").and_then(words::parse_state);
    let after = site.query.get("nach").and_then(|it| it.parse().ok()).unwrap_or(0);
    let mut tx = site.tx(app).await?;
    let mut rows = batch::rows(&mut tx, batch.id, state, after, ON_A_PAGE + 1).await?;
    tx.rollback().await?;
    let has_more = rows.len() > usize::try_from(ON_A_PAGE).unwrap_or(usize::MAX);
    if has_more {
        rows.pop();
    }
    let address = |state: Option<State>, after: i64| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        if let Some(state) = state {
            query.append_pair("stand", words::state_key(state));
        }
        if after > 0 {
            query.append_pair("nach", &after.to_string());
        }
        format!("{}?{}#zeilen", site.url(path), query.finish())
    };
    let last = rows.last().map_or(0, |it| it.number);
    let numbers = &batch.numbers;
    let filters = [
        (None, numbers.ready + numbers.warning + numbers.error + numbers.skipped),
        (Some(State::Error), numbers.error),
        (Some(State::Warning), numbers.warning),
        (Some(State::Ready), numbers.ready),
        (Some(State::Skipped), numbers.skipped),
    ];
    let filter = |(it, count): &(Option<State>, i64)| {
        let key = it.map_or("all", words::state_key);
        let name = it.map_or_else(|| site.t("staff.import.state.all", &[]), |it| words::stands(site, it, is_done));
        context! { key, name, count, href => address(*it, 0), is_here => *it == state }
    };
    Ok(context! {
        filters => filters.iter().map(filter).collect::<Vec<_>>(),
        list => rows.iter().map(|it| view(site, it, is_done)).collect::<Vec<_>>(),
        first => (after > 0).then(|| address(state, 0)),
        next => has_more.then(|| address(state, last)),
        download => download(site, batch.id, state),
    })
}

/// Where the rows of a state can be taken along.
fn download(site: &Site, id: Uuid, state: Option<State>) -> String {
    let query = state.map(|it| format!("?stand={}", words::state_key(it))).unwrap_or_default();
    site.url(&format!("{}/{id}/zeilen.csv{query}", super::HOME))
}

fn view(site: &Site, row: &Row, is_done: bool) -> Value {
    context! {
        line => row.line,
        state => words::state_key(row.state),
        state_name => words::stands(site, row.state, is_done),
        outcome => outcome_key(&row.outcome),
        when => words::when(site, &row.entry),
        who => row.entry.name.as_str(),
        what => words::what(site, &row.entry),
        original => row.entry.original.as_str(),
        reasons => row.reasons.iter().map(|it| words::reason(site, it)).collect::<Vec<_>>(),
        href => row.appointment_id.map(|id| site.url(&format!("/verwaltung/termine/{id}"))),
        is_kept => row.is_kept,
    }
}

/// What is done with a row, as texts know it.
pub(super) fn outcome_key(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Add => "add",
        Outcome::Update => "update",
        Outcome::Same => "same",
        Outcome::Close => "close",
        Outcome::Nothing => "nothing",
    }
}
