//! A file on its way: uploaded, looked at, dry-run, applied, and taken back as long as nobody touched its rows.
//!
//! The dry run ([`check()`]) writes what becomes of each row to `import_row`; [`apply()`] carries that out in chunks, so that a
//! killed one goes on where it was. Both write their progress to `import_batch`.

mod apply;
mod carry;
mod changes;
mod check;
mod closures;
mod edition;
mod file;
mod former;
mod gone;
mod known;
mod paper;
mod profile;
mod progress;
mod retention;
mod rows;
mod sources;
mod steps;
mod store;
mod stream;
mod undo;
mod upload;
mod written;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tenancy::{Db, Tenant, TenantTx};
use uuid::Uuid;

pub use apply::apply;
pub use check::check;
pub use edition::{Edition, choose_edition, editions};
pub use gone::{Gone, GoneState, gone, has_nameless};
pub(crate) use known::Known;
pub use paper::{Line, begin_paper, lines, lock_list, put_line};
pub use profile::{phrases, profiles, save_mapping, save_profile, save_table, use_profile};
pub use progress::Progress;
pub use retention::{Forgotten, forget, forget_broken_off};
pub use rows::{Row, changed, count_changed, rows};
pub use steps::{QUEUE, Step, StepError, begin_work, start_apply, start_check, start_undo, work};
pub use store::{fail, find, list};
pub use undo::undo;
pub use upload::{FinishError, UploadError, add_piece, begin, correct, discard, finish, finish_file};

use crate::concerns::Table;
use crate::{Mapping, Reason, Shape};

/// Largest upload, in bytes.
pub const MOST_BYTES: u64 = 64 << 20;
/// Largest piece of an upload, in bytes.
pub const PIECE_BYTES: usize = 1 << 20;

/// Where the work is done.
#[derive(Clone)]
pub struct Place {
    /// The cells.
    pub db: Db,
    /// The town.
    pub tenant: Arc<Tenant>,
}

/// A file on its way into the town's appointments.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// From the form.
    pub id: Uuid,
    /// As the browser or the command line named it.
    pub file_name: String,
    /// Its size.
    pub bytes: i64,
    /// How far it is.
    pub state: BatchState,
    /// Which work on it is the latest: that for an older one stops.
    pub run: i32,
    /// What was found out about it.
    pub shape: Option<Shape>,
    /// What its columns mean.
    pub mapping: Mapping,
    /// What its subjects mean.
    pub table: Table,
    /// What the admin wants.
    pub choices: Choices,
    /// The profile it was read with.
    pub profile: Option<String>,
    /// The list it is an edition of; its own id until the dry run has found an earlier one.
    pub origin: String,
    /// What the dry run has counted.
    pub numbers: Numbers,
    /// Rows that the work under way is through with.
    pub done: i64,
    /// Rows there are; 0: not known yet.
    pub total: i64,
    /// Why it failed.
    pub problem: Option<Reason>,
    /// Who has uploaded it.
    pub staff_name: String,
    /// When.
    pub created_at: Timestamp,
    /// When the dry run was over.
    pub checked_at: Option<Timestamp>,
    /// When it was applied.
    pub applied_at: Option<Timestamp>,
    /// When it was taken back.
    pub undone_at: Option<Timestamp>,
    /// A list on paper, typed in row by row.
    pub is_paper: bool,
}

/// How far a batch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BatchState {
    /// Its pieces come in.
    Uploading,
    /// It is here.
    Uploaded,
    /// The dry run is under way.
    Checking,
    /// What becomes of its rows is known.
    Checked,
    /// Its rows become appointments.
    Applying,
    /// They have.
    Applied,
    /// They are taken back.
    Undoing,
    /// They are gone.
    Undone,
    /// See [`Batch::problem`].
    Failed,
}

/// What becomes of rows that take whole days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AllDay {
    /// They are left out.
    #[default]
    Skip,
    /// Closures.
    Close,
}

/// What the admin wants.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Choices {
    /// What becomes of rows that take whole days.
    pub all_day: AllDay,
    /// Key of the concern for rows that name none that is known; none: they are errors.
    pub unknown: Option<String>,
    /// Whether those with an address get the link to their appointment.
    pub send_mails: bool,
    /// Whether what is gone from the file is cancelled.
    pub cancel_gone: bool,
}

/// What the dry run has counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Numbers {
    /// Rows that will be imported.
    pub ready: i64,
    /// Rows that will be imported and should be looked at.
    pub warning: i64,
    /// Rows that cannot be imported.
    pub error: i64,
    /// Rows that are left out on purpose.
    pub skipped: i64,
    /// New bookings.
    pub add: i64,
    /// Bookings that change.
    pub update: i64,
    /// Bookings that are as they were.
    pub same: i64,
    /// Closures.
    pub close: i64,
    /// Earlier imported, no longer in the file.
    pub gone: i64,
    /// Those of them that are cancelled.
    pub cancelled: i64,
    /// New or changed bookings that a clerk should look at.
    pub flagged: i64,
}

impl BatchState {
    const ALL: [Self; 9] = [
        Self::Uploading,
        Self::Uploaded,
        Self::Checking,
        Self::Checked,
        Self::Applying,
        Self::Applied,
        Self::Undoing,
        Self::Undone,
        Self::Failed,
    ];

    /// As written in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Uploading => "uploading",
            Self::Uploaded => "uploaded",
            Self::Checking => "checking",
            Self::Checked => "checked",
            Self::Applying => "applying",
            Self::Applied => "applied",
            Self::Undoing => "undoing",
            Self::Undone => "undone",
            Self::Failed => "failed",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

impl Place {
    async fn tx(&self) -> anyhow::Result<TenantTx> {
        Ok(self.db.tenant_tx(&self.tenant).await?)
    }
}

/// Answers of a `GROUP BY` as a map.
type Counts = BTreeMap<String, i64>;
