//! `GET /verwaltung/ereignisse`: server-sent events, one whenever something of the day has changed.
//!
//! An event carries the day's version, nothing of anybody. The browser compares it with what it shows, and fetches the
//! page anew. A stream ends with the session it was asked for in, and after a minute at the latest: the browser then comes
//! back through the sign-in.

use std::convert::Infallible;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::Stream;
use futures::stream::unfold;
use tokio::sync::watch;
use tokio::time::{Instant, Interval, interval, sleep_until};

use super::live::Admission;
use super::place::Place;
use crate::extract::Site;
use crate::serve::Closing;
use crate::staff::{May, SeeDay, session};
use crate::{AppState, WebError};

/// How long a stream lasts before the browser must ask again, with its session.
const LIFE: Duration = Duration::from_secs(60);

/// How often is looked whether the session goes on.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// After how long the browser asks again.
const AGAIN_AFTER: Duration = Duration::from_millis(200);

/// Proxies close what is silent for longer.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);

/// One listener.
struct Listening {
    versions: watch::Receiver<i64>,
    told: i64,
    ends: Instant,
    looks: Interval,
    site: Site,
    app: AppState,
    cookie: String,
    closing: Option<Closing>,
    _admission: Admission,
}

/// Handles it: the address names office and day as that of the page does.
pub(super) async fn listen(
    site: Site,
    staff: May<SeeDay>,
    State(app): State<AppState>,
    headers: HeaderMap,
    closing: Option<Extension<Closing>>,
) -> Result<Response, WebError> {
    let place = Place::read(&site, &staff)?;
    let admission = app.live.admit(staff.id).ok_or(WebError::Busy)?;
    let versions = app.live.follow(&site.town.tenant, (place.location.id, place.day));
    let listening = Listening {
        versions,
        told: 0,
        ends: Instant::now() + LIFE,
        looks: interval(LOOK_EVERY),
        cookie: session::sent(&headers).unwrap_or_default().to_owned(),
        site,
        app,
        closing: closing.map(|Extension(it)| it),
        _admission: admission,
    };
    let events = Sse::new(told(listening)).keep_alive(KeepAlive::new().interval(SIGN_OF_LIFE));
    let mut response = events.into_response();
    // nginx would hold the events back until its buffer is full.
    response.headers_mut().insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    Ok(response)
}

fn told(listening: Listening) -> impl Stream<Item = Result<Event, Infallible>> {
    unfold(listening, async |mut it| {
        let version = it.next().await?;
        it.told = version;
        let event = Event::default().retry(AGAIN_AFTER).id(version.to_string()).data(version.to_string());
        Some((Ok(event), it))
    })
}

impl Listening {
    /// The next version that was not told yet; none when the stream is over.
    async fn next(&mut self) -> Option<i64> {
        loop {
            let version = *self.versions.borrow_and_update();
            if version != self.told {
                return Some(version);
            }
            tokio::select! {
                changed = self.versions.changed() => changed.ok()?,
                () = sleep_until(self.ends) => return None,
                () = closed(self.closing.as_mut()) => return None,
                _ = self.looks.tick() => self.is_signed_in().await.then_some(())?,
            }
        }
    }
}

impl Listening {
    /// While the database is away, nobody is turned out.
    async fn is_signed_in(&self) -> bool {
        let Ok(mut tx) = self.site.tx(&self.app).await else { return true };
        let is_open = identity::sessions::is_open(&mut tx, &self.cookie, (self.app.clock)()).await;
        let _ = tx.rollback().await;
        is_open.unwrap_or(true)
    }
}

/// Waits until the server is about to end.
async fn closed(closing: Option<&mut Closing>) {
    match closing {
        Some(closing) => closing.wait().await,
        None => std::future::pending().await,
    }
}
