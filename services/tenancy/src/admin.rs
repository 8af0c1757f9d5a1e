//! The owner's way into the cells: for migrations and for new towns, never for requests.

use std::collections::BTreeMap;
use std::str::FromStr;

use anyhow::Context;
use sqlx::ConnectOptions;
use sqlx::postgres::{PgConnectOptions, PgConnection};

use crate::CellName;

/// How to reach every cell as the role that owns the platform's schemas and may create roles.
#[derive(Clone, Debug)]
pub struct Admin {
    addresses: BTreeMap<CellName, String>,
    app_role: String,
}

impl Admin {
    /// `addresses` names each cell's database, `app_role` the role that the application logs in as.
    ///
    /// # Errors
    /// If the first cell is missing, or the role's name would have to be quoted in SQL.
    pub fn new(addresses: BTreeMap<CellName, String>, app_role: &str) -> anyhow::Result<Self> {
        anyhow::ensure!(addresses.contains_key(&CellName::main()), "no administrator's address for the cell “main”");
        let plain = app_role.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
            && app_role.len() <= 63
            && app_role.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        anyhow::ensure!(
            plain,
            "the application's database role “{app_role}” has a name that needs quoting: \
             expected lower-case letters, digits and underscores"
        );
        Ok(Self { addresses, app_role: app_role.to_owned() })
    }

    /// The role the application logs in as. Safe in SQL text.
    pub fn app_role(&self) -> &str {
        &self.app_role
    }

    /// The cells there are.
    pub fn cells(&self) -> impl Iterator<Item = &CellName> {
        self.addresses.keys()
    }

    /// The address of one cell.
    ///
    /// # Errors
    /// If no address is known for it.
    pub fn address(&self, cell: &CellName) -> anyhow::Result<&str> {
        let address = self.addresses.get(cell).map(String::as_str);
        address.with_context(|| format!("no administrator's address for the cell “{cell}”"))
    }

    /// A connection of its own: a pool would hand session locks and settings on to the next borrower.
    ///
    /// # Errors
    /// If the cell is unknown or cannot be reached.
    pub async fn connect(&self, cell: &CellName) -> anyhow::Result<PgConnection> {
        let options = PgConnectOptions::from_str(self.address(cell)?)
            .with_context(|| format!("the administrator's address of the cell “{cell}” is not readable"))?
            .application_name("stadttermin-admin");
        options.connect().await.with_context(|| format!("cannot reach the cell “{cell}” as administrator"))
    }
}
