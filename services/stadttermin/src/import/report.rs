//! What the terminal says of an import. Names are left out: terminals are logged.

use std::io::Write;

use importer::batch::{self, Batch, Numbers, Place};
use importer::{Change, Reason, Said, Shape, State};

/// Rows of one look into the database.
const AT_ONCE: i64 = 500;

/// Why the batch failed.
pub(super) fn problem(batch: &Batch, out: &mut impl Write) -> std::io::Result<()> {
    let words = batch.problem.as_ref().map_or_else(|| "failed".to_owned(), said);
    writeln!(out, "{}: {words}", batch.file_name)
}

/// Which sheet of a workbook is read, if there are several: what stands on the others is not.
pub(super) fn sheets(shape: &Shape, out: &mut impl Write) -> std::io::Result<()> {
    let Some(read) = &shape.sheet else { return Ok(()) };
    for sheet in shape.sheets.iter().filter(|it| *it != read) {
        writeln!(out, "only the sheet “{read}” is read, not “{sheet}”")?;
    }
    Ok(())
}

/// Every row that is not simply ready, with its line and the reasons.
pub(super) async fn rows(place: &Place, batch: &Batch, out: &mut (impl Write + Send)) -> anyhow::Result<()> {
    for state in [State::Error, State::Warning] {
        let mut after = 0;
        loop {
            let mut tx = place.db.tenant_tx(&place.tenant).await?;
            let rows = batch::rows(&mut tx, batch.id, Some(state), after, AT_ONCE).await?;
            let Some(last) = rows.last() else { break };
            after = last.number;
            for row in rows {
                let reasons: Vec<String> = row.reasons.iter().filter(|it| it.state != State::Ready).map(said).collect();
                writeln!(out, "{}:{}: {}: {}", batch.file_name, row.line, state.as_str(), reasons.join(", "))?;
            }
        }
    }
    Ok(())
}

/// Every row that makes something different in what an earlier run has imported, old → new.
pub(super) async fn changes(place: &Place, batch: &Batch, out: &mut (impl Write + Send)) -> anyhow::Result<()> {
    let mut after = 0;
    loop {
        let mut tx = place.db.tenant_tx(&place.tenant).await?;
        let rows = batch::changed(&mut tx, batch.id, after, AT_ONCE).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.number;
        for row in rows {
            let changes: Vec<String> = row.changes.iter().map(changed).collect();
            writeln!(out, "{}:{}: changed: {}", batch.file_name, row.line, changes.join(", "))?;
        }
    }
}

/// What becomes of the rows.
pub(super) fn numbers(it: &Numbers, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(
        out,
        "{} ready, {} with a warning, {} with errors, {} left out",
        it.ready, it.warning, it.error, it.skipped
    )?;
    writeln!(
        out,
        "{} new, {} changed, {} as before, {} closures, {} gone from the file",
        it.add, it.update, it.same, it.close, it.gone
    )
}

/// A reason by its key. Details may hold what people wrote, except for those that are about a place in the file.
fn said(reason: &Reason) -> String {
    let column = if reason.column.is_empty() { String::new() } else { format!(" ({})", reason.column) };
    format!("{}{column}", reason.key)
}

/// Of a person only what it is that has changed.
fn changed(it: &Change) -> String {
    if it.what.is_personal() {
        return it.what.as_str().to_owned();
    }
    format!("{} {} → {}", it.what.as_str(), value(&it.before), value(&it.after))
}

fn value(said: &Said) -> String {
    match said {
        Said::Nothing => "nothing".to_owned(),
        Said::Moment(at) => at.strftime("%Y-%m-%d %H:%M").to_string(),
        Said::Days(first, last) if first == last => first.to_string(),
        Said::Days(first, last) => format!("{first}..{last}"),
        Said::Minutes(minutes) => format!("{minutes} min"),
        Said::Concerns(concerns) => {
            let name = |(key, many): &(String, u8)| if *many > 1 { format!("{many} × {key}") } else { key.clone() };
            concerns.iter().map(name).collect::<Vec<_>>().join(" + ")
        }
        Said::Text(words) => words.clone(),
    }
}
