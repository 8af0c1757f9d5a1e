//! How fast a citizen is served: bookings and pages over HTTP by the release build, on both towns of the demo.
//!
//! Bookings are compared with what pgbench reaches with the very statements that one booking was seen to send, pages with
//! a static file of the same server; both in the same run, in turns. CPU time is that of the application and of all
//! database processes together, read from the operating system.

mod cpu;
mod deployment;
mod http;
mod load;
mod log;
mod pgbench;
mod slots;

use std::time::Duration;

use deployment::Deployment;
use e2e::bench::{Report, median};
use load::Measured;

/// Connections of the load generator, and clients of pgbench.
const CLIENTS: usize = 8;
/// How often each measurement is taken, in turns.
const ROUNDS: usize = 5;
const LENGTH: Duration = Duration::from_secs(4);

fn main() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    if std::env::var_os(deployment::IS_SERVER).is_some() {
        return runtime.block_on(deployment::serve());
    }
    runtime.block_on(measure())
}

async fn measure() -> anyhow::Result<()> {
    let deployment = Deployment::start().await?;
    let mut report = Report::new("booking");
    pages(&deployment, &mut report).await?;
    bookings(&deployment, &mut report).await?;
    report.finish();
    deployment.stop().await
}

async fn pages(deployment: &Deployment, report: &mut Report) -> anyhow::Result<()> {
    let (page, file) = (deployment.page_requests(), deployment.static_requests().await?);
    load::repeat(deployment, &page, CLIENTS, Duration::from_secs(1)).await?;
    let all_different = deployment.different_page_requests();
    let (mut pages, mut files, mut different) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        different.push(load::repeat(deployment, &all_different, CLIENTS, LENGTH / 2).await?);
        pages.push(load::repeat(deployment, &page, CLIENTS, LENGTH / 2).await?);
        files.push(load::repeat(deployment, &file, CLIENTS, LENGTH / 2).await?);
    }
    let per_second = |runs: &[Measured]| median(runs.iter().map(Measured::per_second).collect());
    let statements = deployment.statements_of_a_page(&page).await?;
    report.row("page_share_of_static", per_second(&pages) / per_second(&files), "ratio", "≥ 0.30");
    report.row("page_cpu_ms", median(pages.iter().map(Measured::cpu_ms).collect()), "CPU-ms", "< 0.5");
    report.row(
        "page_rendered_share_of_static",
        per_second(&different) / per_second(&files),
        "ratio",
        "each one rendered",
    );
    report.row("page_rendered_cpu_ms", median(different.iter().map(Measured::cpu_ms).collect()), "CPU-ms", "< 0.5");
    report.row("page_sql_statements", statements, "statements", "≤ 2");
    report.row("pages_per_s", per_second(&pages), "1/s", "for scale");
    report.row("static_per_s", per_second(&files), "1/s", "for scale");
    Ok(())
}

async fn bookings(deployment: &Deployment, report: &mut Report) -> anyhow::Result<()> {
    deployment.open_further_ahead().await?;
    deployment.forget_our_bookings().await?;
    let slots = slots::find(deployment).await?;
    println!("{} free places", slots.len());
    let script = pgbench::Script::of_one_booking(deployment, &slots).await?;
    load::book(deployment, &slots, CLIENTS, Duration::from_secs(1)).await?;
    let (mut booked, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        deployment.forget_our_bookings().await?;
        slots.start_over();
        booked.push(load::book(deployment, &slots, CLIENTS, LENGTH).await?);
        bare.push(script.run(deployment, CLIENTS, LENGTH).await?);
    }
    let per_second = median(booked.iter().map(Measured::per_second).collect());
    report.row("booking_share_of_pgbench", per_second / median(bare.clone()), "ratio", "≥ 0.50");
    report.row("bookings_per_s", per_second, "1/s", "for scale");
    report.row("booking_cpu_ms", median(booked.iter().map(Measured::cpu_ms).collect()), "CPU-ms", "< 1.5");
    let database = median(booked.iter().map(Measured::database_cpu_ms).collect());
    report.row("booking_cpu_database_ms", database, "CPU-ms", "part of it");
    report.row("pgbench_per_s", median(bare), "1/s", "for scale");
    Ok(())
}
