//! `stadttermin`: web server, worker, demo and administration in one binary.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    stadttermin::cli::run().await.unwrap_or_else(|error| {
        eprintln!("stadttermin: {error:#}");
        ExitCode::FAILURE
    })
}
