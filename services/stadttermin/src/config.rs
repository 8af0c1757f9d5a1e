//! What a deployment says in its environment. Every complaint tells what to set.

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::str::FromStr;

use anyhow::{Context, bail, ensure};
use sqlx::postgres::PgConnectOptions;
use tenancy::{Admin, CellName, DbConfig, TenantSlug};
use web::Network;

const DATABASE: &str = "DATABASE_URL";
const ADMIN_DATABASE: &str = "STADTTERMIN_ADMIN_DATABASE_URL";
const LISTEN: &str = "STADTTERMIN_LISTEN";
const SMTP: &str = "STADTTERMIN_SMTP_URL";
const SECRET: &str = "STADTTERMIN_SECRET";
const PROXIES: &str = "STADTTERMIN_TRUSTED_PROXIES";
const CONNECTIONS: &str = "STADTTERMIN_DB_CONNECTIONS";

/// Shortest secret, in bytes: what HMAC-SHA256 puts out.
const SECRET_BYTES: usize = 32;

/// The environment variables of this process.
#[derive(Clone, Debug)]
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// Those of this process. One that is empty counts as not set.
    pub fn of_process() -> Self {
        Self(
            std::env::vars_os()
                .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
                .collect(),
        )
    }

    /// `STADTTERMIN_LISTEN`: where to answer, 127.0.0.1:8080 unless said otherwise.
    ///
    /// # Errors
    /// If it is no address with a port.
    pub fn listen(&self) -> anyhow::Result<SocketAddr> {
        let text = self.find(LISTEN).unwrap_or("127.0.0.1:8080");
        text.parse()
            .with_context(|| format!("{LISTEN} is “{text}”: expected an address and a port such as 0.0.0.0:8080"))
    }

    /// `STADTTERMIN_SMTP_URL`: the server that takes our mails.
    ///
    /// # Errors
    /// If it is not set: without mails nobody gets a confirmation, so nothing starts.
    pub fn smtp(&self) -> anyhow::Result<&str> {
        self.get(
            SMTP,
            "the mail server, such as smtps://user:password@mail.example.de or smtp://mail.example.de:587?tls=required",
        )
    }

    /// `STADTTERMIN_SECRET`: what citizens' links are derived from. The same in all processes, and kept for good.
    ///
    /// # Errors
    /// If it is not set or shorter than 32 bytes.
    pub fn secret(&self) -> anyhow::Result<&[u8]> {
        let secret =
            self.get(SECRET, "at least 32 random characters, such as from: openssl rand -base64 48")?.as_bytes();
        let length = secret.len();
        ensure!(
            length >= SECRET_BYTES,
            "{SECRET} has {length} bytes: at least {SECRET_BYTES} are needed, such as from: openssl rand -base64 48"
        );
        Ok(secret)
    }

    /// `STADTTERMIN_TRUSTED_PROXIES`: whose `X-Forwarded-*` headers are believed; nobody's unless set.
    ///
    /// # Errors
    /// If an entry is no address and no network.
    pub fn trusted_proxies(&self) -> anyhow::Result<Vec<Network>> {
        let entries =
            self.find(PROXIES).unwrap_or_default().split(',').map(str::trim).filter(|entry| !entry.is_empty());
        let networks: Result<_, _> = entries.map(Network::from_str).collect();
        networks.with_context(|| format!("{PROXIES} is a list such as 10.0.0.0/8, 192.0.2.7"))
    }

    /// `DATABASE_URL`, `STADTTERMIN_CELL_<NAME>_DATABASE_URL` and `STADTTERMIN_DB_CONNECTIONS`: the cells, as the
    /// application reaches them.
    ///
    /// # Errors
    /// If the first one is missing or one is not readable.
    pub fn database(&self) -> anyhow::Result<DbConfig> {
        let main = self.get(
            DATABASE,
            "the database as the application's role, such as postgres://stadttermin_app:…@db/stadttermin",
        )?;
        let connections = self.find(CONNECTIONS).unwrap_or("6");
        let max_connections = connections.parse().ok().filter(|number| (3..=100).contains(number));
        let max_connections = max_connections.with_context(|| {
            format!("{CONNECTIONS} is “{connections}”: expected how many connections to each cell, 3 to 100")
        })?;
        Ok(DbConfig { cells: self.cells(main, "_DATABASE_URL")?, max_connections })
    }

    /// `STADTTERMIN_ADMIN_DATABASE_URL` and `STADTTERMIN_CELL_<NAME>_ADMIN_DATABASE_URL`: the cells, as their owner
    /// reaches them. The role in `DATABASE_URL` is the one that gets the application's rights.
    ///
    /// # Errors
    /// If one of the two for the first cell is missing, or one is not readable.
    pub fn admin(&self) -> anyhow::Result<Admin> {
        let main = self.get(ADMIN_DATABASE, "the database as the role that owns it and may create roles")?;
        let app = self.get(DATABASE, "the database as the application's role: that role gets the rights")?;
        let app = PgConnectOptions::from_str(app).with_context(|| format!("{DATABASE} is not readable"))?;
        Admin::new(self.cells(main, "_ADMIN_DATABASE_URL")?, app.get_username())
    }

    /// The first cell and those that have a variable of their own; `NORD_2` in its name is the cell `nord-2`.
    fn cells(&self, main: &str, ending: &str) -> anyhow::Result<BTreeMap<CellName, String>> {
        let mut cells = BTreeMap::from([(CellName::main(), main.to_owned())]);
        for (variable, address) in &self.0 {
            let name = variable.strip_prefix("STADTTERMIN_CELL_").and_then(|rest| rest.strip_suffix(ending));
            // The administrator's variables end like the application's.
            let Some(name) = name.filter(|name| !name.ends_with("_ADMIN") && !address.is_empty()) else { continue };
            let cell = CellName::parse(&name.to_ascii_lowercase().replace('_', "-"));
            cells.insert(cell.with_context(|| format!("{variable} names no cell"))?, address.clone());
        }
        for (cell, address) in &cells {
            if PgConnectOptions::from_str(address).is_err() {
                bail!(
                    "the address of the cell “{cell}” (…{ending}) is not readable: expected postgres://role:password@host/database"
                );
            }
        }
        Ok(cells)
    }

    /// `STADTTERMIN_OIDC_SECRET_<TOWN>`: our secret at a town's identity provider; `PORTA_WESTFALICA` is the town
    /// `porta-westfalica`.
    ///
    /// # Errors
    /// If a name is no town's.
    pub fn provider_secrets(&self) -> anyhow::Result<HashMap<TenantSlug, String>> {
        let mut secrets = HashMap::new();
        for (variable, secret) in &self.0 {
            let Some(name) = variable.strip_prefix("STADTTERMIN_OIDC_SECRET_") else { continue };
            let town = TenantSlug::parse(&name.to_ascii_lowercase().replace('_', "-"));
            let town = town.with_context(|| format!("{variable} names no town"))?;
            if !secret.is_empty() {
                secrets.insert(town, secret.clone());
            }
        }
        Ok(secrets)
    }

    fn find(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    fn get(&self, name: &str, what: &str) -> anyhow::Result<&str> {
        self.find(name).with_context(|| format!("{name} is not set. Set it to {what}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Environment {
        Environment(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn without_a_mail_server_or_a_secret_nothing_starts_and_the_reason_is_said() {
        let nothing = environment(&[(SMTP, "")]);
        assert!(nothing.smtp().unwrap_err().to_string().contains("STADTTERMIN_SMTP_URL is not set"));
        assert!(nothing.secret().unwrap_err().to_string().contains("openssl rand"));
        assert!(environment(&[(SECRET, "short")]).secret().unwrap_err().to_string().contains("has 5 bytes"));
        assert_eq!(environment(&[(SECRET, &"x".repeat(32))]).secret().unwrap().len(), 32);
    }

    #[test]
    fn cells_are_read_from_their_variables() {
        let environment = environment(&[
            (DATABASE, "postgres://app:x@one/db"),
            (ADMIN_DATABASE, "postgres://owner:x@one/db"),
            ("STADTTERMIN_CELL_NORD_2_DATABASE_URL", "postgres://app:x@two/db"),
            ("STADTTERMIN_CELL_NORD_2_ADMIN_DATABASE_URL", "postgres://owner:x@two/db"),
            (CONNECTIONS, "4"),
        ]);
        let config = environment.database().unwrap();
        let cells: Vec<_> = config.cells.iter().map(|(cell, address)| (cell.as_str(), address.as_str())).collect();
        assert_eq!(cells, [("main", "postgres://app:x@one/db"), ("nord-2", "postgres://app:x@two/db")]);
        assert_eq!(config.max_connections, 4);
        let admin = environment.admin().unwrap();
        assert_eq!(admin.app_role(), "app");
        assert_eq!(admin.address(&CellName::parse("nord-2").unwrap()).unwrap(), "postgres://owner:x@two/db");
    }

    #[test]
    fn secrets_of_identity_providers_are_named_after_their_town() {
        let environment = environment(&[
            ("STADTTERMIN_OIDC_SECRET_PORTA_WESTFALICA", "streng geheim"),
            ("STADTTERMIN_OIDC_SECRET_WERNE", ""),
        ]);
        let secrets = environment.provider_secrets().unwrap();
        assert_eq!(secrets.len(), 1);
        assert_eq!(secrets[&TenantSlug::parse("porta-westfalica").unwrap()], "streng geheim");
    }

    #[test]
    fn what_is_not_readable_is_named() {
        let bad =
            environment(&[(DATABASE, "werne"), (LISTEN, "8080"), (PROXIES, "10.0.0.0/8, werne"), (CONNECTIONS, "0")]);
        assert!(bad.listen().unwrap_err().to_string().contains("STADTTERMIN_LISTEN"));
        assert!(bad.trusted_proxies().unwrap_err().to_string().contains("STADTTERMIN_TRUSTED_PROXIES"));
        assert!(bad.database().unwrap_err().to_string().contains("STADTTERMIN_DB_CONNECTIONS"));
        assert!(bad.admin().unwrap_err().to_string().contains("STADTTERMIN_ADMIN_DATABASE_URL"));
        let unreadable = environment(&[(DATABASE, "werne")]).database().unwrap_err().to_string();
        assert!(unreadable.contains("“main”"), "{unreadable}");
    }
}
