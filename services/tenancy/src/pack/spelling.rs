//! How addresses are spelt that a town pack may name.

/// Without TLS anybody on the way could say who signs in; on this machine nobody is on the way.
pub(super) fn is_issuer(text: &str) -> bool {
    let Ok(url) = url::Url::parse(text) else { return false };
    let is_here = matches!(url.host_str(), Some("127.0.0.1" | "localhost"));
    url.has_host() && (url.scheme() == "https" || url.scheme() == "http" && is_here)
}

/// A host name, with or without a port.
pub(super) fn is_host(host: &str) -> bool {
    let (name, port) = host.split_once(':').map_or((host, None), |(name, port)| (name, Some(port)));
    let label = |label: &str| {
        !label.is_empty() && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    name.split('.').all(label) && port.is_none_or(|port| port.parse::<u16>().is_ok())
}

/// Such as `/terminvergabe`.
pub(super) fn is_base_path(path: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    path.strip_prefix('/').is_some_and(|rest| rest.split('/').all(part))
}

/// An address to send mails from or to.
pub(super) fn is_email(text: &str) -> bool {
    let plain =
        text.is_ascii() && !text.contains(|c: char| c.is_whitespace() || c.is_control() || "<>,;\"".contains(c));
    plain && text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && is_host(host) && host.contains('.'))
}

/// Whether people would read it as a telephone number.
pub fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    (3..=20).contains(&digits) && text.chars().all(|c| c.is_ascii_digit() || "+ -/()‑–".contains(c))
}

/// Whether it is an address of the web.
pub fn is_web_address(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "https" | "http") && url.has_host())
}
