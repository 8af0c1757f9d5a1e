//! The name of a person.

use std::fmt;

use super::is_invisible_control;

/// A name: 1 to 200 characters after trimming, none of them a control character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonName(String);

/// What is wrong with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadName {
    /// Nothing was typed.
    #[error("the name is missing")]
    Missing,
    /// More than [`PersonName::MOST`] characters.
    #[error("the name has more than {} characters", PersonName::MOST)]
    TooLong,
    /// A sign that cannot be seen, such as NUL or one that turns the direction of writing.
    #[error("the name contains a control character")]
    ControlCharacter,
}

impl PersonName {
    /// Most characters.
    pub const MOST: usize = 200;

    /// Checks what was typed.
    ///
    /// # Errors
    /// [`BadName`]: the first rule that it breaks.
    pub fn parse(typed: &str) -> Result<Self, BadName> {
        let name = typed.trim();
        if name.is_empty() {
            return Err(BadName::Missing);
        }
        if name.chars().nth(Self::MOST).is_some() {
            return Err(BadName::TooLong);
        }
        if name.chars().any(is_invisible_control) {
            return Err(BadName::ControlCharacter);
        }
        Ok(Self(name.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_all_countries_are_names() {
        for name in ["Ö", "Lea Beispiel-Süß", "Đặng Thị Hà", "علي حسن", "O’Neill", "Li 4."] {
            assert_eq!(PersonName::parse(&format!("  {name} ")).map(|it| it.0), Ok(name.to_owned()));
        }
    }

    #[test]
    fn what_is_no_name_is_refused_with_its_reason() {
        assert_eq!(PersonName::parse(" \t "), Err(BadName::Missing));
        assert_eq!(PersonName::parse(&"ä".repeat(201)), Err(BadName::TooLong));
        assert!(PersonName::parse(&"ä".repeat(200)).is_ok());
        assert_eq!(PersonName::parse(&"x".repeat(1_000_000)), Err(BadName::TooLong));
        for bad in ["Lea\0", "Lea\r\nBcc: x@example.org", "\u{202E}aeL x"] {
            assert_eq!(PersonName::parse(bad), Err(BadName::ControlCharacter), "{bad:?}");
        }
    }
}
