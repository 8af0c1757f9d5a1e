//! `catalog.toml`: categories, forms, documents, concerns.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tenancy::i18n::I18n;

use super::Euros;
use crate::concern::Who;

/// The file `catalog.toml`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CatalogFile {
    /// Groups of concerns.
    #[serde(default)]
    pub category: Vec<CategoryEntry>,
    /// Forms to download.
    #[serde(default)]
    pub form: Vec<FormEntry>,
    /// Things to bring.
    #[serde(default)]
    pub document: Vec<DocumentEntry>,
    /// What citizens come for.
    #[serde(default)]
    pub concern: Vec<ConcernEntry>,
}

/// One `[[category]]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategoryEntry {
    /// Stable name.
    pub key: String,
    /// Shown name.
    pub name: I18n,
}

/// One `[[form]]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormEntry {
    /// Stable name.
    pub key: String,
    /// File in `forms/`.
    pub file: String,
    /// Shown name.
    pub title: I18n,
    /// Language the form is written in.
    #[serde(default = "german")]
    pub language: String,
}

/// One `[[document]]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentEntry {
    /// Stable name.
    pub key: String,
    /// Shown name.
    pub name: I18n,
    /// More about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<I18n>,
    /// Key of a form to fill in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
}

/// One `[[concern]]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConcernEntry {
    /// Stable name, used in deep links.
    pub key: String,
    /// Key of its category.
    pub category: String,
    /// Shown name.
    pub name: I18n,
    /// One sentence more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<I18n>,
    /// Other words people look for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<String>,
    /// Minutes for the first one.
    pub duration_minutes: u16,
    /// Minutes for each further one; left out: as many as for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub further_minutes: Option<u16>,
    /// How often it may be chosen.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub max_quantity: u8,
    /// The question for the quantity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity_label: Option<I18n>,
    /// Whether it can be booked online.
    #[serde(default, skip_serializing_if = "is_default")]
    pub booking: BookingWay,
    /// Whom to call, if not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// More about calling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_note: Option<I18n>,
    /// Who has to come.
    #[serde(default)]
    pub who: Who,
    /// More about that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who_note: Option<I18n>,
    /// LeiKa key, 14 digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leika: Option<String>,
    /// Where it can be done without coming.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub online_url: Option<String>,
    /// What that link says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub online_label: Option<I18n>,
    /// Cannot be combined with others.
    #[serde(default, skip_serializing_if = "is_default")]
    pub alone: bool,
    /// Sensitive: not named in subjects and calendars.
    #[serde(default, skip_serializing_if = "is_default")]
    pub neutral: bool,
    /// Place among the often chosen ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub popular: Option<u16>,
    /// What to bring.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<NeededDocument>,
    /// What it costs; none: nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fees: Vec<FeeEntry>,
    /// Keys of this entry that the town has yet to confirm.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to_confirm: Vec<String>,
}

/// Whether a concern is booked online or by telephone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BookingWay {
    /// On the town's page.
    #[default]
    Online,
    /// By calling.
    Phone,
}

/// A document that a concern asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NeededDocument {
    /// Key of the document.
    pub document: String,
    /// When it is needed; left out: always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applies_if: Option<I18n>,
}

/// One fee of a concern.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeeEntry {
    /// Amount.
    pub euros: Euros,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<I18n>,
    /// When it is due; left out: always, and then it counts in the sum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<I18n>,
    /// First day on which it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Date>,
    /// Last day on which it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
}

impl CatalogFile {
    /// Takes out what says nothing, so that what is written and what is stored compare equal: the order of forms and
    /// documents, and further minutes that are those of the first.
    pub(super) fn normalise(&mut self) {
        self.form.sort_by(|one, other| one.key.cmp(&other.key));
        self.document.sort_by(|one, other| one.key.cmp(&other.key));
        for concern in &mut self.concern {
            concern.further_minutes = concern.further_minutes.filter(|minutes| *minutes != concern.duration_minutes);
        }
    }
}

impl FormEntry {
    /// Path within the pack.
    pub(super) fn path(&self) -> String {
        format!("{}{}", super::FORMS, self.file)
    }
}

fn german() -> String {
    tenancy::i18n::FIRST_LANGUAGE.to_owned()
}

fn one() -> u8 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_one(number: &u8) -> bool {
    *number == 1
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
