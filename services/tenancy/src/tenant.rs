//! One town as the platform knows it.

use jiff::tz::TimeZone;

use crate::{CellName, TenantSlug};

/// A town: its name, where its data lies, and where its pages answer.
#[derive(Clone, Debug)]
pub struct Tenant {
    /// Short name, stable for ever.
    pub slug: TenantSlug,
    /// Official name, such as “Stadt Werne”.
    pub name: String,
    /// The database cluster that holds the town's schema.
    pub cell: CellName,
    /// The town's IANA time zone. All its wall-clock times are meant there.
    pub zone: TimeZone,
    /// Hosts and base paths, the primary one first.
    pub hosts: Vec<TenantHost>,
    /// Whether the town's pages answer (`active`).
    pub is_active: bool,
}

/// A host and the path under which a town answers there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TenantHost {
    /// Lower case, with the port only where it is part of the address.
    pub host: String,
    /// Such as `/terminvergabe`, without a slash at the end.
    pub base_path: String,
    /// Links in mails lead here.
    pub is_primary: bool,
}
