//! The offices' part of a town pack: `offices.toml`.

mod apply;
mod check;
mod entries;
mod load;

use tenancy::TenantTx;
use tenancy::pack::{Change, PackDir, Problem, TomlFile, diff, to_toml};

pub use entries::{ClosureEntry, CounterEntry, Day, LocationEntry, OfficesFile, OpeningEntry};

/// Name of the file.
const OFFICES: &str = "offices.toml";

/// A town's offices, counters, hours and closures as a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfficesPart {
    /// `offices.toml`.
    pub file: OfficesFile,
}

impl OfficesPart {
    /// Reads and checks the offices of a pack. `concerns`: the keys of the pack's catalogue, if that could be read.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn read(pack: &PackDir, concerns: Option<&[&str]>) -> Result<Self, Vec<Problem>> {
        let file = TomlFile::<OfficesFile>::parse(pack, OFFICES)?;
        let problems = check::check(&file, concerns);
        if problems.is_empty() { Ok(Self { file: file.value }) } else { Err(problems) }
    }

    /// What the database holds. Offices and counters that are no longer in use are left out.
    ///
    /// # Errors
    /// The database's own.
    pub async fn load(tx: &mut TenantTx) -> anyhow::Result<Self> {
        Ok(Self { file: load::load(tx).await? })
    }

    /// What would change from `old` (none: nothing is there yet).
    ///
    /// # Errors
    /// If a value can't be written as TOML, which our types rule out.
    pub fn diff(old: Option<&Self>, new: &Self) -> anyhow::Result<Vec<Change>> {
        diff(OFFICES, old.map(|old| &old.file), &new.file)
    }

    /// Makes the database hold these offices; the catalogue must be there already. A counter or an office that has ever
    /// had an appointment is not deleted, only no longer used.
    ///
    /// # Errors
    /// The database's own.
    pub async fn apply(&self, tx: &mut TenantTx) -> anyhow::Result<()> {
        apply::apply(tx, &self.file).await
    }

    /// Puts the file into a pack.
    ///
    /// # Errors
    /// If a value can't be written as TOML, which our types rule out.
    pub fn write(&self, pack: &mut PackDir) -> anyhow::Result<()> {
        pack.insert(OFFICES, to_toml(&self.file)?);
        Ok(())
    }

    /// What the town has yet to confirm: which entry, and the key within it.
    pub fn to_confirm(&self) -> impl Iterator<Item = (String, &str)> {
        let OfficesFile { location, counter, opening, closure } = &self.file;
        let locations = location.iter().map(|it| (format!("location {}", it.key), &it.to_confirm));
        let counters = counter.iter().map(|it| (format!("counter {}", it.key), &it.to_confirm));
        let openings = opening.iter().map(|it| (format!("opening {}", it.label()), &it.to_confirm));
        let closures = closure.iter().map(|it| (format!("closure {}", it.first), &it.to_confirm));
        locations
            .chain(counters)
            .chain(openings)
            .chain(closures)
            .flat_map(|(entry, keys)| keys.iter().map(move |key| (entry.clone(), key.as_str())))
    }
}
