//! What a row makes different in the appointment or closure that an earlier run has made of it.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

/// One thing that becomes different. What stays is not named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What it is.
    pub what: What,
    /// As it stood when the dry run looked.
    pub before: Said,
    /// As the file says now.
    pub after: Said,
}

/// What can become different, in the order in which people look at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// When it begins, or which days are closed.
    When,
    /// How long it takes.
    Length,
    /// At which counter; of a closure, what is closed.
    Place,
    /// What for.
    Concerns,
    /// Who comes.
    Name,
    /// Telephone.
    Phone,
    /// Address for mails.
    Email,
    /// For colleagues.
    Note,
}

/// What is said of it on one side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// There is none.
    Nothing,
    /// On the clock of the town.
    Moment(DateTime),
    /// First and last day.
    Days(Date, Date),
    /// How long, in minutes.
    Minutes(i64),
    /// Keys of concerns, with how many.
    Concerns(Vec<(String, u8)>),
    /// In words.
    Text(String),
}

impl What {
    /// All of them.
    pub const ALL: [Self; 8] =
        [Self::When, Self::Length, Self::Place, Self::Concerns, Self::Name, Self::Phone, Self::Email, Self::Note];

    /// As written in the database, and the last part of the key of its text.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::When => "when",
            Self::Length => "length",
            Self::Place => "place",
            Self::Concerns => "concerns",
            Self::Name => "name",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Note => "note",
        }
    }

    /// Whether it is about a person, and so not for a log.
    pub fn is_personal(self) -> bool {
        matches!(self, Self::Name | Self::Phone | Self::Email | Self::Note)
    }
}

impl Said {
    /// These words; none if they are empty.
    pub fn text(words: &str) -> Self {
        if words.is_empty() { Self::Nothing } else { Self::Text(words.to_owned()) }
    }
}
