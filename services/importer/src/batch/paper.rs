//! Lists on paper, typed in row by row: a batch whose pieces are single lines of our own format.

use booking::desk::By;
use jiff::Timestamp;
use tenancy::TenantTx;
use uuid::Uuid;

use super::{Batch, BatchState, StepError, begin, store};
use crate::source::JSON_KEYS;
use crate::{DateOrder, Format, Mapping, Shape, mapping};

/// Begins a list; one of this id that is there already stays as it is.
///
/// # Errors
/// The database's own.
pub async fn begin_paper(tx: &mut TenantTx, id: Uuid, by: &By<'_>, now: Timestamp) -> sqlx::Result<()> {
    // A name of its own: it is no edition of another list, and what that one has is not missing here.
    begin(tx, id, &id.to_string(), by, now).await?;
    let shape = Shape {
        format: Format::JsonLines,
        encoding: Some("utf-8".to_owned()),
        separator: None,
        header_line: None,
        date_order: Some(DateOrder::YearMonthDay),
        sheet: None,
        sheets: Vec::new(),
        columns: JSON_KEYS.map(str::to_owned).to_vec(),
        sample: Vec::new(),
    };
    let mapping: Mapping = mapping::propose(&shape);
    sqlx::query(
        "UPDATE import_batch SET is_paper = true, shape = $2, mapping = $3, state = 'uploaded'
          WHERE id = $1 AND state = 'uploading'",
    )
    .bind(id)
    .bind(sqlx::types::Json(shape))
    .bind(sqlx::types::Json(mapping))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// A row of a list as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its place in the list, from 1 on.
    pub number: i32,
    /// +1 with every change: whoever has seen another one has seen another row.
    pub version: i32,
    /// One line of our own format.
    pub text: String,
}

/// The list, locked until the transaction ends, so that what is read of its rows holds while one is written.
///
/// # Errors
/// The database's own.
pub async fn lock_list(tx: &mut TenantTx, id: Uuid) -> sqlx::Result<Option<Batch>> {
    Ok(store::lock(tx, id).await?.filter(|it| it.is_paper))
}

/// Writes a row of the list, or writes it anew. An empty line takes it away. A dry run before is out of date then.
/// Whether it is still the row that somebody has seen, the caller asks of [`lines`] under [`lock_list`].
///
/// # Errors
/// [`StepError`]; `WrongState` if the list is being applied or was.
pub async fn put_line(tx: &mut TenantTx, id: Uuid, number: i32, line: &str) -> Result<(), StepError> {
    let batch = lock_list(tx, id).await?.ok_or(StepError::NotFound)?;
    let is_open =
        matches!(batch.state, BatchState::Uploaded | BatchState::Checking | BatchState::Checked | BatchState::Failed);
    if !is_open || store::is_begun(tx, id).await? {
        return Err(StepError::WrongState);
    }
    let content = if line.is_empty() { Vec::new() } else { format!("{}\n", line.trim_end()).into_bytes() };
    sqlx::query(
        "INSERT INTO import_piece (batch_id, number, content) VALUES ($1, $2, $3)
         ON CONFLICT (batch_id, number) DO UPDATE SET content = excluded.content, version = import_piece.version + 1",
    )
    .bind(id)
    .bind(number)
    .bind(content)
    .execute(tx.conn())
    .await?;
    sqlx::query(
        "UPDATE import_batch SET state = 'uploaded', run = run + 1, problem = NULL,
                bytes = (SELECT coalesce(sum(octet_length(content)), 0) FROM import_piece WHERE batch_id = $1)
          WHERE id = $1",
    )
    .bind(id)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The rows of a list that are there, in their order.
///
/// # Errors
/// The database's own.
pub async fn lines(tx: &mut TenantTx, id: Uuid) -> sqlx::Result<Vec<Line>> {
    let pieces: Vec<(i32, i32, Vec<u8>)> = sqlx::query_as(
        "SELECT number, version, content FROM import_piece WHERE batch_id = $1 AND content <> '' ORDER BY number",
    )
    .bind(id)
    .fetch_all(tx.conn())
    .await?;
    let line = |(number, version, content): (i32, i32, Vec<u8>)| Line {
        number,
        version,
        text: String::from_utf8_lossy(&content).trim_end().to_owned(),
    };
    Ok(pieces.into_iter().map(line).collect())
}
