//! Which town answers where: the directory of towns, kept in memory and read anew every few seconds.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use jiff::tz::TimeZone;

use crate::{CellName, Db, Tenant, TenantHost, TenantSlug};

/// All towns of the deployment. Reading never waits.
#[derive(Debug, Default)]
pub struct Directory {
    towns: ArcSwap<Towns>,
}

#[derive(Debug, Default)]
struct Towns {
    by_slug: BTreeMap<TenantSlug, Arc<Tenant>>,
    /// Base paths of each host, the longest first.
    by_host: HashMap<String, Vec<(String, Arc<Tenant>)>>,
}

/// An address that belongs to a town.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// Whose it is.
    pub tenant: Arc<Tenant>,
    /// Such as `/terminvergabe`.
    pub base_path: String,
    /// The path below it, always with a slash in front.
    pub rest: String,
}

impl Directory {
    /// Reads the directory.
    ///
    /// # Errors
    /// The database's own.
    pub async fn load(db: &Db) -> anyhow::Result<Self> {
        Ok(Self { towns: ArcSwap::from_pointee(read(db).await?) })
    }

    /// Takes over what has changed since.
    ///
    /// # Errors
    /// The database's own; then the directory stays as it was.
    pub async fn refresh(&self, db: &Db) -> anyhow::Result<()> {
        self.towns.store(Arc::new(read(db).await?));
        Ok(())
    }

    /// Refreshes for ever. A database that does not answer is logged, and the towns stay as they were.
    pub async fn keep_fresh(&self, db: &Db, every: Duration) {
        loop {
            tokio::time::sleep(every).await;
            if let Err(error) = self.refresh(db).await {
                tracing::warn!("the directory of towns could not be read: {error:#}");
            }
        }
    }

    /// The active town that answers at `host` (with its port, if one was named) and `path`.
    ///
    /// The directory's own writing of a host counts, port included; a request may leave out or spell out only the
    /// two ports that addresses need not name, 80 and 443.
    pub fn resolve(&self, host: &str, path: &str) -> Option<Resolved> {
        let towns = self.towns.load();
        let host = host.to_ascii_lowercase();
        let paths = spellings(&host).find_map(|host| towns.by_host.get(host))?;
        let (base_path, tenant) = paths.iter().find(|(base_path, _)| is_below(path, base_path))?;
        let rest = &path[base_path.len()..];
        let rest = if rest.is_empty() { "/" } else { rest };
        Some(Resolved { tenant: Arc::clone(tenant), base_path: base_path.clone(), rest: rest.to_owned() })
    }

    /// A town by its short name, whether active or not.
    pub fn by_slug(&self, slug: &TenantSlug) -> Option<Arc<Tenant>> {
        self.towns.load().by_slug.get(slug).cloned()
    }

    /// All towns by their short names, whether active or not.
    pub fn all(&self) -> Vec<Arc<Tenant>> {
        self.towns.load().by_slug.values().cloned().collect()
    }
}

/// The ways a host may stand in the directory: as asked for, without the default port, without the root's full stop.
fn spellings(host: &str) -> impl Iterator<Item = &str> {
    let without_port = host.strip_suffix(":443").or_else(|| host.strip_suffix(":80"));
    let bare = without_port.unwrap_or(host);
    [Some(host), without_port, bare.strip_suffix('.')].into_iter().flatten()
}

