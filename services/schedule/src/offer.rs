//! What one opening rule offers at a counter on one day, to whom and from when.

use std::ops::Range;

use crate::request::Asked;
use crate::{CELL_MINUTES, Channel, DayBits, DayFrame, OpeningRule};

/// What one rule offers. Moments are whole seconds since 1970, the unit in which rules speak.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Offer {
    /// Everything that is ever offered.
    pub whole: Offered,
    /// Staff may book from then on.
    staff_from: i64,
    /// Citizens may book from then on; none: never.
    online_from: Option<i64>,
    /// Online, nothing starts so few seconds ahead.
    closes_before: i64,
    /// Online, a start of a staff rule is kept until so many seconds ahead of it.
    falls_before: Option<i64>,
}

/// Cells that are open, and cells at which an appointment may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Offered {
    pub open: DayBits,
    pub starts: DayBits,
}

impl Offer {
    /// What `rule` offers where the cells in `closed` are not.
    pub fn new(frame: &DayFrame, rule: &OpeningRule, closed: DayBits) -> Self {
        let Range { start, end } = hours(frame, rule);
        let open = DayBits::range(start, end).and_not(closed);
        let step = usize::from(rule.step_minutes / CELL_MINUTES);
        let is_staff = rule.channel == Channel::Staff;
        let staff_from = rule.released(frame.date, frame.zone()).map_or(i64::MIN, |it| it.as_second());
        let falls_before = rule.falls_online_hours_before.filter(|_| is_staff).map(|hours| i64::from(hours) * 3600);
        let falls = falls_before.map(|before| frame.moment(rule.opens).as_second() - before);
        Self {
            whole: Offered { open, starts: DayBits::every(step, start, end).and(open) },
            staff_from,
            online_from: if is_staff { falls.map(|it| it.max(staff_from)) } else { Some(staff_from) },
            closes_before: i64::from(rule.closes_minutes_before) * 60,
            falls_before,
        }
    }

    /// What is offered at this moment: nothing that is over, too soon, not released or still kept for staff.
    #[inline]
    pub fn now(&self, frame: &DayFrame, asked: &Asked) -> Offered {
        if self.from(asked.channel).is_none_or(|from| from > asked.second) {
            return Offered::NOTHING;
        }
        let is_online = asked.channel == Channel::Online;
        let ahead = if is_online { asked.lead.max(self.closes_before) } else { 0 };
        let first = frame.cell_from_second(asked.next_second + ahead);
        let mut starts = self.whole.starts;
        if first > 0 {
            starts = starts.and_not(DayBits::before(first));
        }
        if let Some(before) = self.falls_before.filter(|_| is_online) {
            starts = starts.and(DayBits::before(frame.cells_until_second(asked.second + before)));
        }
        Offered { starts, open: self.whole.open }
    }

    /// When more of it will be offered to `channel` than at `second`; none: all of it is, or never will be.
    pub fn opens_next(&self, frame: &DayFrame, channel: Channel, second: i64) -> Option<i64> {
        let from = self.from(channel).filter(|_| !self.whole.starts.is_empty())?;
        if from > second {
            return Some(from);
        }
        let before = self.falls_before.filter(|_| channel == Channel::Online)?;
        let kept = self.whole.starts.and_not(DayBits::before(frame.cells_until_second(second + before)));
        kept.iter().next().map(|cell| frame.instant(cell).as_second() - before)
    }

    /// Whether it is ever made to `channel`.
    pub fn is_for(&self, channel: Channel) -> bool {
        self.from(channel).is_some()
    }

    fn from(&self, channel: Channel) -> Option<i64> {
        match channel {
            Channel::Staff => Some(self.staff_from),
            Channel::Online => self.online_from,
        }
    }
}

impl Offered {
    /// Nothing at all.
    pub const NOTHING: Self = Self { open: DayBits::EMPTY, starts: DayBits::EMPTY };

    /// Both: hours that touch join.
    pub fn joined(self, other: Self) -> Self {
        Self { open: self.open.or(other.open), starts: self.starts.or(other.starts) }
    }
}

/// The cells that lie wholly within the rule's hours.
pub(crate) fn hours(frame: &DayFrame, rule: &OpeningRule) -> Range<usize> {
    frame.cell_from(frame.moment(rule.opens))..frame.cell_of(frame.moment(rule.closes))
}
