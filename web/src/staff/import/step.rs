//! Which steps a batch has, and which one it is at.

use axum::response::Response;
use importer::batch::{self, Batch, BatchState};
use minijinja::{Value, context};
use uuid::Uuid;

use super::HOME;
use crate::extract::Site;
use crate::{AppState, WebError};

/// A page of a batch, in the order in which they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    /// The list on paper.
    Paper,
    /// What the columns mean.
    Columns,
    /// What the words mean.
    Concerns,
    /// The dry run.
    Check,
    /// What was done.
    Report,
}

impl Step {
    /// The last part of its address, and of the key of its name.
    fn as_str(self) -> &'static str {
        match self {
            Self::Paper => "papier",
            Self::Columns => "spalten",
            Self::Concerns => "anliegen",
            Self::Check => "pruefung",
            Self::Report => "bericht",
        }
    }

    /// Its address for this batch, below the town's.
    pub fn path(self, id: Uuid) -> String {
        match self {
            Self::Paper => format!("{HOME}/papier?liste={id}"),
            step => format!("{HOME}/{id}/{}", step.as_str()),
        }
    }

    /// The steps of a batch: a list on paper has columns and concerns already.
    fn all(is_paper: bool) -> &'static [Self] {
        if is_paper {
            &[Self::Paper, Self::Check, Self::Report]
        } else {
            &[Self::Columns, Self::Concerns, Self::Check, Self::Report]
        }
    }

    /// Where the batch is now.
    pub fn of(batch: &Batch) -> Self {
        match batch.state {
            BatchState::Uploading | BatchState::Uploaded if batch.is_paper => Self::Paper,
            BatchState::Uploading | BatchState::Uploaded => Self::Columns,
            BatchState::Checking | BatchState::Checked | BatchState::Failed => Self::Check,
            BatchState::Applying | BatchState::Applied | BatchState::Undoing | BatchState::Undone => Self::Report,
        }
    }

    /// Whether the batch can be worked on at this step: until it is applied everything can be changed, unless a job is
    /// just reading it.
    pub fn is_open(self, batch: &Batch) -> bool {
        let is_read = batch.state == BatchState::Checking;
        match self {
            Self::Report => Self::of(batch) == Self::Report,
            Self::Check => Self::of(batch) != Self::Report,
            step => Self::all(batch.is_paper).contains(&step) && Self::of(batch) != Self::Report && !is_read,
        }
    }
}

/// The batch of this id, if it is open at `step`; else where to go instead.
///
/// # Errors
/// [`WebError::NotFound`] if the town has no such batch; the database's own.
pub(super) async fn batch_at(
    site: &Site,
    app: &AppState,
    id: Uuid,
    step: Step,
) -> Result<Result<Batch, Response>, WebError> {
    let mut tx = site.tx(app).await?;
    let batch = batch::find(&mut tx, id).await?.ok_or(WebError::NotFound)?;
    tx.rollback().await?;
    if step.is_open(&batch) { Ok(Ok(batch)) } else { Ok(Err(site.redirect(&Step::of(&batch).path(id)))) }
}

/// The steps for the line above the page, those before this one as links.
pub(super) fn line(site: &Site, batch: &Batch, here: Step) -> Vec<Value> {
    Step::all(batch.is_paper)
        .iter()
        .map(|step| {
            let href = (*step < here && step.is_open(batch)).then(|| site.url(&step.path(batch.id)));
            let name = site.t(&format!("staff.import.step.{}", step.as_str()), &[]);
            context! { name, href, is_done => *step < here, is_here => *step == here }
        })
        .collect()
}

/// The line above a list on paper that nobody has saved a row of yet.
pub(super) fn line_of_paper(site: &Site) -> Vec<Value> {
    let name = |step: &Step| site.t(&format!("staff.import.step.{}", step.as_str()), &[]);
    let value = |step: &Step| {
        context! { name => name(step), href => None::<String>, is_done => false, is_here => *step == Step::Paper }
    };
    Step::all(true).iter().map(value).collect()
}
