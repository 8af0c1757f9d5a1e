//! The town's own part of a pack: `tenant.toml`, `theme.toml`, `logo.svg` and `texts/`.

use std::collections::BTreeMap;

use sqlx::types::Json;

use super::{Change, ChangeKind, PackDir, Problem, TenantFile, TomlFile, diff, logo, tenant_check, texts, to_toml};
use crate::TenantTx;
use crate::theme::{Theme, ThemeFile};
use crate::town::{Town, page_texts};

/// Names of the files.
const TENANT: &str = "tenant.toml";
const THEME: &str = "theme.toml";
const LOGO: &str = "logo.svg";

/// A town without its catalogue and offices.
#[derive(Clone, Debug, PartialEq)]
pub struct TownPart {
    /// `tenant.toml`.
    pub tenant: TenantFile,
    /// `theme.toml`, with what follows from it.
    pub theme: Theme,
    /// `logo.svg`.
    pub logo: String,
    /// `texts/`: Markdown by slug and language.
    pub texts: BTreeMap<(String, String), String>,
}

impl TownPart {
    /// Reads and checks the town's part of a pack.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn read(pack: &PackDir) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let tenant = TomlFile::<TenantFile>::parse(pack, TENANT).map_err(|found| problems.extend(found)).ok();
        let theme = TomlFile::<ThemeFile>::parse(pack, THEME).map_err(|found| problems.extend(found)).ok();
        let logo = logo::read(pack, LOGO).map_err(|found| problems.extend(found)).ok();
        if let Some(tenant) = &tenant {
            problems.extend(tenant_check::check(tenant));
        }
        if let Some(theme) = &theme {
            problems.extend(theme.value.poor().iter().map(|poor| theme.problem(poor.key, poor.to_string())));
        }
        let languages = tenant.as_ref().map(|tenant| tenant.value.languages.as_slice());
        let texts = texts::read(pack, languages).map_err(|found| problems.extend(found)).ok();
        match (tenant, theme, logo, texts) {
            (Some(tenant), Some(theme), Some(logo), Some(texts)) if problems.is_empty() => {
                let mut tenant = tenant.value;
                tenant.sort_hosts();
                Ok(Self { tenant, theme: theme.value.resolve(), logo, texts })
            }
            _ => Err(problems),
        }
    }

    /// What the database holds, if a pack has been applied.
    ///
    /// # Errors
    /// The database's own.
    pub async fn load(tx: &mut TenantTx) -> anyhow::Result<Option<Self>> {
        let Some(town) = Town::find(tx).await? else { return Ok(None) };
        let texts = page_texts(tx).await?.into_iter().map(|text| ((text.slug, text.language), text.markdown)).collect();
        let tenant = TenantFile::of(tx.tenant(), town.profile, town.rules);
        Ok(Some(Self { tenant, theme: town.theme, logo: town.logo, texts }))
    }

    /// What would change from `old` (none: nothing is there yet).
    ///
    /// # Errors
    /// If a value can't be written as TOML, which our types rule out.
    pub fn diff(old: Option<&Self>, new: &Self) -> anyhow::Result<Vec<Change>> {
        let mut changes = diff(TENANT, old.map(|old| &old.tenant), &new.tenant)?;
        changes.extend(diff(THEME, old.map(|old| &old.theme), &new.theme)?);
        if old.is_none_or(|old| old.logo != new.logo) {
            let kind = if old.is_none() { ChangeKind::Add } else { ChangeKind::Change };
            let detail = format!("{} bytes", new.logo.len());
            changes.push(Change { section: LOGO.to_owned(), key: "logo".to_owned(), kind, detail });
        }
        changes.extend(texts::diff(old.map(|old| &old.texts), &new.texts));
        Ok(changes)
    }

    /// Writes the town's row and texts. Host, name and zone are the directory's (`provision`).
    ///
    /// # Errors
    /// The database's own.
    pub async fn apply(&self, tx: &mut TenantTx) -> sqlx::Result<()> {
        sqlx::query(
            "INSERT INTO town (profile, rules, theme, logo) VALUES ($1, $2, $3, $4)
             ON CONFLICT (only_row) DO UPDATE
                SET profile = excluded.profile, rules = excluded.rules, theme = excluded.theme, logo = excluded.logo",
        )
        .bind(Json(self.tenant.profile()))
        .bind(Json(&self.tenant.rules))
        .bind(Json(&self.theme))
        .bind(&self.logo)
        .execute(tx.conn())
        .await?;
        texts::apply(tx, &self.texts).await
    }

    /// Puts the files into a pack.
    ///
    /// # Errors
    /// If a value can't be written as TOML, which our types rule out.
    pub fn write(&self, pack: &mut PackDir) -> anyhow::Result<()> {
        pack.insert(TENANT, to_toml(&self.tenant)?);
        pack.insert(THEME, to_toml(&ThemeFile::of(&self.theme))?);
        pack.insert(LOGO, self.logo.as_str());
        for ((slug, language), markdown) in &self.texts {
            pack.insert(format!("texts/{slug}.{language}.md"), markdown.as_str());
        }
        Ok(())
    }
}
