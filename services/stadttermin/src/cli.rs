//! The command line: one subcommand for each role the binary can play.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::Environment;
use crate::shutdown::Shutdown;
use crate::tenant::{self, TenantCommand};
use crate::{demo, migrate, serve, work};

/// Online appointment booking for German towns
#[derive(Debug, Parser)]
#[command(name = "stadttermin", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Answers the towns' pages
    Serve,
    /// Sends mails and runs the other jobs
    Work,
    /// Both towns on this machine, with a database, a mailbox and other people's appointments
    Demo(demo::Options),
    /// Brings the platform and all towns up to date
    Migrate,
    /// Town packs: check, plan, apply, export
    #[command(subcommand)]
    Tenant(TenantCommand),
}

/// Reads the command line and does what it says.
///
/// # Errors
/// What the command could not do; the message says what to change.
pub async fn run() -> anyhow::Result<ExitCode> {
    let environment = Environment::of_process();
    match Arguments::parse().command {
        Command::Serve => serve::run(&environment, Shutdown::on_signal()?).await?,
        Command::Work => work::run(&environment, Shutdown::on_signal()?).await?,
        Command::Demo(options) => demo::run(&options, &environment, Shutdown::on_signal()?).await?,
        Command::Migrate => return migrate::run(&environment).await,
        Command::Tenant(command) => {
            let connect = async || migrate::access(&environment).await;
            return tenant::run(command, &mut std::io::stdout(), connect).await;
        }
    }
    Ok(ExitCode::SUCCESS)
}
