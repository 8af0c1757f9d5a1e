//! `GET /verwaltung/tag/druck`: the day as a list for paper, or for the browser's PDF.

use axum::extract::State;
use booking::Status;
use minijinja::context;
use minijinja::value::Serde;

use super::card::Card;
use super::place::Place;
use super::show::Day;
use crate::extract::Site;
use crate::staff::{self, May, SeeDay};
use crate::{AppState, Page, WebError};

/// Handles it. `schalter` narrows it down to one counter.
pub(super) async fn show(site: Site, staff: May<SeeDay>, State(app): State<AppState>) -> Result<Page, WebError> {
    let place = Place::read(&site, &staff)?;
    let only: Option<i32> = site.query.get("schalter").and_then(|it| it.parse().ok());
    let mut tx = site.tx(&app).await?;
    let day = Day::read(&site, &mut tx, place.location.id, place.day).await?;
    tx.rollback().await?;
    let shown = day.appointments.iter().filter(|it| it.status != Status::Cancelled);
    let shown = shown.filter(|it| only.is_none_or(|only| only == it.counter));
    let counters = place.counters(&site).map(|it| context! { id => it.id, name => it.name.as_str() });
    let values = context! {
        list => Serde(shown.map(|it| Card::new(&site, it)).collect::<Vec<_>>()),
        counters => counters.collect::<Vec<_>>(),
        only,
        now => Serde(site.now),
        ..place.values(&site)
    };
    Ok(staff::page(&staff, "day", "staff/print_day.html", values))
}
