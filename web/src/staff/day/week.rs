//! `GET /verwaltung/woche`: how full each counter is on each day of a week.

use std::collections::BTreeMap;

use axum::extract::State;
use booking::desk;
use jiff::ToSpan;
use jiff::civil::Date;
use minijinja::{Value, context};
use schedule::{Counter, CounterId};

use super::place::{Place, today};
use crate::extract::Site;
use crate::staff::{self, May, SeeDay};
use crate::{AppState, Page, WebError};

type Counts = BTreeMap<(Date, CounterId), usize>;

/// Handles it: the week in which `tag` lies.
pub(super) async fn show(site: Site, staff: May<SeeDay>, State(app): State<AppState>) -> Result<Page, WebError> {
    let place = Place::read(&site, &staff)?;
    let monday = place.day.saturating_sub(i64::from(place.day.weekday().to_monday_zero_offset()).days());
    let mut tx = site.tx(&app).await?;
    let counts = desk::week(&mut tx, place.location.id, monday).await?;
    tx.rollback().await?;
    let all: Vec<Date> = (0..7_i64).map(|it| monday.saturating_add(it.days())).collect();
    let counters: Vec<&Counter> = place.counters(&site).collect();
    // A weekend on which nothing happens only takes room.
    let is_needed = |day: &Date| day.weekday().to_monday_zero_offset() < 5 || is_busy(&site, &place, &counts, *day);
    let days: Vec<Date> = all.into_iter().filter(is_needed).collect();
    let later = |days: i64| monday.saturating_add(days.days()).to_string();
    let values = context! {
        days => days.iter().map(|day| head(&site, &place, &counts, *day)).collect::<Vec<_>>(),
        rows => counters.iter().map(|it| row(&site, &place, &counts, &days, it)).collect::<Vec<_>>(),
        monday => monday.to_string(),
        last => days.last().map(ToString::to_string),
        week_before => later(-7),
        week_after => later(7),
        ..place.values(&site)
    };
    Ok(staff::page(&staff, "week", "staff/week.html", values))
}

fn is_busy(site: &Site, place: &Place<'_>, counts: &Counts, day: Date) -> bool {
    let is_open = place.counters(site).any(|it| is_open(site, place, day, it.id));
    is_open || counts.keys().any(|(other, _)| *other == day)
}

fn is_open(site: &Site, place: &Place<'_>, day: Date, counter: CounterId) -> bool {
    let hours = site.town.index.hours(place.location.id, day);
    let counter = hours.and_then(|it| it.counters.into_iter().find(|it| it.counter == counter));
    counter.is_some_and(|it| {
        let is_closed = |from, until| it.closed.iter().any(|closed| closed.from <= from && until <= closed.until);
        it.open.iter().any(|(from, until)| !is_closed(*from, *until))
    })
}

fn head(site: &Site, place: &Place<'_>, counts: &Counts, day: Date) -> Value {
    let total: usize = counts.iter().filter(|((other, _), _)| *other == day).map(|(_, count)| count).sum();
    let holiday = site.town.index.hours(place.location.id, day).and_then(|it| it.holiday);
    let holiday = holiday.map(|it| it.get(&site.lang).to_owned());
    context! { day => day.to_string(), is_today => day == today(site), total, holiday }
}

fn row(site: &Site, place: &Place<'_>, counts: &Counts, days: &[Date], counter: &Counter) -> Value {
    let cell = |day: &Date| {
        let count = counts.get(&(*day, counter.id)).copied().unwrap_or(0);
        context! { count, is_open => is_open(site, place, *day, counter.id) }
    };
    context! { name => counter.name.as_str(), cells => days.iter().map(cell).collect::<Vec<_>>() }
}
