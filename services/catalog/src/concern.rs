//! A concern: one thing a citizen can come for.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tenancy::i18n::I18n;

use crate::fee::{Fee, fees_on, sum_cents};

/// The concern's number in its town's tables.
pub type ConcernId = i32;

/// No concern may be asked for more often than this in one appointment.
pub const MAX_QUANTITY: u8 = 20;

/// A group of concerns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Category {
    /// Stable name.
    pub key: String,
    /// Shown name.
    pub name: I18n,
}

/// One thing a citizen can come for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Concern {
    /// Number in the town's tables.
    pub id: ConcernId,
    /// Stable name, used in deep links: `?anliegen=personalausweis`.
    pub key: String,
    /// Key of its category.
    pub category: String,
    /// Shown name.
    pub name: I18n,
    /// One sentence more.
    pub summary: Option<I18n>,
    /// Other words people look for.
    pub keywords: Vec<String>,
    /// Minutes for the first one.
    pub duration_minutes: u16,
    /// Minutes for each further one.
    pub further_minutes: u16,
    /// How often it may be chosen for one appointment.
    pub max_quantity: u8,
    /// The question for the quantity, such as “Für wie viele Personen?”.
    pub quantity_label: Option<I18n>,
    /// Whether it can be booked online.
    pub booking: Booking,
    /// Who has to come.
    pub who: Who,
    /// More about that.
    pub who_note: Option<I18n>,
    /// Key in the catalogue of German administrative services (LeiKa), 14 digits.
    pub leika: Option<String>,
    /// How it can be done without coming.
    pub online: Option<OnlineService>,
    /// Cannot be combined with other concerns in one appointment.
    pub alone: bool,
    /// Sensitive: not named in mail subjects and calendars.
    pub neutral: bool,
    /// Place among the often chosen ones, if it is one.
    pub popular: Option<u16>,
    /// What to bring, in order.
    pub documents: Vec<ConcernDocument>,
    /// Fees of all times and conditions; [`Concern::fees_on`] picks those of a day.
    pub fees: Vec<Fee>,
    /// Keys of the pack's entry that the town has yet to confirm.
    pub to_confirm: Vec<String>,
}

/// Whether a concern can be booked online.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Booking {
    /// Yes.
    Online,
    /// No: citizens call.
    Phone {
        /// Number, if it is known.
        phone: Option<String>,
        /// Whom to call and when.
        note: Option<I18n>,
    },
}

/// Who has to come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// The person themselves.
    InPerson,
    /// One adult for the family.
    FamilyMember,
    /// Somebody with a power of attorney.
    Proxy,
    /// Anybody.
    #[default]
    Anyone,
}

/// A way to do it without coming.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OnlineService {
    /// Where.
    pub url: String,
    /// What the link says.
    pub label: Option<I18n>,
}

/// Something to bring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConcernDocument {
    /// Stable name; several concerns may ask for the same document.
    pub key: String,
    /// What it is.
    pub name: I18n,
    /// More about it.
    pub note: Option<I18n>,
    /// When it is needed, such as “für Kinder unter 16”; none: always.
    pub applies_if: Option<I18n>,
    /// A form to download and fill in.
    pub form: Option<FormRef>,
}

/// A form to download.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormRef {
    /// File name, under `/formulare/`.
    pub file: String,
    /// Shown name.
    pub title: I18n,
}

/// One line of what a citizen has chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The concern's key.
    pub concern: String,
    /// How often.
    pub quantity: u8,
}

/// Everything a citizen has chosen.
pub type Selection = Vec<Choice>;

impl Who {
    /// As written in packs and in the database; what is not known there counts as anybody.
    pub(crate) fn parse(word: &str) -> Self {
        match word {
            "in_person" => Self::InPerson,
            "family_member" => Self::FamilyMember,
            "proxy" => Self::Proxy,
            _ => Self::Anyone,
        }
    }

    /// As written in packs and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InPerson => "in_person",
            Self::FamilyMember => "family_member",
            Self::Proxy => "proxy",
            Self::Anyone => "anyone",
        }
    }
}

impl Concern {
    /// Minutes that `quantity` of it take together. A quantity of 0 counts as 1.
    pub fn minutes(&self, quantity: u8) -> u16 {
        let further = self.further_minutes.saturating_mul(u16::from(quantity.max(1) - 1));
        self.duration_minutes.saturating_add(further)
    }

    /// What `quantity` of it cost on `day`, in cents, without the fees that depend on a condition.
    pub fn fee_cents(&self, quantity: u8, day: Date) -> u32 {
        sum_cents(&self.fees, day).saturating_mul(u32::from(quantity.max(1)))
    }

    /// The fees of `day`, those with a condition included.
    pub fn fees_on(&self, day: Date) -> impl Iterator<Item = &Fee> {
        fees_on(&self.fees, day)
    }

    /// Whether it can be booked on the town's page.
    pub fn is_online(&self) -> bool {
        self.booking == Booking::Online
    }
}
