//! What a column means.

use serde::{Deserialize, Serialize};

use crate::DateOrder;

/// What a column means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The day.
    Date,
    /// The time it begins, or a range such as `8:30–8:45`.
    Time,
    /// Day and time it begins.
    Start,
    /// The day it ends, beside a column for the time.
    EndDate,
    /// The time it ends.
    EndTime,
    /// Day and time it ends.
    End,
    /// How long it takes, in minutes.
    Minutes,
    /// Family name or the whole name.
    Name,
    /// First name, put before the name.
    FirstName,
    /// Telephone.
    Phone,
    /// Address for mails.
    Email,
    /// What for; may hold name and telephone too.
    Subject,
    /// What calendars sort it under: read for the concern if the subject names none.
    Category,
    /// Who is invited: the one who comes, if it is one.
    Attendee,
    /// Who invites: nobody who comes.
    Organizer,
    /// For colleagues.
    Note,
    /// Counter, office or colleague.
    Counter,
    /// The file's own name for the row, the same in every export.
    Id,
    /// Whether it takes the whole day.
    AllDay,
    /// Whether it is private: not imported.
    Private,
    /// Whether it was cancelled.
    Cancelled,
}

/// Which column means what, and how dates are written. Saved with a name as a profile.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// For each column what it means; none: it is not read.
    pub fields: Vec<Option<Field>>,
    /// How dates in texts are written.
    pub date_order: Option<DateOrder>,
}
