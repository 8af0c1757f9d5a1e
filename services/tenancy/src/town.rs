//! A town as its citizens meet it: who it is, by which rules it books, how it looks.

mod page_text;
mod profile;
mod rules;

use serde::de::DeserializeOwned;

use crate::TenantTx;
use crate::theme::Theme;

pub use page_text::{PageText, page_texts};
pub use profile::{Emergency, IdentityProvider, MailSender, Profile};
pub use rules::{PhoneField, Rules};

/// What every page of a town needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Town {
    /// Grows with every change to town, catalogue or offices: what was read before is then out of date.
    pub version: i64,
    /// Who the town is.
    pub profile: Profile,
    /// How it books.
    pub rules: Rules,
    /// Its colours.
    pub theme: Theme,
    /// Its logo, as SVG text.
    pub logo: String,
}

impl Town {
    /// Reads the town.
    ///
    /// # Errors
    /// The database's own; also if the town has not been applied yet.
    pub async fn load(tx: &mut TenantTx) -> anyhow::Result<Self> {
        let town = Self::find(tx).await?;
        town.ok_or_else(|| anyhow::anyhow!("the town {} has no pack yet: run `tenant apply`", tx.tenant().slug))
    }

    /// Makes a second change of the town wait until this transaction ends. Readers don't notice.
    ///
    /// # Errors
    /// The database's own.
    pub async fn lock(tx: &mut TenantTx) -> sqlx::Result<()> {
        sqlx::query("LOCK TABLE town IN SHARE ROW EXCLUSIVE MODE").execute(tx.conn()).await?;
        Ok(())
    }

    /// Tells every page that something about the town has changed.
    ///
    /// # Errors
    /// The database's own.
    pub async fn bump_version(tx: &mut TenantTx) -> sqlx::Result<()> {
        sqlx::query("UPDATE town SET version = version + 1").execute(tx.conn()).await?;
        Ok(())
    }

    /// Reads the town, if a pack has been applied already.
    ///
    /// # Errors
    /// The database's own.
    pub async fn find(tx: &mut TenantTx) -> anyhow::Result<Option<Self>> {
        type Row = (i64, serde_json::Value, serde_json::Value, serde_json::Value, String);
        let row: Option<Row> =
            sqlx::query_as("SELECT version, profile, rules, theme, logo FROM town").fetch_optional(tx.conn()).await?;
        let Some((version, profile, rules, theme, logo)) = row else { return Ok(None) };
        Ok(Some(Self {
            version,
            profile: stored("profile", profile)?,
            rules: stored("rules", rules)?,
            theme: stored("theme", theme)?,
            logo,
        }))
    }
}

fn stored<T: DeserializeOwned>(column: &str, value: serde_json::Value) -> anyhow::Result<T> {
    serde_json::from_value(value).map_err(|error| anyhow::anyhow!("town.{column} is not readable: {error}"))
}
