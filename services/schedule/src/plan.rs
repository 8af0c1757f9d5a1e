//! One day of one office as bitmaps: what is offered, what is taken, what is left.
//!
//! A start is free if some counter that serves the concerns is open from it for as long as the appointment takes, with
//! nothing else there, and if the rule that offers the start is released for whoever asks. Open times of all such rules
//! join. Most days ask nothing of the time of day: for those, what is offered online is joined once and for all.

use jiff::{SignedDuration, Timestamp};

use crate::bits::{CELL_MINUTES, DayBits};
use crate::{Channel, Closed, Closure, Counter, CounterId, DayFrame, OpeningRule, Request};

/// A time range that is taken at a counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Busy {
    /// The counter.
    pub counter: CounterId,
    /// From then on.
    pub from: Timestamp,
    /// Until then.
    pub until: Timestamp,
    /// A hold, or a cancelled place that is not yet given away: free again from then on.
    pub lapses: Option<Timestamp>,
}

/// A day at an office.
#[derive(Clone, Debug)]
pub struct DayPlan {
    pub(crate) frame: DayFrame,
    pub(crate) counters: Vec<CounterDay>,
    /// Why nobody is open, if nobody is.
    closed: Option<Closed>,
    /// From then on everything offered online is released.
    plain_from: Timestamp,
    /// Up to then the time of day plays no part in what is offered online.
    plain_until: Timestamp,
}

/// A counter on that day.
#[derive(Clone, Debug)]
pub(crate) struct CounterDay {
    pub(crate) counter: CounterId,
    offers: Vec<Offer>,
    online: Offered,
    busy: DayBits,
    lapsing: Vec<(DayBits, Timestamp)>,
}

/// What one rule offers at a counter.
#[derive(Clone, Debug)]
struct Offer {
    offered: Offered,
    channel: Channel,
    released: Option<Timestamp>,
    closes_before: SignedDuration,
    /// A staff rule's way online: how long before, and when the rule itself does.
    falls_online: Option<(SignedDuration, Timestamp)>,
}

/// Cells that are open, and cells at which an appointment may begin.
#[derive(Clone, Copy, Debug, Default)]
struct Offered {
    open: DayBits,
    starts: DayBits,
}

impl DayPlan {
    /// Lays rules, closures and what is taken over a day. A `holiday` closes everything.
    pub fn new(
        frame: DayFrame,
        counters: &[&Counter],
        rules: &[OpeningRule],
        closures: &[Closure],
        holiday: Option<&tenancy::i18n::I18n>,
        busy: &[Busy],
    ) -> Self {
        let holding: Vec<&OpeningRule> = rules.iter().filter(|it| it.holds_on(frame.date)).collect();
        let is_open = holiday.is_none();
        let days: Vec<CounterDay> = counters
            .iter()
            .map(|counter| CounterDay::new(&frame, counter, if is_open { &holding } else { &[] }, closures, busy))
            .collect();
        let closed =
            holiday.map(|name| Closed::Holiday(name.clone())).or_else(|| why_closed(&frame, counters, closures));
        let offers = || days.iter().flat_map(|it| &it.offers);
        let plain_from = offers().filter(|it| it.channel == Channel::Online).filter_map(|it| it.released).max();
        let reach = offers().map(|it| it.falls_online.map_or(it.closes_before, |(hours, _)| hours)).max();
        let plain_until = frame.begins.saturating_sub(reach.unwrap_or_default()).unwrap_or(Timestamp::MIN);
        Self { plain_from: plain_from.unwrap_or(Timestamp::MIN), plain_until, closed, counters: days, frame }
    }

    /// Starts at which some counter in `serving` (positions) is free.
    pub(crate) fn free(&self, serving: &[usize], request: &Request) -> DayBits {
        let (length, is_plain) = (cells(request), self.is_plain(request));
        serving.iter().fold(DayBits::EMPTY, |found, position| {
            found.or(self.counters[*position].free(&self.frame, request, length, is_plain))
        })
    }

    /// Whether any start is free: stops at the first.
    pub(crate) fn has_free(&self, serving: &[usize], request: &Request) -> bool {
        let (length, is_plain) = (cells(request), self.is_plain(request));
        serving.iter().any(|position| !self.counters[*position].free(&self.frame, request, length, is_plain).is_empty())
    }

