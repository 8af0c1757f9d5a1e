//! What can be asked of town packs on the command line.

use std::path::PathBuf;

use clap::Subcommand;
use tenancy::TenantSlug;

/// Reads, compares, applies and writes town packs.
#[derive(Clone, Debug, Subcommand)]
pub enum TenantCommand {
    /// Says what is wrong with packs, with file, line and what was expected; needs no database
    Check {
        /// Folders of packs, such as tenants/werne
        #[arg(required = true, value_name = "FOLDER")]
        folders: Vec<PathBuf>,
        /// Lists what the town has yet to confirm before go-live
        #[arg(long)]
        unconfirmed: bool,
    },
    /// Shows what `apply` would change (exit code 2 if anything)
    Plan {
        /// Folder of the pack
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
    },
    /// Makes towns as their packs say; changes nothing if they are so already, and never deletes what has bookings
    Apply {
        /// Folders of packs
        #[arg(required = true, value_name = "FOLDER")]
        folders: Vec<PathBuf>,
        /// A host that becomes the primary one: links in mails lead there ({slug} stands for the town's short name)
        #[arg(long, value_name = "HOST")]
        primary_host: Option<String>,
    },
    /// Writes a town's present state as a pack that can be applied again; comments of an earlier pack are not in it
    Export {
        /// Short name of the town
        #[arg(value_name = "SLUG", value_parser = TenantSlug::parse)]
        slug: TenantSlug,
        /// A folder that is new or empty
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
    },
}
