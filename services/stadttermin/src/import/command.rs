//! What can be asked of an import on the command line.

use std::path::PathBuf;

use clap::Args;
use tenancy::TenantSlug;

/// A file with appointments made before launch.
#[derive(Clone, Debug, Args)]
pub struct ImportOptions {
    /// Short name of the town, such as werne
    #[arg(long, value_name = "SLUG", value_parser = TenantSlug::parse)]
    pub town: TenantSlug,
    /// Outlook or other CSV, iCalendar, Excel, LibreOffice, or JSON lines
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Reads the file as this profile says, made on the town's pages
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// This is another calendar, whatever it has in common with an earlier one
    #[arg(long, conflicts_with = "replaces")]
    pub another: bool,
    /// This is the next edition of that list, though less than half of it is there again; the dry run names the lists
    #[arg(long, value_name = "LIST")]
    pub replaces: Option<String>,
    /// Makes appointments of the rows that are ready; without it nothing but the dry run is done
    #[arg(long)]
    pub apply: bool,
}