    /// Counters free at the cell `start`, each with the minutes left over in pieces too short for anything.
    pub(crate) fn fitting(&self, serving: &[usize], request: &Request, start: usize) -> Vec<(usize, Fit)> {
        let (length, is_plain) = (cells(request), self.is_plain(request));
        let fits = |position: &usize| {
            let counter = &self.counters[*position];
            let is_free = counter.free(&self.frame, request, length, is_plain).contains(start);
            is_free.then(|| (*position, counter.fit(&self.frame, request, is_plain, start, length)))
        };
        serving.iter().filter_map(fits).collect()
    }

    /// Why nothing is free for `request` at the counters in `serving`.
    pub(crate) fn why(&self, serving: &[usize], request: &Request) -> Closed {
        let offers: Vec<&Offer> = serving
            .iter()
            .flat_map(|it| &self.counters[*it].offers)
            .filter(|it| it.is_for(request.channel) && !it.offered.starts.is_empty())
            .collect();
        if offers.is_empty() {
            return self.closed.clone().unwrap_or(Closed::NoOpening);
        }
        let released = |it: &&&Offer| it.released.is_none_or(|released| released <= request.now);
        if !offers.iter().any(|it| released(&it)) {
            let first = offers.iter().filter_map(|it| it.released).min().unwrap_or(request.now);
            return Closed::NotYetReleased(first);
        }
        let is_over = offers.iter().filter(released).all(|it| it.visible(&self.frame, request).starts.is_empty());
        if is_over { Closed::Past } else { Closed::Full }
    }

    fn is_plain(&self, request: &Request) -> bool {
        request.channel == Channel::Online
            && request.now >= self.plain_from
            && request.now <= self.plain_until
            && request.now.saturating_add(lead(request)).is_ok_and(|it| it <= self.frame.begins)
    }
}

/// How well an appointment fits between what is there: the smaller, the better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Fit {
    /// Cells in pieces that are left and too short for an appointment of 15 minutes.
    unusable: usize,
    /// Cells left in the row altogether.
    left: usize,
}

/// Pieces shorter than this are hard to give away: 15 minutes, the usual length of an appointment.
const USABLE_CELLS: usize = 3;

impl CounterDay {
    fn new(frame: &DayFrame, counter: &Counter, rules: &[&OpeningRule], closures: &[Closure], busy: &[Busy]) -> Self {
        let closed = closures
            .iter()
            .filter(|it| it.concerns(counter.location, counter.id, frame.date))
            .fold(DayBits::EMPTY, |all, it| all.or(closed_cells(frame, it)));
        let offers: Vec<Offer> = rules
            .iter()
            .filter(|it| it.location == counter.location)
            .filter(|it| it.counters.is_empty() || it.counters.contains(&counter.id))
            .map(|it| Offer::new(frame, it, closed))
            .collect();
        let online = offers.iter().filter(|it| it.channel == Channel::Online).map(|it| it.offered);
        let mine = || busy.iter().filter(|it| it.counter == counter.id);
        Self {
            counter: counter.id,
            online: online.fold(Offered::default(), Offered::joined),
            busy: mine()
                .filter(|it| it.lapses.is_none())
                .fold(DayBits::EMPTY, |all, it| all.or(frame.touched(it.from, it.until))),
            lapsing: mine().filter_map(|it| Some((frame.touched(it.from, it.until), it.lapses?))).collect(),
            offers,
        }
    }

    #[inline]
    fn free(&self, frame: &DayFrame, request: &Request, length: usize, is_plain: bool) -> DayBits {
        let offered = self.offered(frame, request, is_plain);
        self.left(offered.open, request.now).runs(length).and(offered.starts)
    }

    #[inline]
    fn offered(&self, frame: &DayFrame, request: &Request, is_plain: bool) -> Offered {
        if is_plain {
            return self.online;
        }
        self.offers
            .iter()
            .filter(|it| it.is_released(request))
            .map(|it| it.visible(frame, request))
            .fold(Offered::default(), Offered::joined)
    }

    /// Open cells that nobody has taken.
    #[inline]
    fn left(&self, open: DayBits, now: Timestamp) -> DayBits {
        let left = open.and_not(self.busy);
        self.lapsing.iter().filter(|(_, until)| *until > now).fold(left, |left, (cells, _)| left.and_not(*cells))
    }

