//! The real towns' packs in a test database.

use std::path::Path;

use stadttermin::tenant::{Access, apply, inspect};
use tenancy::{Admin, Db};

/// The towns whose packs the tests use.
const TOWNS: &[&str] = &["werne", "porta-westfalica"];

pub(crate) async fn apply_all(admin: Admin, db: Db) -> anyhow::Result<()> {
    let access = Access { admin, db };
    for town in TOWNS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tenants").join(town);
        let pack = inspect(&folder)?.map_err(|problems| anyhow::anyhow!("the pack of {town}: {problems:#?}"))?;
        apply(&pack, &access).await?;
    }
    access.db.close().await;
    Ok(())
}
