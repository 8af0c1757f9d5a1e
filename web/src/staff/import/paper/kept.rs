//! The rows of a list that are kept. Two people, or two windows, may have the same one open: nobody replaces what they have
//! not seen.

use std::collections::BTreeMap;

use importer::batch::{self, StepError};
use tenancy::TenantTx;
use uuid::Uuid;

use super::row::PaperRow;
use super::typed::Typed;
use crate::WebError;

/// Kept rows by number.
pub(super) type Rows = BTreeMap<i32, Kept>;

/// A row with its version.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub row: PaperRow,
    pub version: i32,
}

/// Whether a row is still the one that the form was made from.
pub(super) enum Seen {
    /// It is, or it says already what was typed: the answer to the first sending was lost.
    AsItIs,
    /// Somebody has changed it since.
    Changed,
    /// Somebody has struck it out since.
    Gone,
}

/// The rows kept so far.
///
/// # Errors
/// The database's own.
pub(super) async fn rows(tx: &mut TenantTx, id: Uuid) -> Result<Rows, WebError> {
    let kept = batch::lines(tx, id).await?;
    kept.into_iter()
        .map(|it| Ok((it.number, Kept { row: serde_json::from_str(&it.text)?, version: it.version })))
        .collect()
}

/// What has become of the row that `typed` corrects to `row`; none: strikes out.
pub(super) fn seen(rows: &Rows, typed: &Typed, row: Option<&PaperRow>) -> Seen {
    match rows.get(&typed.number) {
        None => Seen::Gone,
        Some(kept) if kept.version == typed.version => Seen::AsItIs,
        Some(kept) if row.is_some_and(|row| row.says_the_same(&kept.row)) => Seen::AsItIs,
        Some(_) => Seen::Changed,
    }
}

/// The number of a new row: the one it was given, unless somebody has kept another row under it in another window.
/// The same row once more is the same row: the answer to the first one was lost.
pub(super) fn free_number(rows: &Rows, number: i32, row: &PaperRow) -> i32 {
    let is_free = rows.get(&number).is_none_or(|there| row.says_the_same(&there.row));
    if is_free { number } else { rows.keys().next_back().map_or(1, |last| last + 1) }
}

/// Writes a row. One that was taken out stays as an empty line, so that the others keep their numbers.
///
/// # Errors
/// [`WebError::Gone`] if the list is closed by now; the database's own.
pub(super) async fn put(tx: &mut TenantTx, id: Uuid, number: i32, row: Option<PaperRow>) -> Result<(), WebError> {
    let line = match row {
        Some(row) => serde_json::to_string(&PaperRow { id: PaperRow::id_of(id, number), ..row })?,
        None => String::new(),
    };
    match batch::put_line(tx, id, number, &line).await {
        Ok(()) => Ok(()),
        Err(StepError::Database(error)) => Err(error.into()),
        Err(StepError::NotFound | StepError::WrongState) => Err(WebError::Gone),
    }
}