fn is_below(path: &str, base_path: &str) -> bool {
    path.strip_prefix(base_path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

async fn read(db: &Db) -> anyhow::Result<Towns> {
    type TownRow = (String, String, String, String, bool);
    type HostRow = (String, String, String, bool);
    let mut tx = db.platform_tx().await?;
    let towns: Vec<TownRow> =
        sqlx::query_as("SELECT slug, name, cell, zone, state = 'active' FROM platform.tenant ORDER BY slug")
            .fetch_all(tx.conn())
            .await?;
    let hosts: Vec<HostRow> = sqlx::query_as(
        "SELECT tenant, host, base_path, is_primary FROM platform.tenant_host ORDER BY is_primary DESC, host, base_path",
    )
    .fetch_all(tx.conn())
    .await?;
    tx.commit().await?;

    let mut hosts_of: HashMap<String, Vec<TenantHost>> = HashMap::new();
    for (tenant, host, base_path, is_primary) in hosts {
        hosts_of.entry(tenant).or_default().push(TenantHost { host, base_path, is_primary });
    }
    let read = towns.into_iter().filter_map(|(slug, name, cell, zone, is_active)| {
        let hosts = hosts_of.remove(&slug).unwrap_or_default();
        let town = tenant(&slug, name, &cell, &zone, is_active, hosts);
        // One unreadable row must not take the other towns off the air.
        town.inspect_err(|error| tracing::error!(town = slug, "left out of the directory: {error:#}")).ok()
    });
    Ok(Towns::new(read))
}

fn tenant(
    slug: &str,
    name: String,
    cell: &str,
    zone: &str,
    is_active: bool,
    hosts: Vec<TenantHost>,
) -> anyhow::Result<Tenant> {
    let (slug, cell) = (TenantSlug::parse(slug)?, CellName::parse(cell)?);
    Ok(Tenant { slug, name, cell, zone: TimeZone::get(zone)?, hosts, is_active })
}

impl Towns {
    fn new(towns: impl Iterator<Item = Tenant>) -> Self {
        let mut all = Self::default();
        for tenant in towns.map(Arc::new) {
            for TenantHost { host, base_path, .. } in tenant.hosts.iter().filter(|_| tenant.is_active) {
                all.by_host.entry(host.clone()).or_default().push((base_path.clone(), Arc::clone(&tenant)));
            }
            all.by_slug.insert(tenant.slug.clone(), tenant);
        }
        for paths in all.by_host.values_mut() {
            paths.sort_by_key(|(base_path, _)| std::cmp::Reverse(base_path.len()));
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn town(slug: &str, hosts: &[(&str, &str)], is_active: bool) -> Tenant {
        let hosts = hosts.iter().enumerate().map(|(position, (host, base_path))| TenantHost {
            host: (*host).to_owned(),
            base_path: (*base_path).to_owned(),
            is_primary: position == 0,
        });
        tenant(slug, slug.to_owned(), "main", "Europe/Berlin", is_active, hosts.collect()).unwrap()
    }

    fn directory() -> Directory {
        let towns = [
            town("werne", &[("www.werne.de", "/terminvergabe"), ("werne.localhost:8080", "/terminvergabe")], true),
            town("kreis", &[("www.werne.de", "/terminvergabe/kreis"), ("kreis.example", "/termine")], true),
            town("gone", &[("gone.example", "/termine")], false),
        ];
        Directory { towns: ArcSwap::from_pointee(Towns::new(towns.into_iter())) }
    }

    fn found(host: &str, path: &str) -> Option<(String, String)> {
        directory().resolve(host, path).map(|it| (it.tenant.slug.to_string(), it.rest))
    }

    #[test]
    fn host_and_base_path_name_the_town() {
        let is = |slug: &str, rest: &str| Some((slug.to_owned(), rest.to_owned()));
        assert_eq!(found("www.werne.de", "/terminvergabe"), is("werne", "/"));
        assert_eq!(found("www.werne.de", "/terminvergabe/"), is("werne", "/"));
        assert_eq!(found("WWW.Werne.de", "/terminvergabe/termin"), is("werne", "/termin"));
        assert_eq!(found("www.werne.de", "/terminvergabe/kreis/x"), is("kreis", "/x"), "the longer path wins");
        assert_eq!(found("www.werne.de", "/terminvergabeamt"), None, "a path ends at a slash");
        assert_eq!(found("www.werne.de", "/"), None);
        assert_eq!(found("kreis.example", "/terminvergabe"), None);
        assert_eq!(found("", "/terminvergabe"), None);
        assert_eq!(found("nobody.example", "/terminvergabe"), None);
    }

    #[test]
    fn only_a_port_that_need_not_be_named_may_differ() {
        for host in ["www.werne.de:443", "www.werne.de:80", "www.werne.de.", "www.werne.de.:443"] {
            assert!(found(host, "/terminvergabe").is_some(), "{host}");
        }
        for host in ["www.werne.de:8443", "www.werne.de:4430", "www.werne.de:", "werne.localhost", "werne.localhost:80"]
        {
            assert!(found(host, "/terminvergabe").is_none(), "{host}");
        }
        assert!(found("werne.localhost:8080", "/terminvergabe").is_some());
    }

    #[test]
    fn a_suspended_town_does_not_answer_but_is_known() {
        assert_eq!(found("gone.example", "/termine"), None);
        assert!(directory().by_slug(&TenantSlug::parse("gone").unwrap()).is_some());
        assert_eq!(directory().all().len(), 3);
    }
}
