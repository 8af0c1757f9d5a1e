//! The screen in the hall: which number is called to which counter. Numbers and counters, never a name.

use axum::extract::State;
use booking::queue::{self, Call};
use minijinja::context;
use minijinja::value::Serde;
use serde::Serialize;

use crate::citizen::concerns::today;
use crate::citizen::place::Place;
use crate::extract::{Segment, Site};
use crate::{AppState, Page, WebError};

/// More than these nobody reads from a distance.
const MOST_CALLS: i64 = 6;

/// One line of the screen.
#[derive(Serialize)]
struct Line {
    number: String,
    counter: String,
    /// Another one with every call of the same number, so that a repeated call is heard again.
    call: String,
}

/// `GET /aufruf/{location}`
pub async fn show(site: Site, State(app): State<AppState>, Segment(key): Segment<String>) -> Result<Page, WebError> {
    let location = site.town.offices.location(&key).ok_or(WebError::NotFound)?;
    let mut tx = site.tx(&app).await?;
    let calls = queue::recent_calls(&mut tx, location.id, today(&site), MOST_CALLS, site.now).await?;
    tx.rollback().await?;
    let lines: Vec<Line> = calls.into_iter().filter_map(|call| line(&site, call)).collect();
    let place = Place::new(location, &site.lang);
    let now = site.now.to_zoned(site.zone().clone()).datetime();
    Ok(Page::new(
        "citizen/display.html",
        context! { lines => Serde(lines), place => Serde(place), key, now => Serde(now) },
    ))
}

/// A call to a counter that the town has given up meanwhile leads nowhere.
fn line(site: &Site, call: Call) -> Option<Line> {
    let counter = site.town.offices.counters.iter().find(|it| it.id == call.counter)?;
    let key = format!("{}-{}-{}", call.label, call.counter, call.calls);
    Some(Line { number: call.label, counter: counter.name.clone(), call: key })
}
