//! What an appointment is for, as it was when it was booked: later changes of the catalogue do not reach it.

use catalog::{Concern, ConcernId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tenancy::i18n::I18n;

/// A concern in an appointment, kept with it in `appointment.items`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Key of the concern.
    pub concern: String,
    /// Its number in the town's tables then.
    pub concern_id: ConcernId,
    /// Its name.
    pub name: I18n,
    /// How often.
    pub quantity: u8,
    /// Minutes for all of them.
    pub minutes: u16,
    /// Cents for all of them, without what depends on a condition.
    pub fee_cents: u32,
    /// More is due in some cases.
    #[serde(default)]
    pub fee_depends: bool,
    /// Sensitive: not named in mail subjects and calendars.
    #[serde(default)]
    pub neutral: bool,
    /// What to bring.
    #[serde(default)]
    pub documents: Vec<ItemDocument>,
}

/// Something to bring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemDocument {
    /// What it is.
    pub name: I18n,
    /// More about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<I18n>,
    /// When it is needed; none: always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applies_if: Option<I18n>,
    /// File name of a form, under `/formulare/`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form_file: Option<String>,
}

impl Item {
    /// `quantity` of a concern, with the fees of `day`.
    pub fn new(concern: &Concern, quantity: u8, day: Date) -> Self {
        let document = |needed: &catalog::ConcernDocument| ItemDocument {
            name: needed.name.clone(),
            note: needed.note.clone(),
            applies_if: needed.applies_if.clone(),
            form_file: needed.form.as_ref().map(|form| form.file.clone()),
        };
        Self {
            concern: concern.key.clone(),
            concern_id: concern.id,
            name: concern.name.clone(),
            quantity,
            minutes: concern.minutes(quantity),
            fee_cents: concern.fee_cents(quantity, day),
            fee_depends: concern.fees_on(day).any(|fee| fee.condition.is_some()),
            neutral: concern.neutral,
            documents: concern.documents.iter().map(document).collect(),
        }
    }
}
