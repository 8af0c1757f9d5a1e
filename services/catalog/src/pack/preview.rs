//! A pack's catalogue as it would be offered, without a database: for trying a search or a plan before applying.

use std::collections::BTreeMap;

use super::CatalogPart;
use super::entries::{BookingWay, ConcernEntry, DocumentEntry, FeeEntry, FormEntry, NeededDocument};
use crate::concern::{Booking, Category, Concern, ConcernDocument, FormRef, OnlineService};
use crate::fee::Fee;
use crate::load::Catalog;

impl CatalogPart {
    /// The catalogue of this pack; concerns are numbered from 1 in their order.
    pub fn catalog(&self) -> Catalog {
        let categories = self.file.category.iter().cloned().map(|c| Category { key: c.key, name: c.name }).collect();
        let forms: BTreeMap<&str, &FormEntry> = self.file.form.iter().map(|form| (form.key.as_str(), form)).collect();
        let documents = self.file.document.iter().map(|document| (document.key.as_str(), document)).collect();
        let concerns =
            (1..).zip(&self.file.concern).map(|(id, entry)| concern(id, entry, &documents, &forms)).collect();
        Catalog::new(categories, concerns)
    }
}

fn concern(
    id: i32,
    entry: &ConcernEntry,
    documents: &BTreeMap<&str, &DocumentEntry>,
    forms: &BTreeMap<&str, &FormEntry>,
) -> Concern {
    let entry = entry.clone();
    Concern {
        id,
        key: entry.key,
        category: entry.category,
        name: entry.name,
        summary: entry.summary,
        keywords: entry.keywords,
        duration_minutes: entry.duration_minutes,
        further_minutes: entry.further_minutes.unwrap_or(entry.duration_minutes),
        max_quantity: entry.max_quantity,
        quantity_label: entry.quantity_label,
        booking: match entry.booking {
            BookingWay::Online => Booking::Online,
            BookingWay::Phone => Booking::Phone { phone: entry.phone, note: entry.phone_note },
        },
        who: entry.who,
        who_note: entry.who_note,
        leika: entry.leika,
        online: entry.online_url.map(|url| OnlineService { url, label: entry.online_label }),
        alone: entry.alone,
        neutral: entry.neutral,
        popular: entry.popular,
        documents: entry.documents.iter().filter_map(|needed| document(needed, documents, forms)).collect(),
        fees: entry.fees.into_iter().map(fee).collect(),
        to_confirm: entry.to_confirm,
    }
}

fn document(
    needed: &NeededDocument,
    documents: &BTreeMap<&str, &DocumentEntry>,
    forms: &BTreeMap<&str, &FormEntry>,
) -> Option<ConcernDocument> {
    let document = documents.get(needed.document.as_str())?;
    let form = document.form.as_ref().and_then(|key| forms.get(key.as_str()));
    Some(ConcernDocument {
        key: document.key.clone(),
        name: document.name.clone(),
        note: document.note.clone(),
        applies_if: needed.applies_if.clone(),
        form: form.map(|form| FormRef { file: form.file.clone(), title: form.title.clone() }),
    })
}

fn fee(entry: FeeEntry) -> Fee {
    Fee {
        cents: entry.euros.cents(),
        label: entry.label,
        condition: entry.condition,
        valid_from: entry.valid_from,
        valid_until: entry.valid_until,
    }
}
