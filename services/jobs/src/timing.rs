//! How often a worker looks, and when it is taken for dead.

use std::time::Duration;

/// The clockwork of a worker. The default is right in production; tests take a faster one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// Longest wait between looks into the queue; a new job wakes the worker sooner.
    pub poll: Duration,
    /// How often a worker says that it lives.
    pub heartbeat: Duration,
    /// After so many silent heartbeats its jobs are given to others.
    pub missed_heartbeats: u32,
    /// How long running jobs may take after the signal to end.
    pub shutdown: Duration,
    /// Pause before a worker starts again that lost its database.
    pub restart: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            poll: Duration::from_secs(1),
            heartbeat: Duration::from_secs(10),
            missed_heartbeats: 6,
            shutdown: Duration::from_secs(30),
            restart: Duration::from_millis(500),
        }
    }
}

impl Timing {
    /// A hundred times as fast, for tests.
    pub fn fast() -> Self {
        Self {
            poll: Duration::from_millis(50),
            heartbeat: Duration::from_secs(1),
            missed_heartbeats: 2,
            shutdown: Duration::from_secs(5),
            restart: Duration::from_millis(50),
        }
    }
}
