//! The towns of the demo: their packs, at addresses that every browser finds on this machine.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use tenancy::Tenant;

use crate::tenant::{self, Access, inspect};

/// Applies the pack in `folder`, with `<slug>.localhost:<port>` as the town's primary host.
pub(super) async fn apply(folder: &Path, port: u16, access: &Access) -> anyhow::Result<Arc<Tenant>> {
    let mut pack = inspect(folder)?.map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        anyhow::anyhow!("das Stadtpaket {} hat Fehler:\n{}", folder.display(), lines.join("\n"))
    })?;
    let host = format!("{}.localhost:{port}", pack.town.tenant.slug);
    anyhow::ensure!(pack.town.tenant.put_first(&host), "{host} ist kein Hostname");
    let applied = tenant::apply(&pack, access).await;
    Ok(applied.with_context(|| format!("das Stadtpaket {}", folder.display()))?.tenant)
}
