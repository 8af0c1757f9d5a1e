//! Which rows of a batch the address asks for: `stand=error`, `stand=changed`; without it all of them.

use importer::State;
use importer::batch::{self, Row};
use tenancy::TenantTx;
use uuid::Uuid;

use super::words;
use crate::extract::Site;

/// Some of the rows of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Filter {
    /// All of them.
    All,
    /// Those that stand so.
    State(State),
    /// Those that make something different in what is here already.
    Changed,
}

impl Filter {
    /// In the order of the page.
    pub const EVERY: [Self; 6] = [
        Self::All,
        Self::State(State::Error),
        Self::State(State::Warning),
        Self::Changed,
        Self::State(State::Ready),
        Self::State(State::Skipped),
    ];

    /// What the address asks for.
    pub fn of(site: &Site) -> Self {
        let word = site.query.get("stand").unwrap_or_default();
        Self::EVERY.into_iter().find(|it| it.key() == word).unwrap_or(Self::All)
    }

    /// As addresses and the style sheet know it.
    pub fn key(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::State(state) => words::state_key(state),
            Self::Changed => "changed",
        }
    }

    /// At most `limit` of these rows after number `after`.
    ///
    /// # Errors
    /// The database's own.
    pub async fn rows(self, tx: &mut TenantTx, id: Uuid, after: i64, limit: i64) -> anyhow::Result<Vec<Row>> {
        Ok(match self {
            Self::All => batch::rows(tx, id, None, after, limit).await?,
            Self::State(state) => batch::rows(tx, id, Some(state), after, limit).await?,
            Self::Changed => batch::changed(tx, id, after, limit).await?,
        })
    }
}
