//! In which language a visitor reads: asked for by link, remembered in a cookie, else what the browser prefers.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::cookies;
use crate::extract::SiteParts;

/// Name of the only cookie citizens get, and of the query field that sets it.
pub const COOKIE: &str = "sprache";

/// How long the choice is remembered, in seconds: one year.
const COOKIE_SECONDS: u32 = 365 * 24 * 3600;

/// The language for this visitor out of those `offered`, the first of which is the town's own.
pub fn choose(headers: &HeaderMap, offered: &[String]) -> String {
    let remembered = cookies::find(headers, COOKIE).filter(|it| offered.iter().any(|code| code == it));
    let chosen = remembered.map(str::to_owned).or_else(|| preferred(headers, offered));
    chosen.or_else(|| offered.first().cloned()).unwrap_or_else(|| "de".to_owned())
}

/// `rtl` for languages written from right to left.
pub fn direction(language: &str) -> &'static str {
    if matches!(language, "ar" | "fa" | "he" | "ur" | "ps" | "ckb" | "yi") { "rtl" } else { "ltr" }
}

/// The cookie that remembers `language` below `base`.
pub(crate) fn remember(language: &str, base: &str, is_https: bool) -> Option<HeaderValue> {
    let secure = if is_https { "; Secure" } else { "" };
    let cookie = format!("{COOKIE}={language}; Path={base}; Max-Age={COOKIE_SECONDS}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&cookie).ok()
}

impl SiteParts {
    /// The query as it came in, but for the choice of language.
    pub(crate) fn query_without_language(&self) -> String {
        let kept: Vec<&str> = self
            .raw_query
            .split('&')
            .filter(|pair| pair.split('=').next() != Some(COOKIE) && !pair.is_empty())
            .collect();
        kept.join("&")
    }
}

/// The offered language that `Accept-Language` weighs most (RFC 9110, 12.5.4); regions are ignored.
fn preferred(headers: &HeaderMap, offered: &[String]) -> Option<String> {
    let line = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let mut best: Option<(f32, &String)> = None;
    for entry in line.split(',') {
        let mut parts = entry.split(';');
        let tag = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
        let weight = parts.find_map(|it| it.trim().strip_prefix("q=")?.parse().ok()).unwrap_or(1.0_f32);
        let primary = tag.split('-').next().unwrap_or_default();
        let Some(language) = offered.iter().find(|it| *it == primary) else { continue };
        if weight > 0.0 && best.is_none_or(|(most, _)| weight > most) {
            best = Some((weight, language));
        }
    }
    best.map(|(_, language)| language.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(cookie: Option<&'static str>, accepted: Option<&'static str>) -> String {
        let mut headers = HeaderMap::new();
        cookie.map(|it| headers.insert(header::COOKIE, HeaderValue::from_static(it)));
        accepted.map(|it| headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(it)));
        choose(&headers, &["de".to_owned(), "en".to_owned()])
    }

    #[test]
    fn a_choice_wins_over_the_browser_and_the_browser_over_german() {
        assert_eq!(chosen(Some("a=b; sprache=en"), Some("de")), "en");
        assert_eq!(chosen(Some("sprache=xx"), Some("en-GB,en;q=0.9,de;q=0.8")), "en");
        assert_eq!(chosen(None, Some("fr, de;q=0.5, en;q=0.4")), "de");
        assert_eq!(chosen(None, Some("en;q=0, fr")), "de");
        assert_eq!(chosen(None, Some("q=;;,-")), "de");
        assert_eq!(chosen(None, None), "de");
    }

    #[test]
    fn some_languages_run_from_right_to_left() {
        assert_eq!((direction("ar"), direction("de")), ("rtl", "ltr"));
    }
}
