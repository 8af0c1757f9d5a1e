//! What becomes of a row, and why, in words that a page can say.

use serde::{Deserialize, Serialize};

/// How a row stands after the dry run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Will be imported.
    Ready,
    /// Will be imported, and a clerk should look at it.
    Warning,
    /// Cannot be imported until something is changed.
    Error,
    /// Is left out on purpose.
    Skipped,
}

/// Why a row stands as it does. The page says `import.reason.<key>` with the detail.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Reason {
    /// Such as `no_such_day`; those that reading gives are listed in [`reading::REASONS`](crate::reading::REASONS).
    pub key: String,
    /// What it is about, such as `30.02.2027`; may be empty.
    pub detail: String,
    /// The column, by its name, if it is about one.
    pub column: String,
    /// How much it weighs: the row's state is the heaviest of its reasons'.
    pub state: State,
}

impl Reason {
    /// A reason about no column in particular.
    pub fn new(state: State, key: &str, detail: impl Into<String>) -> Self {
        Self { key: key.to_owned(), detail: detail.into(), column: String::new(), state }
    }

    /// The same, about the column of this name.
    pub fn about(mut self, column: &str) -> Self {
        column.clone_into(&mut self.column);
        self
    }
}

/// What is to be done with a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "do")]
pub enum Outcome {
    /// A new booking.
    Add,
    /// An earlier run has imported it; what has changed in the file is changed.
    Update,
    /// An earlier run has imported it, and nothing has changed.
    Same,
    /// All day: becomes a closure.
    Close,
    /// Nothing, for the reasons given.
    Nothing,
}

impl State {
    /// As written in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Warning => "warning",
            Self::Error => "error",
            Self::Skipped => "skipped",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        [Self::Ready, Self::Warning, Self::Error, Self::Skipped].into_iter().find(|it| it.as_str() == word)
    }
}

impl Outcome {
    /// As written in the database.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Update => "update",
            Self::Same => "same",
            Self::Close => "close",
            Self::Nothing => "nothing",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        [Self::Add, Self::Update, Self::Same, Self::Close, Self::Nothing].into_iter().find(|it| it.as_str() == word)
    }
}
