//! `stadttermin import …`: the same engine as the town's pages, for operators and for every night until go-live.
//!
//! | exit code | means |
//! |---|---|
//! | 0 | every row is ready or left out on purpose, and applied if asked for |
//! | 1 | the file cannot be read; nothing was changed |
//! | 2 | some rows have errors; the others were applied if asked for |

mod command;
mod edition;
mod report;

use std::fs::File;
use std::io::Write;
use std::process::ExitCode;

use anyhow::{Context as _, bail, ensure};
use booking::Links;
use importer::batch::{self, Batch, BatchState, FinishError, Place};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use tenancy::{Db, Directory};
use uuid::Uuid;

pub use command::ImportOptions;

/// The file cannot be read.
const UNREADABLE: u8 = 1;
/// Some rows have errors.
const ERRORS: u8 = 2;

/// Who stands in the history of what the command line has done.
const OPERATOR: booking::desk::By<'static> = booking::desk::By { staff_id: Uuid::nil(), name: "stadttermin" };

/// Dry-runs the file, applies it if asked for, and writes what came of it to `out`. `links` are only asked for by applying.
///
/// # Errors
/// If there is no such town, file or profile; the database's own. What is wrong with the file is said on `out`.
pub async fn run(
    options: &ImportOptions,
    db: &Db,
    links: impl FnOnce() -> anyhow::Result<Links>,
    now: Timestamp,
    out: &mut (impl Write + Send),
) -> anyhow::Result<ExitCode> {
    let slug = &options.town;
    let tenant = Directory::load(db).await?.by_slug(slug).with_context(|| format!("there is no town {slug}"))?;
    let place = Place { db: db.clone(), tenant };
    let file = open(options)?;
    let Some(id) = begin(options, &place, &file, now, out).await? else { return Ok(ExitCode::from(UNREADABLE)) };
    let bar = bar("rows read")?;
    batch::check(&place, id, Some(file), now, &|done, _| bar.set_position(done.unsigned_abs())).await?;
    bar.finish_and_clear();
    let checked = find(&place, id).await?;
    if checked.state == BatchState::Failed {
        report::problem(&checked, out)?;
        return Ok(ExitCode::from(UNREADABLE));
    }
    edition::choose(options, &place, id).await?;
    edition::say(&place, id, out).await?;
    let checked = find(&place, id).await?;
    report::rows(&place, &checked, out).await?;
    report::changes(&place, &checked, out).await?;
    report::numbers(&checked.numbers, out)?;
    if options.apply {
        apply(&place, &links()?, id, now).await?;
        writeln!(out, "applied as batch {id}: it can be taken back on the town's page /verwaltung/import")?;
    } else {
        let mut tx = place.db.tenant_tx(&place.tenant).await?;
        batch::discard(&mut tx, id).await?;
        tx.commit().await?;
        writeln!(out, "nothing was changed: --apply does it")?;
    }
    Ok(if checked.numbers.error > 0 { ExitCode::from(ERRORS) } else { ExitCode::SUCCESS })
}

fn open(options: &ImportOptions) -> anyhow::Result<File> {
    let path = options.file.display();
    let file = File::open(&options.file).with_context(|| format!("{path} cannot be opened"))?;
    ensure!(file.metadata()?.is_file(), "{path} is no file");
    Ok(file)
}

/// A batch for the file, without an upload. `None`: it cannot be read, and `out` says why.
async fn begin(
    options: &ImportOptions,
    place: &Place,
    file: &File,
    now: Timestamp,
    out: &mut (impl Write + Send),
) -> anyhow::Result<Option<Uuid>> {
    let id = Uuid::new_v4();
    let name = options.file.file_name().unwrap_or_default().to_string_lossy();
    let mut tx = place.db.tenant_tx(&place.tenant).await?;
    batch::forget_broken_off(&mut tx, now).await?;
    batch::begin(&mut tx, id, &name, &OPERATOR, now).await?;
    match batch::finish_file(&mut tx, id, file.try_clone()?, now).await {
        Ok(shape) => report::sheets(&shape, out)?,
        Err(FinishError::Database(error)) => return Err(error.into()),
        Err(FinishError::Read(error)) => {
            writeln!(out, "{name}: {error}")?;
            return Ok(None);
        }
    }
    if let Some(profile) = &options.profile
        && !batch::use_profile(&mut tx, id, profile).await?
    {
        bail!("there is no profile “{profile}” for a file with these columns: see /verwaltung/import");
    }
    let found = batch::find(&mut tx, id).await?.context("the batch")?;
    batch::begin_work(&mut tx, id, batch::Step::Check).await?;
    tx.commit().await?;
    tracing::debug!(batch = %id, profile = ?found.profile, "import begun");
    Ok(Some(id))
}

async fn apply(place: &Place, links: &Links, id: Uuid, now: Timestamp) -> anyhow::Result<()> {
    let mut tx = place.db.tenant_tx(&place.tenant).await?;
    // With its job in the queue: if this process is killed, a worker goes on.
    batch::start_apply(&mut tx, id, &OPERATOR, now).await?;
    tx.commit().await?;
    let bar = bar("rows applied")?;
    let told = |done: i64, total: i64| {
        bar.set_length(total.unsigned_abs());
        bar.set_position(done.unsigned_abs());
    };
    batch::apply(place, links, id, now, &told).await?;
    bar.finish_and_clear();
    let batch = find(place, id).await?;
    ensure!(batch.state == BatchState::Applied, "the batch {id} was called off");
    Ok(())
}

async fn find(place: &Place, id: Uuid) -> anyhow::Result<Batch> {
    let mut tx = place.db.tenant_tx(&place.tenant).await?;
    batch::find(&mut tx, id).await?.with_context(|| format!("the batch {id} was discarded meanwhile"))
}

/// Shown on a terminal only.
fn bar(what: &str) -> anyhow::Result<ProgressBar> {
    let style = ProgressStyle::with_template(&format!("{{bar:40}} {{pos}} {what}, {{per_sec}}, {{elapsed}}"))?;
    Ok(ProgressBar::no_length().with_style(style))
}
