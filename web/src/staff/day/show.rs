//! `GET /verwaltung/tag`: the day as a timetable or as a list, with the panel of one appointment beside it.

use axum::extract::State;
use booking::Status;
use booking::desk::{self, DayAppointment, Hold};
use jiff::civil::Date;
use minijinja::value::Serde;
use minijinja::{Value, context};
use schedule::{DayHours, LocationId};
use tenancy::TenantTx;
use uuid::Uuid;

use super::board::Board;
use super::card::Card;
use super::place::Place;
use super::{appointment, done};
use crate::extract::Site;
use crate::staff::{self, May, SeeDay};
use crate::{AppState, Page, WebError};

/// What is known of a day: read once, shown in many ways.
pub(super) struct Day {
    pub version: i64,
    pub hours: DayHours,
    /// Sorted by time, then counter.
    pub appointments: Vec<DayAppointment>,
    /// Places that citizens keep while they type.
    pub holds: Vec<Hold>,
}

impl Day {
    /// Reads it. The version is read first: what changes in between is told as a change.
    ///
    /// # Errors
    /// The database's own.
    pub async fn read(site: &Site, tx: &mut TenantTx, location: LocationId, day: Date) -> Result<Self, WebError> {
        let versions = schedule::version::of_days(tx, &[(location, day)]).await?;
        let mut appointments = desk::day(tx, location, day).await?;
        appointments.sort_by_key(|it| (it.start, it.counter, it.overbooked));
        Ok(Self {
            version: versions.first().map_or(0, |it| it.1),
            hours: site.town.index.hours(location, day).ok_or(WebError::NotFound)?,
            appointments,
            holds: desk::holds(tx, location, day, site.now).await?,
        })
    }
}

/// Handles it.
pub(super) async fn show(site: Site, staff: May<SeeDay>, State(app): State<AppState>) -> Result<Page, WebError> {
    let place = Place::read(&site, &staff)?;
    let is_list = site.query.get("ansicht") == Some("liste");
    let wanted: Option<Uuid> = site.query.get("termin").and_then(|it| it.parse().ok());
    let mut tx = site.tx(&app).await?;
    let day = Day::read(&site, &mut tx, place.location.id, place.day).await?;
    let chosen = match wanted {
        Some(id) => desk::appointment(&mut tx, id).await?,
        None => None,
    };
    tx.rollback().await?;
    let board = Board::new(&site, &place, &day, staff.counter);
    let values = context! {
        is_list,
        version => day.version,
        holiday => day.hours.holiday.as_ref().map(|it| it.get(&site.lang)),
        numbers => numbers(&day.appointments, board.free),
        list => is_list.then(|| Serde(day.appointments.iter().map(|it| Card::new(&site, it)).collect::<Vec<_>>())),
        board => (!is_list).then_some(Serde(&board)),
        chosen => wanted.filter(|_| chosen.is_some()).map(|it| it.to_string()),
        notice => done::notice(&site),
        ..place.values(&site)
    };
    let panel = chosen.as_ref().map(|it| appointment::panel(&site, it));
    Ok(staff::page(&staff, "day", "staff/day.html", context! { panel, ..values }))
}

/// How the day goes, in figures.
fn numbers(appointments: &[DayAppointment], free: usize) -> Value {
    let count = |wanted: &[Status]| appointments.iter().filter(|it| wanted.contains(&it.status)).count();
    use Status::{Arrived, Booked, Called, Done, InService, NoShow};
    context! {
        booked => count(&[Booked, Arrived, Called, InService, Done, NoShow]),
        done => count(&[Done]),
        waiting => count(&[Arrived]),
        no_show => count(&[NoShow]),
        free,
    }
}
