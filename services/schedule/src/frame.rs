//! One local day laid over real time.
//!
//! A cell is five minutes of real time since the day began in the town's zone. On the two switch days a day has 276 or
//! 300 cells instead of 288, so no two moments share a cell, and what does not overlap in cells does not overlap in
//! reality. Wall-clock times become moments by the zone: a time that is skipped is taken as later by the jump, a time
//! that comes twice as the first of the two. Hours from 02:00 to 03:00 thus have no cell on the day that lacks them and
//! 24 on the day that has them twice; starts are stepped in real time, and appear with what the clock shows then.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::bits::{CELL_MINUTES, DayBits};

const CELL_SECONDS: i64 = CELL_MINUTES as i64 * 60;

/// A local day, or the part of it in which anything is open.
#[derive(Clone, Debug)]
pub struct DayFrame {
    /// The day.
    pub date: Date,
    /// When its first cell begins.
    pub begins: Timestamp,
    /// How many cells it has.
    pub cells: usize,
    /// Cells of the day before the first of this part.
    skipped: usize,
    zone: TimeZone,
    is_switch_day: bool,
}

impl DayFrame {
    /// The whole of `date` in `zone`. `None` only outside the years that can be computed with.
    pub fn new(date: Date, zone: &TimeZone) -> Option<Self> {
        let begins = date.to_zoned(zone.clone()).ok()?.timestamp();
        let ends = date.checked_add(1.day()).ok()?.to_zoned(zone.clone()).ok()?.timestamp();
        let seconds = ends.as_second() - begins.as_second();
        let cells = usize::try_from(seconds / CELL_SECONDS).ok()?.min(DayBits::CELLS);
        let is_switch_day = seconds != 24 * 3600;
        Some(Self { date, begins, cells, skipped: 0, zone: zone.clone(), is_switch_day })
    }

    /// The part between two cells. Fewer cells are fewer words to compute with.
    pub fn part(&self, from: usize, until: usize) -> Self {
        let (begins, cells) = (self.instant(from), until.saturating_sub(from));
        Self { begins, cells, skipped: self.skipped + from, ..self.clone() }
    }

    /// The zone the day is lived in.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// When `cell` begins.
    pub fn instant(&self, cell: usize) -> Timestamp {
        let seconds = i64::try_from(cell).unwrap_or(i64::MAX).saturating_mul(CELL_SECONDS);
        Timestamp::from_second(self.begins.as_second().saturating_add(seconds)).unwrap_or(Timestamp::MAX)
    }

    /// The wall clock at the beginning of `cell`.
    pub fn wall_clock(&self, cell: usize) -> DateTime {
        if self.is_switch_day {
            return self.zone.to_datetime(self.instant(cell));
        }
        let minutes = (self.skipped + cell) * usize::from(CELL_MINUTES);
        let time = Time::new((minutes / 60 % 24) as i8, (minutes % 60) as i8, 0, 0).unwrap_or(Time::MIN);
        self.date.to_datetime(time)
    }

