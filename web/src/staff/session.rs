//! A colleague's session: its cookie, and how it begins and ends in the town's store.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, header};
use identity::sessions::{STAFF, TownSessions, VOUCHED, WAITING};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use tower_sessions_core::Session;
use uuid::Uuid;

use crate::extract::Site;
use crate::{AppState, WebError, cookies};

/// Name of the cookie.
const COOKIE: &str = "sitzung";
/// Under this name a session's data holds a second factor that was begun and is not in use yet.
const BEGUN: &str = "second_factor";
/// So long the code may take: at the sign-in, and when a second factor is set up.
const CODE_PATIENCE: SignedDuration = SignedDuration::from_mins(10);

/// Somebody whose password was right.
#[derive(Serialize, Deserialize)]
struct Waiting {
    staff: Uuid,
    since: Timestamp,
}

/// A second factor whose owner's app has yet to show a code.
#[derive(Serialize, Deserialize)]
struct Begun {
    sealed: Vec<u8>,
    since: Timestamp,
}

/// What the browser sent as its session, if anything.
pub(super) fn sent(headers: &HeaderMap) -> Option<&str> {
    cookies::find(headers, COOKIE)
}

/// Begins a session in which `staff` is signed in, with a second factor that their provider has checked or without; the one the browser had before ends. The cookie to set.
pub(super) async fn begin(
    app: &AppState,
    site: &Site,
    headers: &HeaderMap,
    (staff, is_vouched): (Uuid, bool),
) -> Result<HeaderValue, WebError> {
    end(app, site, headers).await?;
    let session = Session::new(None, store(app, site, headers), None);
    session.insert(STAFF, staff).await?;
    if is_vouched {
        session.insert(VOUCHED, true).await?;
    }
    cookie_of(site, &session).await
}

/// Begins a session in which `staff` still owes the code; nobody is signed in with it. The cookie to set.
pub(super) async fn begin_waiting(
    app: &AppState,
    site: &Site,
    headers: &HeaderMap,
    staff: Uuid,
) -> Result<HeaderValue, WebError> {
    end(app, site, headers).await?;
    let session = Session::new(None, store(app, site, headers), None);
    session.insert(WAITING, Waiting { staff, since: site.now }).await?;
    cookie_of(site, &session).await
}

/// Who has given the right password in this session, not too long ago, and owes the code.
pub(super) async fn waiting(app: &AppState, site: &Site, headers: &HeaderMap) -> Result<Option<Uuid>, WebError> {
    let Some(session) = existing(app, site, headers) else { return Ok(None) };
    let waiting: Option<Waiting> = session.get(WAITING).await?;
    Ok(waiting.filter(|it| site.now.duration_since(it.since) < CODE_PATIENCE).map(|it| it.staff))
}

/// The second factor that was begun in this session, not too long ago: no other session gets to see it.
pub(super) async fn begun_factor(
    app: &AppState,
    site: &Site,
    headers: &HeaderMap,
) -> Result<Option<Vec<u8>>, WebError> {
    let Some(session) = existing(app, site, headers) else { return Ok(None) };
    let begun: Option<Begun> = session.get(BEGUN).await?;
    Ok(begun.filter(|it| site.now.duration_since(it.since) < CODE_PATIENCE).map(|it| it.sealed))
}

/// Keeps a second factor that has been begun; none: it is in use now.
pub(super) async fn keep_factor(
    app: &AppState,
    site: &Site,
    headers: &HeaderMap,
    sealed: Option<Vec<u8>>,
) -> Result<(), WebError> {
    let Some(session) = existing(app, site, headers) else { return Ok(()) };
    match sealed {
        Some(sealed) => session.insert(BEGUN, Begun { sealed, since: site.now }).await?,
        None => drop(session.remove_value(BEGUN).await?),
    }
    Ok(session.save().await?)
}

/// Ends the session the browser has, if it has one.
pub(super) async fn end(app: &AppState, site: &Site, headers: &HeaderMap) -> Result<(), WebError> {
    if let Some(session) = existing(app, site, headers) {
        session.delete().await?;
    }
    Ok(())
}

/// The cookie that takes the session's away.
pub(super) fn no_cookie(site: &Site) -> Result<HeaderValue, WebError> {
    set_cookie(site, "", "; Max-Age=0")
}

/// Saves a new session; the cookie to set.
async fn cookie_of(site: &Site, session: &Session) -> Result<HeaderValue, WebError> {
    session.save().await?;
    let id = session.id().ok_or_else(|| anyhow::anyhow!("a session was saved without an id"))?;
    set_cookie(site, &id.to_string(), "")
}

fn existing(app: &AppState, site: &Site, headers: &HeaderMap) -> Option<Session> {
    let id = sent(headers)?.parse().ok()?;
    Some(Session::new(Some(id), store(app, site, headers), None))
}

fn store(app: &AppState, site: &Site, headers: &HeaderMap) -> Arc<TownSessions> {
    let agent = headers.get(header::USER_AGENT).and_then(|it| it.to_str().ok()).unwrap_or_default();
    Arc::new(TownSessions {
        db: app.db.clone(),
        tenant: Arc::clone(&site.town.tenant),
        now: site.now,
        client: client(agent),
    })
}

/// It goes when the browser is closed, and belongs to this town alone.
fn set_cookie(site: &Site, value: &str, more: &str) -> Result<HeaderValue, WebError> {
    let path = if site.base.is_empty() { "/" } else { site.base.as_str() };
    let secure = if site.origin.starts_with("https://") { "; Secure" } else { "" };
    let cookie = format!("{COOKIE}={value}; Path={path}; HttpOnly; SameSite=Lax{secure}{more}");
    Ok(HeaderValue::from_str(&cookie)?)
}

/// Browser and system in words, such as `Firefox, Windows`; empty for what calls itself neither.
fn client(agent: &str) -> String {
    // Browsers name those they descend from too: the youngest comes first.
    let browsers =
        [("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];
    let systems = [
        ("Android", "Android"),
        ("iPhone", "iOS"),
        ("iPad", "iPadOS"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let named = |words: &[(&str, &'static str)]| words.iter().find(|(word, _)| agent.contains(word)).map(|it| it.1);
    [named(&browsers), named(&systems)].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_called_by_its_name() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0";
        assert_eq!(client(edge), "Edge, Windows");
        assert_eq!(client("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"), "Firefox, Linux");
        assert_eq!(client("curl/8.9"), "");
    }

    #[test]
    fn the_session_is_found_among_other_cookies() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("sprache=de; sitzung=abc"));
        assert_eq!(sent(&headers), Some("abc"));
        assert_eq!(sent(&HeaderMap::new()), None);
    }
}
