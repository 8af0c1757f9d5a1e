//! What somebody wants to know.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{ConcernId, LocationId};

/// Who asks, and therefore which opening rules count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A citizen on the town's page.
    Online,
    /// Town staff, at the desk or on the telephone: they see what is online and what is kept for them.
    Staff,
}

/// A question about free times.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// Only this office; none: every office that serves the concerns.
    pub location: Option<LocationId>,
    /// One counter must serve them all.
    pub concerns: &'a [ConcernId],
    /// Length of the appointment in minutes; rounded up to five.
    pub duration_minutes: u16,
    /// Who asks.
    pub channel: Channel,
    /// When.
    pub now: Timestamp,
    /// Online, nothing starts earlier than this after `now`.
    pub lead_minutes: u32,
    /// Nothing is offered later than this many days after today.
    pub horizon_days: u16,
}