    /// The moment a wall-clock time of this day means.
    pub fn moment(&self, time: Time) -> Timestamp {
        if self.is_switch_day {
            let zoned = self.date.to_datetime(time).to_zoned(self.zone.clone());
            return zoned.map_or(self.begins, |it| it.timestamp());
        }
        let seconds = i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second());
        let skipped = i64::try_from(self.skipped).unwrap_or(0) * CELL_SECONDS;
        Timestamp::from_second(self.begins.as_second() - skipped + seconds).unwrap_or(self.begins)
    }

    /// The first cell that begins at `moment` or later; the number of cells if there is none.
    pub fn cell_from(&self, moment: Timestamp) -> usize {
        self.cell_from_second(moment.as_second() + i64::from(moment.subsec_nanosecond() > 0))
    }

    /// The same for a whole second since 1970.
    pub fn cell_from_second(&self, second: i64) -> usize {
        self.clamp((second - self.begins.as_second()).saturating_add(CELL_SECONDS - 1).div_euclid(CELL_SECONDS))
    }

    /// The cell that `moment` lies in; 0 before the first, the number of cells behind the last.
    pub fn cell_of(&self, moment: Timestamp) -> usize {
        self.clamp((moment.as_second() - self.begins.as_second()).div_euclid(CELL_SECONDS))
    }

    /// How many cells begin up to this second since 1970.
    pub fn cells_until_second(&self, second: i64) -> usize {
        self.clamp((second - self.begins.as_second()).div_euclid(CELL_SECONDS) + 1)
    }

    /// The cell that begins exactly at `moment`, if one does.
    pub fn cell_at(&self, moment: Timestamp) -> Option<usize> {
        let cell = self.cell_from(moment);
        (cell < self.cells && self.instant(cell) == moment).then_some(cell)
    }

    /// The cells that an appointment touches.
    pub fn touched(&self, from: Timestamp, until: Timestamp) -> DayBits {
        DayBits::range(self.cell_of(from), self.cell_from(until))
    }

    /// Cells of this part as cells of the whole day, so that the parts of several offices can be laid over each other.
    pub fn in_whole_day(&self, cells: DayBits) -> DayBits {
        cells.later(self.skipped)
    }

    fn clamp(&self, cell: i64) -> usize {
        usize::try_from(cell.max(0)).unwrap_or(usize::MAX).min(self.cells)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;

    fn frame(year: i16, month: i8, day: i8) -> DayFrame {
        DayFrame::new(date(year, month, day), &TimeZone::get("Europe/Berlin").unwrap()).unwrap()
    }

    #[test]
    fn switch_days_have_23_and_25_hours() {
        assert_eq!(frame(2027, 3, 28).cells, 23 * 12);
        assert_eq!(frame(2026, 10, 25).cells, 25 * 12);
        assert_eq!(frame(2026, 12, 3).cells, 24 * 12);
    }

    #[test]
    fn ten_o_clock_is_ten_o_clock_on_every_day() {
        for day in [frame(2027, 3, 28), frame(2026, 10, 25), frame(2026, 12, 3)] {
            let ten = day.cell_at(day.moment(time(10, 0, 0, 0))).unwrap();
            assert_eq!(day.wall_clock(ten), day.date.to_datetime(time(10, 0, 0, 0)));
        }
    }

    #[test]
    fn a_part_of_a_day_tells_the_same_times() {
        for day in [frame(2027, 3, 28), frame(2026, 10, 25), frame(2026, 12, 3)] {
            let part = day.part(30, 200);
            assert_eq!(part.instant(12), day.instant(42));
            assert_eq!(part.wall_clock(12), day.wall_clock(42));
            assert_eq!(part.moment(time(11, 5, 0, 0)), day.moment(time(11, 5, 0, 0)));
            assert_eq!(part.cell_at(day.instant(42)), Some(12));
            assert_eq!((part.cell_at(day.instant(29)), part.cell_at(day.instant(200))), (None, None));
            assert_eq!(part.touched(day.begins, day.instant(31)), DayBits::range(0, 1), "what is outside is cut off");
        }
    }

    #[test]
    fn the_hour_that_is_skipped_has_no_cells() {
        let day = frame(2027, 3, 28);
        let (two, three) = (day.moment(time(2, 0, 0, 0)), day.moment(time(3, 0, 0, 0)));
        assert_eq!(two, three, "the clock jumps from two to three");
        assert_eq!(day.moment(time(2, 30, 0, 0)), day.moment(time(3, 30, 0, 0)), "later by the jump");
        assert_eq!(day.cell_from(three), 24);
    }

    #[test]
    fn a_time_that_comes_twice_is_the_first_of_the_two() {
        let day = frame(2026, 10, 25);
        let half_past_two = day.cell_from(day.moment(time(2, 30, 0, 0)));
        assert_eq!(half_past_two, 30);
        assert_eq!(day.wall_clock(half_past_two + 12), day.wall_clock(half_past_two), "and comes again an hour later");
        assert_ne!(day.instant(half_past_two + 12), day.instant(half_past_two));
    }

    #[test]
    fn the_hour_that_comes_twice_is_two_hours() {
        let day = frame(2026, 10, 25);
        let (one, four) = (day.cell_from(day.moment(time(1, 0, 0, 0))), day.cell_from(day.moment(time(4, 0, 0, 0))));
        assert_eq!(four - one, 4 * 12);
    }
}
