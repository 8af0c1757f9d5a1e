//! A telephone number, as people write it.

use std::fmt;

/// A telephone number, as typed: digits, spaces and `/ - ( ) .`, a plus only in front.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneNumber(String);

/// What is wrong with a telephone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPhone {
    /// Nothing was typed.
    #[error("the number is missing")]
    Missing,
    /// More than [`PhoneNumber::MOST`] characters.
    #[error("the number has more than {} characters", PhoneNumber::MOST)]
    TooLong,
    /// Fewer than [`PhoneNumber::FEWEST_DIGITS`] digits.
    #[error("the number has fewer than {} digits", PhoneNumber::FEWEST_DIGITS)]
    TooShort,
    /// A sign that no number contains there.
    #[error("“{0}” cannot stand there in a number")]
    BadCharacter(char),
}

impl PhoneNumber {
    /// Most characters.
    pub const MOST: usize = 40;
    /// Shortest local numbers with their area code.
    pub const FEWEST_DIGITS: usize = 5;

    /// Checks what was typed.
    ///
    /// # Errors
    /// [`BadPhone`]: the first rule that it breaks.
    pub fn parse(typed: &str) -> Result<Self, BadPhone> {
        let number = typed.trim();
        if number.is_empty() {
            return Err(BadPhone::Missing);
        }
        if number.chars().nth(Self::MOST).is_some() {
            return Err(BadPhone::TooLong);
        }
        let fits = |(at, c): &(usize, char)| c.is_ascii_digit() || " /-().".contains(*c) || (*c == '+' && *at == 0);
        if let Some((_, bad)) = number.char_indices().find(|it| !fits(it)) {
            return Err(BadPhone::BadCharacter(bad));
        }
        if number.chars().filter(char::is_ascii_digit).count() < Self::FEWEST_DIGITS {
            return Err(BadPhone::TooShort);
        }
        Ok(Self(number.to_owned()))
    }

    /// The number.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_taken_as_people_write_them() {
        for good in ["02389 71-0", "+49 (2389) 710", " 0171/1234567 ", "0571.87 01"] {
            assert_eq!(PhoneNumber::parse(good).unwrap().as_str(), good.trim());
        }
    }

    #[test]
    fn each_mistake_has_its_own_reason() {
        let why = |typed: &str| PhoneNumber::parse(typed).unwrap_err();
        assert_eq!(why(""), BadPhone::Missing);
        assert_eq!(why("110"), BadPhone::TooShort);
        assert_eq!(why("mobil 0171"), BadPhone::BadCharacter('m'));
        assert_eq!(why("49+2389"), BadPhone::BadCharacter('+'));
        assert_eq!(why("02389\0-710"), BadPhone::BadCharacter('\0'));
        assert_eq!(why(&"1".repeat(41)), BadPhone::TooLong);
    }
}
