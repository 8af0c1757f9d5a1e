//! A row of a list on paper as it is kept: one line of our own format (docs/import-format.md).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A row that was checked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct PaperRow {
    /// The same for ever, so that a corrected row changes its appointment instead of adding one.
    pub id: String,
    /// The day, `2026-12-03`.
    pub date: String,
    /// When it begins, `08:30`.
    pub time: String,
    /// Key of the concern.
    pub concern: String,
    /// Who comes.
    pub name: String,
    /// Telephone.
    pub phone: String,
    /// Address for mails.
    pub email: String,
    /// For colleagues.
    pub note: String,
}

impl PaperRow {
    /// What row `number` of this list is called for ever.
    pub fn id_of(list: Uuid, number: i32) -> String {
        format!("{}-{number}", list.simple())
    }

    /// Whether both say the same, whatever they are called.
    pub fn says_the_same(&self, other: &Self) -> bool {
        Self { id: String::new(), ..self.clone() } == Self { id: String::new(), ..other.clone() }
    }
}
