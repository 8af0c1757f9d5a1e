//! Jobs by the clock.
//!
//! Every process keeps time for itself, so each tick comes once per process. What it does must carry the tick in its key
//! ([`crate::Job::keyed`]); then it happens once.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt as _;
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

/// Something that happens again and again.
#[derive(Clone, Debug)]
pub enum Schedule {
    /// At the full hour, worldwide.
    Hourly,
    /// Once a local day.
    Daily {
        /// Local time. One that a switch to summer time leaves out comes an hour later.
        at: Time,
        /// Whose local time.
        zone: TimeZone,
    },
}

/// Seconds.
const HOUR: i64 = 3600;

/// Longest sleep: after it the clock is read again, which may have been set meanwhile.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);

impl Schedule {
    /// The last tick at or before `now`.
    pub fn latest(&self, now: Timestamp) -> Timestamp {
        match self {
            Self::Hourly => hour_of(now.as_second().div_euclid(HOUR)),
            Self::Daily { at, zone } => {
                let local = now.to_zoned(zone.clone());
                let today = on_day(local.date(), *at, zone);
                if today <= now { today } else { on_day(local.date().yesterday().unwrap_or(Date::MIN), *at, zone) }
            }
        }
    }

    /// The first tick after `now`.
    pub fn next(&self, now: Timestamp) -> Timestamp {
        match self {
            Self::Hourly => hour_of(now.as_second().div_euclid(HOUR) + 1),
            Self::Daily { at, zone } => {
                let local = now.to_zoned(zone.clone());
                let today = on_day(local.date(), *at, zone);
                if today > now { today } else { on_day(local.date().tomorrow().unwrap_or(Date::MAX), *at, zone) }
            }
        }
    }

    /// Calls `work` for the last tick before the start, which may have been missed, and then for each new one.
    ///
    /// Work that fails is logged and tried again every minute until the next tick.
    pub async fn run<W, F>(
        self,
        clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
        shutdown: impl Future<Output = ()> + Send,
        work: W,
    ) where
        W: Fn(Timestamp) -> F + Send,
        F: Future<Output = anyhow::Result<()>> + Send,
    {
        let mut shutdown = std::pin::pin!(shutdown.fuse());
        let mut tick = self.latest(clock());
        let mut is_done = false;
        loop {
            if !is_done {
                match work(tick).await {
                    Ok(()) => is_done = true,
                    Err(error) => tracing::error!(%tick, "scheduled work failed: {error:#}"),
                }
            }
            let next = self.next(tick);
            let wait = Duration::try_from(next.duration_since(clock())).unwrap_or_default();
            tokio::select! {
                () = tokio::time::sleep(wait.min(LONGEST_SLEEP)) => {}
                () = &mut shutdown => return,
            }
            if clock() >= next {
                (tick, is_done) = (self.latest(clock()), false);
            }
        }
    }
}

/// The start of hour number `hour` since 1970.
fn hour_of(hour: i64) -> Timestamp {
    Timestamp::from_second(hour * HOUR).unwrap_or(Timestamp::MAX)
}

/// The instant of a local time; where a switch to summer time leaves it out, the one an hour later on the clock.
fn on_day(day: Date, at: Time, zone: &TimeZone) -> Timestamp {
    zone.to_ambiguous_timestamp(day.to_datetime(at)).compatible().unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn nightly() -> Schedule {
        Schedule::Daily { at: Time::constant(2, 30, 0, 0), zone: TimeZone::get("Europe/Berlin").unwrap() }
    }

    #[test]
    fn hours_tick_at_the_full_hour() {
        assert_eq!(Schedule::Hourly.latest(at("2026-12-03T09:59:59Z")), at("2026-12-03T09:00:00Z"));
        assert_eq!(Schedule::Hourly.latest(at("2026-12-03T09:00:00Z")), at("2026-12-03T09:00:00Z"));
        assert_eq!(Schedule::Hourly.next(at("2026-12-03T09:00:00Z")), at("2026-12-03T10:00:00Z"));
    }

    #[test]
    fn a_day_has_one_tick_on_switch_days_too() {
        // 2026-03-29: 02:30 does not exist, so 03:30 CEST. 2026-10-25: 02:30 comes twice, the first counts.
        let mut tick = nightly().latest(at("2026-03-28T12:00:00Z"));
        let mut ticks = Vec::new();
        for _ in 0..3 {
            ticks.push(tick);
            tick = nightly().next(tick);
        }
        assert_eq!(ticks, [at("2026-03-28T01:30:00Z"), at("2026-03-29T01:30:00Z"), at("2026-03-30T00:30:00Z")]);
        assert_eq!(nightly().next(at("2026-10-24T12:00:00Z")), at("2026-10-25T00:30:00Z"));
        assert_eq!(nightly().next(at("2026-10-25T00:30:00Z")), at("2026-10-26T01:30:00Z"));
    }

    #[test]
    fn the_latest_tick_is_not_in_the_future() {
        assert_eq!(nightly().latest(at("2026-12-03T01:29:59Z")), at("2026-12-02T01:30:00Z"));
        assert_eq!(nightly().latest(at("2026-12-03T01:30:00Z")), at("2026-12-03T01:30:00Z"));
    }
}
