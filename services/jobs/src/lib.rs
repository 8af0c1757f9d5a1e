//! Work that is done later: put into the queue in the transaction that causes it, run by workers, or run by the clock.
//!
//! The queue is apalis on the same PostgreSQL; this is the only crate that names it. apalis-postgres 1.0 has eight
//! defects that matter here. Each is met by a guard, and each guard has a test in `tests/tests/jobs`.

mod context;
mod prune;
mod queue;
mod schedule;
mod setup;
mod timing;
mod wake;
mod worker;

pub use context::{JobContext, JobError};
pub use prune::{DeadJob, dead, prune};
pub use queue::{Job, enqueue, enqueue_all, withdraw};
pub use schedule::Schedule;
pub use setup::{grant, setup};
pub use timing::Timing;
pub use worker::Worker;
