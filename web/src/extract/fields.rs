//! The fields of a query or of a form, decoded strictly.

/// Name and value of each field, in the order they came in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

/// What was sent is no text: a percent sign without its digits, bytes that are not UTF-8, or a NUL.
///
/// A browser sends none of these, and PostgreSQL could not store the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a percent encoding is broken, or the text is not UTF-8, or it holds a NUL")]
pub struct BadEncoding;

impl Fields {
    /// Reads `a=1&b=x%20y`, the form of both queries and `application/x-www-form-urlencoded` bodies.
    ///
    /// # Errors
    /// [`BadEncoding`]
    pub fn parse(raw: &[u8]) -> Result<Self, BadEncoding> {
        raw.split(|byte| *byte == b'&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| {
                let mut halves = pair.splitn(2, |byte| *byte == b'=');
                let name = decode(halves.next().unwrap_or_default(), true)?;
                let value = decode(halves.next().unwrap_or_default(), true)?;
                Ok((name, value))
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// The first value of `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Every value of `name`, in order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Every field, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// Decodes a percent-encoded text; `plus_is_space` where it is a field rather than a path.
///
/// # Errors
/// [`BadEncoding`]
pub(crate) fn decode(raw: &[u8], plus_is_space: bool) -> Result<String, BadEncoding> {
    let mut bytes = Vec::with_capacity(raw.len());
    let mut rest = raw.iter();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => hex(rest.next())? * 16 + hex(rest.next())?,
            b'+' if plus_is_space => b' ',
            other => *other,
        });
    }
    let text = String::from_utf8(bytes).map_err(|_| BadEncoding)?;
    if text.contains('\0') { Err(BadEncoding) } else { Ok(text) }
}

fn hex(digit: Option<&u8>) -> Result<u8, BadEncoding> {
    let value = digit.and_then(|it| char::from(*it).to_digit(16)).ok_or(BadEncoding)?;
    u8::try_from(value).map_err(|_| BadEncoding)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_keep_their_order_and_may_repeat() {
        let fields = Fields::parse(b"anliegen=a&q=M%C3%BCller+%26+Co&anliegen=b&leer&=x&&").unwrap();
        assert_eq!(fields.all("anliegen").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(fields.get("q"), Some("Müller & Co"));
        assert_eq!(fields.get("leer"), Some(""));
        assert_eq!(fields.get("nichts"), None);
        assert_eq!(fields.iter().count(), 5);
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for raw in [&b"a=%"[..], b"a=%1", b"a=%zz", b"a=%ff", b"%C3=1", b"a=%00", b"a=\0", b"a=\xff"] {
            assert_eq!(Fields::parse(raw), Err(BadEncoding), "{raw:?}");
        }
    }

    #[test]
    fn a_plus_is_a_space_only_in_fields() {
        assert_eq!(decode(b"a+b", true).unwrap(), "a b");
        assert_eq!(decode(b"a+b", false).unwrap(), "a+b");
    }
}
