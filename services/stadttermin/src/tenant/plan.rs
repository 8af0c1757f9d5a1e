//! `tenant plan`: what `apply` would change.

use std::io::Write;
use std::path::Path;

use tenancy::pack::Change;
use tenancy::{Directory, Tenant};

use super::check::{counted, inspect, print_problems};
use super::{Access, CHANGES, PROBLEMS, TownPack};

/// What applying `pack` would change.
///
/// # Errors
/// The database's own.
pub async fn plan(pack: &TownPack, access: &Access) -> anyhow::Result<Vec<Change>> {
    let directory = Directory::load(&access.db).await?;
    let present = match directory.by_slug(&pack.town.tenant.slug) {
        Some(tenant) => present(&tenant, access).await?,
        None => None,
    };
    TownPack::diff(present.as_ref(), pack)
}

/// What the database holds of a town.
pub(super) async fn present(tenant: &std::sync::Arc<Tenant>, access: &Access) -> anyhow::Result<Option<TownPack>> {
    let mut tx = access.db.tenant_tx(tenant).await?;
    let present = TownPack::load(&mut tx).await?;
    tx.rollback().await?;
    Ok(present)
}

pub(super) async fn print(folder: &Path, access: &Access, out: &mut impl Write) -> anyhow::Result<u8> {
    let pack = match inspect(folder)? {
        Ok(pack) => pack,
        Err(problems) => {
            print_problems(folder, &problems, out)?;
            return Ok(PROBLEMS);
        }
    };
    let changes = plan(&pack, access).await?;
    print_changes(&changes, out)?;
    let slug = &pack.town.tenant.slug;
    if changes.is_empty() {
        writeln!(out, "{slug}: nothing would change")?;
        return Ok(0);
    }
    writeln!(out, "{slug}: {} (+ new, ~ other than now, - gone)", counted(changes.len(), "change", "changes"))?;
    Ok(CHANGES)
}

pub(super) fn print_changes(changes: &[Change], out: &mut impl Write) -> anyhow::Result<()> {
    for change in changes {
        writeln!(out, "{change}")?;
    }
    Ok(())
}
