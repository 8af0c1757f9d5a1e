//! `POST /verwaltung/termine/{id}/verschieben`: to another counter or time, by form, by keyboard or dragged.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use booking::desk::{self, By, DayAppointment, DeskError, Relocation};
use jiff::civil::{Date, Time};
use jiff::{Timestamp, ToSpan};
use schedule::Counter;
use uuid::Uuid;

use super::appointment;
use super::done::Done;
use super::forms::seen_version;
use super::nevertheless::{Accepted, hindrances};
use super::refused::{self, Problem};
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
    let accepted = Accepted::read(&fields, &staff)?;
    let (counter, start) = match place(&site, &known, &fields) {
        Ok(place) => place,
        Err(problem) => {
            tx.rollback().await?;
            return Ok(appointment::page(&site, &app, &staff, id, &fields, Some(problem)).await?.into_response());
        }
    };
    let seen_version = seen_version(&fields)?;
    let (location, over) = (counter.location, accepted.over.as_slice());
    let wish = Relocation { id, counter: counter.id, location, start, over, seen_version };
    let hindrances = hindrances(&site, &known, counter, start);
    let moved = if accepted.covers(&hindrances) {
        desk::move_to(&mut tx, &wish, &by, &site.town.town.rules, site.now).await
    } else {
        // Everything that speaks against it is said at once.
        let end = start.checked_add(i64::from(known.minutes).minutes()).unwrap_or(start);
        let with = desk::clashes(&mut tx, &[counter.id], (start, end), Some(id), site.now).await?;
        Err(DeskError::Conflict { with })
    };
    if let Err(error) = moved {
        tx.rollback().await?;
        let DeskError::Conflict { with } = error else {
            return refused::answer(&site, &app, &staff, id, &fields, error).await;
        };
        let problem = Problem::hindered(&site, &staff, "uhrzeit", &hindrances, &with);
        return Ok(appointment::page(&site, &app, &staff, id, &fields, Some(problem)).await?.into_response());
    }
    let it = desk::appointment(&mut tx, id).await?.ok_or(WebError::NotFound)?;
    tx.commit().await?;
    app.towns.touched(&site.town.tenant);
    Ok(Done::Moved.go(&site, &it, &fields))
}

/// Where to, as far as the form says; else what is wrong with it.
fn place<'a>(site: &'a Site, known: &DayAppointment, fields: &Fields) -> Result<(&'a Counter, Timestamp), Problem> {
    let wrong = |field, key: &str| Problem::input(site, field, &format!("staff.day.problem.{key}"));
    let counter: Option<i32> = fields.get("schalter").and_then(|it| it.parse().ok());
    let counter = site.town.offices.counters.iter().find(|it| Some(it.id) == counter);
    let counter = counter.ok_or_else(|| wrong("schalter", "counter"))?;
    let day: Option<Date> = fields.get("tag").and_then(|it| it.parse().ok());
    let day = day.ok_or_else(|| wrong("tag", "day"))?;
    let start = fields.get("uhrzeit").and_then(|it| moment(site, day, it));
    let start = start.ok_or_else(|| wrong("uhrzeit", "time"))?;
    if start < site.now && start != known.start {
        return Err(wrong("uhrzeit", "past"));
    }
    Ok((counter, start))
}

fn moment(site: &Site, day: Date, time: &str) -> Option<Timestamp> {
    let time: Time = time.parse().ok()?;
    Some(day.to_datetime(time).to_zoned(site.zone().clone()).ok()?.timestamp())
}
