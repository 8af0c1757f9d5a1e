//! One attempt to book: the same form, sent twice, must book once.

use std::fmt;

use uuid::Uuid;

use crate::extract::Fields;

/// A random number in the page that offers the times; which draft it leads to, only [`booking::Links`] can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt(pub Uuid);

impl Attempt {
    /// A new attempt.
    pub fn start() -> Self {
        Self(Uuid::new_v4())
    }

    /// The attempt that a form names, or a new one.
    pub fn read(fields: &Fields) -> Self {
        fields.get("versuch").and_then(|it| it.parse().ok()).map_or_else(Self::start, Self)
    }
}

impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.simple().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_form_is_the_same_attempt() {
        let attempt = Attempt::start();
        let fields = Fields::parse(format!("versuch={attempt}").as_bytes()).unwrap();
        assert_eq!(Attempt::read(&fields), attempt);
    }

    #[test]
    fn a_form_without_an_attempt_is_a_new_one() {
        let nonsense = Fields::parse(b"versuch=1").unwrap();
        assert_ne!(Attempt::read(&nonsense), Attempt::read(&nonsense));
    }
}
