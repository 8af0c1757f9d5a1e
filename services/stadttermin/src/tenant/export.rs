//! `tenant export`: a town's present state as a pack.

use std::io::Write;
use std::path::Path;

use anyhow::Context;
use tenancy::{Directory, TenantSlug};

use super::{Access, TownPack, plan};

/// The pack that says what the database holds.
///
/// # Errors
/// If there is no such town, or no pack has been applied to it; the database's own.
pub async fn export(slug: &TenantSlug, access: &Access) -> anyhow::Result<TownPack> {
    let directory = Directory::load(&access.db).await?;
    let tenant = directory.by_slug(slug).with_context(|| format!("there is no town “{slug}”"))?;
    let present = plan::present(&tenant, access).await?;
    present.with_context(|| format!("no pack has been applied to the town “{slug}” yet"))
}

pub(super) async fn print(
    slug: &TenantSlug,
    folder: &Path,
    access: &Access,
    out: &mut impl Write,
) -> anyhow::Result<u8> {
    let is_empty = folder.read_dir().map_or(true, |mut entries| entries.next().is_none());
    anyhow::ensure!(
        is_empty,
        "{} is not empty: choose a new folder, since comments in an existing pack would be lost",
        folder.display()
    );
    export(slug, access).await?.files()?.write(folder)?;
    writeln!(out, "{slug}: written to {} (without the comments of the pack that was applied)", folder.display())?;
    Ok(0)
}
