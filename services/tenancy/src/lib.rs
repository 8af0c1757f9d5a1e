//! Towns as tenants: which exist, where they answer, and the only door to their data.
//!
//! A town's tables live in a PostgreSQL schema of its own. [`TenantTx`] is the one way in; this crate is
//! the only code that names a schema or a role.

mod admin;
mod db;
mod directory;
pub mod i18n;
pub mod migrate;
pub mod pack;
pub mod provision;
mod slug;
mod tenant;
pub mod theme;
pub mod town;
mod tx;

pub use admin::Admin;
pub use db::{Db, DbConfig, DbError};
pub use directory::{Directory, Resolved};
pub use slug::{BadSlug, CellName, TenantSlug};
pub use tenant::{Tenant, TenantHost};
pub use tx::{PlatformTx, TenantTx};
