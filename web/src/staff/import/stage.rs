//! Whether what the rows say is still ahead, done, or taken back: each is told in its own words.

use importer::batch::{Batch, BatchState};
use importer::{Outcome, State};

use super::words;
use crate::extract::Site;

/// How far the rows of a batch are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Nothing is done yet.
    Ahead,
    /// They are imported.
    Done,
    /// They were, and are gone again.
    TakenBack,
}

impl Stage {
    pub fn of(batch: &Batch) -> Self {
        match batch.state {
            BatchState::Applied | BatchState::Undoing => Self::Done,
            BatchState::Undone => Self::TakenBack,
            _ => Self::Ahead,
        }
    }

    /// How a row stands.
    pub fn state(self, site: &Site, state: State) -> String {
        let group = match self {
            Self::Ahead => "state",
            Self::Done => "state_done",
            Self::TakenBack => "state_undone",
        };
        site.t(&format!("staff.import.{group}.{}", words::state_key(state)), &[])
    }

    /// What stands above [`Self::outcome`].
    pub fn head(self, site: &Site) -> String {
        let key = if self == Self::Ahead { "outcome" } else { "outcome_done" };
        site.t(&format!("staff.import.table.{key}"), &[])
    }

    /// What becomes of a row, or has become of it; empty if nothing does. `is_kept`: taking back has left it.
    pub fn outcome(self, site: &Site, outcome: &Outcome, is_kept: bool) -> String {
        let group = match (self, outcome) {
            (_, Outcome::Nothing) => return String::new(),
            (Self::Ahead, _) => "outcome",
            (Self::TakenBack, outcome) if *outcome != Outcome::Same && !is_kept => {
                return site.t("staff.import.taken_back", &[]);
            }
            _ => "done",
        };
        site.t(&format!("staff.import.{group}.{}", outcome.as_str()), &[])
    }
}
