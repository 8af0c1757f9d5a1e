//! `stadttermin tenant …`: town packs in, town packs out.
//!
//! | command | answers with exit code |
//! |---|---|
//! | `check` | 0: good; 1: there are problems, each told with file, line and what was expected |
//! | `plan` | 0: nothing would change; 2: something would; 1: there are problems |
//! | `apply` | 0: done, or nothing to do; 1: there are problems, and nothing was changed |
//! | `export` | 0: written; 1: not possible |

mod apply;
mod check;
mod command;
mod export;
mod pack;
mod plan;

use std::io::Write;
use std::process::ExitCode;

use tenancy::{Admin, Db};

pub use apply::{Applied, apply};
pub use check::{Finding, inspect};
pub use command::TenantCommand;
pub use export::export;
pub use pack::{TownPack, Unconfirmed};
pub use plan::plan;

/// What the commands that touch a database need.
pub struct Access {
    /// As the owner: to make a town exist.
    pub admin: Admin,
    /// As the application: to read and write what is in it.
    pub db: Db,
}

/// Something in a pack keeps the command from being carried out.
const PROBLEMS: u8 = 1;
/// `plan`: the pack says something else than the database.
const CHANGES: u8 = 2;

/// Carries out one command and writes what came of it to `out`. `connect` is only called by those that need a database.
///
/// # Errors
/// What is not a matter of the pack: folders that can't be read, databases that don't answer.
pub async fn run(
    command: TenantCommand,
    out: &mut (impl Write + Send),
    connect: impl AsyncFnOnce() -> anyhow::Result<Access>,
) -> anyhow::Result<ExitCode> {
    let code = match command {
        TenantCommand::Check { folders, unconfirmed } => check::print(&folders, unconfirmed, out)?,
        TenantCommand::Plan { folder } => plan::print(&folder, &connect().await?, out).await?,
        TenantCommand::Apply { folders, primary_host } => {
            apply::print(&folders, primary_host.as_deref(), &connect().await?, out).await?
        }
        TenantCommand::Export { slug, folder } => export::print(&slug, &folder, &connect().await?, out).await?,
    };
    Ok(ExitCode::from(code))
}
