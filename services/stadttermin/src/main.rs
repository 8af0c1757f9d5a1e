//! `stadttermin`: web server, worker, demo and administration in one binary.

use std::io::IsTerminal;
use std::process::ExitCode;

use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> ExitCode {
    log();
    stadttermin::cli::run().await.unwrap_or_else(|error| {
        eprintln!("stadttermin: {error:#}");
        ExitCode::FAILURE
    })
}

/// People get lines, log collectors get JSON. `RUST_LOG` says how much.
fn log() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,apalis=warn"));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() { lines.init() } else { lines.json().init() }
}
