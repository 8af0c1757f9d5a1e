//! The pieces of an upload as a file again.

use std::fs::File;
use std::io::{Seek as _, Write as _};

use jiff::{Timestamp, ToSpan as _};
use tenancy::{Tenant, TenantTx};
use uuid::Uuid;

use crate::Limits;

/// So many days ahead, series are expanded.
const SERIES_DAYS: i64 = 400;

/// The file that was uploaded, without a name on the disk. Piece by piece: never as a whole in memory.
pub(super) async fn joined(tx: &mut TenantTx, id: Uuid) -> sqlx::Result<File> {
    let mut file = tempfile::tempfile()?;
    let mut last = -1;
    loop {
        let piece: Option<(i32, Vec<u8>)> = sqlx::query_as(
            "SELECT number, content FROM import_piece WHERE batch_id = $1 AND number > $2 ORDER BY number LIMIT 1",
        )
        .bind(id)
        .bind(last)
        .fetch_optional(tx.conn())
        .await?;
        let Some((number, content)) = piece else { break };
        file.write_all(&content)?;
        last = number;
    }
    file.rewind()?;
    Ok(file)
}

/// How much of a town's file is read.
pub(super) fn limits(tenant: &Tenant, now: Timestamp) -> Limits {
    let today = now.to_zoned(tenant.zone.clone()).date();
    let until = today.saturating_add(SERIES_DAYS.days());
    Limits { max_bytes: super::MOST_BYTES, ..Limits::new(tenant.zone.clone(), today, until) }
}
