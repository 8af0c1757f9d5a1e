//! What somebody wants to know.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{CELL_MINUTES, ConcernId, CounterId, LocationId};

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
    /// A place that is given up for the new one: it does not stand in the way.
    pub own: Option<OwnPlace>,
}

/// A place that the one who asks has already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnPlace {
    /// At which counter.
    pub counter: CounterId,
    /// From then on.
    pub from: Timestamp,
    /// Until then.
    pub until: Timestamp,
}

/// A request in the units of the engine, worked out once for all days.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    pub channel: Channel,
    pub now: Timestamp,
    /// The last whole second that has begun, since 1970.
    pub second: i64,
    /// The first whole second from which on a start is still to come.
    pub next_second: i64,
    /// Online, so many seconds ahead.
    pub lead: i64,
    /// Cells of the appointment, the last one rounded up.
    pub length: usize,
    /// Taken by the one who asks.
    pub own: Option<OwnPlace>,
}

impl Asked {
    pub fn new(request: &Request) -> Self {
        let Request { channel, now, lead_minutes, duration_minutes, own, .. } = *request;
        let length = usize::from(duration_minutes.div_ceil(CELL_MINUTES)).max(1);
        Self { length, own, lead: i64::from(lead_minutes) * 60, ..Self::at(now, channel) }
    }

    /// The same question asked later.
    pub fn later(self, now: Timestamp) -> Self {
        Self { length: self.length, own: self.own, lead: self.lead, ..Self::at(now, self.channel) }
    }

    fn at(now: Timestamp, channel: Channel) -> Self {
        let second = now.as_second();
        let next_second = second + i64::from(now.subsec_nanosecond() > 0);
        Self { channel, now, second, next_second, lead: 0, length: 1, own: None }
    }
}
