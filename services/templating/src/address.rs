//! `url()`: addresses under the town's base path, and telephone links.

use minijinja::value::{Kwargs, Value};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, State};

pub(crate) fn register(environment: &mut Environment<'static>) {
    environment.add_function("url", url);
    environment.add_filter("tel", telephone);
}

/// `url("/termin", monat="2026-12")` → `/terminvergabe/termin?monat=2026-12`. Lists repeat their name.
fn url(state: &State, path: &str, query: Kwargs) -> Result<Value, Error> {
    let base = state.lookup("base").filter(|it| it.as_str().is_some());
    let base = base.ok_or_else(|| Error::new(ErrorKind::UndefinedError, "the context has no `base` for url()"))?;
    let mut address = base.as_str().unwrap_or_default().to_owned();
    address.push_str(path);
    let mut separator = if path.contains('?') { '&' } else { '?' };
    for name in query.args() {
        let value: Value = query.get(name)?;
        if value.is_undefined() {
            return Err(Error::new(ErrorKind::UndefinedError, format!("`{name}` in url(\"{path}\") is undefined")));
        }
        let values = if value.as_str().is_some() || value.try_iter().is_err() {
            vec![value]
        } else {
            value.try_iter()?.collect()
        };
        for value in values.into_iter().filter(|it| !it.is_none()) {
            address.push(separator);
            push_encoded(&mut address, name);
            address.push('=');
            push_encoded(&mut address, &value.to_string());
            separator = '&';
        }
    }
    Ok(address_value(state, &address))
}

/// An address as a template may print it: escaped for HTML, but for the slash, which is harmless in an attribute and
/// which addresses are full of.
pub fn address_value(state: &State, address: &str) -> Value {
    if !matches!(state.auto_escape(), AutoEscape::Html) {
        return Value::from(address);
    }
    let mut escaped = String::with_capacity(address.len() + 16);
    let mut rest = address;
    while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
        escaped.push_str(&rest[..at]);
        escaped.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#x27;",
        });
        rest = &rest[at + 1..];
    }
    escaped.push_str(rest);
    Value::from_safe_string(escaped)
}

/// Everything but RFC 3986's unreserved characters is encoded.
fn push_encoded(address: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            address.push(char::from(byte));
        } else {
            address.push_str(&format!("%{byte:02X}"));
        }
    }
}

/// `02389 71-0` → `tel:+492389710`, as RFC 3966 wants it. Numbers without a country code are German.
fn telephone(number: &str) -> String {
    let digits: String = number.chars().filter(|it| it.is_ascii_digit() || *it == '+').collect();
    let international = match digits.strip_prefix("00").or(digits.strip_prefix('+')) {
        Some(rest) => rest.to_owned(),
        None => match digits.strip_prefix('0') {
            Some(rest) => format!("49{rest}"),
            None => return format!("tel:{digits}"), // short numbers such as 115 have no country
        },
    };
    format!("tel:+{international}")
}

#[cfg(test)]
mod tests {
    use minijinja::context;

    use crate::sample::render;

    #[test]
    fn addresses_start_at_the_base_and_are_encoded() {
        let context = context! { lang => "de", base => "/terminvergabe", keys => vec!["a", "b"] };
        let cases = [
            ("{{ url('/') }}", "/terminvergabe/"),
            (
                "{{ url('/termin', tag='2026-12-03', q='ä&b') }}",
                "/terminvergabe/termin?q=%C3%A4%26b&amp;tag=2026-12-03",
            ),
            ("{{ url('/termin', anliegen=keys, tag=none) }}", "/terminvergabe/termin?anliegen=a&amp;anliegen=b"),
            ("{{ url('/termin?a=1', b=2) }}", "/terminvergabe/termin?a=1&amp;b=2"),
        ];
        for (template, expected) in cases {
            assert_eq!(render(template, &context).unwrap(), expected);
        }
        assert_eq!(render("{{ url('/<\"x') }}", &context).unwrap(), "/terminvergabe/&lt;&quot;x");
        assert!(render("{{ url('/') }}", &context! { lang => "de" }).is_err());
    }

    #[test]
    fn telephone_links_are_international() {
        let context = context! { lang => "de" };
        for (number, expected) in [
            ("02389 71-0", "tel:+492389710"),
            ("+49 (571) 791-0", "tel:+495717910"),
            ("0049 571 1", "tel:+495711"),
            ("115", "tel:115"),
        ] {
            assert_eq!(render(&format!("{{{{ '{number}'|tel }}}}"), &context).unwrap(), expected);
        }
    }
}
