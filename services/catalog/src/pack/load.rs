//! Writes the catalogue in the database back as a pack's part.

use sqlx::types::Json;
use tenancy::TenantTx;
use tenancy::i18n::I18n;

use super::entries::{
    BookingWay, CatalogFile, CategoryEntry, ConcernEntry, DocumentEntry, FeeEntry, FormEntry, NeededDocument,
};
use super::{CatalogPart, Euros};
use crate::concern::{Booking, Category, Concern};
use crate::fee::Fee;
use crate::load::Catalog;

/// Key, file, title, language, content.
type FormRow = (String, String, Json<I18n>, String, Vec<u8>);
/// Key, name, note, key of the form.
type DocumentRow = (String, Json<I18n>, Option<Json<I18n>>, Option<String>);

/// The catalogue as it is offered now.
pub(super) async fn load(tx: &mut TenantTx) -> anyhow::Result<CatalogPart> {
    let catalog = Catalog::load(tx).await?;
    let mut part = CatalogPart { file: CatalogFile::default(), forms: Default::default() };
    let forms: Vec<FormRow> =
        sqlx::query_as("SELECT key, file, title, language, content FROM form").fetch_all(tx.conn()).await?;
    for (key, file, Json(title), language, content) in forms {
        part.forms.insert(file.clone(), content);
        part.file.form.push(FormEntry { key, file, title, language });
    }
    let documents: Vec<DocumentRow> = sqlx::query_as(
        "SELECT document.key, document.name, document.note, form.key
           FROM document LEFT JOIN form ON form.id = document.form_id",
    )
    .fetch_all(tx.conn())
    .await?;
    part.file.document = documents
        .into_iter()
        .map(|(key, Json(name), note, form)| DocumentEntry { key, name, note: note.map(|Json(note)| note), form })
        .collect();
    part.file.category = catalog.categories.into_iter().map(category).collect();
    part.file.concern = catalog.concerns.into_iter().map(concern).collect();
    part.file.normalise();
    Ok(part)
}

fn category(category: Category) -> CategoryEntry {
    CategoryEntry { key: category.key, name: category.name }
}

fn concern(concern: Concern) -> ConcernEntry {
    let (booking, phone, phone_note) = match concern.booking {
        Booking::Online => (BookingWay::Online, None, None),
        Booking::Phone { phone, note } => (BookingWay::Phone, phone, note),
    };
    let (online_url, online_label) = concern.online.map(|online| (online.url, online.label)).unzip();
    let documents = concern.documents.into_iter();
    ConcernEntry {
        key: concern.key,
        category: concern.category,
        name: concern.name,
        summary: concern.summary,
        keywords: concern.keywords,
        duration_minutes: concern.duration_minutes,
        further_minutes: Some(concern.further_minutes),
        max_quantity: concern.max_quantity,
        quantity_label: concern.quantity_label,
        booking,
        phone,
        phone_note,
        who: concern.who,
        who_note: concern.who_note,
        leika: concern.leika,
        online_url,
        online_label: online_label.flatten(),
        alone: concern.alone,
        neutral: concern.neutral,
        popular: concern.popular,
        documents: documents.map(|d| NeededDocument { document: d.key, applies_if: d.applies_if }).collect(),
        fees: concern.fees.into_iter().map(fee).collect(),
        to_confirm: concern.to_confirm,
    }
}

fn fee(fee: Fee) -> FeeEntry {
    FeeEntry {
        euros: Euros::from_cents(fee.cents),
        label: fee.label,
        condition: fee.condition,
        valid_from: fee.valid_from,
        valid_until: fee.valid_until,
    }
}
