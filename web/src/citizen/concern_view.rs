//! A concern as the first page shows it, in the reader's language.

use catalog::{Booking, Concern, ConcernDocument, Fee, Who};
use jiff::civil::Date;
use serde::Serialize;
use tenancy::i18n::I18n;

/// What a citizen reads about a concern before choosing it.
#[derive(Serialize)]
pub struct ConcernView<'a> {
    key: &'a str,
    name: &'a str,
    summary: Option<&'a str>,
    minutes: u16,
    fee_cents: u32,
    /// Nothing is always due, but something may be.
    fee_depends: bool,
    who: Who,
    who_note: Option<&'a str>,
    documents: Vec<DocumentView<'a>>,
    fees: Vec<FeeView<'a>>,
    online: Option<OnlineView<'a>>,
    phone_only: Option<PhoneView<'a>>,
    max_quantity: u8,
    quantity_label: Option<&'a str>,
    /// As chosen; 0: not chosen.
    quantity: u8,
}

#[derive(Serialize)]
struct DocumentView<'a> {
    name: &'a str,
    note: Option<&'a str>,
    applies_if: Option<&'a str>,
    form: Option<FormView<'a>>,
}

#[derive(Serialize)]
struct FormView<'a> {
    file: &'a str,
    title: &'a str,
}

#[derive(Serialize)]
struct FeeView<'a> {
    cents: u32,
    label: Option<&'a str>,
    condition: Option<&'a str>,
}

#[derive(Serialize)]
struct OnlineView<'a> {
    url: &'a str,
    label: Option<&'a str>,
}

#[derive(Serialize)]
struct PhoneView<'a> {
    phone: Option<&'a str>,
    note: Option<&'a str>,
}

impl<'a> ConcernView<'a> {
    /// `concern`, chosen `quantity` times, with the fees of `day`.
    pub fn new(concern: &'a Concern, quantity: u8, lang: &str, day: Date) -> Self {
        let words = |text: &'a Option<I18n>| text.as_ref().map(|it| it.get(lang));
        let fees: Vec<&Fee> = concern.fees_on(day).collect();
        let fee_cents = concern.fee_cents(1, day);
        Self {
            key: &concern.key,
            name: concern.name.get(lang),
            summary: words(&concern.summary),
            minutes: concern.duration_minutes,
            fee_cents,
            fee_depends: fee_cents == 0 && !fees.is_empty(),
            who: concern.who,
            who_note: words(&concern.who_note),
            documents: concern.documents.iter().map(|it| document(it, lang)).collect(),
            fees: fees_worth_listing(&fees, lang),
            online: concern
                .online
                .as_ref()
                .map(|it| OnlineView { url: &it.url, label: it.label.as_ref().map(|it| it.get(lang)) }),
            phone_only: match &concern.booking {
                Booking::Online => None,
                Booking::Phone { phone, note } => Some(PhoneView { phone: phone.as_deref(), note: words(note) }),
            },
            max_quantity: concern.max_quantity,
            quantity_label: words(&concern.quantity_label),
            quantity,
        }
    }
}

fn document<'a>(document: &'a ConcernDocument, lang: &str) -> DocumentView<'a> {
    let words = |text: &'a Option<I18n>| text.as_ref().map(|it| it.get(lang));
    DocumentView {
        name: document.name.get(lang),
        note: words(&document.note),
        applies_if: words(&document.applies_if),
        form: document.form.as_ref().map(|it| FormView { file: &it.file, title: it.title.get(lang) }),
    }
}

/// A single fee without a word of its own stands in the line above already.
fn fees_worth_listing<'a>(fees: &[&'a Fee], lang: &str) -> Vec<FeeView<'a>> {
    if let [only] = fees
        && only.label.is_none()
        && only.condition.is_none()
    {
        return Vec::new();
    }
    let words = |text: &'a Option<I18n>| text.as_ref().map(|it| it.get(lang));
    fees.iter()
        .map(|it| FeeView { cents: it.cents, label: words(&it.label), condition: words(&it.condition) })
        .collect()
}
