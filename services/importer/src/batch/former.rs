//! What stood there before a batch changed it, so that it can be taken back (`before` of `import_row` and `import_gone`).

use std::collections::HashMap;

use booking::import::Standing;
use serde::{Deserialize, Serialize};

use super::closures::Closed;
use super::sources::{Appointments, Source};

/// An imported row as a later batch has found it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Former {
    pub source: Source,
    /// Its appointment, if there was one.
    pub standing: Option<Standing>,
    /// Its closure, if it was one.
    pub closed: Option<Closed>,
}

impl Former {
    /// How `source` stands, out of what was read.
    pub fn of(source: &Source, appointments: &Appointments, closed: &HashMap<i32, Closed>) -> Self {
        Self {
            source: source.clone(),
            standing: source.standing(appointments).cloned(),
            closed: source.closure_id.and_then(|id| closed.get(&id).cloned()),
        }
    }

    /// Its appointment, if it was booked then.
    pub fn booked(&self) -> Option<&Standing> {
        self.standing.as_ref().filter(|_| !self.source.is_withdrawn)
    }
}
