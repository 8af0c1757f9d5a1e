//! `tenant apply`: makes a town as its pack says: role, tables and addresses first, then its content in one transaction. If
//! that fails, applying again goes on from there.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use tenancy::pack::Change;
use tenancy::provision::{self, NewTenant};
use tenancy::town::Town;
use tenancy::{CellName, Directory, Tenant, TenantHost};

use super::check::{counted, inspect, print_problems};
use super::{Access, PROBLEMS, TownPack, plan};

/// What applying did.
pub struct Applied {
    /// The town as it is now.
    pub tenant: Arc<Tenant>,
    /// What was changed; nothing if it was so already.
    pub changes: Vec<Change>,
}

/// Makes the town exist and say what its pack says.
///
/// # Errors
/// If a host belongs to another town, or the database refuses. Then the town's tables are as before.
pub async fn apply(pack: &TownPack, access: &Access) -> anyhow::Result<Applied> {
    let foreseen = plan(pack, access).await?;
    let tenant = provision::ensure(&access.admin, &new_tenant(pack, access).await?).await?;
    let mut tx = access.db.tenant_tx(&tenant).await?;
    // A second `apply` of the same town waits here, and then finds nothing left to do.
    Town::lock(&mut tx).await?;
    let present = TownPack::load(&mut tx).await?;
    if TownPack::diff(present.as_ref(), pack)?.is_empty() {
        tx.rollback().await?;
    } else {
        pack.apply(&mut tx).await?;
        Town::bump_version(&mut tx).await?;
        tx.commit().await?;
    }
    Ok(Applied { tenant, changes: foreseen })
}

/// A town stays in the cell it lives in; a new one goes to the first cell.
async fn new_tenant(pack: &TownPack, access: &Access) -> anyhow::Result<NewTenant> {
    let town = &pack.town.tenant;
    let directory = Directory::load(&access.db).await?;
    let cell = directory.by_slug(&town.slug).map_or_else(CellName::main, |tenant| tenant.cell.clone());
    let hosts = town.host.iter().enumerate().map(|(index, entry)| TenantHost {
        host: entry.host.clone(),
        base_path: entry.base_path.clone(),
        is_primary: index == 0,
    });
    Ok(NewTenant {
        slug: town.slug.clone(),
        name: town.name.clone(),
        zone: town.zone.clone(),
        cell,
        hosts: hosts.collect(),
    })
}

pub(super) async fn print(
    folders: &[PathBuf],
    primary_host: Option<&str>,
    access: &Access,
    out: &mut impl Write,
) -> anyhow::Result<u8> {
    let mut code = 0;
    for folder in folders {
        code = code.max(print_one(folder, primary_host, access, out).await?);
    }
    Ok(code)
}

async fn print_one(
    folder: &Path,
    primary_host: Option<&str>,
    access: &Access,
    out: &mut impl Write,
) -> anyhow::Result<u8> {
    let mut pack = match inspect(folder)? {
        Ok(pack) => pack,
        Err(problems) => {
            print_problems(folder, &problems, out)?;
            return Ok(PROBLEMS);
        }
    };
    let slug = pack.town.tenant.slug.clone();
    if let Some(host) = primary_host {
        let host = host.replace("{slug}", slug.as_str());
        anyhow::ensure!(
            pack.town.tenant.put_first(&host),
            "--primary-host “{host}” is no host: expected a name such as www.werne.de or werne.localhost:8080"
        );
    }
    let applied = apply(&pack, access).await.with_context(|| format!("the town {slug} could not be applied"))?;
    plan::print_changes(&applied.changes, out)?;
    let done = match applied.changes.len() {
        0 => "nothing to change".to_owned(),
        number => format!("{} made", counted(number, "change", "changes")),
    };
    writeln!(out, "{slug}: {done}")?;
    Ok(0)
}
