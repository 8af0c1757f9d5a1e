//! Which earlier list the file is the next edition of: what is no longer in it is gone.

use std::io::Write;

use anyhow::{Context as _, bail};
use importer::batch::{self, Place, StepError};
use uuid::Uuid;

use super::ImportOptions;

/// Does as the command line says, if it says anything.
pub(super) async fn choose(options: &ImportOptions, place: &Place, id: Uuid) -> anyhow::Result<()> {
    if options.replaces.is_none() && !options.another {
        return Ok(());
    }
    let mut tx = place.db.tenant_tx(&place.tenant).await?;
    match batch::choose_edition(&mut tx, id, options.replaces.as_deref()).await {
        Ok(()) => Ok(tx.commit().await?),
        Err(StepError::NotFound) => {
            batch::discard(&mut tx, id).await?;
            tx.commit().await?;
            bail!("there is no list {}: the dry run names them", options.replaces.as_deref().unwrap_or_default())
        }
        Err(error) => Err(error).context("the edition"),
    }
}

/// Says what the file is compared with, and with what it could be.
pub(super) async fn say(place: &Place, id: Uuid, out: &mut (impl Write + Send)) -> anyhow::Result<()> {
    let editions = batch::editions(&mut place.db.tenant_tx(&place.tenant).await?, id).await?;
    if !editions.iter().any(|it| it.is_this) && !editions.is_empty() {
        writeln!(out, "another calendar than those before; --replaces LIST says otherwise:")?;
    }
    for it in editions {
        let (mark, last) = (if it.is_this { "the next edition of" } else { "no edition of" }, it.file_name);
        let last = last.unwrap_or_else(|| "an earlier file".to_owned());
        writeln!(out, "{mark} list {} ({last}): {} of {} ahead are in it again", it.origin, it.shared, it.ahead)?;
    }
    Ok(())
}
