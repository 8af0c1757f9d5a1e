//! Town packs: a town as files, in `tenants/<slug>/`.
//!
//! This module holds what all parts of a pack share: the folder, its TOML files with line numbers, what is wrong
//! with them, and how two packs differ. The town's own part (`tenant.toml`, `theme.toml`, `logo.svg`, `texts/`) is
//! [`TownPart`]; `catalog` and `schedule` have theirs.

mod change;
mod dir;
mod logo;
mod probing;
mod problem;
mod spelling;
mod tenant_check;
mod tenant_file;
#[cfg(test)]
mod tests;
mod texts;
mod toml_file;
mod town_part;
mod words;
mod writing;

pub use change::{Change, ChangeKind, diff};
pub use dir::PackDir;
pub use problem::Problem;
pub use spelling::{is_phone, is_web_address};
pub use tenant_file::{Contact, HostEntry, Payment, TenantFile};
pub use toml_file::TomlFile;
pub use town_part::TownPart;
pub use writing::to_toml;
