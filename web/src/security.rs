//! Headers that keep browsers strict, and the guard against forms from other sites.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};

/// Nothing but our own files, no inline script or style, nobody frames us, no string becomes script.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; \
     connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
     require-trusted-types-for 'script'; trusted-types stadttermin";

/// For files a town has supplied (logo): nothing in them may run, load or navigate.
pub(crate) const FILE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'";

/// One year (RFC 6797), for this host alone: what else lives under the town's domain is not ours to bind.
const HSTS: &str = "max-age=31536000";

const ALWAYS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "strict-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), payment=()"),
];

/// Adds what the answer does not already say itself.
pub(crate) fn add_headers(headers: &mut HeaderMap, is_https: bool) {
    for (name, value) in ALWAYS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if is_https {
        headers.entry(header::STRICT_TRANSPORT_SECURITY).or_insert(HeaderValue::from_static(HSTS));
    }
}

/// Whether a request that changes something comes from our own pages (docs/decisions/0003).
///
/// Browsers say so in `Sec-Fetch-Site`, older ones in `Origin`. Who says neither is no browser, and carries no
/// authority that another site could borrow.
pub(crate) fn is_from_here(method: &Method, headers: &HeaderMap, host: &str) -> bool {
    if method.is_safe() {
        return true;
    }
    if let Some(site) = headers.get("sec-fetch-site") {
        return matches!(site.as_bytes(), b"same-origin" | b"none");
    }
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let origin = origin.to_str().unwrap_or_default();
    origin.split_once("://").is_some_and(|(_, authority)| authority.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from_here(method: Method, sent: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in sent {
            headers.insert(*name, HeaderValue::from_static(value));
        }
        is_from_here(&method, &headers, "www.werne.de")
    }

    #[test]
    fn only_our_own_pages_may_send_forms() {
        assert!(from_here(Method::POST, &[("sec-fetch-site", "same-origin"), ("origin", "https://www.werne.de")]));
        assert!(from_here(Method::POST, &[("origin", "https://WWW.werne.de")]));
        assert!(from_here(Method::POST, &[]));
        for foreign in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("origin", "https://www.werne.de.evil.example"),
        ] {
            assert!(!from_here(Method::POST, &[foreign]), "{foreign:?}");
            assert!(!from_here(Method::DELETE, &[foreign]), "{foreign:?}");
            assert!(from_here(Method::GET, &[foreign]), "a link from elsewhere: {foreign:?}");
        }
    }

    #[test]
    fn an_answer_may_be_stricter_by_itself() {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(FILE_POLICY));
        add_headers(&mut headers, true);
        assert_eq!(headers[header::CONTENT_SECURITY_POLICY], FILE_POLICY);
        assert_eq!(headers[header::STRICT_TRANSPORT_SECURITY], HSTS);
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    }
}