    fn fit(&self, frame: &DayFrame, request: &Request, is_plain: bool, start: usize, length: usize) -> Fit {
        let left = self.left(self.offered(frame, request, is_plain).open, request.now);
        let pieces = [start - left.row_start(start), left.row_end(start) - (start + length)];
        Fit { unusable: pieces.iter().filter(|it| **it < USABLE_CELLS).sum(), left: pieces.iter().sum() }
    }
}

impl Offer {
    fn new(frame: &DayFrame, rule: &OpeningRule, closed: DayBits) -> Self {
        let opens = frame.moment(rule.opens);
        let (from, until) = (frame.cell_from(opens), frame.cell_of(frame.moment(rule.closes)));
        let open = DayBits::range(from, until).and_not(closed);
        let step = usize::from(rule.step_minutes / CELL_MINUTES);
        let falls_online = rule.falls_online_hours_before.filter(|_| rule.channel == Channel::Staff).map(|hours| {
            let before = SignedDuration::from_hours(i64::from(hours));
            (before, opens.saturating_sub(before).unwrap_or(Timestamp::MIN))
        });
        Self {
            offered: Offered { open, starts: DayBits::every(step, from, until).and(open) },
            channel: rule.channel,
            released: rule.released(frame.date, frame.zone()),
            closes_before: SignedDuration::from_mins(i64::from(rule.closes_minutes_before)),
            falls_online,
        }
    }

    /// Whether the offer is ever made to this channel.
    fn is_for(&self, channel: Channel) -> bool {
        channel == Channel::Staff || self.channel == Channel::Online || self.falls_online.is_some()
    }

    fn is_released(&self, request: &Request) -> bool {
        let to_this_channel = match (request.channel, self.channel) {
            (Channel::Staff, _) | (_, Channel::Online) => true,
            (Channel::Online, Channel::Staff) => self.falls_online.is_some_and(|(_, from)| from <= request.now),
        };
        to_this_channel && self.released.is_none_or(|it| it <= request.now)
    }

    /// What the offer is at this moment: without starts that are over, too soon, or still kept for staff.
    fn visible(&self, frame: &DayFrame, request: &Request) -> Offered {
        let ahead = match request.channel {
            Channel::Staff => SignedDuration::ZERO,
            Channel::Online => lead(request).max(self.closes_before),
        };
        let after = |ahead: SignedDuration| request.now.saturating_add(ahead).unwrap_or(Timestamp::MAX);
        let mut starts = self.offered.starts.and_not(DayBits::before(frame.cell_from(after(ahead))));
        if let (Channel::Online, Some((before, _))) = (request.channel, self.falls_online) {
            // A start is online from `before` ahead of it: those up to now + before.
            let last = after(before);
            let until = frame.cell_at(last).map_or_else(|| frame.cell_from(last), |cell| cell + 1);
            starts = starts.and(DayBits::before(until));
        }
        Offered { starts, ..self.offered }
    }
}

impl Offered {
    fn joined(self, other: Self) -> Self {
        Self { open: self.open.or(other.open), starts: self.starts.or(other.starts) }
    }
}

fn closed_cells(frame: &DayFrame, closure: &Closure) -> DayBits {
    match closure.hours {
        None => DayBits::before(DayBits::CELLS),
        Some((from, until)) => frame.touched(frame.moment(from), frame.moment(until)),
    }
}

/// The reason, if a closure takes the whole day from every counter of the office.
fn why_closed(frame: &DayFrame, counters: &[&Counter], closures: &[Closure]) -> Option<Closed> {
    let whole = |counter: &Counter| {
        let all_day = closures.iter().filter(|it| it.hours.is_none());
        let mut here = all_day.filter(|it| it.concerns(counter.location, counter.id, frame.date));
        here.next().map(|it| it.reason.clone())
    };
    let reasons: Option<Vec<_>> = counters.iter().map(|it| whole(it)).collect();
    reasons?.into_iter().next().map(Closed::Closure)
}

fn lead(request: &Request) -> SignedDuration {
    SignedDuration::from_mins(i64::from(request.lead_minutes))
}

/// Cells of the appointment, the last one rounded up.
fn cells(request: &Request) -> usize {
    usize::from(request.duration_minutes.div_ceil(CELL_MINUTES)).max(1)
}
