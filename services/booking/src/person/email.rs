//! An e-mail address that a mail can be sent to.

use std::fmt;

/// An e-mail address, as typed, without spaces around it.
///
/// The check is the pragmatic one: what RFC 5321 allows in an address without quotes, with a domain of at least two
/// parts. Whether anybody reads there, only a mail can tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailAddress(String);

/// What is wrong with an e-mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadEmail {
    /// Nothing was typed.
    #[error("the address is missing")]
    Missing,
    /// More than 254 characters, or more than 64 before the @ (RFC 5321, 4.5.3.1).
    #[error("the address is too long")]
    TooLong,
    /// No @.
    #[error("the address has no @")]
    NoAt,
    /// More than one @.
    #[error("the address has more than one @")]
    SeveralAts,
    /// Nothing before the @.
    #[error("nothing stands before the @")]
    NoLocalPart,
    /// Nothing after the @.
    #[error("nothing stands after the @")]
    NoDomain,
    /// What stands after the @ is no domain such as `example.org`.
    #[error("what stands after the @ is no domain")]
    BadDomain,
    /// Dots at the beginning, at the end or side by side before the @.
    #[error("a dot stands where none can stand")]
    BadDots,
    /// A sign that no address contains.
    #[error("“{0}” cannot stand in an address")]
    BadCharacter(char),
}

impl EmailAddress {
    /// Most characters.
    pub const MOST: usize = 254;

    /// Checks what was typed.
    ///
    /// # Errors
    /// [`BadEmail`]: the first rule that it breaks.
    pub fn parse(typed: &str) -> Result<Self, BadEmail> {
        let address = typed.trim();
        if address.is_empty() {
            return Err(BadEmail::Missing);
        }
        if address.len() > Self::MOST {
            return Err(BadEmail::TooLong);
        }
        let (local, domain) = address.split_once('@').ok_or(BadEmail::NoAt)?;
        if domain.contains('@') {
            return Err(BadEmail::SeveralAts);
        }
        if local.is_empty() {
            return Err(BadEmail::NoLocalPart);
        }
        if domain.is_empty() {
            return Err(BadEmail::NoDomain);
        }
        check_local(local)?;
        check_domain(domain)?;
        Ok(Self(address.to_owned()))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn check_local(local: &str) -> Result<(), BadEmail> {
    if let Some(bad) = local.chars().find(|c| !is_atom(*c) && *c != '.') {
        return Err(BadEmail::BadCharacter(bad));
    }
    if local.len() > 64 {
        return Err(BadEmail::TooLong);
    }
    if local.split('.').any(str::is_empty) {
        return Err(BadEmail::BadDots);
    }
    Ok(())
}

/// RFC 5322, 3.2.3: what an address may hold without quotes.
fn is_atom(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c)
}

fn check_domain(domain: &str) -> Result<(), BadEmail> {
    if let Some(bad) = domain.chars().find(|c| c.is_whitespace() || c.is_control()) {
        return Err(BadEmail::BadCharacter(bad));
    }
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let labels: Vec<&str> = domain.split('.').collect();
    let top = labels.last().copied().unwrap_or_default();
    let is_top = top.len() >= 2 && top.starts_with(|c: char| c.is_ascii_alphabetic());
    if labels.len() < 2 || !labels.iter().all(|label| is_label(label)) || !is_top {
        return Err(BadEmail::BadDomain);
    }
    Ok(())
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_addresses_are_taken_as_they_are() {
        for good in
            ["lea@example.org", " L.Beispiel+amt@mail.example.de ", "o'neill@example.co.uk", "a@xn--bcher-kva.de"]
        {
            assert_eq!(EmailAddress::parse(good).unwrap().as_str(), good.trim());
        }
    }

    #[test]
    fn each_mistake_has_its_own_reason() {
        let why = |typed: &str| EmailAddress::parse(typed).unwrap_err();
        assert_eq!(why("  "), BadEmail::Missing);
        assert_eq!(why("lea.example.org"), BadEmail::NoAt);
        assert_eq!(why("@example.org"), BadEmail::NoLocalPart);
        assert_eq!(why("lea@"), BadEmail::NoDomain);
        assert_eq!(why("lea@b@example.org"), BadEmail::SeveralAts);
        for domain in
            ["example", "example.", ".example.org", "exa_mple.org", "-a.org", "example.o", "1.2.3.4", "bücher.de"]
        {
            assert_eq!(why(&format!("lea@{domain}")), BadEmail::BadDomain, "{domain}");
        }
        assert_eq!(why("lea beispiel@example.org"), BadEmail::BadCharacter(' '));
        assert_eq!(why("lea@exam ple.org"), BadEmail::BadCharacter(' '));
        assert_eq!(why("lea\0@example.org"), BadEmail::BadCharacter('\0'));
        assert_eq!(why("lea@example.org\r\nBcc: x"), BadEmail::BadCharacter('\r'));
        assert_eq!(why("müller@example.org"), BadEmail::BadCharacter('ü'));
        assert_eq!(why("lea..b@example.org"), BadEmail::BadDots);
        assert_eq!(why(&format!("{}@example.org", "a".repeat(65))), BadEmail::TooLong);
        assert_eq!(why(&"a".repeat(1_000_000)), BadEmail::TooLong);
    }
}
