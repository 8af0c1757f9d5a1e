//! The catalogue's part of a town pack: `catalog.toml` and `forms/`.

mod apply;
mod check;
mod entries;
mod euros;
mod load;
mod preview;

use std::collections::BTreeMap;

use tenancy::TenantTx;
use tenancy::pack::{Change, ChangeKind, PackDir, Problem, TomlFile, diff, to_toml};

pub use entries::{
    BookingWay, CatalogFile, CategoryEntry, ConcernEntry, DocumentEntry, FeeEntry, FormEntry, NeededDocument,
};
pub use euros::Euros;

/// Name of the file.
const CATALOG: &str = "catalog.toml";
/// Folder of the forms.
const FORMS: &str = "forms/";

/// A town's catalogue as files.
#[derive(Clone, Debug, PartialEq)]
pub struct CatalogPart {
    /// `catalog.toml`.
    pub file: CatalogFile,
    /// The forms by file name.
    pub forms: BTreeMap<String, Vec<u8>>,
}

impl CatalogPart {
    /// Reads and checks the catalogue of a pack; `longest_minutes` is the town's longest appointment, if that is known.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn read(pack: &PackDir, longest_minutes: Option<u16>) -> Result<Self, Vec<Problem>> {
        let file = TomlFile::<CatalogFile>::parse(pack, CATALOG)?;
        let problems = check::check(&file, pack, longest_minutes);
        if !problems.is_empty() {
            return Err(problems);
        }
        let content = |form: &FormEntry| Some((form.file.clone(), pack.bytes(&form.path())?.to_vec()));
        let forms = file.value.form.iter().filter_map(content).collect();
        let mut file = file.value;
        file.normalise();
        Ok(Self { file, forms })
    }

    /// What the database holds. Concerns that are no longer offered are left out.
    ///
    /// # Errors
    /// The database's own.
    pub async fn load(tx: &mut TenantTx) -> anyhow::Result<Self> {
        load::load(tx).await
    }

    /// What would change from `old` (none: nothing is there yet).
    ///
    /// # Errors
    /// If a value can't be written as TOML, which our types rule out.
    pub fn diff(old: Option<&Self>, new: &Self) -> anyhow::Result<Vec<Change>> {
        let mut changes = diff(CATALOG, old.map(|old| &old.file), &new.file)?;
        for (file, content) in &new.forms {
            let before = old.and_then(|old| old.forms.get(file));
            if before != Some(content) {
                let kind = if before.is_none() { ChangeKind::Add } else { ChangeKind::Change };
                let detail = format!("{} bytes", content.len());
                changes.push(Change { section: "forms".to_owned(), key: file.clone(), kind, detail });
            }
        }
        Ok(changes)
    }

    /// Makes the database hold this catalogue. A concern that has ever been booked is not deleted, only no longer
    /// offered.
    ///
    /// # Errors
    /// The database's own.
    pub async fn apply(&self, tx: &mut TenantTx) -> anyhow::Result<()> {
        apply::apply(tx, self).await
    }

    /// Puts the files into a pack.
    ///
    /// # Errors
    /// If a value can't be written as TOML, which our types rule out.
    pub fn write(&self, pack: &mut PackDir) -> anyhow::Result<()> {
        pack.insert(CATALOG, to_toml(&self.file)?);
        for (file, content) in &self.forms {
            pack.insert(format!("{FORMS}{file}"), content.as_slice());
        }
        Ok(())
    }

    /// What the town has yet to confirm: the concern's key, and the key within its entry.
    pub fn to_confirm(&self) -> impl Iterator<Item = (&str, &str)> {
        self.file.concern.iter().flat_map(|c| c.to_confirm.iter().map(|key| (c.key.as_str(), key.as_str())))
    }
}
