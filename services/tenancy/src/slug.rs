//! The short names of towns and cells, checked once so that they may stand in SQL text and in addresses.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A town's short name, such as `porta-westfalica`: `[a-z][a-z0-9-]{0,40}`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TenantSlug(String);

/// A database cluster's short name, such as `main`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CellName(String);

/// What a short name may look like, said to whoever wrote another one.
#[derive(Debug, thiserror::Error)]
#[error(
    "“{0}” is no short name: expected lower-case letters, digits and hyphens, a letter first, at most 41 characters"
)]
pub struct BadSlug(String);

impl TenantSlug {
    /// Checks `text`.
    ///
    /// # Errors
    /// [`BadSlug`] if it is anything but `[a-z][a-z0-9-]{0,40}`.
    pub fn parse(text: &str) -> Result<Self, BadSlug> {
        is_short_name(text).then(|| Self(text.to_owned())).ok_or_else(|| BadSlug(text.to_owned()))
    }

    /// The town a database role belongs to: the inverse of [`Self::schema`].
    pub fn from_role(role: &str) -> Option<Self> {
        Self::parse(&role.strip_prefix("t_")?.replace('_', "-")).ok()
    }

    /// As written in addresses, folders and commands.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The town's schema, and the role that owns it: `t_porta_westfalica`. Safe in SQL text, since the slug is checked.
    pub fn schema(&self) -> String {
        format!("t_{}", self.0.replace('-', "_"))
    }
}

impl CellName {
    /// Checks `text` by the same rule as a town's short name.
    ///
    /// # Errors
    /// [`BadSlug`] if it breaks the rule.
    pub fn parse(text: &str) -> Result<Self, BadSlug> {
        is_short_name(text).then(|| Self(text.to_owned())).ok_or_else(|| BadSlug(text.to_owned()))
    }

    /// The first cell, which also holds the directory of towns.
    pub fn main() -> Self {
        Self("main".to_owned())
    }

    /// As written in the directory.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_short_name(text: &str) -> bool {
    text.len() <= 41
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

macro_rules! as_text {
    ($name:ident) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl TryFrom<String> for $name {
            type Error = BadSlug;
            fn try_from(text: String) -> Result<Self, BadSlug> {
                Self::parse(&text)
            }
        }
        impl From<$name> for String {
            fn from(name: $name) -> String {
                name.0
            }
        }
    };
}
as_text!(TenantSlug);
as_text!(CellName);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn role_and_slug_are_inverse() {
        let slug = TenantSlug::parse("porta-westfalica").unwrap();
        assert_eq!(slug.schema(), "t_porta_westfalica");
        assert_eq!(TenantSlug::from_role("t_porta_westfalica"), Some(slug));
        assert_eq!(TenantSlug::from_role("postgres"), None);
    }

    #[test]
    fn what_could_leave_sql_text_is_refused() {
        for bad in ["", "Werne", "wer ne", "1werne", "-werne", "werne;drop", "werne\"", "wér", &"a".repeat(42)] {
            assert!(TenantSlug::parse(bad).is_err(), "{bad:?} was taken");
        }
    }
}
