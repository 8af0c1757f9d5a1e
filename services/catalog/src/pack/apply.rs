//! Makes the database hold a pack's catalogue, in one statement for each kind of thing.
//!
//! Rows keep their number as long as their key stays. Documents of concerns and fees have no life of their own and are
//! written anew.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqlx::types::Json;
use tenancy::TenantTx;

use super::CatalogPart;
use super::entries::{BookingWay, CatalogFile, ConcernEntry};
use crate::load::PhoneBooking;

/// Writes everything, in the order in which the tables refer to each other.
pub(super) async fn apply(tx: &mut TenantTx, part: &CatalogPart) -> anyhow::Result<()> {
    let file = &part.file;
    categories(tx, file).await?;
    forms(tx, part).await?;
    documents(tx, file).await?;
    retire_concerns(tx, file).await?;
    concerns(tx, file).await?;
    needed_documents(tx, file).await?;
    fees(tx, file).await?;
    remove_unused(tx, file).await?;
    Ok(())
}

async fn categories(tx: &mut TenantTx, file: &CatalogFile) -> sqlx::Result<()> {
    let rows: Vec<Value> = file
        .category
        .iter()
        .enumerate()
        .map(|(position, entry)| json!({"key": entry.key, "name": entry.name, "position": position}))
        .collect();
    sqlx::query(
        "INSERT INTO category (key, name, position)
         SELECT key, name, position FROM jsonb_to_recordset($1) AS entry (key text, name jsonb, position int)
         ON CONFLICT (key) DO UPDATE SET name = excluded.name, position = excluded.position",
    )
    .bind(Json(rows))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Forms are let go before they come anew, since a file may have moved to another key.
async fn forms(tx: &mut TenantTx, part: &CatalogPart) -> sqlx::Result<()> {
    let keys: Vec<&str> = part.file.form.iter().map(|form| form.key.as_str()).collect();
    let files: Vec<&str> = part.file.form.iter().map(|form| form.file.as_str()).collect();
    let titles: Vec<Value> = part.file.form.iter().map(|form| json!(form.title)).collect();
    let languages: Vec<&str> = part.file.form.iter().map(|form| form.language.as_str()).collect();
    let contents: Vec<&[u8]> =
        files.iter().map(|file| part.forms.get(*file).map(Vec::as_slice).unwrap_or_default()).collect();
    let hashes: Vec<Vec<u8>> = contents.iter().map(|content| Sha256::digest(content).to_vec()).collect();
    sqlx::query("UPDATE document SET form_id = NULL WHERE form_id IS NOT NULL").execute(tx.conn()).await?;
    sqlx::query(
        "DELETE FROM form WHERE (key, file) NOT IN
          (SELECT key, file FROM unnest($1::text[], $2::text[]) AS wanted (key, file))",
    )
    .bind(&keys)
    .bind(&files)
    .execute(tx.conn())
    .await?;
    sqlx::query(
        "INSERT INTO form (key, file, title, language, content, sha256)
         SELECT key, file, title, language, content, sha256
           FROM unnest($1::text[], $2::text[], $3::jsonb[], $4::text[], $5::bytea[], $6::bytea[])
                AS wanted (key, file, title, language, content, sha256)
         ON CONFLICT (key) DO UPDATE SET title = excluded.title, language = excluded.language,
                content = excluded.content, sha256 = excluded.sha256",
    )
    .bind(keys)
    .bind(files)
    .bind(titles)
    .bind(languages)
    .bind(contents)
    .bind(hashes)
    .execute(tx.conn())
    .await?;
    Ok(())
}

async fn documents(tx: &mut TenantTx, file: &CatalogFile) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO document (key, name, note, form_id)
         SELECT entry.key, entry.name, entry.note, form.id
           FROM jsonb_to_recordset($1) AS entry (key text, name jsonb, note jsonb, form text)
           LEFT JOIN form ON form.key = entry.form
         ON CONFLICT (key) DO UPDATE SET name = excluded.name, note = excluded.note, form_id = excluded.form_id",
    )
    .bind(Json(&file.document))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Deletes concerns that are no longer in the pack and were never booked; those that were are kept, but not offered.
async fn retire_concerns(tx: &mut TenantTx, file: &CatalogFile) -> sqlx::Result<()> {
    let kept: Vec<&str> = file.concern.iter().map(|concern| concern.key.as_str()).collect();
    let gone: Vec<i32> =
        sqlx::query_scalar("SELECT id FROM concern WHERE key <> ALL ($1)").bind(kept).fetch_all(tx.conn()).await?;
    if gone.is_empty() {
        return Ok(());
    }
    // Nobody may book one of them between the question and the deletion.
    sqlx::query("LOCK TABLE appointment IN SHARE MODE").execute(tx.conn()).await?;
    sqlx::query(
        "DELETE FROM concern
          WHERE id = ANY ($1) AND NOT EXISTS
                (SELECT FROM appointment
                  WHERE items @> jsonb_build_array(jsonb_build_object('concern_id', concern.id)))",
    )
    .bind(&gone)
    .execute(tx.conn())
    .await?;
    // A retired concern moves to a category that stays, so that its own can go.
    sqlx::query(
        "UPDATE concern SET active = false, popular = NULL,
                category_id = (SELECT category.id FROM category WHERE category.key = $2)
          WHERE id = ANY ($1)",
    )
    .bind(gone)
    .bind(file.category.first().map(|category| category.key.as_str()))
    .execute(tx.conn())
    .await?;
    Ok(())
}

