//! How often one client may do what. Generous: a whole office often shares one address.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

/// What is counted apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Looking at a page.
    View,
    /// Sending any form.
    Change,
    /// Keeping a place.
    Hold,
    /// Making a booking, which sends a mail.
    Book,
    /// Guessing a booking by its code.
    Lookup,
    /// Making us send a mail.
    Mail,
    /// Whatever staff do once they are in: a whole town hall types behind one address.
    Desk,
}

/// A client as far as it is told apart: an IPv4 address, or an IPv6 network of 64 bits, which one household has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClientKey(IpAddr);

impl From<IpAddr> for ClientKey {
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V6(long) => Self(IpAddr::V6(Ipv6Addr::from_bits(long.to_bits() & (u128::MAX << 64)))),
            short => Self(short),
        }
    }
}

impl fmt::Display for ClientKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The limits of a deployment.
pub struct Limits(Option<Buckets>);

struct Buckets {
    view: DefaultKeyedRateLimiter<ClientKey>,
    change: DefaultKeyedRateLimiter<ClientKey>,
    hold: DefaultKeyedRateLimiter<ClientKey>,
    book: DefaultKeyedRateLimiter<ClientKey>,
    lookup: DefaultKeyedRateLimiter<ClientKey>,
    mail: DefaultKeyedRateLimiter<ClientKey>,
    desk: DefaultKeyedRateLimiter<ClientKey>,
    checks: AtomicU32,
}

/// Forget idle clients after so many checks.
const CHECKS_BETWEEN_CLEANINGS: u32 = 20_000;

impl Limits {
    /// Per client and minute: 1,200 pages, 240 forms, 60 places, 60 bookings, 20 look-ups by code, 20 mails asked for, and
    /// 12,000 requests of staff; as many may come at once.
    pub fn standard() -> Self {
        Self(Some(Buckets {
            view: bucket(1200),
            change: bucket(240),
            hold: bucket(60),
            book: bucket(60),
            lookup: bucket(20),
            mail: bucket(20),
            desk: bucket(12_000),
            checks: AtomicU32::new(0),
        }))
    }

    /// No limits, to measure what the machine can do.
    pub fn off() -> Self {
        Self(None)
    }

    /// Counts one `action` of `client`.
    ///
    /// # Errors
    /// Seconds to wait, if there were too many.
    pub fn check(&self, action: Action, client: ClientKey) -> Result<(), u64> {
        let Some(buckets) = &self.0 else { return Ok(()) };
        let bucket = match action {
            Action::View => &buckets.view,
            Action::Change => &buckets.change,
            Action::Hold => &buckets.hold,
            Action::Book => &buckets.book,
            Action::Lookup => &buckets.lookup,
            Action::Mail => &buckets.mail,
            Action::Desk => &buckets.desk,
        };
        if buckets.checks.fetch_add(1, Ordering::Relaxed) % CHECKS_BETWEEN_CLEANINGS == CHECKS_BETWEEN_CLEANINGS - 1 {
            buckets.forget_idle();
        }
        bucket.check_key(&client).map_err(|not_yet| not_yet.wait_time_from(DefaultClock::default().now()).as_secs() + 1)
    }
}

impl Buckets {
    fn forget_idle(&self) {
        for bucket in [&self.view, &self.change, &self.hold, &self.book, &self.lookup, &self.mail, &self.desk] {
            bucket.retain_recent();
        }
    }
}

fn bucket(per_minute: u32) -> DefaultKeyedRateLimiter<ClientKey> {
    let burst = NonZeroU32::new(per_minute).unwrap_or(NonZeroU32::MIN);
    let period = Duration::from_secs(60) / burst.get();
    let quota = Quota::with_period(period).unwrap_or(Quota::per_minute(burst)).allow_burst(burst);
    RateLimiter::dashmap(quota)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(address: &str) -> ClientKey {
        ClientKey::from(address.parse::<IpAddr>().unwrap())
    }

    #[test]
    fn one_client_and_one_action_do_not_use_up_anothers() {
        let limits = Limits::standard();
        for _ in 0..20 {
            assert_eq!(limits.check(Action::Lookup, client("192.0.2.1")), Ok(()));
        }
        let wait = limits.check(Action::Lookup, client("192.0.2.1")).unwrap_err();
        assert!((1..=4).contains(&wait), "{wait} s");
        assert_eq!(limits.check(Action::Lookup, client("192.0.2.2")), Ok(()));
        assert_eq!(limits.check(Action::Mail, client("192.0.2.1")), Ok(()));
        assert!((0..2000).all(|_| limits.check(Action::Desk, client("192.0.2.1")).is_ok()), "a town hall");
        assert_eq!(Limits::off().check(Action::Lookup, client("192.0.2.1")), Ok(()));
    }

    #[test]
    fn a_household_is_one_client() {
        assert_eq!(client("2001:db8:1:2::1"), client("2001:db8:1:2:ffff::9"));
        assert_ne!(client("2001:db8:1:2::1"), client("2001:db8:1:3::1"));
        assert_eq!(client("::ffff:192.0.2.1"), client("192.0.2.1"));
    }
}
