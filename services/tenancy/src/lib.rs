//! Towns as tenants: which exist, where they answer, and the only door to their data.
//!
//! A town's tables live in a PostgreSQL schema of its own. [`TenantTx`] is the one way in; this crate is
//! the only code that names a schema or a role.

mod db;
mod slug;
mod tenant;
mod tx;

pub use db::{Db, DbConfig, DbError};
pub use slug::{BadSlug, CellName, TenantSlug};
pub use tenant::{Tenant, TenantHost};
pub use tx::{PlatformTx, TenantTx};
