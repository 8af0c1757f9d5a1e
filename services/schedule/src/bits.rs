//! A day as a row of bits, one for every five minutes.

/// Minutes of one cell.
pub const CELL_MINUTES: u16 = 5;

/// Cells of a day or of a part of it, in so many words of 64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bits<const WORDS: usize>([u64; WORDS]);

/// The cells of one day. 320 are enough for the longest day of the year (25 hours, 300).
pub type DayBits = Bits<5>;

impl<const WORDS: usize> Bits<WORDS> {
    /// No cell.
    pub const EMPTY: Self = Self([0; WORDS]);
    /// How many cells fit.
    pub const CELLS: usize = WORDS * 64;

    /// The cells from `from` on and before `until`.
    pub fn range(from: usize, until: usize) -> Self {
        Self::before(until).and_not(Self::before(from))
    }

    /// The cells before `until`.
    pub fn before(until: usize) -> Self {
        Self(std::array::from_fn(|index| match until.saturating_sub(index * 64) {
            0 => 0,
            bits if bits >= 64 => u64::MAX,
            bits => (1 << bits) - 1,
        }))
    }

    /// Every `step` cells from `from` on, before `until`.
    pub fn every(step: usize, from: usize, until: usize) -> Self {
        let mut bits = Self::EMPTY;
        for cell in (from..until.min(Self::CELLS)).step_by(step.max(1)) {
            bits.0[cell / 64] |= 1 << (cell % 64);
        }
        bits
    }

    /// The same cells in more words or fewer; cells that do not fit are lost.
    #[inline]
    pub fn resized<const OTHER: usize>(self) -> Bits<OTHER> {
        Bits(std::array::from_fn(|i| self.0.get(i).copied().unwrap_or(0)))
    }

    /// Cells that are in both.
    #[inline]
    pub fn and(self, other: Self) -> Self {
        Self(std::array::from_fn(|i| self.0[i] & other.0[i]))
    }

    /// Cells that are in either.
    #[inline]
    pub fn or(self, other: Self) -> Self {
        Self(std::array::from_fn(|i| self.0[i] | other.0[i]))
    }

    /// Cells that are in this one only.
    #[inline]
    pub fn and_not(self, other: Self) -> Self {
        Self(std::array::from_fn(|i| self.0[i] & !other.0[i]))
    }

    /// Whether no cell is in it.
    #[inline]
    pub fn is_empty(self) -> bool {
        self.0.iter().fold(0, |all, word| all | word) == 0
    }

    /// How many cells are in it.
    #[inline]
    pub fn count(self) -> u16 {
        self.0.iter().map(|word| word.count_ones() as u16).sum()
    }

    /// Whether `cell` is in it.
    #[inline]
    pub fn contains(self, cell: usize) -> bool {
        cell < Self::CELLS && self.0[cell / 64] >> (cell % 64) & 1 == 1
    }

    /// Cells from which `length` cells on are all in it: shift and and, doubling what is known each time.
    #[inline]
    pub fn runs(self, length: usize) -> Self {
        let (mut found, mut known) = (self, 1);
        while known < length {
            let step = known.min(length - known).min(63);
            found = found.and(found.down(step));
            known += step;
        }
        found
    }

    /// The cells in it, first to last.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        self.0.into_iter().enumerate().flat_map(|(index, mut word)| {
            std::iter::from_fn(move || {
                (word != 0).then(|| {
                    let bit = word.trailing_zeros() as usize;
                    word &= word - 1;
                    index * 64 + bit
                })
            })
        })
    }

    /// First cell of the unbroken row that `cell` stands in.
    pub fn row_start(self, cell: usize) -> usize {
        (0..cell).rev().find(|it| !self.contains(*it)).map_or(0, |gap| gap + 1)
    }

    /// The first cell behind the unbroken row that `cell` stands in.
    pub fn row_end(self, cell: usize) -> usize {
        (cell..Self::CELLS).find(|it| !self.contains(*it)).unwrap_or(Self::CELLS)
    }

    /// Every cell moved `by` towards the end of the day; those that would fall off are lost.
    pub fn later(self, by: usize) -> Self {
        let (words, bits) = (by / 64, by % 64);
        let word = |i: usize| i.checked_sub(words).and_then(|from| self.0.get(from)).copied().unwrap_or(0);
        Self(std::array::from_fn(|i| {
            let carried = if bits == 0 { 0 } else { i.checked_sub(1).map_or(0, |i| word(i) >> (64 - bits)) };
            word(i) << bits | carried
        }))
    }

    /// Every cell moved `by` towards the beginning of the day, 1 to 63.
    #[inline]
    fn down(self, by: usize) -> Self {
        Self(std::array::from_fn(|i| {
            let next = self.0.get(i + 1).copied().unwrap_or(0);
            self.0[i] >> by | next << (64 - by)
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_found_across_words() {
        let bits = DayBits::range(60, 70).or(DayBits::range(120, 200));
        let runs: Vec<_> = bits.runs(10).iter().collect();
        let expected: Vec<_> = std::iter::once(60).chain(120..=190).collect();
        assert_eq!(runs, expected);
        assert_eq!(bits.runs(80).iter().collect::<Vec<_>>(), [120]);
        assert!(bits.runs(81).is_empty());
    }

    #[test]
    fn runs_of_any_length_in_any_number_of_words() {
        let bits = DayBits::range(3, 130).or(DayBits::range(140, 320));
        for length in 1..=181 {
            let expected: Vec<_> =
                (0..320usize).filter(|start| (*start..start + length).all(|cell| bits.contains(cell))).collect();
            assert_eq!(bits.runs(length).iter().collect::<Vec<_>>(), expected, "{length}");
        }
        let two: Bits<2> = bits.resized();
        assert_eq!(two.runs(10).iter().collect::<Vec<_>>(), (3..=118).collect::<Vec<_>>(), "cut off at 128");
        assert_eq!(two.resized::<5>(), bits.and(DayBits::before(128)));
    }

    #[test]
    fn later_cells_stay_apart_as_they_were() {
        let bits = DayBits::range(0, 3).or(DayBits::range(60, 70)).or(DayBits::range(190, 195));
        for by in [0, 1, 63, 64, 65, 100, 128, 200] {
            let moved: Vec<_> = bits.iter().map(|it| it + by).filter(|it| *it < DayBits::CELLS).collect();
            assert_eq!(bits.later(by).iter().collect::<Vec<_>>(), moved, "{by}");
        }
    }

    #[test]
    fn steps_begin_where_they_are_told() {
        assert_eq!(DayBits::every(3, 62, 70).iter().collect::<Vec<_>>(), [62, 65, 68]);
        assert_eq!(DayBits::every(1, 318, 900).count(), 2);
    }

    #[test]
    fn rows_end_where_a_cell_is_missing() {
        let bits = DayBits::range(60, 70).or(DayBits::range(71, 320));
        assert_eq!((bits.row_start(65), bits.row_end(65)), (60, 70));
        assert_eq!((bits.row_start(71), bits.row_end(71)), (71, 320));
    }
}
