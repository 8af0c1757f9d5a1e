//! Reads a town's whole catalogue in two statements; pages keep it in memory until the town's version moves.

use sqlx::FromRow;
use sqlx::types::Json;
use tenancy::TenantTx;
use tenancy::i18n::I18n;

use crate::concern::{Booking, Category, Concern, ConcernDocument, ConcernId, OnlineService, Who};
use crate::fee::Fee;
use crate::index::Index;

/// Everything that can be booked in a town.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    /// Groups, in their order.
    pub categories: Vec<Category>,
    /// Active concerns, in their order.
    pub concerns: Vec<Concern>,
    /// What the search looks into.
    pub(crate) index: Index,
}

impl Catalog {
    /// A catalogue of these groups and concerns.
    pub fn new(categories: Vec<Category>, concerns: Vec<Concern>) -> Self {
        let index = Index::new(&concerns);
        Self { categories, concerns, index }
    }

    /// Reads the town's catalogue.
    ///
    /// # Errors
    /// The database's own; also a row that does not hold what it should.
    pub async fn load(tx: &mut TenantTx) -> anyhow::Result<Self> {
        let categories: Vec<(String, Json<I18n>)> =
            sqlx::query_as("SELECT key, name FROM category ORDER BY position, id").fetch_all(tx.conn()).await?;
        let categories = categories.into_iter().map(|(key, Json(name))| Category { key, name }).collect();
        let rows: Vec<Row> = sqlx::query_as(CONCERNS).fetch_all(tx.conn()).await?;
        let concerns = rows.into_iter().map(Row::into_concern).collect::<anyhow::Result<_>>()?;
        Ok(Self::new(categories, concerns))
    }

    /// The active concern with this key.
    pub fn get(&self, key: &str) -> Option<&Concern> {
        self.concerns.iter().find(|concern| concern.key == key)
    }

    /// The active concern with this number.
    pub fn by_id(&self, id: ConcernId) -> Option<&Concern> {
        self.concerns.iter().find(|concern| concern.id == id)
    }

    /// The often chosen ones, in their order.
    pub fn popular(&self) -> Vec<&Concern> {
        let mut popular: Vec<&Concern> = self.concerns.iter().filter(|concern| concern.popular.is_some()).collect();
        popular.sort_by_key(|concern| concern.popular);
        popular
    }
}

const CONCERNS: &str = "
    SELECT c.id, c.key, category.key AS category, c.name, c.summary, c.keywords, c.duration_minutes, c.further_minutes,
           c.max_quantity, c.quantity_label, c.booking, c.phone, c.who, c.who_note, c.leika, c.online_url,
           c.online_label, c.alone, c.neutral, c.popular, c.to_confirm,
           (SELECT coalesce(jsonb_agg(jsonb_build_object('cents', fee.amount_cents, 'label', fee.label,
                     'condition', fee.condition, 'valid_from', fee.valid_from, 'valid_until', fee.valid_until)
                     ORDER BY fee.position, fee.id), '[]')
              FROM fee WHERE fee.concern_id = c.id) AS fees,
           (SELECT coalesce(jsonb_agg(jsonb_build_object('key', document.key, 'name', document.name,
                     'note', document.note, 'applies_if', needed.applies_if,
                     'form', CASE WHEN form.id IS NOT NULL
                             THEN jsonb_build_object('file', form.file, 'title', form.title) END)
                     ORDER BY needed.position, document.id), '[]')
              FROM concern_document needed
              JOIN document ON document.id = needed.document_id
              LEFT JOIN form ON form.id = document.form_id
             WHERE needed.concern_id = c.id) AS documents
      FROM concern c JOIN category ON category.id = c.category_id
     WHERE c.active
     ORDER BY c.position, c.id";

#[derive(FromRow)]
struct Row {
    id: ConcernId,
    key: String,
    category: String,
    name: Json<I18n>,
    summary: Option<Json<I18n>>,
    keywords: Vec<String>,
    duration_minutes: i32,
    further_minutes: i32,
    max_quantity: i32,
    quantity_label: Option<Json<I18n>>,
    booking: String,
    phone: Option<Json<PhoneBooking>>,
    who: String,
    who_note: Option<Json<I18n>>,
    leika: Option<String>,
    online_url: Option<String>,
    online_label: Option<Json<I18n>>,
    alone: bool,
    neutral: bool,
    popular: Option<i32>,
    to_confirm: Vec<String>,
    fees: Json<Vec<Fee>>,
    documents: Json<Vec<ConcernDocument>>,
}

/// The column `concern.phone`.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct PhoneBooking {
    #[serde(default)]
    pub phone: Option<String>,
    #[serde(default)]
    pub note: Option<I18n>,
}

impl Row {
    fn into_concern(self) -> anyhow::Result<Concern> {
        let booking = match self.booking.as_str() {
            "phone" => {
                let Json(PhoneBooking { phone, note }) = self.phone.unwrap_or_default();
                Booking::Phone { phone, note }
            }
            _ => Booking::Online,
        };
        let inner = |text: Option<Json<I18n>>| text.map(|Json(text)| text);
        let online_label = inner(self.online_label);
        Ok(Concern {
            id: self.id,
            key: self.key,
            category: self.category,
            name: self.name.0,
            summary: inner(self.summary),
            keywords: self.keywords,
            duration_minutes: self.duration_minutes.try_into()?,
            further_minutes: self.further_minutes.try_into()?,
            max_quantity: self.max_quantity.try_into()?,
            quantity_label: inner(self.quantity_label),
            booking,
            who: Who::parse(&self.who),
            who_note: inner(self.who_note),
            leika: self.leika,
            online: self.online_url.map(|url| OnlineService { url, label: online_label }),
            alone: self.alone,
            neutral: self.neutral,
            popular: self.popular.map(u16::try_from).transpose()?,
            documents: self.documents.0,
            fees: self.fees.0,
            to_confirm: self.to_confirm,
        })
    }
}
