//! A row understood.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::Reason;

/// A row understood, before the town's own facts are looked at. Times are those of the clock in the town.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Where it stands in the file.
    pub line: u64,
    /// The same in every export of the file: the file's own id (with the occurrence of a series), else a hash of
    /// start, name and subject.
    pub source_key: String,
    /// Hash of everything that is imported: changed means the row has changed.
    pub content_hash: String,
    /// When it begins; none: nothing readable (then `reasons` says what is wrong), or `all_day`.
    pub start: Option<DateTime>,
    /// When it ends, if the file says so.
    pub end: Option<DateTime>,
    /// First and last day of what takes whole days.
    pub all_day: Option<(Date, Date)>,
    /// Who comes; may be empty.
    pub name: String,
    /// Telephone, as written.
    pub phone: String,
    /// Address, as written.
    pub email: String,
    /// What for, in the file's words, without name, telephone and address.
    pub subject: String,
    /// Keys of concerns that are meant, with how many; empty: nobody knows yet.
    pub concerns: Vec<(String, u16)>,
    /// For colleagues.
    pub note: String,
    /// Counter, office or colleague, as written.
    pub counter: String,
    /// Subject, note and so on as they stood in the file; kept until the batch is applied.
    pub original: String,
    /// Marked as cancelled in the file.
    pub is_cancelled: bool,
    /// Marked as private in the file.
    pub is_private: bool,
    /// What was noticed while reading it.
    pub reasons: Vec<Reason>,
}
