//! The code of a booking for the telephone: eight characters that nobody mishears.

use std::fmt;

use rand::Rng;

/// Digits and capitals without 0, O, 1 and I: 32 of them, so that eight hold 40 bits.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const LENGTH: usize = 8;

/// A booking's code. Written `7K4M-2QXH`, stored without the hyphen.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BookingCode(String);

/// Not a code: eight characters without 0, O, 1 and I were expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a booking code: expected eight characters without 0, O, 1 and I, such as 7K4M-2QXH")]
pub struct BadCode;

impl BookingCode {
    /// A new code from `chance`.
    pub fn random(chance: &mut impl Rng) -> Self {
        let sign = |_| char::from(ALPHABET[chance.random_range(0..ALPHABET.len())]);
        Self((0..LENGTH).map(sign).collect())
    }

    /// Reads a code as people type it: small letters, hyphens and spaces do no harm.
    ///
    /// # Errors
    /// [`BadCode`] if it is none.
    pub fn parse(typed: &str) -> Result<Self, BadCode> {
        let code: String =
            typed.chars().filter(|c| !matches!(c, ' ' | '-' | '–' | '\u{a0}')).take(LENGTH + 1).collect();
        let code = code.to_ascii_uppercase();
        let is_code = code.len() == LENGTH && code.bytes().all(|b| ALPHABET.contains(&b));
        is_code.then_some(Self(code)).ok_or(BadCode)
    }

    /// As stored: eight characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// As shown: `7K4M-2QXH`.
impl fmt::Display for BookingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, second) = self.0.split_at(LENGTH / 2);
        write!(f, "{first}-{second}")
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::*;

    #[test]
    fn a_code_is_read_as_it_is_shown() {
        let code = BookingCode::random(&mut StdRng::seed_from_u64(7));
        assert_eq!(BookingCode::parse(&code.to_string()), Ok(code.clone()));
        assert_eq!(BookingCode::parse(&format!(" {} ", code.to_string().to_lowercase())), Ok(code));
    }

    #[test]
    fn what_is_mistaken_for_another_sign_is_no_code() {
        for bad in ["", "7K4M-2QX", "7K4M-2QXHH", "7K4M-2QX0", "7K4M-2QXO", "7K4M-2QX1", "7K4M-2QXI", "7K4M\u{0}2QXH"] {
            assert_eq!(BookingCode::parse(bad), Err(BadCode), "{bad:?}");
        }
        assert_eq!(BookingCode::parse(&"A".repeat(1_000_000)), Err(BadCode));
    }

    #[test]
    fn all_signs_are_used() {
        let mut chance = StdRng::seed_from_u64(1);
        let codes: String = (0..200).map(|_| BookingCode::random(&mut chance).0).collect();
        assert!(ALPHABET.iter().all(|sign| codes.contains(char::from(*sign))));
    }
}
