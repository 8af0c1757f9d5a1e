//! A whole town pack: the town, its catalogue and its offices.

use std::fmt;

use catalog::pack::CatalogPart;
use schedule::pack::OfficesPart;
use tenancy::TenantTx;
use tenancy::pack::{Change, PackDir, Problem, TownPart};

/// What a pack may hold besides the folders `texts` and `forms`.
const FILES: [&str; 6] = ["tenant.toml", "theme.toml", "logo.svg", "catalog.toml", "offices.toml", "README.md"];

/// A town as its pack describes it.
#[derive(Clone, Debug, PartialEq)]
pub struct TownPack {
    /// Who the town is, how it looks, what it says.
    pub town: TownPart,
    /// What citizens come for.
    pub catalog: CatalogPart,
    /// Where they go, and when.
    pub offices: OfficesPart,
}

/// Something the town has yet to confirm before go-live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unconfirmed {
    /// File of the pack.
    pub file: &'static str,
    /// Which entry and which key.
    pub what: String,
}

impl fmt::Display for Unconfirmed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.what)
    }
}

impl TownPack {
    /// Reads and checks a pack.
    ///
    /// # Errors
    /// Everything that is wrong with it, in the order of files and lines.
    pub fn read(folder: &PackDir) -> Result<Self, Vec<Problem>> {
        let mut problems = strangers(folder);
        let town = TownPart::read(folder).map_err(|found| problems.extend(found)).ok();
        let longest = town.as_ref().map(|town| town.tenant.rules.max_total_minutes);
        let catalog = CatalogPart::read(folder, longest).map_err(|found| problems.extend(found)).ok();
        let concerns: Option<Vec<&str>> =
            catalog.as_ref().map(|part| part.file.concern.iter().map(|concern| concern.key.as_str()).collect());
        let offices = OfficesPart::read(folder, concerns.as_deref()).map_err(|found| problems.extend(found)).ok();
        problems.sort();
        match (town, catalog, offices) {
            (Some(town), Some(catalog), Some(offices)) if problems.is_empty() => Ok(Self { town, catalog, offices }),
            _ => Err(problems),
        }
    }

    /// What the database holds, if a pack has been applied.
    ///
    /// # Errors
    /// The database's own.
    pub async fn load(tx: &mut TenantTx) -> anyhow::Result<Option<Self>> {
        let Some(town) = TownPart::load(tx).await? else { return Ok(None) };
        let (catalog, offices) = (CatalogPart::load(tx).await?, OfficesPart::load(tx).await?);
        Ok(Some(Self { town, catalog, offices }))
    }

    /// What would change from `old` (none: nothing is there yet).
    ///
    /// # Errors
    /// If a value can't be written as TOML, which our types rule out.
    pub fn diff(old: Option<&Self>, new: &Self) -> anyhow::Result<Vec<Change>> {
        let mut changes = TownPart::diff(old.map(|old| &old.town), &new.town)?;
        changes.extend(CatalogPart::diff(old.map(|old| &old.catalog), &new.catalog)?);
        changes.extend(OfficesPart::diff(old.map(|old| &old.offices), &new.offices)?);
        Ok(changes)
    }

    /// Makes the town's tables say what the pack says.
    ///
    /// # Errors
    /// The database's own.
    pub async fn apply(&self, tx: &mut TenantTx) -> anyhow::Result<()> {
        self.town.apply(tx).await?;
        self.catalog.apply(tx).await?;
        self.offices.apply(tx).await?;
        Ok(())
    }

    /// The pack as files.
    ///
    /// # Errors
    /// If a value can't be written as TOML, which our types rule out.
    pub fn files(&self) -> anyhow::Result<PackDir> {
        let mut folder = PackDir::default();
        self.town.write(&mut folder)?;
        self.catalog.write(&mut folder)?;
        self.offices.write(&mut folder)?;
        Ok(folder)
    }

    /// What the town has yet to confirm.
    pub fn unconfirmed(&self) -> Vec<Unconfirmed> {
        let town = self.town.tenant.to_confirm.iter();
        let town = town.map(|key| Unconfirmed { file: "tenant.toml", what: key.clone() });
        let catalog = self.catalog.to_confirm();
        let catalog = catalog
            .map(|(concern, key)| Unconfirmed { file: "catalog.toml", what: format!("concern {concern}: {key}") });
        let offices = self.offices.to_confirm();
        let offices = offices.map(|(entry, key)| Unconfirmed { file: "offices.toml", what: format!("{entry}: {key}") });
        town.chain(catalog).chain(offices).collect()
    }
}

/// Files that no part of a pack reads: misspelt, or in the wrong place.
fn strangers(folder: &PackDir) -> Vec<Problem> {
    let known = |name: &str| FILES.contains(&name) || name.starts_with("texts/") || name.starts_with("forms/");
    folder
        .names()
        .filter(|name| !known(name))
        .map(|name| Problem::of_file(name, format!("unexpected file; expected {}, texts/, forms/", FILES.join(", "))))
        .collect()
}
