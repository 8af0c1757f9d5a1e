//! What a town has said about its files: columns and subjects, kept under a name for the next one.

use catalog::Catalog;
use sqlx::types::Json;
use tenancy::TenantTx;
use uuid::Uuid;

use super::file::{joined, limits};
use super::store::not_begun;
use super::{Choices, store, stream};
use crate::concerns::{self, Dictionary, Suggestion, Table};
use crate::{Mapping, Shape};

/// Says what the columns mean. A dry run before is out of date then.
///
/// # Errors
/// The database's own.
pub async fn save_mapping(tx: &mut TenantTx, id: Uuid, mapping: &Mapping) -> sqlx::Result<()> {
    sqlx::query(concat!(
        "UPDATE import_batch b SET mapping = $2, state = 'uploaded', run = run + 1
              WHERE id = $1 AND state IN ('uploaded', 'checking', 'checked', 'failed') AND ",
        not_begun!()
    ))
    .bind(id)
    .bind(Json(mapping))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Says what the subjects mean, and what those mean that name nothing known.
///
/// # Errors
/// The database's own.
pub async fn save_table(tx: &mut TenantTx, id: Uuid, table: &Table, unknown: Option<&str>) -> sqlx::Result<()> {
    sqlx::query(concat!(
        "UPDATE import_batch b SET meanings = $2, state = 'uploaded', run = run + 1,
                                       choices = jsonb_set(choices, '{unknown}', coalesce(to_jsonb($3::text), 'null'))
              WHERE id = $1 AND state IN ('uploaded', 'checking', 'checked', 'failed') AND ",
        not_begun!()
    ))
    .bind(id)
    .bind(Json(table))
    .bind(unknown)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Keeps what was said about this batch's file under a name; said before under it is replaced. Whether mails go out and
/// appointments are cancelled is decided for each file anew.
///
/// # Errors
/// The database's own.
pub async fn save_profile(tx: &mut TenantTx, id: Uuid, name: &str) -> sqlx::Result<()> {
    sqlx::query(
        "WITH mine AS (UPDATE import_batch SET profile = $2 WHERE id = $1
                       RETURNING coalesce(shape->'columns', '[]') AS columns, mapping, meanings, choices)
         INSERT INTO import_profile (name, columns, mapping, meanings, choices)
         SELECT $2, columns, mapping, meanings, choices - ARRAY['send_mails', 'cancel_gone'] FROM mine
         ON CONFLICT (name) DO UPDATE SET columns = excluded.columns, mapping = excluded.mapping,
                                          meanings = excluded.meanings, choices = excluded.choices",
    )
    .bind(id)
    .bind(name)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The names of the profiles.
///
/// # Errors
/// The database's own.
pub async fn profiles(tx: &mut TenantTx) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar("SELECT name FROM import_profile ORDER BY name COLLATE \"C\"").fetch_all(tx.conn()).await
}

/// Reads this batch's file as the profile says. `false`: there is none of this name, or its columns are others.
///
/// # Errors
/// The database's own.
pub async fn use_profile(tx: &mut TenantTx, id: Uuid, name: &str) -> sqlx::Result<bool> {
    let used = sqlx::query(concat!(
        "UPDATE import_batch b SET mapping = p.mapping, meanings = p.meanings, choices = p.choices, profile = p.name,
                                       state = 'uploaded', run = run + 1
               FROM import_profile p
              WHERE b.id = $1 AND p.name = $2 AND jsonb_array_length(p.columns) = jsonb_array_length(b.shape->'columns')
                AND b.state IN ('uploading', 'uploaded', 'checking', 'checked', 'failed') AND ",
        not_begun!()
    ))
    .bind(id)
    .bind(name)
    .execute(tx.conn())
    .await?;
    Ok(used.rows_affected() == 1)
}

/// Takes the profile that was made for the same columns, if there is just one.
pub(super) async fn use_fitting(tx: &mut TenantTx, id: Uuid, shape: &Shape) -> sqlx::Result<()> {
    let fitting: Vec<String> = sqlx::query_scalar("SELECT name FROM import_profile WHERE columns = $1 LIMIT 2")
        .bind(Json(&shape.columns))
        .fetch_all(tx.conn())
        .await?;
    if let [name] = fitting.as_slice() {
        use_profile(tx, id, name).await?;
    }
    Ok(())
}

/// What the file's rows say they are for, as far as nobody knows what it means, with what it may mean.
///
/// # Errors
/// The database's own; a file that cannot be read is one, too.
pub async fn phrases(tx: &mut TenantTx, id: Uuid, catalog: &Catalog) -> sqlx::Result<Vec<Suggestion>> {
    let Some(batch) = store::find(tx, id).await? else { return Ok(Vec::new()) };
    let file = joined(tx, id).await?;
    let dictionary = Dictionary::new(catalog, &Table::default()).in_zone(tx.tenant().zone.clone());
    let limits = limits(tx.tenant(), batch.created_at);
    let catalog = catalog.clone();
    let read = tokio::task::spawn_blocking(move || {
        let subjects = stream::subjects(file, &batch, &dictionary, &limits);
        concerns::suggest(&subjects, &catalog)
    });
    read.await.map_err(|error| sqlx::Error::Io(std::io::Error::other(error)))
}

/// What the admin wants, for the next dry run.
pub(super) async fn save_choices(tx: &mut TenantTx, id: Uuid, choices: &Choices) -> sqlx::Result<()> {
    sqlx::query("UPDATE import_batch SET choices = $2 WHERE id = $1")
        .bind(id)
        .bind(Json(choices))
        .execute(tx.conn())
        .await?;
    Ok(())
}
