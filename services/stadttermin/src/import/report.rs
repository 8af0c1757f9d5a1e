//! What the terminal says of an import. Names are left out: terminals are logged.

use std::io::Write;

use importer::batch::{self, Batch, Numbers, Place};
use importer::{Reason, State};

/// Rows of one look into the database.
const AT_ONCE: i64 = 500;

/// Why the batch failed.
pub(super) fn problem(batch: &Batch, out: &mut impl Write) -> std::io::Result<()> {
    let words = batch.problem.as_ref().map_or_else(|| "failed".to_owned(), said);
    writeln!(out, "{}: {words}", batch.file_name)
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
