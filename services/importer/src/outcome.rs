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
    /// Such as `no_such_day`; listed in [`Reason::ALL`].
    pub key: String,
    /// What it is about, such as `30.02.2027`; may be empty.
    pub detail: String,
    /// The column, by its name, if it is about one.
    pub column: String,
    /// How much it weighs: the row's state is the heaviest of its reasons'.
    pub state: State,
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
