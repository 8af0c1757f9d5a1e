//! The rows of a batch as a CSV file, to be looked at beside the old calendar.

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures::stream;
use importer::batch::{self, Row};
use uuid::Uuid;

use super::filter::Filter;
use super::stage::Stage;
use super::{changes, words};
use crate::extract::{Segment, Site};
use crate::staff::{Import, May};
use crate::{AppState, WebError};

/// So many rows are read at once: a file of any length needs no more memory than these.
const AT_ONCE: i64 = 1_000;

/// Excel reads a file without it as Windows-1252.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// `GET /verwaltung/import/{id}/zeilen.csv`, with `stand` for some of them only ([`Filter`]).
pub(super) async fn rows(
    site: Site,
    _: May<Import>,
    State(app): State<AppState>,
    Segment(id): Segment<Uuid>,
) -> Result<Response, WebError> {
    let mut tx = site.tx(&app).await?;
    let batch = batch::find(&mut tx, id).await?.ok_or(WebError::NotFound)?;
    tx.rollback().await?;
    let what = (Filter::of(&site), Stage::of(&batch));
    let names = ["line", "state", "when", "who", "what", "outcome", "changes", "why", "original"];
    let head: Vec<String> = names.iter().map(|it| site.t(&format!("staff.import.table.{it}"), &[])).collect();
    let head = format!("{BYTE_ORDER_MARK}{}", line(head.iter().map(String::as_str)));
    let parts = stream::try_unfold(Some((head, 0)), move |at| part(site.clone(), app.clone(), id, what, at));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"import.csv\"")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, Body::from_stream(parts)).into_response())
}

/// Where the file has come to: what is written next, and the last row that is in it; none: the end.
type At = Option<(String, i64)>;

async fn part(
    site: Site,
    app: AppState,
    id: Uuid,
    (filter, stage): (Filter, Stage),
    at: At,
) -> anyhow::Result<Option<(Bytes, At)>> {
    let Some((mut text, after)) = at else { return Ok(None) };
    let mut tx = site.tx(&app).await?;
    let rows = filter.rows(&mut tx, id, after, AT_ONCE).await?;
    tx.rollback().await?;
    for row in &rows {
        text.push_str(&of(&site, row, stage));
    }
    let next = rows.last().map(|it| (String::new(), it.number));
    Ok(Some((text.into(), next)))
}

fn of(site: &Site, row: &Row, stage: Stage) -> String {
    let reasons: Vec<String> = row.reasons.iter().map(|it| words::reason(site, it)).collect();
    line([
        row.line.to_string().as_str(),
        &stage.state(site, row.state),
        &words::when(site, &row.entry),
        &row.entry.name,
        &words::what(site, &row.entry),
        &stage.outcome(site, &row.outcome, row.is_kept),
        &changes::line(site, row),
        &reasons.join(" · "),
        &row.entry.original,
    ])
}

/// One line, every cell in quotes.
fn line<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let cells: Vec<String> = cells.into_iter().map(cell).collect();
    format!("{}\r\n", cells.join(";"))
}

/// What a citizen has typed must not become a formula on a clerk's machine.
fn cell(text: &str) -> String {
    let is_formula = text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    let guard = if is_formula || text.starts_with(['\t', '\r', '\n']) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_doubled_and_formulas_disarmed() {
        assert_eq!(line(["a", "Müller \"Jo\""]), "\"a\";\"Müller \"\"Jo\"\"\"\r\n");
        for sign in ["=1+1", "+49", "-2", "@SUM(A1)", " =CMD()", "\n=CMD()", "＝1+1"] {
            assert!(cell(sign).starts_with("\"'"), "{sign}");
        }
    }
}