async fn concerns(tx: &mut TenantTx, file: &CatalogFile) -> sqlx::Result<()> {
    let rows: Vec<Value> = file.concern.iter().enumerate().map(concern_row).collect();
    sqlx::query(
        "INSERT INTO concern (key, category_id, name, summary, keywords, duration_minutes, further_minutes,
                max_quantity, quantity_label, booking, phone, who, who_note, leika, online_url, online_label, alone,
                neutral, popular, to_confirm, position)
         SELECT entry.key, category.id, entry.name, entry.summary, entry.keywords, entry.duration_minutes,
                entry.further_minutes, entry.max_quantity, entry.quantity_label, entry.booking, entry.phone,
                entry.who, entry.who_note, entry.leika, entry.online_url, entry.online_label, entry.alone,
                entry.neutral, entry.popular, entry.to_confirm, entry.position
           FROM jsonb_to_recordset($1) AS entry (key text, category text, name jsonb, summary jsonb,
                keywords text[], duration_minutes int, further_minutes int, max_quantity int, quantity_label jsonb,
                booking text, phone jsonb, who text, who_note jsonb, leika text, online_url text,
                online_label jsonb, alone boolean, neutral boolean, popular int, to_confirm text[], position int)
           JOIN category ON category.key = entry.category
         ON CONFLICT (key) DO UPDATE SET category_id = excluded.category_id, name = excluded.name,
                summary = excluded.summary, keywords = excluded.keywords,
                duration_minutes = excluded.duration_minutes, further_minutes = excluded.further_minutes,
                max_quantity = excluded.max_quantity, quantity_label = excluded.quantity_label,
                booking = excluded.booking, phone = excluded.phone, who = excluded.who,
                who_note = excluded.who_note, leika = excluded.leika, online_url = excluded.online_url,
                online_label = excluded.online_label, alone = excluded.alone, neutral = excluded.neutral,
                popular = excluded.popular, to_confirm = excluded.to_confirm, active = true,
                position = excluded.position",
    )
    .bind(Json(rows))
    .execute(tx.conn())
    .await?;
    Ok(())
}

fn concern_row((position, concern): (usize, &ConcernEntry)) -> Value {
    let is_phone = concern.booking == BookingWay::Phone;
    let phone = is_phone.then(|| PhoneBooking { phone: concern.phone.clone(), note: concern.phone_note.clone() });
    json!({
        "key": concern.key,
        "category": concern.category,
        "name": concern.name,
        "summary": concern.summary,
        "keywords": concern.keywords,
        "duration_minutes": concern.duration_minutes,
        "further_minutes": concern.further_minutes.unwrap_or(concern.duration_minutes),
        "max_quantity": concern.max_quantity,
        "quantity_label": concern.quantity_label,
        "booking": if is_phone { "phone" } else { "online" },
        "phone": phone,
        "who": concern.who.as_str(),
        "who_note": concern.who_note,
        "leika": concern.leika,
        "online_url": concern.online_url,
        "online_label": concern.online_label,
        "alone": concern.alone,
        "neutral": concern.neutral,
        "popular": concern.popular,
        "to_confirm": concern.to_confirm,
        "position": position,
    })
}

async fn needed_documents(tx: &mut TenantTx, file: &CatalogFile) -> sqlx::Result<()> {
    let rows: Vec<Value> = file
        .concern
        .iter()
        .flat_map(|concern| {
            concern.documents.iter().enumerate().map(|(position, needed)| {
                json!({
                    "concern": concern.key,
                    "document": needed.document,
                    "applies_if": needed.applies_if,
                    "position": position,
                })
            })
        })
        .collect();
    sqlx::query("DELETE FROM concern_document").execute(tx.conn()).await?;
    sqlx::query(
        "INSERT INTO concern_document (concern_id, document_id, applies_if, position)
         SELECT concern.id, document.id, entry.applies_if, entry.position
           FROM jsonb_to_recordset($1) AS entry (concern text, document text, applies_if jsonb, position int)
           JOIN concern ON concern.key = entry.concern
           JOIN document ON document.key = entry.document",
    )
    .bind(Json(rows))
    .execute(tx.conn())
    .await?;
    Ok(())
}

async fn fees(tx: &mut TenantTx, file: &CatalogFile) -> sqlx::Result<()> {
    let rows: Vec<Value> = file
        .concern
        .iter()
        .flat_map(|concern| {
            concern.fees.iter().enumerate().map(|(position, fee)| {
                json!({
                    "concern": concern.key,
                    "cents": fee.euros.cents(),
                    "label": fee.label,
                    "condition": fee.condition,
                    "valid_from": fee.valid_from,
                    "valid_until": fee.valid_until,
                    "position": position,
                })
            })
        })
        .collect();
    sqlx::query("DELETE FROM fee").execute(tx.conn()).await?;
    sqlx::query(
        "INSERT INTO fee (concern_id, amount_cents, label, condition, valid_from, valid_until, position)
         SELECT concern.id, entry.cents, entry.label, entry.condition, entry.valid_from, entry.valid_until,
                entry.position
           FROM jsonb_to_recordset($1) AS entry (concern text, cents int, label jsonb, condition jsonb,
                valid_from date, valid_until date, position int)
           JOIN concern ON concern.key = entry.concern",
    )
    .bind(Json(rows))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Documents and categories that the pack no longer has; nothing refers to them any more.
async fn remove_unused(tx: &mut TenantTx, file: &CatalogFile) -> sqlx::Result<()> {
    let documents: Vec<&str> = file.document.iter().map(|document| document.key.as_str()).collect();
    sqlx::query("DELETE FROM document WHERE key <> ALL ($1)").bind(documents).execute(tx.conn()).await?;
    let categories: Vec<&str> = file.category.iter().map(|category| category.key.as_str()).collect();
    sqlx::query("DELETE FROM category WHERE key <> ALL ($1)").bind(categories).execute(tx.conn()).await?;
    Ok(())
}
