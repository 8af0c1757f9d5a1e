//! The command line: one subcommand for each role the binary can play.

use std::io::IsTerminal;
use std::process::ExitCode;

use booking::Links;
use clap::{Parser, Subcommand};
use identity::Vault;
use tenancy::Db;
use tracing_subscriber::EnvFilter;

use crate::config::Environment;
use crate::import::{self, ImportOptions};
use crate::shutdown::Shutdown;
use crate::staff::{self, StaffCommand};
use crate::tenant::{self, TenantCommand};
use crate::worker::command::MailCommand;
use crate::{demo, migrate, serve, work, worker};

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
    /// Mails that did not go out: list them, send them again
    #[command(subcommand)]
    Mail(MailCommand),
    /// A town's accounts: list, invite, switch off and on
    #[command(subcommand)]
    Staff(StaffCommand),
    /// Appointments made before launch: what becomes of a file's rows, and with --apply makes it so
    Import(ImportOptions),
}

/// Reads the command line and does what it says.
///
/// # Errors
/// What the command could not do; the message says what to change.
pub async fn run() -> anyhow::Result<ExitCode> {
    let environment = Environment::of_process();
    let command = Arguments::parse().command;
    log(&command);
    match command {
        Command::Serve => serve::run(&environment, Shutdown::on_signal()?).await?,
        Command::Work => work::run(&environment, Shutdown::on_signal()?).await?,
        Command::Demo(options) => demo::run(&options, &environment, Shutdown::on_signal()?).await?,
        Command::Migrate => return migrate::run(&environment).await,
        Command::Tenant(command) => {
            let connect = async || migrate::access(&environment).await;
            return tenant::run(command, &mut std::io::stdout(), connect).await;
        }
        Command::Mail(command) => {
            let db = Db::connect(&environment.database()?).await?;
            worker::command::run(&command, &db, serve::clock()(), &mut std::io::stdout()).await?;
        }
        Command::Staff(command) => {
            let db = Db::connect(&environment.database()?).await?;
            let vault = || Ok(Vault::new(environment.secret()?));
            staff::run(&command, &db, vault, serve::clock()(), &mut std::io::stdout()).await?;
        }
        Command::Import(options) => {
            let db = Db::connect(&environment.database()?).await?;
            let links = || Ok(Links::new(environment.secret()?));
            return import::run(&options, &db, links, serve::clock()(), &mut std::io::stdout()).await;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// People get lines, log collectors get JSON. `RUST_LOG` says how much; the demo says little, it has a greeting.
fn log(command: &Command) {
    let usual = if matches!(command, Command::Demo(_)) { "warn" } else { "info,sqlx=warn,apalis=warn" };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(usual));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() { lines.init() } else { lines.json().init() }
}
