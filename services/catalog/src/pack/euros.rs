//! Amounts as people write them in a pack: `"46.00"`.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An amount, kept in cents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Euros {
    cents: u32,
}

/// Not an amount as we write it.
#[derive(Debug, thiserror::Error)]
#[error("“{0}” is no amount: expected euros and cents such as \"46.00\"")]
pub struct BadAmount(String);

impl Euros {
    /// An amount of so many cents.
    pub fn from_cents(cents: u32) -> Self {
        Self { cents }
    }

    /// The amount in cents.
    pub fn cents(self) -> u32 {
        self.cents
    }
}

impl TryFrom<String> for Euros {
    type Error = BadAmount;
    fn try_from(text: String) -> Result<Self, BadAmount> {
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        let parts = text.split_once('.').filter(|(euros, cents)| {
            (1..=5).contains(&euros.len()) && cents.len() == 2 && digits(euros) && digits(cents)
        });
        let cents =
            parts.and_then(|(euros, cents)| Some(euros.parse::<u32>().ok()? * 100 + cents.parse::<u32>().ok()?));
        cents.map(Self::from_cents).ok_or(BadAmount(text))
    }
}

impl From<Euros> for String {
    fn from(euros: Euros) -> String {
        euros.to_string()
    }
}

impl fmt::Display for Euros {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.cents / 100, self.cents % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_exactly_or_refused() {
        for (text, cents) in [("46.00", 4600), ("0.05", 5), ("27.60", 2760)] {
            let euros = Euros::try_from(text.to_owned()).unwrap();
            assert_eq!(euros.cents(), cents);
            assert_eq!(euros.to_string(), text);
        }
        for text in ["46", "46,00", "46.0", "-1.00", "", ".50", "1e3.00", "999999.00"] {
            assert!(Euros::try_from(text.to_owned()).is_err(), "{text}");
        }
    }
}
