//! `POST /verwaltung/termine/{id}/verschieben`: to another counter or time, by form, by keyboard or dragged.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use booking::desk::{self, By, DayAppointment, Relocation};
use identity::{Right, Staff};
use jiff::civil::{Date, Time};
use jiff::{Timestamp, ToSpan};
use schedule::Counter;
use uuid::Uuid;

use super::appointment;
use super::done::Done;
use super::forms::seen_version;
use super::refused::{self, Accepted, Problem};
use crate::extract::{Fields, Form, Segment, Site};
use crate::staff::{ChangeBookings, May};
use crate::{AppState, WebError};

/// Handles it. `ueberbuchen` names what somebody has read in the warning.
pub(super) async fn move_it(
    site: Site,
    staff: May<ChangeBookings>,
    State(app): State<AppState>,
    Segment(id): Segment<Uuid>,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let by = By { staff_id: staff.id, name: &staff.name };
    let mut tx = site.tx(&app).await?;
    let known = desk::appointment(&mut tx, id).await?.ok_or(WebError::NotFound)?;
    let accepted = Accepted::read(&fields);
    let wish = match wish(&site, &staff, &known, &fields, &accepted)? {
        Ok(wish) => wish,
        Err(problem) => {
            tx.rollback().await?;
            return Ok(appointment::page(&site, &app, &staff, id, &fields, Some(problem)).await?.into_response());
        }
    };
    if let Err(error) = desk::move_to(&mut tx, &wish, &by, &site.town.town.rules, site.now).await {
        tx.rollback().await?;
        return refused::answer(&site, &app, &staff, id, &fields, error).await;
    }
    let it = desk::appointment(&mut tx, id).await?.ok_or(WebError::NotFound)?;
    tx.commit().await?;
    app.towns.touched(&site.town.tenant);
    Ok(Done::Moved.go(&site, &it, &fields))
}

/// Where to, as far as the form says; else what is wrong with it.
fn wish<'a>(
    site: &Site,
    staff: &Staff,
    known: &DayAppointment,
    fields: &Fields,
    accepted: &'a Accepted<'_>,
) -> Result<Result<Relocation<'a>, Problem>, WebError> {
    let wrong = |field, key| Ok(Err(Problem::input(site, field, key)));
    let counter: Option<i32> = fields.get("schalter").and_then(|it| it.parse().ok());
    let counter = site.town.offices.counters.iter().find(|it| Some(it.id) == counter);
    let Some(counter) = counter else { return wrong("schalter", "staff.day.problem.counter") };
    let Some(day) = fields.get("tag").and_then(|it| it.parse::<Date>().ok()) else {
        return wrong("tag", "staff.day.problem.day");
    };
    let Some(start) = fields.get("uhrzeit").and_then(|it| moment(site, day, it)) else {
        return wrong("uhrzeit", "staff.day.problem.time");
    };
    if start < site.now && start != known.start {
        return wrong("uhrzeit", "staff.day.problem.past");
    }
    if accepted.is_any() && !staff.may(Right::Overbook) {
        return Err(WebError::NoRight);
    }
    if let Some(key) = hindrance(site, known, counter, day, start).filter(|it| !accepted.words.contains(it)) {
        let message = site.t(&format!("staff.day.problem.{key}"), &[]);
        return Ok(Err(Problem::overbooking(site, staff, message, key.to_owned())));
    }
    let (location, seen_version) = (counter.location, seen_version(fields)?);
    Ok(Ok(Relocation { id: known.id, counter: counter.id, location, start, over: &accepted.over, seen_version }))
}

/// Why the town would not offer this place to citizens, as the last part of the key of a text.
fn hindrance(
    site: &Site,
    known: &DayAppointment,
    counter: &Counter,
    day: Date,
    start: Timestamp,
) -> Option<&'static str> {
    let concerns: Vec<i32> = known.items.iter().map(|it| it.concern_id).collect();
    if counter.id != known.counter && !counter.serves(&concerns) {
        return Some("not_served");
    }
    let end = start.checked_add(i64::from(known.minutes).minutes()).unwrap_or(start);
    let hours = site.town.index.hours(counter.location, day)?;
    let hours = hours.counters.iter().find(|it| it.counter == counter.id)?;
    (!hours.is_open(start, end)).then_some("outside_hours")
}

fn moment(site: &Site, day: Date, time: &str) -> Option<Timestamp> {
    let time: Time = time.parse().ok()?;
    Some(day.to_datetime(time).to_zoned(site.zone().clone()).ok()?.timestamp())
}
