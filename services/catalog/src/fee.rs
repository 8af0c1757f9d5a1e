//! Fees with the days on which they hold: the fee for an identity card changed on 7 February 2026, in mid-year.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tenancy::i18n::I18n;

/// One fee of a concern.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fee {
    /// Amount in euro cents.
    pub cents: u32,
    /// What it is for, where there are several.
    pub label: Option<I18n>,
    /// When it is due, such as “Foto vor Ort”; none: always, and then it counts in the sum.
    pub condition: Option<I18n>,
    /// First day on which it holds.
    pub valid_from: Option<Date>,
    /// Last day on which it holds.
    pub valid_until: Option<Date>,
}

impl Fee {
    /// Whether it holds on `day`.
    pub fn is_valid_on(&self, day: Date) -> bool {
        self.valid_from.is_none_or(|first| first <= day) && self.valid_until.is_none_or(|last| day <= last)
    }
}

/// The fees that hold on `day`.
pub fn fees_on(fees: &[Fee], day: Date) -> impl Iterator<Item = &Fee> {
    fees.iter().filter(move |fee| fee.is_valid_on(day))
}

/// The sum in cents of what is always due on `day`.
pub fn sum_cents(fees: &[Fee], day: Date) -> u32 {
    fees_on(fees, day).filter(|fee| fee.condition.is_none()).map(|fee| fee.cents).fold(0, u32::saturating_add)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn fee(cents: u32, valid_from: Option<Date>, valid_until: Option<Date>) -> Fee {
        Fee { cents, label: None, condition: None, valid_from, valid_until }
    }

    #[test]
    fn the_identity_card_costs_more_from_7_february_2026_on() {
        let fees = [
            fee(3700, None, Some(date(2026, 2, 6))),
            fee(4600, Some(date(2026, 2, 7)), None),
            Fee { condition: Some(I18n::german("Foto vor Ort")), ..fee(600, None, None) },
        ];
        assert_eq!(sum_cents(&fees, date(2026, 2, 6)), 3700);
        assert_eq!(sum_cents(&fees, date(2026, 2, 7)), 4600);
        assert_eq!(fees_on(&fees, date(2026, 2, 7)).count(), 2);
    }
}
